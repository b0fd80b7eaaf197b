"""Undo and redo: they cover every step, and only the reviewer's own."""

from pathlib import Path

import pytest

from pipeline.review.desk import Desk
from pipeline.review.refused import RefusedError
from pipeline.review.state import Standing
from pipeline.review.undo import redo, undo
from schemas.decision import Kind
from tests import reviewing
from tests.records import folder, record
from tests.reviewing import standings, wish


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    return reviewing.desk(folder(tmp_path / "out", record()))


def test_undo_takes_back_a_whole_step_and_redo_puts_it_in_force_again(at: Desk) -> None:
    reviewing.press(at, wish(at, Kind.AGENDA, "accept"))
    reviewing.press(at, wish(at, Kind.DATE, "reject"), wish(at, Kind.PLACE, "reject"))
    undone = undo(at, reviewing.request())
    assert {each.item.kind for each in undone} == {Kind.DATE, Kind.PLACE}
    assert standings(at)["date"] is standings(at)["place"] is Standing.OPEN
    assert standings(at)["agenda"] is Standing.ACCEPTED
    redo(at, reviewing.request())
    assert standings(at)["date"] is standings(at)["place"] is Standing.REJECTED


def test_undo_and_redo_walk_back_and_forth_over_all_steps(at: Desk) -> None:
    for kind in (Kind.AGENDA, Kind.AGREEMENT):
        reviewing.press(at, wish(at, kind, "accept"))
    for kind in (Kind.AGREEMENT, Kind.AGENDA):
        assert undo(at, reviewing.request())[0].item.kind is kind
    with pytest.raises(RefusedError, match="nothing to undo"):
        undo(at, reviewing.request())
    redo(at, reviewing.request())
    assert standings(at)["agenda"] is Standing.ACCEPTED
    assert standings(at)["agreement"] is Standing.OPEN
    redo(at, reviewing.request())
    assert standings(at)["agreement"] is Standing.ACCEPTED
    with pytest.raises(RefusedError, match="nothing to redo"):
        redo(at, reviewing.request())


def test_what_was_undone_is_not_redone_over_a_later_decision(at: Desk) -> None:
    reviewing.press(at, wish(at, Kind.AGENDA, "accept"))
    undo(at, reviewing.request())
    reviewing.press(at, wish(at, Kind.AGENDA, "reject"))
    with pytest.raises(RefusedError, match="nothing to redo"):
        redo(at, reviewing.request())


def test_undo_reaches_back_over_a_restart(at: Desk) -> None:
    reviewing.press(at, wish(at, Kind.AGENDA, "accept"))
    later = reviewing.desk(at.shelf.source.folder)
    undo(later, reviewing.request())
    assert standings(later)["agenda"] is Standing.OPEN


def test_nobody_undoes_what_another_reviewer_decided(at: Desk) -> None:
    reviewing.press(at, wish(at, Kind.AGENDA, "accept"))
    with pytest.raises(RefusedError, match="nothing to undo"):
        undo(reviewing.desk(at.shelf.source.folder, "ben"), reviewing.request())


def test_undo_of_an_addition_takes_the_row_away(at: Desk) -> None:
    head = reviewing.row(at, Kind.MEETING).item.meeting
    added = {"action": "add", "kind": "agenda", "meeting": head, "value": {"topic": "joint seed"}}
    reviewing.press(at, added | {"evidence": [reviewing.span(at, "joint seed")]})
    assert len(reviewing.rows(at, Kind.AGENDA)) == 2
    undo(at, reviewing.request())
    assert len(reviewing.rows(at, Kind.AGENDA)) == 1
