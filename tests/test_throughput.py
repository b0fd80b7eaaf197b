"""The benchmark of throughput asks everybody the same, and says how often it did.

How fast anybody is is never asserted.
"""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.distil import distil
from pipeline.read import read_paths
from schemas.article import Article
from schemas.extraction import Extraction

ROOT = Path(__file__).parent.parent
ARTICLES = ["--articles", "5", "--few", "2", "--many", "4"]


@pytest.fixture(scope="module")
def report() -> Any:
    command = [sys.executable, "benchmarks/throughput.py", "--json", *ARTICLES]
    command += ["--rounds", "1", "--delay", "0.01", "--in-flight", "3"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.slow
def test_readout_and_the_bare_loop_ask_once_about_each_article(report):
    for system in ("readout", "bare"):
        assert report[system]["requests"] == 5
        assert report[system]["most_in_flight"] <= 3
    assert report["ratio"] > 0


@pytest.mark.slow
def test_a_peer_that_is_installed_asks_too_and_one_that_is_not_says_how_to(report):
    for system in ("langextract", "curator"):
        told = report[system]
        if isinstance(told, str):
            assert f"build/{system}/bin/pip install -r benchmarks/requirements-" in told
        else:
            assert told["requests"] >= 5


@pytest.mark.slow
def test_what_is_done_is_not_asked_again(report):
    assert [each["requests"] for each in report["memory"].values()] == [2, 4]
    assert report["warm"]["requests"] == 0


def test_the_fixed_answer_is_about_every_article(tmp_path, monkeypatch):
    """Each gets a record with a meeting and nothing to look at, so that distilling is measured."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    articles = importlib.import_module("throughput_articles")
    server = importlib.import_module("throughput_server")
    answer = Extraction.model_validate_json(server.ours())
    for article in read_paths([articles.write(tmp_path / "wire.jsonl", 30)]):
        assert isinstance(article, Article)
        summary = distil(answer, article)
        assert [len(meeting.participants) for meeting in summary.meetings] == [2]
        assert not summary.flags
