"""The benchmark runs and reports every figure. How long things take is never asserted."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_replay_reports_ours_beside_openai_and_pydantic():
    command = [sys.executable, "benchmarks/replay.py", "--json", "--rounds", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    figures = {"", "_run", "_stack", "_openai", "_pydantic"}
    assert {f"cpu_ms_per_article{name}" for name in figures} <= set(report)
    assert report["articles"] >= 10
