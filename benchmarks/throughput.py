"""Articles per second, CPU, memory and a warm second run, against one local server.

The server answers every request after a fixed time, by default 0.2 s, and 64 are in flight; it
is a process of its own, and shares the machine's cores with what is measured.

The articles are our examples over and over, each time with other words and numbers put between
their own, after every third of a line. What two of them still share are the ends of paragraphs,
more than two stories of a wire do. Repeated as they stand, they would all be editions of fifteen
stories, and linking them the dearest part.

- `readout`: the whole of `readout run`: read, compose, ask, store, distil, archive.
- `bare`: openai's asynchronous client in a loop with a semaphore, over the same bodies; it parses
  the answers and keeps nothing.
- `memory`: the peak of `readout run` at few and at many articles, with answers that come at once.
- `warm`: the same command over the many once more: all of them are done.

Each is a process of its own; its figures are what the system says of it, its start included.
`start` is what a process of either kind takes to start and to import; it is in the seconds.
langextract and Bespoke Curator are measured by nobody yet: neither is installed.
"""

import argparse
import asyncio
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from pipeline import compose, ways
from pipeline.read import read_paths
from schemas.article import Article

ROOT = Path(__file__).parent.parent
ARTICLES = ROOT / "examples" / "articles"
MODEL = "hand"


class Measured(NamedTuple):
    """What the system says of one process."""

    seconds: float
    cpu_ms_per_article: float
    articles_per_second: float
    peak_mb: float


def main() -> int:
    """Measure, print, and say how it went."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--articles", type=int, default=1000, help="for the throughput")
    parser.add_argument("--few", type=int, default=1000, help="for the memory")
    parser.add_argument("--many", type=int, default=20_000, help="for the memory; 0 leaves it out")
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--delay", type=float, default=0.2, help="seconds before an answer")
    parser.add_argument("--bare", nargs=2, metavar=("BODIES", "URL"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.bare:
        lines = Path(given.bare[0]).read_text().splitlines()
        asyncio.run(bare(lines, given.bare[1], given.in_flight))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        report = measured(Path(folder), given)
    if given.json:
        print(json.dumps(report, indent=1))
    else:
        for name, value in report.items():
            print(f"{name:<14}{value}")
    return 0


def measured(folder: Path, given: argparse.Namespace) -> dict[str, object]:
    """Every figure, by name."""
    report: dict[str, object] = {"in_flight": given.in_flight, "delay": given.delay}
    wire = written(folder, given.articles)
    with server(given.delay) as base_url:
        bodies = folder / "bodies.jsonl"
        bodies.write_text("\n".join(composed(wire, base_url)))
        mine = [__file__, "--bare", bodies, base_url, "--in-flight", given.in_flight]
        plain = process([sys.executable, *mine], given.articles)
        ours = process(readout(wire, folder / "out", base_url, given.in_flight), given.articles)
        report |= {"readout": ours._asdict(), "bare": plain._asdict()}
        report["ratio"] = round(ours.articles_per_second / plain.articles_per_second, 3)
    report["start"] = start()
    if given.many:
        with server(0.0) as base_url:
            report |= memory(folder, base_url, given)
    return report


def memory(folder: Path, base_url: str, given: argparse.Namespace) -> dict[str, object]:
    """Peak memory at few and many articles, and how long the many take when they are done."""
    peaks: dict[str, object] = {}
    many: list[object] = []
    for count in (given.few, given.many):
        wire, out = written(folder, count), folder / f"out-{count}"
        many = readout(wire, out, base_url, given.in_flight)
        peaks[str(count)] = process(many, count)._asdict()
    return {"memory": peaks, "warm": process(many, given.many)._asdict()}


def written(folder: Path, count: int) -> Path:
    """A file of so many articles: ours, varied by seed."""
    read = [each.text for each in read_paths([ARTICLES]) if isinstance(each, Article)]
    words = re.findall(r"[A-Za-z]{3,}", " ".join(read))
    wire = folder / f"wire-{count}.jsonl"
    with wire.open("w") as lines:
        for number in range(count):
            text = varied(read[number % len(read)], words, random.Random(number))  # noqa: S311
            lines.write(json.dumps({"id": f"a{number:06}", "text": text}) + "\n")
    return wire


def varied(text: str, words: list[str], drawn: random.Random) -> str:
    """The text with a drawn word and a drawn number put after every third of its words."""

    def more(three: re.Match[str]) -> str:
        return f"{three[0]}{drawn.choice(words)} {drawn.randrange(10_000)} "

    return re.sub(r"(?:\S+[ ]+){3}", more, text)


def composed(wire: Path, base_url: str) -> Iterator[str]:
    """The bodies that readout sends, one a line."""
    way = ways.choose(MODEL, ways.origin(base_url))
    for each in read_paths([wire]):
        assert isinstance(each, Article)
        yield json.dumps(compose.compose(each, way).body)


@contextmanager
def server(delay: float) -> Iterator[str]:
    """The local server, and its base URL."""
    command = [sys.executable, "-m", "tests.faults", "--delay", str(delay)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        yield started.stdout.readline().strip()
        started.communicate()


def readout(wire: Path, out: Path, base_url: str, in_flight: int) -> list[object]:
    """The command line, with a store beside its output."""
    settings = {
        "OPENAI_BASE_URL": base_url,
        "READOUT_MODEL": MODEL,
        "READOUT_CACHE": f"{out}-cache",
        "READOUT_HOME": f"{out}-cache",
    }
    named = [f"{name}={value}" for name, value in settings.items()]
    command = [sys.executable, "-m", "pipeline.cli", "run", wire, "-o", out, "--quiet"]
    return ["/usr/bin/env", *named, *command, "--concurrency", in_flight]


def process(command: list[object], articles: int) -> Measured:
    """Run a command to its end. Raises where it fails, since then the figures mean nothing."""
    began = time.monotonic()
    started = subprocess.Popen(list(map(str, command)), cwd=ROOT)
    _, status, used = os.wait4(started.pid, 0)
    seconds = time.monotonic() - began
    started.returncode = os.waitstatus_to_exitcode(status)
    assert started.returncode == 0, command
    return Measured(
        seconds=round(seconds, 2),
        cpu_ms_per_article=round(1000 * (used.ru_utime + used.ru_stime) / articles, 2),
        articles_per_second=round(articles / seconds, 1),
        peak_mb=round(used.ru_maxrss / 1024, 1),
    )


def start() -> dict[str, float]:
    """Seconds that either takes before it asks."""
    ours = "import pipeline.cli.run, pipeline.ask"
    commands = {"readout": ours, "bare": "import openai; openai.AsyncOpenAI(api_key='x')"}
    return {
        name: process([sys.executable, "-c", code], 1).seconds for name, code in commands.items()
    }


async def bare(bodies: list[str], base_url: str, in_flight: int) -> None:
    """The loop that one would write first."""
    import openai

    free = asyncio.Semaphore(in_flight)

    async def ask(body: dict[str, object]) -> object:
        async with free:
            answer = await client.chat.completions.create(**body)  # type: ignore[call-overload]
        return json.loads(answer.choices[0].message.content)

    async with openai.AsyncOpenAI(api_key="none", base_url=base_url) as client:
        asking = (ask(json.loads(line)) for line in bodies)
        answers = await asyncio.gather(*asking)
    assert len(answers) > 0


if __name__ == "__main__":
    sys.exit(main())
