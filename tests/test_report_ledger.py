"""The report page on the run itself: what failed, how long it took, what it cost."""

import datetime as dt

import pytest

from pipeline import ledger
from tests.records import record
from tests.reporting import failed, page, ran


def test_failures_are_told_with_their_reasons(tmp_path):
    said = [
        failed("oslo", "rate_limited", "HTTP 429"),
        failed("oslo", "refused", "It declined."),
        failed("grain", "invalid", "done since"),
        failed("seed", "invalid", "done since"),
        failed("seed", "done"),
    ]
    lines = [*(each.model_dump_json() for each in said), "torn {", "[1]", '{"outcome": "refused"}']
    (tmp_path / "failures.jsonl").write_text("".join(f"{line}\n" for line in lines))
    told = ledger.told(tmp_path, done=frozenset({"grain"}))
    assert [(each.id, each.outcome) for each in told.failures] == [("oslo", "refused")]
    shown = page([record()], told)
    assert "It declined. 3 attempts, 9 tokens" in shown.text
    assert "HTTP 429" not in shown.text
    assert "done since" not in shown.text
    assert "3 lines of the run's own files cannot be read" in shown.text


def test_runs_are_told_with_their_time_and_cost(tmp_path):
    first = ran(
        ended=dt.datetime(2026, 11, 20, 22, 1, 30, tzinfo=dt.UTC),
        ending="interrupted",
        outcomes={"done": 28, "refused": 2},
        requests=31,
        cost=0.25,
    )
    ledger.write(tmp_path, first)
    ledger.write(tmp_path, ran(process=2))
    shown = page([record()], ledger.told(tmp_path))
    assert "2026-11-20 22:00 1 min 30 s interrupted 28 2 31 0 $0.25" in shown.text
    assert "articles per minute 20 " in shown.text
    assert "$0.25, and 1 run of unknown cost" in shown.text


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe\x00", b"[" * 100_000])
def test_ledgers_that_cannot_be_read_stop_nothing(tmp_path, content):
    for name in ("run.json", "failures.jsonl"):
        (tmp_path / name).write_bytes(content)
    told = ledger.told(tmp_path)
    assert (told.runs, told.failures) == ((), ())
    assert page([record()], told).text


@pytest.mark.parametrize(
    ("articles", "told"), [(1, "0.667"), (20, "13.3"), (150, "100"), (3_000, "2,000")]
)
def test_speed_is_told_in_plain_figures(tmp_path, articles, told):
    ended = dt.datetime(2026, 11, 20, 22, 1, 30, tzinfo=dt.UTC)
    ledger.write(tmp_path, ran(ended=ended, outcomes={"done": articles}))
    assert f"articles per minute {told} " in page([record()], ledger.told(tmp_path)).text
