"""A run that is killed again and again, at random points, and what became of it in the end.

`python -m tests.kills --kills 30 --articles 300` prints the figures as JSON; a test does it with
fewer. Each kill is a SIGKILL of the real command line, over real HTTP.
"""

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import archive, compose, ways
from pipeline.read import read_paths
from pipeline.shelf import Kind
from pipeline.store import Responses
from schemas.article import Article
from schemas.exchange import Request
from schemas.record import Record
from tests.faults import FaultServer, Faulty, sum_of

_DELAY = 0.05  # seconds that an answer takes
_LATER = 0.06  # seconds, at most, between the request after which a run is killed and its end


class Report(NamedTuple):
    """What became of it."""

    articles: int
    kills: int  # that found the run going on
    asked_again: int  # requests whose reply was stored already
    torn: int  # records that cannot be read
    missing: int  # articles without a record
    differing: int  # records other than an undisturbed run's


def killed(folder: Path, *, articles: int, kills: int, kind: Kind, seed: int = 0) -> Report:
    """Run, kill and run again, `kills` times; then let it finish, and compare."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    lines = [{"id": f"a{n}", "text": f"Envoys met in Lusaka on day {n}."} for n in range(articles)]
    wire = folder / "wire.jsonl"
    wire.write_text("\n".join(map(json.dumps, lines)))
    server = FaultServer(Faulty(delay=_DELAY))
    met = asked_again = 0
    with contextlib.closing(server):
        requests = _requests(wire, server.base_url)
        for _ in range(kills):
            before, stored = len(server.asked), _stored(folder / "cache", requests)
            process = _started(wire, folder / "cache", folder / "out", server.base_url, kind)
            # None at all: while it starts. Each time so few that the last run has some to ask.
            enough = before + chance.randint(0, articles // (2 * kills))
            while process.poll() is None and len(server.asked) < enough:
                time.sleep(0.005)
            try:
                process.wait(chance.uniform(0.0, _LATER))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                met += 1
            asked_again += sum(key in stored for key in server.asked[before:])
        before, stored = len(server.asked), _stored(folder / "cache", requests)
        for cache, out in (("cache", "out"), ("cache-2", "out-2")):
            ended = _started(wire, folder / cache, folder / out, server.base_url, kind).wait()
            assert ended == 0
            if out == "out":
                asked_again += sum(key in stored for key in server.asked[before:])
    there = list(archive.documents(folder / "out"))
    found = dict(map(_readable, there))
    torn = found.pop("", None) is not None
    smooth = {record.article.id: record for record in archive.records(folder / "out-2")}
    return Report(
        articles=articles,
        kills=met,
        asked_again=asked_again,
        torn=int(torn),
        missing=len(smooth.keys() - found.keys()),
        differing=sum(_timeless(found[name]) != _timeless(smooth[name]) for name in found),
    )


def _requests(wire: Path, base_url: str) -> list[Request]:
    way = ways.choose("hand", ways.origin(base_url))
    articles = (each for each in read_paths([wire]) if isinstance(each, Article))
    return [compose.compose(each, way) for each in articles]


def _stored(cache: Path, requests: list[Request]) -> set[str]:
    """The sums of the requests whose replies are stored."""
    with closing(Responses(cache / "responses")) as store:
        return {sum_of(each.body) for each in requests if store.get(each.key)}


def _started(
    wire: Path, cache: Path, out: Path, base_url: str, kind: Kind
) -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ,
        "OPENAI_BASE_URL": base_url,
        "READOUT_MODEL": "hand",
        "READOUT_HOME": str(cache),
        "READOUT_CACHE": str(cache),
    }
    command = [sys.executable, "-m", "pipeline.cli", "run"]
    return subprocess.Popen(
        [*command, wire, "-o", out, "--format", kind], env=environment, stderr=subprocess.DEVNULL
    )


def _readable(document: archive.Document) -> tuple[str, Record | None]:
    try:
        record = Record.model_validate_json(document.content)
    except ValueError:
        return "", None
    return record.article.id, record


def _timeless(record: Record | None) -> Any:
    """What a record says, but for when."""
    return record and record.model_dump(mode="json", exclude={"made": {"at"}})


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--format", type=Kind, default=Kind.FILES, choices=list(Kind))
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = killed(
            Path(folder),
            articles=given.articles,
            kills=given.kills,
            kind=given.format,
            seed=given.seed,
        )
    print(json.dumps(report._asdict()))  # noqa: T201 - that is what it is for


if __name__ == "__main__":
    main()
