"""A killed run loses nothing that was paid for."""

import json
import os
import signal
import subprocess
import sys
import threading

import pytest

from pipeline.store import Responses

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
    assert len(list((tmp_path / "out").glob("*.json"))) == ARTICLES
