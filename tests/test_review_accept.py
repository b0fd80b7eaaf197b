"""From decisions to references, agreement and export: what reviewers made of a run."""

import json
from pathlib import Path

from pipeline.evaluate import evaluate, load
from pipeline.export import Filters, choose
from pipeline.export.reviewed import reviewed
from pipeline.export.rows import rows
from pipeline.export.tables import MeetingRow
from pipeline.review.accept import Accepted, accept
from pipeline.review.undo import undo
from schemas.decision import Kind
from tests import reviewing
from tests.conftest import Readout
from tests.records import folder, record, without_meetings


def test_what_was_accepted_as_it_is_scores_1_against_the_records(tmp_path: Path) -> None:
    out = folder(tmp_path / "out", record("one"), without_meetings("two"))
    at = reviewing.desk(out)
    for article in ("one", "two"):
        reviewing.accept_all(at, article)
    assert accept(out, tmp_path / "gold") == Accepted(2, 2, 0, 0, 0)
    report = evaluate(load(tmp_path / "gold"), load(out))
    assert {score.f1 for score in report.scores.values() if score.reference} == {1.0}
    assert {each.accuracy for each in report.accuracies.values() if each.paired} == {1.0}
    assert (report.articles, report.missing, report.uncited) == (2, (), ())


def test_references_have_values_and_the_numbers_of_sentences_and_no_states(tmp_path: Path) -> None:
    out = folder(tmp_path / "out", record())
    at = reviewing.desk(out)
    row = reviewing.row(at, Kind.AGENDA).item.id
    twice = [reviewing.span(at, "Ida Berg"), reviewing.span(at, "grain exports")]
    reviewing.press(at, {"action": "cite", "row": row, "evidence": twice})
    reviewing.accept_all(at)
    accept(out, tmp_path / "gold")
    found = json.loads((tmp_path / "gold" / "grain.json").read_text())
    assert "states" not in found
    assert found["meetings"][0]["agenda"] == [{"topic": "grain exports", "evidence": [2]}]


def test_only_what_is_decided_in_full_is_written_unless_told_otherwise(tmp_path: Path) -> None:
    out = folder(tmp_path / "out", record("one"), record("two"), record("three"))
    at = reviewing.desk(out)
    reviewing.accept_all(at, "one")
    head, topic = (reviewing.row(at, k, "two").item.id for k in (Kind.MEETING, Kind.AGENDA))
    reviewing.press(
        at, {"action": "accept", "row": head}, {"action": "accept", "row": topic}, article="two"
    )
    assert accept(out, tmp_path / "gold")[:3] == (3, 1, 2)
    assert accept(out, tmp_path / "some", partial=True)[:3] == (3, 2, 1)
    [two] = load(tmp_path / "some")["two"].meetings
    assert ([item.topic for item in two.agenda], two.agreements) == (["grain exports"], ())


def test_the_command_says_how_many_and_what_to_do_about_the_rest(
    readout: Readout, tmp_path: Path
) -> None:
    out = folder(tmp_path / "out", record("one"), record("two"))
    reviewing.accept_all(reviewing.desk(out), "one")
    done = readout("accept", out, "-o", tmp_path / "gold")
    assert done.exit_code == 0
    assert "Wrote 1 of 2 articles" in done.stderr
    assert "--partial" in done.stderr
    assert json.loads(readout("accept", out, "-o", tmp_path / "gold", "--json").stdout) == {
        "articles": 2,
        "written": 1,
        "left_out": 1,
        "outdated": 0,
        "damaged": 0,
    }
    assert readout("accept", out, "-o", out).exit_code == 1


def test_no_reference_says_that_there_is_no_meeting_before_a_person_does(tmp_path: Path) -> None:
    """She has rejected an item of a meeting that she has not decided on."""
    out = folder(tmp_path / "out", record())
    at = reviewing.desk(out)
    row = reviewing.row(at, Kind.AGENDA).item.id
    reviewing.press(at, {"action": "reject", "row": row})
    assert accept(out, tmp_path / "some", partial=True).written == 0
    assert not (tmp_path / "some").exists()


def test_a_reference_of_an_article_that_is_open_again_is_told_of(
    readout: Readout, tmp_path: Path
) -> None:
    out = folder(tmp_path / "out", record())
    at = reviewing.desk(out)
    reviewing.accept_all(at)
    accept(out, tmp_path / "gold")
    undo(at, reviewing.request())
    done = readout("accept", out, "-o", tmp_path / "gold")
    assert "1 of them had a reference" in done.stderr


def test_a_damaged_record_is_told_of(readout: Readout, tmp_path: Path) -> None:
    out = folder(tmp_path / "out", record())
    (out / "torn.json").write_text("{")
    reviewing.accept_all(reviewing.desk(out))
    done = readout("accept", out, "-o", tmp_path / "gold")
    assert "Wrote 1 of 1 articles" in done.stderr
    assert "1 more .json or .jsonl files" in done.stderr


def test_export_takes_what_the_reviewers_left_of_reviewed_records_only(tmp_path: Path) -> None:
    made = record()
    out = folder(tmp_path / "out", made)
    at = reviewing.desk(out)
    assert not list(reviewed([made], out))
    row = reviewing.row(at, Kind.AGREEMENT).item.id
    reviewing.press(at, {"action": "reject", "row": row})
    assert not list(reviewed([made], out))
    reviewing.accept_all(at)
    [left] = reviewed([made], out)
    assert left.summary.meetings[0].agreements == ()


def test_export_and_decisions_name_a_meeting_by_the_same_id(tmp_path: Path) -> None:
    """So that who accepted a cell is a join away."""
    made = record()
    at = reviewing.desk(folder(tmp_path / "out", made))
    reviewing.accept_all(at)
    [chosen] = choose([made], Filters())
    meetings = [row.id for row in rows(chosen) if isinstance(row, MeetingRow)]
    decided = {decision.item.meeting for decision in at.shelf.log.read()}
    assert decided == {*meetings, ""}
