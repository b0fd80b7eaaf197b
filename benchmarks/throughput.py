"""Articles per second, CPU, memory and a warm second run, against one local server.

    python benchmarks/throughput.py [--json] [--articles N] [--rounds N] [--in-flight N]
                                    [--delay SECONDS] [--few N] [--many N]

| system        | what is measured                                                             |
| ------------- | ---------------------------------------------------------------------------- |
| `readout`     | the whole of `readout run`: read, compose, ask, store, distil, archive       |
| `bare`        | openai's asynchronous client in a loop, over the bodies that readout sends   |
| `langextract` | `langextract.extract` over the same texts, in threads, with its own prompt   |
| `curator`     | Bespoke Curator over the same bodies; it keeps requests and answers, as we do |

The server answers every request after a fixed time, by default 0.2 s, and 64 are in flight; it
shares the machine's cores with what is measured. Each system is a process of its own; its figures
are what the machine says of it, its start included: `start` is how many seconds it takes over a
single article. readout and the bare loop take turns, and the median of their rounds counts; the
others have one round. `ratio` is readout's articles per second by those of the bare loop. Then,
with answers that come at once:

- `memory`: `readout run` over few and over many articles; `growth_mb` is between their peaks.
- `warm`: the same command over the many once more: all of them are done.

The two peers have environments of their own, since they want other packages than readout, and are
left out where those are not there:

    python3 -m venv build/langextract
    build/langextract/bin/pip install -r benchmarks/requirements-quality.txt
    python3 -m venv build/curator
    build/curator/bin/pip install -r benchmarks/requirements-curator.txt
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import throughput_articles

HERE = Path(__file__).parent
ROOT = HERE.parent
MODEL = "hand"

PEERS = ROOT / "build"
REQUIREMENTS = {"langextract": "requirements-quality.txt", "curator": "requirements-curator.txt"}
Command = Sequence[object]


class Task(NamedTuple):
    """What each system is to do."""

    file: Path  # articles, one a line
    articles: int  # so many
    base_url: str
    in_flight: int

    @property
    def bodies(self) -> Path:
        """The requests about them as readout composes them, one a line."""
        return self.file.with_suffix(".bodies")


class Measured(NamedTuple):
    """What the system says of one process, and the server of its requests."""

    articles_per_second: float
    cpu_ms_per_article: float
    seconds: float
    peak_mb: float
    requests: int
    most_in_flight: int


def main() -> int:
    """Measure, print, and say how it went."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--articles", type=int, default=2000, help="for the throughput")
    parser.add_argument("--rounds", type=int, default=3, help="for the throughput")
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--delay", type=float, default=0.2, help="seconds before an answer")
    parser.add_argument("--few", type=int, default=1000, help="articles, for the memory")
    parser.add_argument("--many", type=int, default=20_000, help="the same; 0 leaves both out")
    given = parser.parse_args()
    report: dict[str, Any] = {"in_flight": given.in_flight, "delay": given.delay}
    with tempfile.TemporaryDirectory() as folder:
        with server(given.delay) as base_url:
            report |= compared(Path(folder), base_url, given)
        if given.many:
            with server(0.0) as base_url:
                report |= memory(Path(folder), base_url, given)
    if given.json:
        print(json.dumps(report, indent=1))
    else:
        for name, value in report.items():
            print(f"{name:<14}{value}")
    return 0


def compared(folder: Path, base_url: str, given: argparse.Namespace) -> dict[str, Any]:
    """The systems side by side, each with the median of its rounds, or why it has none."""
    one, many = (task(folder, count, base_url, given) for count in (1, given.articles))
    for turn in (one, many):
        throughput_articles.compose_all(turn.file, MODEL, base_url, turn.bodies)
    turns = [one, one, *[many] * given.rounds]  # the first finds no file in the system's cache
    results: dict[str, list[Measured | str]] = {}
    for number, turn in enumerate(turns):
        for name, command in commands(turn, folder / f"out-{number}").items():
            if number < 3 or name not in REQUIREMENTS:  # a peer has one round: they take long
                results.setdefault(name, []).append(process(command, turn))
    report = {name: median(each) for name, each in results.items()}
    ours, bare = report["readout"], report["bare"]
    assert isinstance(ours, dict), ours
    assert isinstance(bare, dict), bare
    ratio = ours["articles_per_second"] / bare["articles_per_second"]
    how = {"articles": given.articles, "rounds": given.rounds}
    return {**how, **report, "ratio": round(ratio, 3)}


def median(results: Sequence[Measured | str]) -> Any:
    """The median of the rounds, which come after two single articles; or why there is none."""
    measured = [each for each in results if isinstance(each, Measured)]
    if len(measured) < len(results):
        return next(each for each in results if isinstance(each, str))
    rounds = sorted(measured[2:], key=lambda each: each.articles_per_second)
    return rounds[len(rounds) // 2]._asdict() | {"start": measured[1].seconds}


def memory(folder: Path, base_url: str, given: argparse.Namespace) -> dict[str, Any]:
    """Peak memory at few and many articles, and how long the many take when they are done."""
    few, many = (task(folder, count, base_url, given) for count in (given.few, given.many))
    peaks: list[Measured] = []
    for turn in (few, many, many):
        measured = process(readout(turn, folder / f"out-of-{turn.articles}"), turn)
        assert isinstance(measured, Measured), measured
        peaks.append(measured)
    least, most, warm = (each._asdict() for each in peaks)
    return {
        "memory": {str(few.articles): least, str(many.articles): most},
        "growth_mb": round(most["peak_mb"] - least["peak_mb"], 1),
        "warm": warm,
    }


def task(folder: Path, count: int, base_url: str, given: argparse.Namespace) -> Task:
    """So many articles, in a file."""
    file = throughput_articles.write(folder / f"articles-{count}.jsonl", count)
    return Task(file, count, base_url, given.in_flight)


def commands(turn: Task, out: Path) -> dict[str, Command]:
    """How each system is started; readout's output goes to `out`."""
    what = {
        "bare": (Path(sys.executable), turn.bodies),
        "langextract": (PEERS / "langextract/bin/python", turn.file),
        "curator": (PEERS / "curator/bin/python", turn.bodies),
    }
    children = {
        name: [python, HERE / f"throughput_{name}.py", file, turn.base_url, turn.in_flight]
        for name, (python, file) in what.items()
    }
    return {"readout": readout(turn, out), **children}


def readout(turn: Task, out: Path) -> Command:
    """The command line, with a store beside its output."""
    settings = {
        "OPENAI_BASE_URL": turn.base_url,
        "READOUT_MODEL": MODEL,
        "READOUT_CACHE": f"{out}-cache",
        "READOUT_HOME": f"{out}-cache",
    }
    run = [sys.executable, "-m", "pipeline.cli", "run", turn.file, "-o", out, "--quiet"]
    named = [f"{name}={value}" for name, value in settings.items()]
    return [Path("/usr/bin/env"), *named, *run, "--concurrency", turn.in_flight]


def process(command: Command, turn: Task) -> Measured | str:
    """Run a command to its end; a sentence where it cannot be, or failed."""
    python = Path(str(command[0]))
    if not python.exists():
        env = python.parent.parent
        return (
            f"not installed: python3 -m venv build/{env.name} && build/{env.name}/bin/pip install "
            f"-r benchmarks/{REQUIREMENTS[env.name]}"
        )
    answered(turn.base_url)
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        started = subprocess.Popen(
            list(map(str, command)), cwd=ROOT, stdout=said, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(started.pid, 0)
        seconds = time.monotonic() - began
        started.returncode = os.waitstatus_to_exitcode(status)
        if started.returncode:
            said.seek(0)
            return f"failed: {' '.join(said.read().split())[-300:]}"
    return Measured(
        articles_per_second=round(turn.articles / seconds, 1),
        cpu_ms_per_article=round(1000 * (used.ru_utime + used.ru_stime) / turn.articles, 2),
        seconds=round(seconds, 2),
        peak_mb=round(used.ru_maxrss / 1024, 1),
        **answered(turn.base_url),
    )


@contextmanager
def server(delay: float) -> Iterator[str]:
    """The local server, and its base URL."""
    command = [sys.executable, str(HERE / "throughput_server.py"), "--delay", str(delay)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        yield started.stdout.readline().strip()
        started.communicate()


def answered(base_url: str) -> dict[str, int]:
    """What the server answered since it was asked last."""
    with urllib.request.urlopen(base_url) as told:  # noqa: S310 - on this machine
        counts: dict[str, int] = json.load(told)
    return counts


if __name__ == "__main__":
    sys.exit(main())
