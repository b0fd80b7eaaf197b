"""The queue: least sure first, filters, failures with their reason, progress."""

from pathlib import Path
from unittest.mock import Mock

import pytest

from pipeline import archive, ledger
from pipeline.distil import PROBLEMS
from pipeline.errors import ArchiveError
from pipeline.review import queue
from pipeline.review.desk import Desk
from pipeline.review.queue import Filters, Show
from pipeline.review.records import Records
from pipeline.review.shelf import Source
from pipeline.review.undo import undo
from schemas.decision import Kind
from schemas.exchange import Outcome
from schemas.record import Record
from schemas.summary import Flag, State
from tests import reviewing
from tests.records import folder, record, without_meetings
from tests.samples import TEXT, meeting

INVENTED = meeting(agenda=[{"topic": "whaling", "evidence": [2]}])
VAGUE = meeting(agenda=[{"topic": "exports of grain", "evidence": [2]}])


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    """One sure record, one with a composed item, one with an invention, one without meetings."""
    made = (
        record("a-sure"),
        record("b-vague", VAGUE),
        record("c-invented", INVENTED),
        without_meetings("d-none"),
    )
    return reviewing.desk(folder(tmp_path / "out", *made))


def _ids(at: Desk, filters: Filters = Filters()) -> list[str]:  # noqa: B008 - frozen
    return [each.id for each in queue.choose(at.entries(), filters)]


def test_what_the_model_is_least_sure_of_comes_first(at: Desk) -> None:
    assert _ids(at) == ["c-invented", "b-vague", "d-none", "a-sure"]


def test_sentences_that_nothing_cites_are_a_doubt_too(tmp_path: Path) -> None:
    longer = TEXT + "\nMwila also received an envoy of Chad. They will meet again in May.\n"
    made = record("a"), record("b", text=longer)
    assert _ids(reviewing.desk(folder(tmp_path / "out", *made))) == ["b", "a"]


def test_every_problem_that_distilling_flags_has_a_weight() -> None:
    assert set(queue.WEIGHTS) == set(PROBLEMS)


def test_a_country_that_the_article_gives_to_another_is_a_doubt_before_one_it_does_not_know(
    tmp_path: Path,
) -> None:
    def flagged(name: str, problem: str) -> Record:
        made = record(name)
        flag = Flag(where="meetings[0].participants[0].party", problem=problem, note="Look.")
        summary = made.summary.model_copy(update={"flags": (flag,)})
        return made.model_copy(update={"summary": summary})

    made = flagged("a", "unknown_party"), flagged("b", "party_conflict")
    assert _ids(reviewing.desk(folder(tmp_path / "out", *made))) == ["b", "a"]


def test_what_is_decided_is_no_doubt_any_more(at: Desk) -> None:
    [row] = [r for r in reviewing.rows(at, Kind.AGENDA, "c-invented") if r.flags]
    reviewing.press(at, {"action": "reject", "row": row.item.id}, article="c-invented")
    assert _ids(at)[0] == "b-vague"


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(flags=frozenset({"not_found"})), ["c-invented"]),
        (Filters(states=frozenset({State.COMPOSED})), ["b-vague"]),
        (Filters(words="SURE"), ["a-sure"]),
        (Filters(disagree=True), []),
        (Filters(show=Show.REVIEWED), []),
        (Filters(outcomes=frozenset({Outcome.REFUSED})), []),
    ],
    ids=str,
)
def test_filters_leave_what_they_say(at: Desk, filters: Filters, ids: list[str]) -> None:
    assert _ids(at, filters) == ids


def test_that_a_meetings_name_is_our_description_is_no_state_to_look_for(at: Desk) -> None:
    """No chip says so either; all its rows have their words in the sentences that they cite."""
    [sure] = queue.choose(at.entries(), Filters(words="a-sure"))
    assert set(sure.states) == {State.EXACT}


def test_what_is_reviewed_leaves_the_queue_and_comes_back_with_undo(at: Desk) -> None:
    reviewing.accept_all(at, "a-sure")
    assert "a-sure" not in _ids(at)
    assert _ids(at, Filters(show=Show.REVIEWED)) == ["a-sure"]
    undo(at, reviewing.request())
    assert "a-sure" in _ids(at)


def test_what_a_new_run_changed_is_found_by_a_filter(at: Desk) -> None:
    reviewing.accept_all(at, "a-sure")
    folder(at.shelf.source.folder, record("a-sure", meeting(format="phone")))
    assert _ids(at, Filters(show=Show.AGAIN)) == ["a-sure"]


def test_articles_that_failed_come_last_with_their_reason_until_they_are_done(at: Desk) -> None:
    line = '{{"id": "{}", "outcome": "too_long", "reason": "Too long.", "at": "{}"}}\n'
    when = "2026-11-22T08:00:00Z"
    file = at.shelf.source.folder / archive.FAILURES
    file.write_text(line.format("oslo", when) + line.format("a-sure", when))
    found = queue.choose(at.entries(), Filters())
    assert (found[-1].id, found[-1].reason) == ("oslo", "Too long.")
    assert [each.id for each in found].count("a-sure") == 1  # it has a record by now
    assert _ids(at, Filters(show=Show.FAILED)) == ["oslo"]


def test_failures_are_read_again_only_when_the_run_has_written_more(
    at: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue is counted on every press of a key, and a run may have left 20,000 of them."""
    reading = Mock(wraps=ledger.failures)
    monkeypatch.setattr(ledger, "failures", reading)
    line = '{{"id": "{}", "outcome": "refused", "reason": "No.", "at": "2026-11-22T08:00:00Z"}}\n'
    file = at.shelf.source.folder / archive.FAILURES
    file.write_text(line.format("oslo"))
    for _ in range(3):
        assert _ids(at, Filters(show=Show.FAILED)) == ["oslo"]
    assert reading.call_count == 1
    with file.open("a") as appended:
        appended.write(line.format("rome"))
    assert _ids(at, Filters(show=Show.FAILED)) == ["oslo", "rome"]
    file.unlink()
    assert _ids(at, Filters(show=Show.FAILED)) == []


def test_a_damaged_record_is_in_the_queue_and_keeps_no_other_from_it(at: Desk) -> None:
    (at.shelf.source.folder / "torn.json").write_text('{"article": ')
    found = {each.id: each for each in at.entries()}
    assert found["torn.json"].outcome is Outcome.UNSAVED
    assert "is no record of readout" in (found["torn.json"].reason or "")
    assert len(found) == 5


def test_a_line_that_a_run_rewrites_while_it_is_read_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = (record(f"a{number:03}").model_dump_json() for number in range(100))
    (tmp_path / archive.RECORDS).write_text("".join(f"{line}\n" for line in many))
    records = Records(tmp_path)
    assert len(records.places()) == 100  # more than are kept in memory
    monkeypatch.setattr(archive, "documents", lambda _file: iter(()))
    with pytest.raises(ArchiveError, match="load the article again"):
        records.get("a000")


def test_records_that_are_lines_of_one_file_are_found_too(tmp_path: Path) -> None:
    made = record("one"), record("two", INVENTED)
    (tmp_path / archive.RECORDS).write_text("".join(f"{r.model_dump_json()}\n" for r in made))
    at = reviewing.desk(tmp_path)
    reviewing.accept_all(at, "one")
    assert _ids(at) == ["two"]
    assert at.article("two").record == made[1]


def test_disagreement_with_another_run_is_a_doubt_and_a_filter(tmp_path: Path) -> None:
    other = folder(tmp_path / "b", record("one"), record("two", meeting(status="planned")))
    ours = folder(tmp_path / "a", record("one"), record("two"))
    at = reviewing.desk(ours, other=Source(other))
    assert _ids(at) == ["two", "one"]
    assert _ids(at, Filters(disagree=True)) == ["two"]


def test_of_another_reviewer_only_her_decisions_stand_beside_ours(tmp_path: Path) -> None:
    out = folder(tmp_path / "out", record("one"))
    ben = reviewing.desk(out, "ben")
    row = reviewing.row(ben, Kind.AGENDA, "one").item.id
    reviewing.press(ben, {"action": "reject", "row": row}, article="one")
    carla = reviewing.desk(out, "carla")
    reviewing.press(carla, {"action": "accept", "row": row}, article="one")
    assert reviewing.desk(out, other=Source(out, "ben")).entries()[0].disagree == 1
    assert reviewing.desk(out, other=Source(out, "carla")).entries()[0].disagree == 0


def test_progress_counts_articles_rows_and_seconds(at: Desk) -> None:
    reviewing.accept_all(at, "a-sure", seconds=30.5)
    reviewing.accept_all(at, "d-none", seconds=9.5)
    row = reviewing.row(at, Kind.DATE, "b-vague").item.id
    reviewing.press(at, {"action": "accept", "row": row}, article="b-vague", seconds=5)
    found = queue.progress(at.entries())
    assert (found.articles, found.reviewed, found.rows, found.decided) == (4, 2, 28, 11)
    assert (found.seconds, found.seconds_per_article) == (45.0, 20.0)
