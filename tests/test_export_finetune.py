"""Lines to learn from: the messages that are sent, and answers that the schema takes."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import compose, ways
from pipeline.compose import read_answer
from pipeline.errors import ArchiveError
from pipeline.evaluate import flatten
from pipeline.export.finetune import WRITTEN, finetune, left_out, line
from pipeline.export.wire import UnteachableError, taught
from pipeline.ways import EMBEDDED
from schemas.extraction import Extraction
from schemas.reference import FlatArticle
from schemas.way import Way
from tests.records import record, without_meetings
from tests.samples import article, meeting
from training import written

HOSTED = ways.choose("gpt-5-mini", ways.OPENAI_URL.removesuffix("/v1"))
PLAIN = ways.choose("any", "http://127.0.0.1:9", name="plain")


def accepted(**changes) -> FlatArticle:
    return flatten(record("grain", meeting(**changes)))


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(each) for each in file.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("way", [HOSTED, PLAIN], ids=lambda way: way.name)
def test_a_line_is_what_is_sent_and_then_the_answer(way):
    made = line(record(), accepted(), way)
    *asked, told = made["messages"]
    sent = compose.compose(article(), way).body["messages"]
    assert [{k: v for k, v in m.items() if k != "weight"} for m in asked] == sent
    assert told["role"] == "assistant"
    assert set(made) == {"messages"}


def test_the_answers_of_worked_examples_are_not_to_be_learnt():
    *asked, told = line(record(), accepted(), HOSTED)["messages"]
    shown = [message for message in asked if message["role"] == "assistant"]
    assert shown
    assert all(message["weight"] == 0 for message in shown)
    assert "weight" not in told


def test_the_answer_has_the_words_of_the_article_and_cites():
    told = Extraction.model_validate_json(taught(article(), accepted(), HOSTED)).meetings[0]
    assert told.parties == ("Zambian", "Norway")
    assert told.country == "Zambian"
    assert [person.party for person in told.participants] == ["Zambian", "Norway"]
    assert told.agreements[0].evidence == (3,)


@pytest.mark.parametrize("way", [HOSTED, EMBEDDED], ids=lambda way: way.name)
def test_a_way_of_rows_leaves_to_code_what_the_city_and_the_people_tell(way: Way):
    told = read_answer(taught(article(), accepted(), way), way).meetings[0]
    assert told.name is None  # a made name is made again
    assert (told.country is None) == way.rows
    assert (told.parties == ()) == way.rows


def test_lines_for_the_embedded_model_are_those_that_training_makes():
    """From articles written by hand with references, as `training.written` turns them to lines."""
    articles, references = written.read("test")
    for name in sorted(references):
        told = {"messages": compose.compose(articles[name], EMBEDDED).body["messages"]}
        told["answer"] = taught(articles[name], references[name], EMBEDDED)
        assert {"id": name, **told} == written.sample(articles[name], references[name])
    made = line(record(), accepted(), EMBEDDED)
    assert set(made) == {"id", "messages", "answer"}


@pytest.mark.parametrize("party", ["BRA", "Lusa"])  # a part of a word is no word
def test_a_party_that_the_article_has_no_words_for_makes_no_line(party):
    foreign = accepted().meetings[0].model_copy(update={"parties": (party, "ZMB")})
    summary = FlatArticle(id="grain", meetings=(foreign,))
    with pytest.raises(UnteachableError, match="in no words of the article"):
        taught(article(), summary, HOSTED)


def test_a_summary_that_cites_nothing_teaches_no_model_that_should_cite():
    bare = accepted().meetings[0].model_copy(update={"evidence": ()})
    summary = FlatArticle(id="grain", meetings=(bare,))
    with pytest.raises(UnteachableError, match="does not cite"):
        taught(article(), summary, HOSTED)
    assert taught(article(), summary, EMBEDDED)


def test_what_makes_no_line_is_counted_with_its_reason(tmp_path):
    short = HOSTED.model_copy(update={"longest": 20})
    records = [record(), without_meetings(), record("seed")]
    summaries = {"grain": accepted(), "tin": FlatArticle(id="tin", meetings=())}
    counts = finetune(records, summaries, HOSTED, tmp_path / "lines.jsonl")
    assert counts[WRITTEN] == len(lines(tmp_path / "lines.jsonl")) == 2
    assert left_out(counts) == ["Left out 1 article: no accepted summary of it is given."]
    with pytest.raises(ArchiveError, match="asked about in parts"):
        finetune(records[:1], summaries, short, tmp_path / "none.jsonl")
    assert not (tmp_path / "none.jsonl").exists()


def test_an_article_that_the_embedded_model_does_not_read_makes_no_line():
    text = "외교부 장관은 월요일 서울에서 노르웨이 특사를 만나 곡물 수출을 논의했다.\n" * 4
    korean = record("korean", text=text)
    with pytest.raises(UnteachableError, match="not in English"):
        line(korean, FlatArticle(id="korean", meetings=()), EMBEDDED)
