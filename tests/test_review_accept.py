"""From decisions to references, agreement and export: what reviewers made of a run."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from pipeline.evaluate import evaluate, load
from pipeline.export import Filters, choose
from pipeline.export.reviewed import reviewed
from pipeline.export.rows import rows
from pipeline.export.tables import MeetingRow
from pipeline.review.accept import Accepted, accept
from pipeline.review.agreement import agreement, field
from pipeline.review.desk import Source, source
from pipeline.review.undo import undo
from schemas.decision import Kind
from tests import reviewing
from tests.conftest import Readout
from tests.records import folder, record, without_meetings
from tests.samples import MEETING, meeting


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


def test_kappa_is_the_textbooks() -> None:
    """Cohen's own kind of table: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no gives 0.4."""
    pairs = [
        *[("yes", "yes")] * 20,
        *[("yes", "no")] * 5,
        *[("no", "yes")] * 10,
        *[("no", "no")] * 15,
    ]
    found = field("any", pairs)
    assert found.raw == pytest.approx(0.7)
    assert found.kappa == pytest.approx(0.4)


def test_kappa_says_nothing_where_both_always_say_the_same_one_thing() -> None:
    found = field("any", [("held", "held")] * 3)
    assert (found.raw, found.kappa) == (1.0, None)


def _two_reviewers(tmp_path: Path) -> tuple[Path, Path]:
    """Two articles, reviewed twice; ben rejects a topic and corrects a status."""
    folders = tmp_path / "anna", tmp_path / "ben"
    for each in folders:
        at = reviewing.desk(folder(each, record("one"), record("two"), record("three")), each.name)
        if each.name == "ben":
            topic = reviewing.row(at, Kind.AGENDA, "one").item.id
            reviewing.press(at, {"action": "reject", "row": topic}, article="one")
            head = reviewing.row(at, Kind.MEETING, "two")
            value = {**head.content.value, "status": "ongoing"}
            edit = {"action": "edit", "row": head.item.id, "value": value}
            reviewing.press(at, edit, article="two")
        for article in ("one", "two"):
            reviewing.accept_all(at, article)
    return folders


def test_agreement_by_hand(tmp_path: Path) -> None:
    """Topics: anna keeps 2 of 2, ben 1. Status: held, held by anna; held, ongoing by ben."""
    first, second = _two_reviewers(tmp_path)
    found = agreement(Source(first), Source(second))
    assert (found.common, found.articles) == (3, 2)
    fields = {each.name: (each.pairs, each.raw, each.kappa) for each in found.fields}
    assert fields["agenda"] == (2, 0.5, 0.0)
    assert fields["status"] == (2, 0.5, 0.0)
    assert fields["meeting"] == (2, 1.0, None)
    assert fields["participant"] == (4, 1.0, None)
    # Two people, two titles, in both articles: raw 4 of 4, chance 2 * (2 / 4) ** 2 = 1 / 2.
    assert fields["title"] == (4, 1.0, 1.0)


def test_who_words_what_both_kept_in_another_way_disagrees_on_the_words(tmp_path: Path) -> None:
    out = folder(tmp_path / "out", record())
    anna, ben = reviewing.desk(out, "anna"), reviewing.desk(out, "ben")
    reviewing.accept_all(anna)
    row = reviewing.row(ben, Kind.AGENDA).item.id
    wishes = [{"action": "accept", "row": r.item.id} for r in ben.article("grain").review.rows]
    edit = {"action": "edit", "row": row, "value": {"topic": "grain"}}
    reviewing.press(ben, edit, *(wish for wish in wishes if wish["row"] != row))
    found = agreement(source(f"{out}@anna"), source(f"{out}@ben"))
    raw = {each.name: each.raw for each in found.fields}
    assert (raw["agenda"], raw["topic"], raw["text"], raw["name"]) == (1.0, 0.0, 1.0, 1.0)


def test_agreement_matches_meetings_of_two_runs_by_what_they_list(tmp_path: Path) -> None:
    first = folder(tmp_path / "a", record())
    second = folder(tmp_path / "b", record("grain", meeting(name="Mwila meets Berg")))
    for each in (first, second):
        reviewing.accept_all(reviewing.desk(each))
    found = {each.name: each.raw for each in agreement(Source(first), Source(second)).fields}
    assert found["meeting"] == found["agenda"] == 1.0


def test_two_reviewers_of_one_folder_are_compared_by_name(tmp_path: Path) -> None:
    out = folder(tmp_path / "out", record())
    anna, ben = reviewing.desk(out, "anna"), reviewing.desk(out, "ben")
    reviewing.accept_all(anna)
    reject = {"action": "reject", "row": reviewing.row(ben, Kind.AGENDA).item.id}
    there = ben.article("grain").review.rows
    rest = [{"action": "accept", "row": r.item.id} for r in there if r.item.kind is not Kind.AGENDA]
    reviewing.press(ben, reject, *rest)
    found = agreement(source(f"{out}@anna"), source(f"{out}@ben"))
    assert found.articles == 1
    assert {each.name: each.raw for each in found.fields}["agenda"] == 0.0


def test_the_command_prints_a_table_and_json(readout: Readout, tmp_path: Path) -> None:
    first, second = _two_reviewers(tmp_path)
    text = readout("agreement", first, second).stdout
    assert "2 of 3 common articles" in text
    assert ["status", "2", "0.50", "0.00"] in [line.split() for line in text.splitlines()]
    told = json.loads(readout("agreement", first, second, "--json").stdout)
    assert told["articles"] == 2


def test_a_reviewer_who_is_not_there_gets_a_sentence_with_those_who_are(
    readout: Readout, tmp_path: Path
) -> None:
    first, second = _two_reviewers(tmp_path)
    done = readout("agreement", f"{first}@ana", second)
    assert (done.exit_code, "reviewers there are anna" in done.stderr) == (2, True)


def test_folders_without_an_article_in_common_get_a_sentence(
    readout: Readout, tmp_path: Path
) -> None:
    first, second = folder(tmp_path / "a", record("a")), folder(tmp_path / "b", record("b"))
    done = readout("agreement", first, second)
    assert (done.exit_code, "no article in common" in done.stderr) == (1, True)


def test_a_port_in_use_gets_a_sentence(readout: Readout, tmp_path: Path) -> None:
    out = folder(tmp_path / "out", record())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = readout("review", out, "--no-open", "--port", port)
    assert done.exit_code == 2
    assert f"cannot listen on 127.0.0.1, port {port}" in done.stderr
    assert "--port" in done.stderr


def test_a_review_is_not_opened_on_all_addresses_at_once(readout: Readout, tmp_path: Path) -> None:
    out = folder(tmp_path / "out", record())
    for host in ("0.0.0.0", "::"):  # noqa: S104 - what is refused
        done = readout("review", out, "--no-open", "--host", host)
        assert (done.exit_code, "one address" in done.stderr) == (2, True)


def test_a_host_that_is_no_name_gets_a_sentence(readout: Readout, tmp_path: Path) -> None:
    done = readout("review", folder(tmp_path / "out", record()), "--no-open", "--host", "ü..x")
    assert (done.exit_code, "choose another --port or --host" in done.stderr) == (2, True)


def test_a_folder_without_records_gets_a_sentence(readout: Readout, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = readout("review", tmp_path / "empty", "--no-open")
    assert (done.exit_code, "holds no record" in done.stderr) == (2, True)


def test_a_reviewer_has_a_name_that_can_be_shown(readout: Readout, tmp_path: Path) -> None:
    out = folder(tmp_path / "out", record())
    for name in ("", " ", "a@b", "\x1b[2J", "x" * 200):
        assert readout("review", out, "--no-open", "--reviewer", name).exit_code == 2


@pytest.mark.slow
def test_ctrl_c_ends_the_review_with_a_sentence_and_loses_nothing(tmp_path: Path) -> None:
    out = folder(tmp_path / "out", record("grain", MEETING))
    command = [sys.executable, "-m", "pipeline.cli", "review", str(out), "--no-open", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        address = child.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        origin = address.partition("/launch")[0]
        assert httpx2.get(f"{origin}/api/queue").status_code == 403
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=30)
    assert child.returncode == 0
    assert "The review has ended" in said
    assert "Traceback" not in said
