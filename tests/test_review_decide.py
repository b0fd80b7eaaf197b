"""What a reviewer may decide: checked against the article, all or none, and never unseen."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.review.check import Mark, marks
from pipeline.review.decide import decide
from pipeline.review.desk import Desk
from pipeline.review.refused import RefusedError
from pipeline.review.state import Standing
from pipeline.review.undo import undo
from schemas.decision import Action, Kind, Span
from schemas.summary import State
from tests import reviewing
from tests.records import folder, record
from tests.samples import TEXT, article, meeting


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    return reviewing.desk(folder(tmp_path / "out", record()))


def _edit(at: Desk, kind: Kind, value: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"action": "edit", "row": reviewing.row(at, kind).item.id, "value": value, **more}


def _add(at: Desk, kind: str, value: dict[str, Any], words: str, **more: Any) -> dict[str, Any]:
    meeting = reviewing.row(at, Kind.MEETING).item.meeting
    evidence = [reviewing.span(at, words)]
    return {
        "action": "add",
        "kind": kind,
        "meeting": meeting,
        "value": value,
        "evidence": evidence,
        **more,
    }


def _refused(at: Desk, *wishes: dict[str, Any], **changes: Any) -> RefusedError:
    """Why it was refused; nothing may be saved then."""
    before = at.shelf.log.read()
    with pytest.raises(RefusedError) as caught:
        reviewing.press(at, *wishes, **changes)
    assert at.shelf.log.read() == before
    return caught.value


def test_an_edit_keeps_old_and_new(at: Desk) -> None:
    reviewing.press(at, _edit(at, Kind.AGENDA, {"topic": "grain"}))
    [decision] = at.shelf.log.read()
    assert decision.old is not None
    assert decision.new is not None
    assert (decision.old.value, decision.new.value) == (
        {"topic": "grain exports"},
        {"topic": "grain"},
    )
    assert reviewing.row(at, Kind.AGENDA).standing is Standing.EDITED


def test_a_value_that_its_evidence_does_not_contain_is_refused_with_where_it_stands(
    at: Desk,
) -> None:
    error = _refused(at, _edit(at, Kind.AGENDA, {"topic": "joint seed bank"}))
    assert (error.code, error.facts["field"]) == ("not_in_evidence", "topic")
    assert error.facts["sentences"] == [3]
    assert "[3] does" in str(error)


def test_a_value_that_the_article_lacks_is_kept_only_when_she_insists(at: Desk) -> None:
    edit = _edit(at, Kind.AGENDA, {"topic": "whaling"})
    assert _refused(at, edit).facts["state"] == State.NOT_FOUND
    reviewing.press(at, edit | {"as_cited": True})
    assert reviewing.row(at, Kind.AGENDA).state is State.NOT_FOUND


def test_half_a_sentence_does_not_vouch_for_the_other_half(at: Desk) -> None:
    row = reviewing.row(at, Kind.AGENDA).item.id
    cite = {"action": "cite", "row": row, "evidence": [reviewing.span(at, "Chanda Mwila met")]}
    assert _refused(at, cite).facts["state"] == State.CITED_ONLY


def test_a_span_over_two_sentences_is_cut_into_one_a_sentence(at: Desk) -> None:
    start, end = TEXT.index("grain exports"), TEXT.index(" to open")
    row = reviewing.row(at, Kind.AGENDA).item.id
    reviewing.press(at, {"action": "cite", "row": row, "evidence": [{"start": start, "end": end}]})
    quotes = [TEXT[s.start : s.end] for s in reviewing.row(at, Kind.AGENDA).content.evidence]
    assert quotes == ["grain exports.", "The two sides agreed"]


@pytest.mark.parametrize(("start", "end"), [(-5, 3), (5, 5), (9, 4), (0, 10**6), (30, 32)], ids=str)
def test_a_span_that_is_no_words_of_the_article_is_refused(at: Desk, start: int, end: int) -> None:
    row = reviewing.row(at, Kind.AGENDA).item.id
    cite = {"action": "cite", "row": row, "evidence": [{"start": start, "end": end}]}
    assert _refused(at, cite).code == "invalid_span"


def test_offsets_are_code_points_whatever_the_text_is_made_of() -> None:
    read = article("🏛️ Café 🤝🏽 met. Ida Berg spoke.")
    start = read.text.index("Ida Berg")
    cited = [Span(sentence=2, start=start, end=len(read.text))]
    assert marks(read, Kind.PARTICIPANT, {"name": "ida  berg"}, cited) == (Mark(start, start + 8),)


def test_states_are_resolved_and_countries_have_to_be_known(at: Desk) -> None:
    reviewing.press(at, _edit(at, Kind.PARTIES, {"parties": ["Norway", "ZMB", "ZMB"]}))
    assert reviewing.row(at, Kind.PARTIES).content.value == {"parties": ("NOR", "ZMB")}
    place = {"venue": None, "city": "Lusaka", "country": "Wakanda"}
    error = _refused(at, _edit(at, Kind.PLACE, place))
    assert (error.code, error.facts["field"]) == ("invalid_value", "country")


@pytest.mark.parametrize(
    "date", ["2024-02-31", "2024-13", "Monday", "2024-03-04/2024-03-99", "2024-03-05/2024-03-04"]
)
def test_a_date_has_to_be_one_of_the_calendar(at: Desk, date: str) -> None:
    error = _refused(at, _edit(at, Kind.DATE, {"date_text": "Monday", "date": date}))
    assert (error.code, error.facts["field"]) == ("invalid_value", "date")


@pytest.mark.parametrize("date", ["2024-03-04", "2024-21", "2024", "2024-03-04/2024-03-06", None])
def test_a_date_may_be_as_vague_as_the_text(at: Desk, date: str | None) -> None:
    reviewing.press(at, _edit(at, Kind.DATE, {"date_text": "Monday", "date": date}))
    assert reviewing.row(at, Kind.DATE).content.value["date"] == date


def test_a_missing_item_is_added_with_the_sentence_that_says_it(at: Desk) -> None:
    reviewing.press(at, _add(at, "agenda", {"topic": "food security"}, "envoy for food security"))
    added = reviewing.rows(at, Kind.AGENDA)[1]
    assert (added.standing, added.state, added.proposed) == (Standing.ADDED, State.EXACT, None)


def test_what_is_there_already_is_not_added_twice(at: Desk) -> None:
    error = _refused(at, _add(at, "agenda", {"topic": "Grain  exports"}, "grain exports"))
    assert (error.code, error.facts["row"]) == (
        "repeated",
        reviewing.row(at, Kind.AGENDA).item.id,
    )


def test_an_added_row_needs_a_sentence_that_says_it(at: Desk) -> None:
    added = _add(at, "agenda", {"topic": "grain"}, "grain")
    assert _refused(at, added | {"evidence": []}).code == "no_evidence"


def test_a_missed_meeting_is_added_and_then_what_it_lists(at: Desk) -> None:
    head = {"name": "seed talks", "prominence": "background", "status": "planned", "format": None}
    reviewing.press(at, _add(at, "meeting", head, "joint seed bank"))
    added = at.article("grain").review.meetings[1]
    topic = _add(at, "agenda", {"topic": "joint seed bank"}, "joint seed bank")
    reviewing.press(at, topic | {"meeting": added.id})
    assert [r.item.kind for r in at.article("grain").review.meetings[1].rows] == [
        Kind.MEETING,
        Kind.AGENDA,
    ]


def test_nothing_is_added_to_a_meeting_that_is_not_there(at: Desk) -> None:
    added = _add(at, "agenda", {"topic": "grain"}, "grain") | {"meeting": "../m0"}
    assert _refused(at, added).code == "unknown_meeting"


def test_one_bad_wish_saves_none_of_the_step(at: Desk) -> None:
    good = {"action": "accept", "row": reviewing.row(at, Kind.DATE).item.id}
    assert _refused(at, good, _edit(at, Kind.AGENDA, {"topic": ""})).code == "invalid_value"


def test_a_step_sent_twice_is_saved_once_and_answered_alike(at: Desk) -> None:
    accept = {"action": "accept", "row": reviewing.row(at, Kind.DATE).item.id}
    step = reviewing.step(at, accept)
    assert decide(at, step) == decide(at, step)
    assert len(at.shelf.log.read()) == 1


def test_two_tabs_that_decide_one_row_meet_in_a_conflict_with_both_sides(at: Desk) -> None:
    row = reviewing.row(at, Kind.AGENDA).item.id
    stale = reviewing.step(at, _edit(at, Kind.AGENDA, {"topic": "grain"}))
    ben = reviewing.desk(at.shelf.source.folder, "ben")
    reviewing.press(ben, {"action": "reject", "row": row})
    with pytest.raises(RefusedError, match="ben decided this meanwhile") as caught:
        decide(at, stale)
    [(mine, seen, theirs)] = caught.value.facts["conflicts"]
    assert (mine.value, seen.content.value) == ({"topic": "grain"}, {"topic": "grain exports"})
    assert (theirs.by, theirs.action) == ("ben", Action.REJECT)
    assert len(at.shelf.log.read()) == 1


def test_who_has_seen_the_conflict_may_insist(at: Desk) -> None:
    edit = _edit(at, Kind.AGENDA, {"topic": "grain"})
    ben = reviewing.desk(at.shelf.source.folder, "ben")
    reviewing.press(ben, {"action": "reject", "row": edit["row"]})
    reviewing.press(at, edit)
    assert [d.by for d in at.shelf.log.read()] == ["ben", "anna"]
    assert reviewing.row(at, Kind.AGENDA).content.value == {"topic": "grain"}


def test_tabs_that_decide_different_rows_do_not_disturb_one_another(at: Desk) -> None:
    stale = reviewing.step(at, {"action": "accept", "row": reviewing.row(at, Kind.DATE).item.id})
    ben = reviewing.desk(at.shelf.source.folder, "ben")
    reviewing.press(ben, {"action": "accept", "row": reviewing.row(at, Kind.PLACE).item.id})
    decide(at, stale)
    assert {d.by for d in at.shelf.log.read()} == {"anna", "ben"}


def test_an_item_of_a_meeting_that_somebody_rejected_meanwhile_is_a_conflict(at: Desk) -> None:
    stale = reviewing.step(at, {"action": "add", **_add(at, "agenda", {"topic": "grain"}, "grain")})
    ben = reviewing.desk(at.shelf.source.folder, "ben")
    reviewing.press(ben, {"action": "reject", "row": reviewing.row(at, Kind.MEETING).item.id})
    with pytest.raises(RefusedError) as caught:
        decide(at, stale)
    assert caught.value.code == "conflict"


def test_a_row_of_a_meeting_that_somebody_rejected_meanwhile_is_a_conflict(at: Desk) -> None:
    stale = reviewing.step(at, {"action": "accept", "row": reviewing.row(at, Kind.AGENDA).item.id})
    ben = reviewing.desk(at.shelf.source.folder, "ben")
    reviewing.press(ben, {"action": "reject", "row": reviewing.row(at, Kind.MEETING).item.id})
    with pytest.raises(RefusedError, match="ben decided this meanwhile"):
        decide(at, stale)


def test_insisting_on_what_the_model_wrote_is_accepting_it(at: Desk) -> None:
    row = reviewing.row(at, Kind.AGENDA)
    ben = reviewing.desk(at.shelf.source.folder, "ben")
    reviewing.press(ben, _edit(at, Kind.AGENDA, {"topic": "grain"}))
    reviewing.press(at, _edit(at, Kind.AGENDA, {"topic": "grain exports"}))
    assert reviewing.row(at, Kind.AGENDA).standing is Standing.ACCEPTED
    assert reviewing.row(at, Kind.AGENDA).content == row.content


def test_an_undo_that_the_page_has_not_seen_is_a_conflict_too(at: Desk) -> None:
    row = reviewing.row(at, Kind.AGENDA).item.id
    reviewing.press(at, {"action": "accept", "row": row})
    stale = reviewing.step(at, _edit(at, Kind.AGENDA, {"topic": "grain"}))
    undo(at, reviewing.request())
    with pytest.raises(RefusedError, match="decide again"):
        decide(at, stale)


def test_a_record_that_a_new_run_rewrote_is_to_be_looked_at_first(at: Desk) -> None:
    stale = reviewing.step(at, {"action": "accept", "row": reviewing.row(at, Kind.DATE).item.id})
    folder(at.shelf.source.folder, record("grain", meeting(status="planned")))
    with pytest.raises(RefusedError) as caught:
        decide(at, stale)
    assert caught.value.code == "changed"


def test_that_nothing_is_missing_cannot_be_rejected(at: Desk) -> None:
    row = reviewing.row(at, Kind.ARTICLE).item.id
    assert "add what is missing" in str(_refused(at, {"action": "reject", "row": row}))


def test_a_row_under_a_rejected_meeting_takes_no_decision(at: Desk) -> None:
    reviewing.press(at, {"action": "reject", "row": reviewing.row(at, Kind.MEETING).item.id})
    accept = {"action": "accept", "row": reviewing.row(at, Kind.AGENDA).item.id}
    assert "accept the meeting first" in str(_refused(at, accept))


def test_one_row_cannot_be_decided_twice_in_one_step(at: Desk) -> None:
    row = reviewing.row(at, Kind.DATE).item.id
    wishes = ({"action": "accept", "row": row}, {"action": "reject", "row": row})
    assert "twice" in str(_refused(at, *wishes))
