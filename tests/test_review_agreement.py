"""How far two reviewers agree: pairs, raw agreement, kappa, and the command."""

import json
from pathlib import Path

import pytest

from pipeline.review.agreement import agreement, field
from pipeline.review.shelf import Source, source
from schemas.decision import Kind
from tests import reviewing
from tests.conftest import Readout
from tests.records import folder, record
from tests.samples import meeting


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
