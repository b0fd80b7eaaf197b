"""What the embedded model really answered about our examples, replayed without it."""

import datetime as dt
import json
from pathlib import Path

import pytest

from pipeline import archive
from pipeline.embedded import weights
from tests.conftest import ROOT, Readout

RECORDINGS = ROOT / "cache" / "recordings"
EXAMPLES = ROOT / "examples"
# A little under what these replies score, anew with every adapter; MODEL_CARD.md has all scores.
FLOORS = (
    *("focus=0.91", "background=0.99", "participants=0.85", "participants_full=0.81"),
    *("agenda=0.82", "agreements=0.79", "status=0.93", "date=0.93", "evidence=0.95"),
)


@pytest.fixture
def replayed(readout: Readout, tmp_path: Path) -> Path:
    """The folder of records made from the recordings; the network was never asked."""
    where = ("--cache", RECORDINGS.parent, "--recordings", "--model", "embedded")
    ended = readout("run", EXAMPLES / "articles", "-o", "out", "--quiet", *where)
    assert ended.exit_code == 0, ended.output
    assert readout.server.received == []
    return tmp_path / "out"


def test_every_example_has_a_recording_of_this_model_and_this_prompt(replayed: Path) -> None:
    """A changed prompt, schema, splitter or adapter changes the key, and the replay misses."""
    references = {file.stem for file in (EXAMPLES / "reference").glob("*.json")}
    assert {record.article.id for record in archive.records(replayed)} == references


def test_the_recorded_answers_score_as_they_did(replayed: Path, readout: Readout) -> None:
    """The regression gate: what reading, resolving and scoring make of the same replies."""
    bars = [option for bar in FLOORS for option in ("--min", bar)]
    ended = readout("evaluate", EXAMPLES / "reference", replayed, *bars)
    assert ended.exit_code == 0, ended.output


def test_recordings_say_what_wrote_them_when_and_how_to_make_them_again() -> None:
    for file in RECORDINGS.glob("*.json"):
        recording = json.loads(file.read_bytes())
        assert recording["written_by"] == recording["model"] == weights.model_id()
        assert dt.datetime.fromisoformat(recording["recorded"]).tzinfo is not None
        assert recording["again"].startswith("readout record")
