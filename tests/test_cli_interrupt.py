"""Ctrl-C: the first one finishes what is in flight, the second stops at once, and none hangs."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import archive, ledger
from pipeline.cli.interrupt import until_interrupted
from tests import samples
from tests.conftest import Readout


def test_ctrl_c_finishes_what_is_in_flight_and_the_next_run_goes_on(
    readout: Readout, tmp_path: Path
) -> None:
    file = tmp_path / "three.jsonl"
    rows = [{"id": name, "text": f"{samples.TEXT}\n{name}."} for name in ("one", "two", "three")]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    readout.server.answer()
    readout.server.before = lambda: os.kill(os.getpid(), signal.SIGINT)
    done = readout("run", file, "-o", "out", "--concurrency", "1")
    assert done.exit_code == 130
    assert "1 done" in done.stderr
    assert "goes on from here" in done.stderr
    assert [each.article.id for each in archive.records(Path("out"))] == ["one"]
    readout.server.before = lambda: None
    again = readout("run", file, "-o", "out")
    assert "2 sent; 0 stored" in again.stderr
    assert "2 done, 1 done before" in again.stderr


def test_ctrl_c_twice_stops_at_once() -> None:
    said: list[str] = []

    async def work(stop: asyncio.Event) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        await stop.wait()
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.Event().wait()

    assert asyncio.run(until_interrupted(work, said.append))
    assert len(said) == 1


def test_work_that_is_not_interrupted_says_so() -> None:
    async def work(stop: asyncio.Event) -> None:
        assert not stop.is_set()

    assert not asyncio.run(until_interrupted(work, print))


@pytest.mark.slow
def test_ctrl_c_ends_a_run_that_waits_for_a_pipe(article: Path, readout: Readout) -> None:
    """The pipe is open to the end and says nothing; the article before it is asked about."""
    command = [sys.executable, "-m", "pipeline.cli", "run", str(article), "-", "-o", "out"]
    environment = {**os.environ, **readout.environment}
    readout.server.answer()
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        readout.server.before = lambda: process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        assert process.wait(60) == 130, said
    assert "goes on from here" in said
    assert "Traceback" not in said
    (run,) = ledger.runs(Path("out"))
    assert (run.ending, run.done) == (ledger.Ending.INTERRUPTED, 1)
