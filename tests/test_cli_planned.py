"""`readout run --dry-run`: what a run would do, said without a request."""

import json
from pathlib import Path

import pytest

from tests import samples
from tests.conftest import Readout
from tests.resuming import SECRET, five_in, refuse, told


@pytest.fixture
def five(tmp_path: Path) -> Path:
    """Five articles in one file, a0 to a4."""
    return five_in(tmp_path)


def test_a_dry_run_says_what_would_be_sent_and_sends_nothing(five: Path, readout: Readout) -> None:
    copy = json.dumps({"id": "copy", "text": f"{samples.TEXT}\nDay 0."})
    five.write_text(f"{five.read_text()}{copy}\n{{}}\n")
    plan = told(readout, "run", five, "-o", "out", "--dry-run")
    kinds = ("to_ask", "copies", "stored", "archived", "unreadable")
    assert [plan[name] for name in kinds] == [5, 1, 0, 0, 1]
    assert (plan["articles"], plan["requests"]) == (7, 5)
    assert plan["most"]["completion"] == 5 * 8000
    assert plan["cost"] == {"least": 0.0, "most": 0.0}
    assert readout.server.received == []
    assert not Path("out").exists()
    shown = readout("run", five, "-o", "out", "--dry-run").stdout
    assert "7: 5 to ask about, 1 copies of others, 0 with answers stored" in shown


def test_a_dry_run_knows_what_is_stored_and_what_is_done(five: Path, readout: Readout) -> None:
    readout.server.answer()
    refuse(readout)
    readout.server.answer()
    readout("run", five, "-o", "out", "--max-requests", "3", "--concurrency", "1")
    plan = told(readout, "run", five, "-o", "out", "--dry-run")
    assert [plan[name] for name in ("archived", "stored", "requests")] == [2, 1, 2]
    plan = told(readout, "run", five, "-o", "other", "--dry-run", "--mode", "refresh")
    assert [plan[name] for name in ("archived", "stored", "requests")] == [0, 0, 5]


def test_a_dry_run_of_a_hosted_model_gives_a_range_or_says_that_it_cannot(
    five: Path, readout: Readout
) -> None:
    hosted = {"OPENAI_BASE_URL": "https://api.openai.com/v1", "OPENAI_API_KEY": SECRET}
    known = readout("run", five, "-o", "out", "--dry-run", "--model", "gpt-5-mini", **hosted)
    assert "USD at list prices" in known.stdout
    unknown = readout("run", five, "-o", "out", "--dry-run", "--model", "nobodys", **hosted)
    assert "not known" in unknown.stdout
    vain = readout("run", five, "-o", "out", "--max-cost", "1", "--model", "nobodys", **hosted)
    assert vain.exit_code == 2
    assert "use --max-requests" in vain.stderr
