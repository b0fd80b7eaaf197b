"""Articles that failed: filled in by hand from their text, and then a reference like any other."""

from pathlib import Path

import pytest

from pipeline import archive, ledger
from pipeline.evaluate import load
from pipeline.review import queue
from pipeline.review.accept import accept
from pipeline.review.by_hand import FOLDER
from pipeline.review.desk import Desk
from pipeline.review.log import UnsavedError
from pipeline.review.queue import Filters, Show
from pipeline.review.refused import RefusedError
from pipeline.review.shelf import Source
from pipeline.review.state import Standing
from schemas.decision import Kind
from schemas.exchange import Outcome
from tests import reviewing
from tests.records import folder, record
from tests.reviewing import failing
from tests.samples import MEETING, TEXT


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    """A run that came to one record, and was refused one of which the text is there."""
    return reviewing.desk(failing(folder(tmp_path / "out", record("tin")), "grain"))


def test_what_a_person_fills_in_becomes_a_reference_with_its_sentences(
    at: Desk, tmp_path: Path
) -> None:
    reviewing.fill_in(at)
    out = at.shelf.source.folder
    assert accept(out, tmp_path / "gold").written == 0  # nobody has said that nothing is missing
    reviewing.accept_all(at)
    assert accept(out, tmp_path / "gold").written == 1
    [found] = load(tmp_path / "gold")["grain"].meetings
    assert (found.name, found.date, found.city, found.country) == (
        MEETING["name"],
        "2024-03-04",
        "Lusaka",
        "ZMB",
    )
    assert found.parties == ("NOR", "ZMB")
    assert [(each.name, each.party, each.evidence) for each in found.participants] == [
        ("Ida Berg", "NOR", (2,))
    ]
    assert [(each.topic, each.evidence) for each in found.agenda] == [("grain exports", (2,))]
    assert [(each.text, each.evidence) for each in found.agreements] == [
        ("open a joint seed bank", (3,))
    ]
    assert found.evidence == (2,)


def test_it_is_no_record_until_a_model_writes_one(at: Desk) -> None:
    """So that no other command takes it for an article that reports no meeting."""
    reviewing.fill_in(at)
    out = at.shelf.source.folder
    assert [each.article.id for each in archive.records(out)] == ["tin"]
    assert list(ledger.failures(out)) == ["grain"]


def test_the_queue_still_says_why_it_failed_and_counts_what_is_filled_in(at: Desk) -> None:
    [_, untouched] = queue.choose(at.entries(), Filters())
    assert (untouched.id, untouched.rows) == ("grain", 0)
    reviewing.fill_in(at)
    [entry] = queue.choose(at.entries(), Filters(outcomes=frozenset({Outcome.REFUSED})))
    assert (entry.reason, entry.meetings, entry.rows, entry.open) == ("It declined.", 1, 8, 1)
    found = queue.progress(at.entries())
    assert (found.articles, found.failed) == (2, 0)
    reviewing.accept_all(at)
    assert [e.id for e in queue.choose(at.entries(), Filters(show=Show.REVIEWED))] == ["grain"]
    assert [e.id for e in queue.choose(at.entries(), Filters(show=Show.FAILED))] == ["grain"]


def test_decisions_stand_though_the_source_is_gone_and_the_review_begins_anew(
    at: Desk, tmp_path: Path
) -> None:
    reviewing.fill_in(at)
    (tmp_path / "wire" / "grain.txt").unlink()
    later = reviewing.desk(at.shelf.source.folder)
    later.take_up("grain")
    assert later.article("grain").record.article.text == TEXT
    assert reviewing.row(later, Kind.AGENDA).standing is Standing.ADDED


def test_what_the_model_writes_after_all_is_asked_about_and_what_was_filled_in_stays(
    at: Desk,
) -> None:
    reviewing.fill_in(at)
    reviewing.accept_all(at)
    archive.write(record("grain"), at.shelf.source.folder)
    [meeting] = at.article("grain").review.meetings
    standings = {row.item.kind: row.standing for row in meeting.rows}
    assert standings[Kind.AGENDA] is standings[Kind.AGREEMENT] is Standing.ADDED
    [mwila, berg] = reviewing.rows(at, Kind.PARTICIPANT)
    assert (mwila.standing, berg.standing) == (Standing.OPEN, Standing.ADDED)
    assert at.article("grain").failed is None


def test_its_text_is_that_of_the_latest_run_that_has_it(at: Desk, tmp_path: Path) -> None:
    """The latest run was given a path that is gone by now; the one before has the article."""
    reviewing.ran(at.shelf.source.folder, tmp_path / "gone")
    at.take_up("grain")
    assert at.article("grain").record.article.text == TEXT


@pytest.mark.parametrize(
    ("given", "told"),
    [("elsewhere", "no longer where the run read it"), ("-", "standard input")],
)
def test_a_text_that_is_no_longer_to_be_had_gets_a_sentence(
    tmp_path: Path, given: str, told: str
) -> None:
    out = failing(folder(tmp_path / "out", record("tin")), "grain", read_from=Path(given))
    at = reviewing.desk(out)
    with pytest.raises(RefusedError, match=told) as refused:
        at.take_up("grain")
    assert refused.value.code == "no_text"
    assert not (out / FOLDER).exists()


def test_an_article_that_could_not_be_read_has_nothing_to_fill_in_from(tmp_path: Path) -> None:
    out = failing(folder(tmp_path / "out", record("tin")), "empty")
    (tmp_path / "wire" / "empty.txt").write_text("")
    with pytest.raises(RefusedError, match=r"nothing|empty|no text"):
        reviewing.desk(out).take_up("empty")


@pytest.mark.parametrize("name", ["../tin", "nobody", ""])
def test_only_what_failed_can_be_taken_up(at: Desk, name: str) -> None:
    with pytest.raises(RefusedError) as refused:
        at.take_up(name)
    assert refused.value.code == "unknown_article"


def test_what_the_disk_does_not_take_is_said(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "replace", full)
    with pytest.raises(UnsavedError, match=r"No space left.*Make room"):
        at.take_up("grain")


def test_two_reviewers_who_filled_in_one_article_are_compared(at: Desk) -> None:
    reviewing.fill_in(at)
    out = at.shelf.source.folder
    ben = reviewing.desk(out, "ben", Source(out, "anna"))
    assert ben.article("grain").other is not None
    assert {entry.id: entry.disagree for entry in ben.entries()}["grain"] == 0
