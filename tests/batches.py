"""A server that speaks OpenAI's Files and Batches endpoints, over real HTTP on loopback.

It checks what OpenAI checks, and a batch goes on when the test says so. Every answer in it was
written by hand.
"""

import json
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests import samples

KEY = "sk-written-by-hand-0123456789"
MOST_REQUESTS = 50_000

# A line of a request file → status and body, or None where the batch ended before it was run.
Answer = Callable[[dict[str, Any]], tuple[int, Any] | None]


class Uploaded(NamedTuple):
    """One file on the server."""

    name: str
    content: bytes


def good(_line: dict[str, Any]) -> tuple[int, Any]:
    """The sample's answer, to whatever was asked."""
    return 200, json.loads(samples.completion({"meetings": [samples.meeting()]}))


def refusal(status: int, message: str) -> tuple[int, Any]:
    """An error as OpenAI words it."""
    return status, {"error": {"message": message, "type": "invalid_request_error"}}


class BatchServer:
    """Files and batches by their ids, newest last. `faults` answer in place of the endpoints."""

    def __init__(self) -> None:
        self.files: dict[str, Uploaded] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.calls: Counter[str] = Counter()  # "POST /v1/files", the ids left out
        self.faults: dict[str, list[int]] = {}  # statuses for such a call, each once
        self.pages: set[str] = set()  # such calls get a web page
        self.silent: set[str] = set()  # such calls are carried out, and then the line drops
        self.keys: set[str] = set()
        self.most = 100  # entries of a list at a time
        self._http = _Http(self)
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def base_url(self) -> str:
        """What OPENAI_BASE_URL is to be."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def close(self) -> None:
        """Stop serving."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def lines(self, batch: str) -> list[dict[str, Any]]:
        """The requests of a batch."""
        content = self.files[self.batches[batch]["input_file_id"]].content
        return [json.loads(line) for line in content.splitlines()]

    def work(self, answer: Answer = good, state: str = "completed") -> None:
        """Run every batch that is under way to its end, which is `state`."""
        for name, batch in self.batches.items():
            if batch["status"] == "validating":
                complaint = _complaint(self.lines(name))
                if complaint:
                    self.fail(name, complaint)
                else:
                    self._finish(name, answer, state)

    def fail(self, batch: str, message: str, line: int | None = None) -> None:
        """Refuse a batch as a whole."""
        data = [{"code": "invalid", "message": message, "line": line, "param": None}]
        self.batches[batch] |= {"status": "failed", "errors": {"object": "list", "data": data}}

    def _finish(self, name: str, answer: Answer, state: str) -> None:
        output: list[dict[str, Any]] = []
        errors: list[dict[str, Any]] = []
        for line in reversed(self.lines(name)):  # in any order but that of the requests
            answered = answer(line)
            row = {"id": f"batch_req_{len(output) + len(errors)}", "custom_id": line["custom_id"]}
            if answered is None:
                said = {"code": f"batch_{state}", "message": f"The batch {state} before this ran."}
                errors.append({**row, "response": None, "error": said})
            else:
                status, body = answered
                response = {"status_code": status, "request_id": "r", "body": body}
                done = {**row, "response": response, "error": None}
                (output if status == 200 else errors).append(done)
        self.batches[name] |= {
            "status": state,
            "output_file_id": self._written(output),
            "error_file_id": self._written(errors),
            "request_counts": {
                "completed": len(output),
                "failed": len(errors),
                "total": len(output) + len(errors),
            },
        }

    def _written(self, rows: list[dict[str, Any]]) -> str | None:
        if not rows:
            return None
        content = "".join(json.dumps(row) + "\n" for row in rows).encode()
        return self.keep(Uploaded("batch_output.jsonl", content))

    def keep(self, file: Uploaded) -> str:
        """Put a file on the server; its id."""
        name = f"file-{len(self.files) + 1}"
        self.files[name] = file
        return name

    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        """A new batch, or an error."""
        if set(body) != {"input_file_id", "endpoint", "completion_window", "metadata"}:
            return {"error": {"message": f"unexpected fields: {sorted(body)}"}}
        name = f"batch_{len(self.batches) + 1}"
        self.batches[name] = {
            "id": name,
            "object": "batch",
            "created_at": 1_709_600_000,
            "status": "validating",
            "errors": None,
            "output_file_id": None,
            "error_file_id": None,
            "request_counts": {"completed": 0, "failed": 0, "total": 0},
            **body,
        }
        return self.batches[name]

    def listed(self, entries: list[dict[str, Any]], query: dict[str, list[str]]) -> Any:
        """A page of `entries`, newest first."""
        ids = [each["id"] for each in reversed(entries)]
        start = ids.index(query["after"][0]) + 1 if "after" in query else 0
        page = list(reversed(entries))[start : start + self.most]
        return {"object": "list", "data": page, "has_more": start + self.most < len(ids)}


def _complaint(lines: list[dict[str, Any]]) -> str | None:
    """What OpenAI would refuse a file of requests for."""
    if len({line["custom_id"] for line in lines}) < len(lines):
        return "duplicate custom_id"
    if len({line["body"]["model"] for line in lines}) > 1:
        return "more than one model"
    if len(lines) > MOST_REQUESTS or any(len(line["custom_id"]) > 64 for line in lines):
        return "too many requests, or too long an id"
    for line in lines:
        if set(line) != {"custom_id", "method", "url", "body"} or line["method"] != "POST":
            return "unexpected fields"
        if line["url"] != "/v1/chat/completions":
            return "url_mismatch"
    return None


def _part(form: Message, name: str) -> Message:
    """The field of a form with this name."""
    fields = (each for each in form.walk() if not each.is_multipart())
    return next(
        each for each in fields if each.get_param("name", header="content-disposition") == name
    )


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, owner: BatchServer) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def asked(self) -> BatchServer:
        """The server whose endpoints these are."""
        assert isinstance(self.server, _Http)
        return self.server.owner

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        _, _, kind, *rest = url.path.split("/")
        query = parse_qs(url.query)
        if not rest:
            self._answer(f"GET /v1/{kind}", lambda: self.asked.listed(self._all(kind), query))
        elif rest[1:] == ["content"]:
            self._answer("GET content", lambda: self.asked.files[rest[0]].content)
        else:
            self._answer(f"GET /v1/{kind}/id", lambda: self.asked.batches[rest[0]])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/v1/files":
            self._answer("POST /v1/files", lambda: self._uploaded(body))
        else:
            self._answer("POST /v1/batches", lambda: self.asked.create(json.loads(body)))

    def _all(self, kind: str) -> list[dict[str, Any]]:
        if kind == "batches":
            return list(self.asked.batches.values())
        return [{"id": name, "filename": file.name} for name, file in self.asked.files.items()]

    def _uploaded(self, body: bytes) -> dict[str, Any]:
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        form = message_from_bytes(head + body)
        assert _part(form, "purpose").get_payload() == "batch"
        file = _part(form, "file")
        content = file.get_payload(decode=True)
        assert isinstance(content, bytes)
        name = str(file.get_filename())
        return {"id": self.asked.keep(Uploaded(name, content)), "filename": name}

    def _answer(self, call: str, made: Callable[[], Any]) -> None:
        self.asked.calls[call] += 1
        self.asked.keys.add(self.headers["authorization"].removeprefix("Bearer "))
        if self.asked.faults.get(call):
            self._send(self.asked.faults[call].pop(0), {"error": {"message": "not now"}})
            return
        if call in self.asked.pages:
            self._send(200, b"<html>")
            return
        try:
            found = made()
        except KeyError:
            self._send(404, {"error": {"message": "no such thing"}})
            return
        if call in self.asked.silent:
            self.close_connection = True
            return
        refused = isinstance(found, dict) and "error" in found
        self._send(400 if refused else 200, found)

    def _send(self, status: int, body: Any) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Keep the test's output clean."""
