"""What a run says of itself."""

import datetime as dt
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from pipeline import archive, ledger
from pipeline.budget import Limits
from pipeline.errors import ArchiveError
from pipeline.ledger import Asked, Ending, Ledger, Run
from pipeline.run import Result
from schemas.exchange import Failure, Outcome, Tokens


def failed(name: str, outcome: Outcome = Outcome.REFUSED, reason: str = "It said no.") -> Result:
    return Result(
        id=name,
        failure=Failure(outcome=outcome, reason=reason),
        status=200,
        tokens=Tokens(prompt=100, completion=5),
        asked=2,
        stored=1,
    )


def run(minute: int = 0) -> Run:
    return Run(
        asked=Asked(paths=("/a",), cache="/c"),
        readout="0",
        model="m",
        provider="p",
        way="openai",
        prompt="x",
        schema_hash="y",
        process=1,
        started=dt.datetime(2026, 11, 20, 22, minute, tzinfo=dt.UTC),
    )


def noted(folder: Path, *results: Result, terms: str = "") -> list[str]:
    with closing(Ledger(folder, terms)) as book:
        for result in results:
            book.add(result)
    return (folder / archive.FAILURES).read_text().splitlines()


def test_a_failure_has_its_outcome_status_attempts_tokens_and_reason(tmp_path: Path):
    noted(tmp_path, failed("a"))
    found = ledger.failures(tmp_path)["a"]
    assert (found.outcome, found.status, found.attempts) == (Outcome.REFUSED, 200, 3)
    assert (found.tokens.prompt, found.reason) == (100, "It said no.")


def test_without_a_failure_there_is_no_file(tmp_path: Path):
    with closing(Ledger(tmp_path, "")) as book:
        book.add(Result(id="a"))
    assert list(tmp_path.iterdir()) == []


def test_a_failure_is_noted_once_however_often_the_run_is_repeated(tmp_path: Path):
    noted(tmp_path, failed("a"))
    assert len(noted(tmp_path, failed("a"))) == 1
    assert len(noted(tmp_path, failed("a", Outcome.INVALID))) == 2
    assert ledger.failures(tmp_path)["a"].outcome is Outcome.INVALID


def test_what_is_done_after_all_is_no_failure(tmp_path: Path):
    noted(tmp_path, failed("a"), failed("b"))
    noted(tmp_path, Result(id="a"))
    assert ledger.failures(tmp_path).keys() == {"b"}
    noted(tmp_path, failed("a"))
    assert ledger.failures(tmp_path).keys() == {"a", "b"}


def test_a_torn_last_line_is_passed_over(tmp_path: Path):
    noted(tmp_path, failed("a"), failed("b"))
    file = tmp_path / archive.FAILURES
    file.write_bytes(file.read_bytes()[:-9])
    assert ledger.failures(tmp_path).keys() == {"a"}
    noted(tmp_path, failed("c"))
    assert ledger.failures(tmp_path).keys() == {"a", "c"}


def test_a_failure_under_other_terms_is_news(tmp_path: Path):
    """Else `readout retry` would look where the article is no more."""
    noted(tmp_path, failed("a"), failed("b"), terms="week 1")
    noted(tmp_path, failed("a"), terms="week 2")
    found = {name: each.terms for name, each in ledger.failures(tmp_path).items()}
    assert found == {"a": "week 2", "b": "week 1"}


def test_terms_are_where_articles_are_read_and_who_is_asked():
    """Neither when, nor within which limits."""
    first = run()
    limited = first.asked.model_copy(update={"limits": Limits(rpm=1), "retried": ("refused",)})
    assert run(1).model_copy(update={"asked": limited, "readout": "1"}).terms == first.terms
    changed = [
        first.model_copy(update={"model": "other"}),
        *(
            first.model_copy(update={"asked": first.asked.model_copy(update=change)})
            for change in ({"paths": ("/b",)}, {"published": dt.date(2026, 11, 20)})
        ),
    ]
    assert first.terms not in {each.terms for each in changed}


def test_runs_that_write_run_json_at_once_are_all_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "getpid", threading.get_ident)  # each thread stands for a process
    together = threading.Barrier(8)

    def write(minute: int) -> None:
        together.wait()
        for _ in range(5):
            ledger.write(tmp_path, run(minute))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(8)))
    assert sorted(each.started.minute for each in ledger.runs(tmp_path)) == list(range(8))


def test_run_json_keeps_every_run_and_its_latest_state(tmp_path: Path):
    for minute in (0, 1):
        ledger.write(tmp_path, run(minute))
    ledger.write(tmp_path, run(1).model_copy(update={"ending": Ending.DONE}))
    assert [each.ending for each in ledger.runs(tmp_path)] == [Ending.RUNNING, Ending.DONE]


def test_another_run_json_is_a_sentence(tmp_path: Path):
    assert ledger.runs(tmp_path) == ()
    (tmp_path / archive.RUN).write_text("[]")
    with pytest.raises(ArchiveError, match="move it away"):
        ledger.runs(tmp_path)


def test_a_moment_without_a_zone_is_not_ours(tmp_path: Path):
    """It could not be compared with one that has a zone."""
    ledger.write(tmp_path, run())
    file = tmp_path / archive.RUN
    file.write_text(file.read_text().replace("22:00:00Z", "22:00:00"))
    assert ledger.told(tmp_path) == ledger.Told(unreadable=1)
