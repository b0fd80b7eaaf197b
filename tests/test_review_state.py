"""How rows stand after decisions, undo, and a new run: only what changed is asked again."""

from pathlib import Path
from typing import Any

import pytest

from pipeline import archive
from pipeline.review.desk import Desk
from pipeline.review.outcome import reviewed
from pipeline.review.state import Standing, review
from pipeline.review.undo import undo
from schemas.decision import Action, Kind
from schemas.summary import State
from tests import reviewing
from tests.records import folder, record, without_meetings
from tests.reviewing import standings, wish
from tests.samples import MEETING, TEXT, meeting


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    return reviewing.desk(folder(tmp_path / "out", record()))


def _run_again(at: Desk, *meetings: dict[str, Any], **about: Any) -> None:
    """The model writes other meetings for the same article."""
    archive.write(record("grain", *meetings, **about), at.shelf.source.folder)


def test_a_record_has_a_row_for_all_that_can_be_right_or_wrong(at: Desk) -> None:
    found = [(row.item.kind.value, row.where) for row in at.article("grain").review.rows]
    assert found == [
        ("meeting", "meetings[0]"),
        ("date", "meetings[0]"),
        ("place", "meetings[0]"),
        ("parties", "meetings[0]"),
        ("participant", "meetings[0].participants[0]"),
        ("participant", "meetings[0].participants[1]"),
        ("agenda", "meetings[0].agenda[0]"),
        ("agreement", "meetings[0].agreements[0]"),
        ("article", ""),
    ]


def test_what_the_article_does_not_say_of_a_meeting_is_no_row(tmp_path: Path) -> None:
    bare = meeting(date_text=None, city=None, country=None)
    at = reviewing.desk(folder(tmp_path / "out", record("grain", bare)))
    assert not {Kind.DATE, Kind.PLACE} & {r.item.kind for r in at.article("grain").review.rows}


def test_flags_stand_at_the_row_that_they_are_about(tmp_path: Path) -> None:
    wrong = meeting(venue="Hall 9", agenda=[{"topic": "whales", "evidence": [2]}])
    at = reviewing.desk(folder(tmp_path / "out", record("grain", wrong)))
    flagged = {row.item.kind: [f.problem for f in row.flags] for row in _flagged(at)}
    assert flagged == {Kind.PLACE: ["not_found"], Kind.AGENDA: ["not_found"]}


def _flagged(at: Desk) -> list[Any]:
    return [row for row in at.article("grain").review.rows if row.flags]


def test_a_record_is_reviewed_when_no_row_is_open_its_own_included(at: Desk) -> None:
    rows = at.article("grain").review.rows
    reviewing.press(at, *({"action": "accept", "row": row.item.id} for row in rows[:-1]))
    assert not at.article("grain").review.complete
    reviewing.press(at, {"action": "accept", "row": rows[-1].item.id})
    assert at.article("grain").review.complete


def test_that_an_article_reports_no_meeting_is_for_a_person_to_say(tmp_path: Path) -> None:
    at = reviewing.desk(folder(tmp_path / "out", without_meetings("grain")))
    assert not at.article("grain").review.complete
    reviewing.accept_all(at)
    assert at.article("grain").review.complete


def test_the_rows_of_a_rejected_meeting_need_no_decision(at: Desk) -> None:
    reviewing.press(at, wish(at, Kind.MEETING, "reject"), wish(at, Kind.ARTICLE, "accept"))
    assert at.article("grain").review.complete
    assert standings(at)["agenda"] is Standing.MOOT
    undo(at, reviewing.request())
    assert standings(at)["agenda"] is Standing.OPEN


def test_accepting_changes_nothing_of_what_the_model_wrote(tmp_path: Path) -> None:
    odd = meeting(agenda=[{"topic": "grain  exports ", "evidence": [2]}])
    at = reviewing.desk(folder(tmp_path / "out", record("grain", odd)))
    reviewing.accept_all(at)
    found = reviewing.row(at, Kind.AGENDA)
    assert (found.standing, found.content.value) == (
        Standing.ACCEPTED,
        {"topic": "grain  exports "},
    )


def test_a_new_run_that_says_the_same_asks_nothing_again(at: Desk) -> None:
    reviewing.accept_all(at)
    _run_again(at, meeting(evidence=[2]))
    assert at.article("grain").review.complete


def test_after_a_new_run_only_what_changed_is_asked_again(at: Desk) -> None:
    reviewing.accept_all(at)
    more = [*MEETING["agenda"], {"topic": "food security", "evidence": [2]}]
    _run_again(at, meeting(format="virtual", agenda=more))
    todo = [row for row in at.article("grain").review.rows if row.standing is Standing.OPEN]
    assert [(r.item.kind, r.again is not None) for r in todo] == [
        (Kind.MEETING, True),  # and the row says what was accepted before
        (Kind.AGENDA, False),
    ]
    again = todo[0].again
    assert again is not None
    assert again.new is not None
    assert again.new.value["format"] == "in_person"


def test_a_meeting_under_another_name_is_known_by_what_it_lists(at: Desk) -> None:
    reviewing.accept_all(at)
    _run_again(at, meeting(name="Mwila meets Berg", date_text="on Monday"))
    todo = [row for row in at.article("grain").review.rows if row.standing is Standing.OPEN]
    assert [row.item.kind for row in todo] == [Kind.MEETING, Kind.DATE]


def test_who_decided_on_one_meeting_decided_nothing_about_another(at: Desk) -> None:
    reviewing.accept_all(at)
    other = meeting(name="dinner", participants=MEETING["participants"][:1], agenda=[])
    _run_again(at, other | {"agreements": [], "date_text": None})
    dinner, talks = at.article("grain").review.meetings
    assert {row.standing for row in dinner.rows} == {Standing.OPEN}
    assert {row.standing for row in talks.rows} == {Standing.ACCEPTED}  # and stay in the reference


def test_what_was_corrected_is_settled_when_the_model_learns_it(at: Desk) -> None:
    item = reviewing.row(at, Kind.AGENDA)
    edit = {"action": "edit", "row": item.item.id, "value": {"topic": "discussed grain exports"}}
    reviewing.press(at, edit)
    _run_again(at, meeting(agenda=[{"topic": "discussed grain exports", "evidence": [2]}]))
    assert [r.standing for r in reviewing.rows(at, Kind.AGENDA)] == [Standing.ACCEPTED]
    both = [*MEETING["agenda"], {"topic": "discussed grain exports", "evidence": [2]}]
    _run_again(at, meeting(agenda=both))
    assert [r.standing for r in reviewing.rows(at, Kind.AGENDA)] == [Standing.EDITED]


def test_a_correction_may_be_corrected_accepted_cited_and_rejected(at: Desk) -> None:
    """Each builds on the one before, and none on what the model wrote."""

    def topic() -> tuple[Standing, Any]:
        row = reviewing.row(at, Kind.AGENDA)
        return row.standing, row.content.value["topic"]

    for words in ("discussed grain exports", "grain"):
        reviewing.press(at, wish(at, Kind.AGENDA, "edit", value={"topic": words}))
        assert topic() == (Standing.EDITED, words)
    reviewing.press(at, wish(at, Kind.AGENDA, "accept"))
    assert topic() == (Standing.EDITED, "grain")
    cited = [reviewing.span(at, "grain exports")]
    reviewing.press(at, wish(at, Kind.AGENDA, "cite", evidence=cited))
    assert topic() == (Standing.EDITED, "grain")
    edit = {"date_text": "Monday", "date": "2024-03"}
    reviewing.press(at, wish(at, Kind.DATE, "edit", value=edit))
    reviewing.press(at, wish(at, Kind.DATE, "reject"))
    assert reviewing.row(at, Kind.DATE).standing is Standing.REJECTED


def test_who_accepted_one_run_after_another_is_asked_when_the_first_comes_back(at: Desk) -> None:
    reviewing.accept_all(at)
    _run_again(at, meeting(format="virtual"))
    reviewing.accept_all(at)
    _run_again(at, meeting())
    assert reviewing.row(at, Kind.MEETING).standing is Standing.OPEN


def test_what_was_accepted_stays_when_the_model_ceases_to_write_it(at: Desk) -> None:
    reviewing.accept_all(at)
    _run_again(at, meeting(agreements=[]))
    assert reviewing.row(at, Kind.AGREEMENT).standing is Standing.ACCEPTED
    assert at.article("grain").review.complete


def test_meetings_that_the_model_ceases_to_write_stay_in_the_order_of_the_decisions(
    at: Desk,
) -> None:
    names = [f"meeting {number}" for number in range(6)]
    bare = meeting(participants=[], agenda=[], agreements=[])
    _run_again(at, *(bare | {"name": name} for name in names))
    reviewing.accept_all(at)
    _run_again(at, bare | {"name": "meeting 0"})
    heads = [found.head.content.value["name"] for found in at.article("grain").review.meetings]
    assert heads == names


def test_what_was_rejected_stays_rejected_under_another_title(at: Desk) -> None:
    row = reviewing.row(at, Kind.PARTICIPANT)
    reviewing.press(at, {"action": "reject", "row": row.item.id})
    people = [MEETING["participants"][0] | {"title": None}, MEETING["participants"][1]]
    _run_again(at, meeting(participants=people))
    assert reviewing.row(at, Kind.PARTICIPANT).standing is Standing.REJECTED


def test_decisions_about_another_text_do_not_count_and_are_told(at: Desk) -> None:
    reviewing.accept_all(at)
    _run_again(at, text="LUSAKA. " + TEXT)
    found = at.article("grain").review
    assert {row.standing for row in found.rows} == {Standing.OPEN}
    assert found.stale == 9


def test_all_accepted_is_the_record_itself_without_its_flags(at: Desk) -> None:
    reviewing.accept_all(at)
    opened = at.article("grain")
    assert reviewed(opened.record, opened.review).summary == opened.record.summary.model_copy(
        update={"flags": ()}
    )


def test_the_reviewed_summary_has_what_was_corrected_and_lacks_what_was_rejected(at: Desk) -> None:
    edit = wish(at, Kind.DATE, "edit", value={"date_text": "Monday", "date": "2024-03"})
    cite = wish(at, Kind.AGENDA, "cite", evidence=[reviewing.span(at, "grain exports")])
    reviewing.press(at, edit, cite, wish(at, Kind.AGREEMENT, "reject"))
    reviewing.accept_all(at)
    opened = at.article("grain")
    [found] = reviewed(opened.record, opened.review).summary.meetings
    assert (found.date, found.agreements) == ("2024-03", ())
    [topic] = found.agenda
    assert topic.evidence.state is State.EXACT
    assert topic.evidence.cited_by == "reviewer"
    assert [quote.quote for quote in topic.evidence.quotes] == ["grain exports"]
    assert [opened.record.article.text[q.start : q.end] for q in topic.evidence.quotes] == [
        "grain exports"
    ]


def test_folding_needs_nothing_but_the_record_and_its_decisions(at: Desk) -> None:
    reviewing.accept_all(at)
    log = at.shelf.log.read()
    assert review(record(), log) == at.article("grain").review
    assert {decision.action for decision in log} == {Action.ACCEPT}
