"""A killed run loses nothing that was paid for."""

import json
import os
import signal
import subprocess
import sys
import threading

import pytest

from pipeline import archive, ledger
from pipeline.shelf import Kind
from pipeline.store import Responses
from tests.kills import killed

ARTICLES, ENOUGH = 60, 20


@pytest.mark.slow
def test_a_run_killed_after_n_replies_asks_for_none_of_them_again(readout, server, tmp_path):
    """kill -9 in full flight; the second run asks only for what the store does not hold."""
    lines = [{"id": f"a{n}", "text": f"Envoys met in Lusaka on day {n}."} for n in range(ARTICLES)]
    file = tmp_path / "wire.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    enough = threading.Event()
    server.answer()
    server.before = lambda: enough.set() if len(server.asked) >= ENOUGH else None
    command = [sys.executable, "-m", "pipeline.cli", "run", file, "-o", tmp_path / "out"]
    killed = subprocess.Popen(
        command, env={**os.environ, **readout.environment}, stderr=subprocess.DEVNULL
    )
    assert enough.wait(60)
    killed.send_signal(signal.SIGKILL)
    killed.wait()

    store = Responses(tmp_path / "cache" / "responses")
    paid = len(store)
    store.close()
    assert 0 < paid < ARTICLES
    before = len(server.asked)
    server.before = lambda: None
    ended = readout("run", file, "-o", "out", "--json")
    assert ended.exit_code == 0
    assert len(server.asked) - before == ARTICLES - paid
    assert len(list(archive.records(tmp_path / "out"))) == ARTICLES


@pytest.mark.slow
@pytest.mark.parametrize("kind", Kind)
def test_a_run_killed_at_random_points_ends_as_one_that_was_not(kind, tmp_path):
    report = killed(tmp_path, articles=120, kills=4, kind=kind)
    assert report.kills > 0
    assert (report.asked_again, report.torn, report.missing, report.differing) == (0, 0, 0, 0)


@pytest.mark.slow
def test_two_runs_on_one_store_at_once_both_get_all(readout, server, tmp_path):
    lines = [{"id": f"a{n}", "text": f"Envoys met in Lusaka on day {n}."} for n in range(ARTICLES)]
    file = tmp_path / "wire.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    server.answer()
    command = [sys.executable, "-m", "pipeline.cli", "run", file, "--quiet", "-o"]
    environment = {**os.environ, **readout.environment}
    for out in ("one", "two"), ("both", "both"):
        both = [subprocess.Popen([*command, tmp_path / name], env=environment) for name in out]
        assert [each.wait() for each in both] == [0, 0]
        for name in out:
            assert len(list(archive.records(tmp_path / name))) == ARTICLES
            assert ledger.failures(tmp_path / name) == {}
    assert ARTICLES <= len(server.asked) <= 2 * ARTICLES
