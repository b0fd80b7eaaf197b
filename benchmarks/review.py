"""How soon the review server has a page ready, how fast it saves, and what memory it takes.

One article with 60 and with 600 items to decide on, in a folder beside 100 articles of ten. The
server is a real `readout review` in a process of its own, asked over loopback:

- `start_ms`: from starting the process to its address, imports included
- `page_ms`: the page itself; `queue_ms`: the queue's JSON, its first and a later time (`again`);
  `article_ms`: the article's JSON; medians of 20, but for the first queue
- `decide_ms`: one decision, from POST to the answer that says it is saved, fsync included
- `rss_mb`: resident memory after all of that

With `--browser` also what `review_browser` measures in Chromium.
"""

import argparse
import contextlib
import datetime as dt
import json
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx2

from pipeline import archive
from pipeline.distil import distil
from pipeline.read import sentences
from schemas.article import Article, Basis, Publication
from schemas.exchange import Tokens
from schemas.extraction import Extraction
from schemas.record import Made, Record

ROUNDS, BESIDE, FEW = 20, 100, 10  # repetitions; other articles, and their items


class Served(NamedTuple):
    """A review server that answers: where, since when, and to whom."""

    address: str  # to be opened once
    start_ms: float
    process: int
    client: httpx2.Client


def main() -> int:
    """Measure, print, and say how it went."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--items", type=int, nargs="+", default=[60, 600], help="60 600")
    parser.add_argument("--browser", action="store_true", help="also in a real Chromium")
    given = parser.parse_args()
    report = {str(items): measure(items, browser=given.browser) for items in given.items}
    print(json.dumps(report, indent=1) if given.json else table(report))
    return 0


def measure(items: int, *, browser: bool = False) -> dict[str, float]:
    """The server's figures for an article with so many items, and perhaps the browser's."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = filled(Path(scratch), items)
        with served(folder) as server:
            seen = _in_browser(server) if browser else {}
            return {"start_ms": round(server.start_ms, 1), **seen, **_asked(server)}


def filled(folder: Path, items: int) -> Path:
    """A folder with one article of `items` items, called `large`, and others beside it."""
    archive.write(record("large", items), folder)
    for number in range(BESIDE):
        archive.write(record(f"small-{number:03}", FEW), folder)
    return folder


def record(name: str, items: int) -> Record:
    """A record with so many agenda items, each in a sentence of its own, ten a meeting."""
    lines = [f"The two sides discussed subject {n} of the list in Lusaka." for n in range(items)]
    text = "\n".join(["Envoys meet in Lusaka", *lines])
    read = Article(
        id=name,
        text=text,
        sentences=sentences.split(text),
        published=Publication(date=dt.date(2024, 3, 5), basis=Basis.GIVEN),
    )
    meetings = tuple(_meeting(start, min(start + 10, items)) for start in range(0, items, 10))
    # Beyond what the schema lets a model write: construct, as a merge of many parts would.
    extraction = Extraction.model_construct(
        meetings=tuple(Extraction.model_validate({"meetings": [m]}).meetings[0] for m in meetings)
    )
    return Record(
        article=read,
        summary=distil(extraction, read),
        made=Made(
            readout="0",
            model="none",
            provider="benchmark",
            way="none",
            prompt="0" * 64,
            schema_hash="0" * 64,
            keys=("0" * 64,),
            tokens=Tokens(),
            at=dt.datetime(2024, 3, 5, tzinfo=dt.UTC),
        ),
    )


def _meeting(start: int, end: int) -> dict[str, Any]:
    return {
        "name": f"session {start // 10 + 1}",
        "prominence": "focus",
        "status": "held",
        "parties": ["Zambia", "Norway"],
        "participants": [],
        "agenda": [
            {"topic": f"subject {n} of the list", "evidence": [n + 2]} for n in range(start, end)
        ],
        "evidence": [start + 2],
    }


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Served]:
    """`readout review` on `folder`, opened, until the block ends."""
    command = [sys.executable, "-m", "pipeline.cli", "review", str(folder), "--no-open"]
    began = time.perf_counter()
    with subprocess.Popen(
        [*command, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as child:
        assert child.stdout is not None
        address = child.stdout.readline().strip()
        start_ms = (time.perf_counter() - began) * 1e3
        try:
            with httpx2.Client(base_url=address.partition("/launch")[0]) as client:
                assert client.get(address).status_code == 200
                yield Served(address, start_ms, child.pid, client)
        finally:
            child.terminate()


def _in_browser(server: Served) -> dict[str, float]:
    from review_browser import measure as in_browser  # playwright is there for developers only

    return in_browser(server)


def _asked(server: Served) -> dict[str, float]:
    client = server.client

    def get(path: str) -> float:
        began = time.perf_counter()
        answer = client.get(path)
        took = time.perf_counter() - began
        assert answer.status_code == 200, answer.text[:200]
        return took

    first_queue = get("/api/queue")
    found = client.get("/api/article?id=large").json()
    rows = [row["id"] for meeting in found["meetings"] for row in meeting["rows"]]

    def decide() -> float:
        step = {
            "request": uuid.uuid4().hex,
            "article": "large",
            "seen": 10**6,
            "version": found["version"],
            "decisions": [{"action": "accept", "row": rows.pop()}],
        }
        began = time.perf_counter()
        answer = client.post("/api/decisions", json=step)
        took = time.perf_counter() - began
        assert answer.status_code == 200, answer.text[:200]
        return took

    return {
        "items": len(rows),
        "page_ms": _median(lambda: get("/")),
        "queue_ms": round(first_queue * 1e3, 1),
        "queue_again_ms": _median(lambda: get("/api/queue")),
        "article_ms": _median(lambda: get("/api/article?id=large")),
        "article_kb": round(len(client.get("/api/article?id=large").content) / 1e3, 1),
        "decide_ms": _median(decide),
        "rss_mb": _resident(server.process),
    }


def _median(measured: Callable[[], float]) -> float:
    return round(statistics.median(measured() for _ in range(ROUNDS)) * 1e3, 1)


def _resident(process: int) -> float:
    """Megabytes of memory that the process holds."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1e3, 1)
    return 0.0


def table(report: dict[str, dict[str, float]]) -> str:
    """The figures as lines."""
    lines = []
    for items, figures in report.items():
        lines.append(f"{items} items")
        lines.extend(f"  {name:<16}{value:>9,}" for name, value in figures.items())
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
