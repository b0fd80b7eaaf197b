"""A server that gives everybody the same answer after the same time, in a process of its own.

    throughput_server.py [--delay SECONDS]

Says its base URL on the first line of stdout, and ends when standard input does. A GET tells how
many requests were answered since the last one, and how many waited at once at most. Knows nothing
of who asks: the model "langextract" is answered in langextract's form, any other in readout's.
"""

import argparse
import asyncio
import json
import sys

HEADLINE = "Sweden's Sandstrom and Nigeria's Balogun discuss fisheries in Lagos"  # every article's
_MEETING = {
    "name": "talks between Sweden and Nigeria",
    "prominence": "focus",
    "status": "held",
    "format": "in_person",
    "date_text": None,
    "venue": None,
    "city": "Lagos",
    "country": None,
    "parties": ["Sweden", "Nigeria"],
}
_PEOPLE = {"Sandstrom": "Sweden", "Balogun": "Nigeria"}


def ours() -> str:
    """One meeting, which stands in the headline, as readout's schema has it."""
    people = [
        {"name": name, "title": None, "party": party, "evidence": [1]}
        for name, party in _PEOPLE.items()
    ]
    agenda = [{"topic": "fisheries", "evidence": [1]}]
    listed = {"participants": people, "agenda": agenda, "agreements": [], "evidence": [1]}
    return json.dumps({"meetings": [_MEETING | listed]})


def langextracts() -> str:
    """The same meeting as langextract has it."""
    found: list[dict[str, object]] = [
        {"meeting": "discuss", "meeting_attributes": _MEETING | {"meeting": "1"}}
    ]
    for name, party in _PEOPLE.items():
        said = {"meeting": "1", "party": party}
        found.append({"participant": name, "participant_attributes": said})
    found.append({"agenda": "fisheries", "agenda_attributes": {"meeting": "1"}})
    return json.dumps({"extractions": found})


def http(body: str) -> bytes:
    """A whole HTTP response."""
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
    return f"{head}\r\n\r\n{body}".encode("ascii")


def completion(content: str) -> bytes:
    """The response that carries `content`."""
    message = {"role": "assistant", "content": content, "refusal": None}
    usage = {"prompt_tokens": 2000, "completion_tokens": 200, "total_tokens": 2200}
    body = {"id": "by-hand", "object": "chat.completion", "created": 0, "model": "by-hand"}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return http(json.dumps({**body, "choices": [choice], "usage": usage}))


class Answers:
    """What is answered, and how often it was."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._answered = self._waiting = self._most = 0
        self._ours, self._langextracts = completion(ours()), completion(langextracts())

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, to its end."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = head.partition(b"content-length:")[2].partition(b"\r")[0]
                body = await reader.readexactly(int(length or 0))
                writer.write(self._told() if head.startswith(b"get") else await self._to(body))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()  # the client has gone

    async def _to(self, body: bytes) -> bytes:
        self._waiting += 1
        self._most = max(self._most, self._waiting)
        await asyncio.sleep(self._delay)
        self._waiting -= 1
        self._answered += 1
        # Sought, not parsed: what the server spends is missing to those who ask.
        theirs = b'"model":"langextract"' in body or b'"model": "langextract"' in body
        return self._langextracts if theirs else self._ours

    def _told(self) -> bytes:
        told = http(json.dumps({"requests": self._answered, "most_in_flight": self._most}))
        self._answered = self._most = 0
        return told


async def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--delay", type=float, default=0.2, help="seconds before an answer")
    answers = Answers(parser.parse_args().delay)
    server = await asyncio.start_server(answers.serve, "127.0.0.1", backlog=1024)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
