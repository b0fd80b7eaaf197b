"""An OpenAI-like server for tests: real HTTP on loopback, replies written by hand."""

import contextlib
import json
import socket
import struct
from collections import deque
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, NamedTuple

from tests import samples


class Received(NamedTuple):
    """One request as it came over the wire."""

    method: str
    path: str
    headers: Mapping[str, str]  # names in lower case
    body: Any


class Scripted(NamedTuple):
    """One answer that a person wrote for a test."""

    status: int
    body: str
    headers: Mapping[str, str]
    fault: str | None = None  # "reset": hang up instead; "drip": a byte now and then, for ever


class Loopback:
    """An OpenAI-like server on a loopback port. It gives scripted replies, written by hand.

    Replies are given in order, and the last one for ever; `before` is called as a request for a
    completion comes in. All of them were written by hand.
    """

    models = ("hand",)  # what its list of models says

    def __init__(self) -> None:
        self.refuses = 0  # a status for the list of models in place of 200
        self.received: list[Received] = []
        self.before: Callable[[], None] = lambda: None
        self._script: deque[Scripted] = deque()
        self._closing = Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def base_url(self) -> str:
        """What OPENAI_BASE_URL is to be."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    @property
    def asked(self) -> list[Any]:
        """The bodies of all requests for a completion, in order."""
        return [each.body for each in self.received if each.path == "/v1/chat/completions"]

    def answer(self, *meetings: dict[str, Any]) -> None:
        """Script a good answer with these meetings; the sample's one where none is given."""
        self.say({"meetings": meetings or [samples.meeting()]})

    def say(self, content: str | dict[str, Any], **changes: Any) -> None:
        """Script a completion with this content; `finish_reason` and the like as in samples."""
        self.reply(200, samples.completion(content, **changes))

    def fail(self, status: int, message: str, **headers: str) -> None:
        """Script an error as OpenAI words it. Headers: `retry_after="1"`."""
        self.reply(status, {"error": {"message": message}}, **headers)

    def reply(self, status: int, body: Any, **headers: str) -> None:
        """Script anything; a body that is no string goes out as JSON."""
        text = body if isinstance(body, str) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._script.append(Scripted(status, text, named))

    def reset(self) -> None:
        """Script a connection that is reset before a byte is answered."""
        self._script.append(Scripted(0, "", {}, "reset"))

    def drip(self) -> None:
        """Script an answer that never ends, though a byte of it comes every few milliseconds."""
        self._script.append(Scripted(200, " ", {}, "drip"))

    def close(self) -> None:
        """Stop serving."""
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _answer(self, request: Received) -> Scripted:
        self.received.append(request)
        if request.path == "/v1/models":
            listed = [{"id": name, "object": "model"} for name in self.models]
            return Scripted(self.refuses or 200, json.dumps({"data": listed}), {})
        self.before()
        if not self._script:
            return Scripted(500, '{"error": {"message": "the test scripted no reply"}}', {})
        return self._script.popleft() if len(self._script) > 1 else self._script[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._respond(None)

            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                self._respond(json.loads(self.rfile.read(length)))

            def _respond(self, body: Any) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                scripted = server._answer(Received(self.command, self.path, headers, body))
                if scripted.fault == "reset":
                    # An abortive close: the client sees a reset, not an end.
                    linger = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    self.connection.close()
                    self.close_connection = True
                    return
                data = scripted.body.encode()
                if scripted.fault == "drip":
                    self._drip(data)
                    return
                self.send_response(scripted.status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                for name, value in scripted.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def _drip(self, data: bytes) -> None:
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(10**9))
                self.end_headers()
                with contextlib.suppress(OSError):  # the client has had enough
                    while not server._closing.wait(0.01):
                        self.wfile.write(data)
                self.close_connection = True

            def log_message(self, *_: Any) -> None:
                """Keep the test's output clean."""

        return Handler
