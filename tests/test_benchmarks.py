"""The benchmark runs and reports every figure. How long things take is never asserted."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scoring import articles, meeting, person

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_replay_reports_ours_beside_openai_and_pydantic():
    command = [sys.executable, "benchmarks/replay.py", "--json", "--rounds", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    figures = {"", "_run", "_stack", "_openai", "_pydantic"}
    assert {f"cpu_ms_per_article{name}" for name in figures} <= set(report)
    assert report["articles"] >= 10


def test_rules_counts_what_code_would_keep_and_what_it_would_spoil(tmp_path):
    """One person's side is beside the name, one nowhere; one commitment has no word of agreeing."""
    text = "Omani minister Salim Harthi met Ivo Kern. They agreed to buy rails. Rails are dear.\n"
    people = [person("Salim Harthi", "minister", "OMN"), person("Ivo Kern", None, "AUT")]
    agreed = ["buy rails", "Rails are dear"]
    talks = meeting(
        "talks between Salim Harthi and Ivo Kern", participants=people, agreements=agreed
    )
    reference = articles(rails=[talks])["rails"].model_dump_json()
    for folder in ("articles", "reference"):
        (tmp_path / folder).mkdir()
    (tmp_path / "articles" / "rails.txt").write_text(text)
    (tmp_path / "reference" / "rails.json").write_text(reference)
    command = [sys.executable, "benchmarks/rules.py", tmp_path, "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {
        "articles": 1,
        "sides": {"right": 1, "none": 1},
        "commitments": {"right": 1, "wrong": 1},
        "background": {},
    }
