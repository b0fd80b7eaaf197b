"""The hosted models' prompt: its worked example is what compose would send and a right answer."""

import json
import re
from pathlib import Path

import pytest

import prompts
from pipeline import compose
from pipeline.distil.evidence import Sources, level
from pipeline.read import read_paths
from schemas.article import Article
from schemas.extraction import (
    ExtractedAgendaItem,
    ExtractedAgreement,
    ExtractedMeeting,
    ExtractedParticipant,
    Extraction,
    Format,
    Prominence,
    Status,
)
from schemas.summary import State
from schemas.way import Way
from tests.samples import HOSTED

ANALYST = Path(prompts.__file__).parent / "analyst"
LINE = re.compile(r"\[\d+\] (?:\((?:title|caption|byline)\) )?(?P<words>.+)")
SAID = {State.EXACT, State.NORMALISED, State.COMPOSED}


@pytest.fixture
def question() -> str:
    return (ANALYST / "1.article.txt").read_text("utf-8").strip()


@pytest.fixture
def answer() -> Extraction:
    return Extraction.model_validate_json((ANALYST / "1.answer.json").read_bytes())


@pytest.fixture
def article(question: str, tmp_path: Path) -> Article:
    """The worked example's article, taken out of its fence and read as any other."""
    published, _, fenced = question.partition("\n")
    words = [found["words"] for line in fenced.splitlines() if (found := LINE.fullmatch(line))]
    file = tmp_path / "example.md"
    text = "\n\n".join(words)
    file.write_text(f"---\n{published.lower()}\n---\n{text}\n", encoding="utf-8")
    [read] = read_paths([file])
    assert isinstance(read, Article)
    return read


def test_the_worked_example_looks_exactly_as_compose_writes_it(
    question: str, article: Article
) -> None:
    assert compose.fence(article, HOSTED, article.shown) == question


def test_every_value_of_the_worked_answer_stands_in_the_sentences_it_cites(
    article: Article, answer: Extraction
) -> None:
    sources = Sources(article)
    for meeting in answer.meetings:
        assert sources.known(meeting.evidence) == meeting.evidence != ()
        values = [(person.name, person.evidence) for person in meeting.participants]
        values += [(item.topic, item.evidence) for item in meeting.agenda]
        values += [(item.text, item.evidence) for item in meeting.agreements]
        for value, cited in values:
            assert cited, value
            assert sources.tie(value, cited).state in SAID, value


def test_the_worked_answer_copies_when_where_and_who_from_the_article(
    article: Article, answer: Extraction
) -> None:
    for meeting in answer.meetings:
        titles = [person.title for person in meeting.participants]
        places = [meeting.venue, meeting.city, meeting.country]
        for words in (meeting.date_text, *places, *titles, *meeting.parties):
            assert words is None or level(words) in level(article.text)
        assert {person.party for person in meeting.participants} <= set(meeting.parties)


def test_the_worked_answer_writes_every_field(answer: Extraction) -> None:
    written = json.loads((ANALYST / "1.answer.json").read_bytes())
    assert written == json.loads(answer.model_dump_json())


def test_the_instruction_names_every_field_and_every_choice() -> None:
    text = (ANALYST / "system.md").read_text("utf-8")
    fields = {
        name
        for noun in (
            ExtractedMeeting,
            ExtractedParticipant,
            ExtractedAgendaItem,
            ExtractedAgreement,
        )
        for name in noun.model_fields
    } - {"participants", "agenda", "agreements", "topic", "text"}  # headings of their own
    choices = {str(choice) for kind in (Prominence, Status, Format) for choice in kind}
    assert not [word for word in fields | choices if f"`{word}`" not in text]


def test_the_opening_is_instruction_then_question_then_answer(
    question: str, article: Article, answer: Extraction
) -> None:
    way = Way(name="test", model="m", provider="http://localhost")
    *opening, asked = compose.compose(article, way).body["messages"]
    assert [message["role"] for message in opening] == ["system", "user", "assistant"]
    assert asked == {"role": "user", "content": question}
    assert opening[1]["content"] == question
    assert Extraction.model_validate_json(opening[2]["content"]) == answer
