"""The articles written by hand: their references hold, and those for testing stay untrained."""

import json
from pathlib import Path

import pytest

from pipeline.compose import read_answer
from pipeline.ways import EMBEDDED
from schemas.reference import FlatArticle
from training import written

SPLITS = {split: written.read(split) for split in written.SPLITS}
PAIRS = [
    pytest.param(split, name, id=f"{split}-{name}")
    for split, (articles, _) in SPLITS.items()
    for name in articles
]


@pytest.mark.parametrize("split", written.SPLITS)
def test_every_article_has_a_reference_and_every_reference_an_article(split: str) -> None:
    articles, references = SPLITS[split]
    assert articles.keys() == references.keys()


def test_there_are_as_many_as_are_promised() -> None:
    assert len(SPLITS["train"][0]) >= 2700
    assert len(SPLITS["dev"][0]) >= 40
    assert len(SPLITS["test"][0]) >= 60


@pytest.mark.parametrize(("split", "name"), PAIRS)
def test_a_reference_stands_in_its_article(split: str, name: str) -> None:
    articles, references = SPLITS[split]
    found = written.faults(articles[name], references[name], cited=split == "test")
    assert list(found) == []


def test_no_one_in_an_article_for_testing_is_known_from_training() -> None:
    """A name learnt by heart would be no reading; common ones may fall together now and then."""
    people = {
        split: {
            person.name
            for reference in references.values()
            for meeting in reference.meetings
            for person in meeting.participants
        }
        for split, (_, references) in SPLITS.items()
    }
    assert not people["train"] & (people["test"] | people["dev"])


def test_lines_are_written_for_training_articles_alone(tmp_path: Path) -> None:
    assert written.main(["lines", "-o", str(tmp_path / "lines.jsonl"), "--copies", "2"]) == 0
    lines = [json.loads(line) for line in (tmp_path / "lines.jsonl").read_text().splitlines()]
    articles, references = SPLITS["train"]
    assert {line["id"] for line in lines} == {
        f"{name}#{copy}" for name in articles for copy in "01"
    }
    firsts, seconds = lines[: len(articles)], lines[len(articles) :]
    assert [line["answer"] for line in seconds] == [line["answer"] for line in firsts]
    for line in firsts:
        answer = read_answer(line["answer"], EMBEDDED)
        expected = references[line["id"].partition("#")[0]]
        assert [m.status for m in answer.meetings] == [m.status for m in expected.meetings]


def test_what_is_amiss_is_said() -> None:
    articles, references = SPLITS["test"]
    name, reference = next((n, r) for n, r in references.items() if r.meetings[:1])
    [meeting, *_] = reference.meetings
    wrong = meeting.model_copy(update={"city": "Atlantis", "evidence": (999,)})
    changed = FlatArticle.model_validate(
        reference.model_copy(update={"meetings": (wrong,)}).model_dump()
    )
    found = "\n".join(written.faults(articles[name], changed, cited=True))
    assert "Atlantis" in found
    assert "cites no sentence" in found
