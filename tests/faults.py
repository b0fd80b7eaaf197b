"""An OpenAI-like server that misbehaves by seed: the same request meets the same faults each time.

Real HTTP on loopback, on an event loop in a thread of its own; or, as `python tests/faults.py`, in
a process of its own. What it answers was written by hand. Whatever it answers well, it counts: a
request that is paid for twice shows.
"""

import argparse
import asyncio
import hashlib
import json
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

GOOD = json.dumps({"meetings": []})


class Fault(StrEnum):
    """What can be wrong with an answer."""

    BUSY = "busy"  # 429, which comes in storms
    BROKEN = "broken"  # 500
    RESET = "reset"  # the connection, before a byte
    DRIP = "drip"  # a few bytes now and then, whole in the end
    TORN = "torn"  # half of the HTTP body
    CUT = "cut"  # finish_reason "length"
    INVALID = "invalid"  # JSON that the schema refuses
    REFUSAL = "refusal"


class Faulty(NamedTuple):
    """How the server behaves. `rates` are probabilities, which may sum up to 1."""

    seed: int = 0
    rates: Mapping[Fault, float] = {}
    storm: int = 3  # requests that one storm of 429s meets
    drip: float = 0.05  # seconds that a dripping answer takes
    delay: float = 0.0  # seconds before each answer
    retry_after: str = "0"


class FaultServer:
    """The server; `close` it. `paid` counts, by the sum of its body, what each request got."""

    def __init__(self, behaviour: Faulty) -> None:
        self._behaviour = behaviour
        self.paid: Counter[str] = Counter()  # good completions, invalid ones included
        self.met: Counter[Fault] = Counter()
        self.asked: list[str] = []  # the same sums of all requests, in order
        self._times: Counter[str] = Counter()
        self._storm = 0
        self._loop = asyncio.new_event_loop()
        self._ready, self._port = threading.Event(), 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait()

    @property
    def base_url(self) -> str:
        """What OPENAI_BASE_URL is to be."""
        return f"http://127.0.0.1:{self._port}/v1"

    def close(self) -> None:
        """Stop serving."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=1024)
        )
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = _length(head)
                body = await reader.readexactly(length) if length else b""
                if not await self._answer(head, body, writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has gone
        finally:
            writer.close()

    async def _answer(self, head: bytes, body: bytes, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; returns whether the connection is still good."""
        if head.startswith(b"GET"):
            counts = {"requests": len(self.asked), "paid": self.paid, "met": self.met}
            return await _reply(writer, 200, json.dumps(counts))
        key = sum_of(json.loads(body))
        self.asked.append(key)
        await asyncio.sleep(self._behaviour.delay)
        self._times[key] += 1
        fault = self._fault(key)
        if fault is None:
            self.paid[key] += 1
            return await _reply(writer, 200, _completion(GOOD))
        self.met[fault] += 1
        return await self._misbehave(fault, key, writer)

    def _fault(self, key: str) -> Fault | None:
        """The fault that this request meets this time."""
        if self._storm:
            self._storm -= 1
            return Fault.BUSY
        lot = hashlib.sha256(f"{self._behaviour.seed} {key} {self._times[key]}".encode()).digest()
        left = int.from_bytes(lot[:8]) / 2**64
        for fault, rate in self._behaviour.rates.items():
            left -= rate
            if left < 0:
                if fault is Fault.BUSY:
                    self._storm = self._behaviour.storm - 1
                return fault
        return None

    async def _misbehave(self, fault: Fault, key: str, writer: asyncio.StreamWriter) -> bool:
        if fault in (Fault.CUT, Fault.INVALID, Fault.REFUSAL):
            self.paid[key] += 1
            return await _reply(writer, 200, _ANSWERS[fault])
        if fault is Fault.BUSY:
            header = f"retry-after: {self._behaviour.retry_after}\r\n"
            return await _reply(writer, 429, _error("slow down"), header)
        if fault is Fault.BROKEN:
            return await _reply(writer, 500, _error("oops"))
        if fault is Fault.RESET:
            writer.transport.abort()
            return False
        whole = _completion(GOOD).encode()
        writer.write(_head(200, len(whole)))
        if fault is Fault.TORN:
            writer.write(whole[: len(whole) // 2])
            return False
        self.paid[key] += 1
        for start in range(0, len(whole), len(whole) // 10):
            writer.write(whole[start : start + len(whole) // 10])
            await writer.drain()
            await asyncio.sleep(self._behaviour.drip / 10)
        return True


def sum_of(body: Any) -> str:
    """SHA-256 of a request's body, whatever the order of its fields."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


async def _reply(writer: asyncio.StreamWriter, status: int, body: str, header: str = "") -> bool:
    data = body.encode()
    writer.write(_head(status, len(data), header) + data)
    await writer.drain()
    return True


def _head(status: int, length: int, header: str = "") -> bytes:
    return (
        f"HTTP/1.1 {status} -\r\ncontent-type: application/json\r\n{header}"
        f"content-length: {length}\r\n\r\n"
    ).encode()


def _error(message: str) -> str:
    return json.dumps({"error": {"message": message}})


def _completion(content: str, **changes: Any) -> str:
    message = {"role": "assistant", "content": content, "refusal": changes.pop("refusal", None)}
    choice = {"index": 0, "finish_reason": changes.pop("finish", "stop"), "message": message}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    return json.dumps(
        {"id": "by-hand", "object": "chat.completion", "created": 0, "model": "hand"}
        | {"choices": [choice], "usage": usage}
    )


_ANSWERS = {
    Fault.CUT: _completion('{"meetings": [', finish="length"),
    Fault.INVALID: _completion('{"meetings": "none"}'),
    Fault.REFUSAL: _completion("", refusal="No."),
}


def main() -> None:
    """Serve until standard input ends; the first line of stdout is the base URL."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--rate", type=float, default=0.0, help="of each fault but drips")
    given = parser.parse_args()
    faults = [fault for fault in Fault if fault is not Fault.DRIP]
    rates = dict.fromkeys(faults, given.rate) if given.rate else {}
    server = FaultServer(Faulty(given.seed, rates, delay=given.delay))
    print(server.base_url, flush=True)  # noqa: T201 - that is how its caller learns it
    sys.stdin.read()
    server.close()


if __name__ == "__main__":
    main()
