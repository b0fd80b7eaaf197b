"""The examples hold together: every article has a reference, and every value stands in its text."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.distil.evidence import Sources, level
from pipeline.evaluate.load import load
from pipeline.places import gazetteer
from pipeline.read import read_paths
from schemas.article import Article
from schemas.extraction import Status
from schemas.reference import FlatArticle, FlatMeeting
from schemas.summary import State

EXAMPLES = Path(__file__).parents[1] / "examples"
VERBATIM = {State.EXACT, State.NORMALISED}
SAID = VERBATIM | {State.COMPOSED}
CODES = gazetteer.codes()

ARTICLES = {
    article.id: article
    for article in read_paths([EXAMPLES / "articles"])
    if isinstance(article, Article)
}
REFERENCES = load(EXAMPLES / "reference")
MEETINGS = [
    pytest.param(ARTICLES[id_], meeting, id=f"{id_}-{number}")
    for id_, reference in sorted(REFERENCES.items())
    if id_ in ARTICLES
    for number, meeting in enumerate(reference.meetings, start=1)
]


def cited(meeting: FlatMeeting) -> Iterator[tuple[int, ...]]:
    yield meeting.evidence
    yield from (person.evidence for person in meeting.participants)
    yield from (item.evidence for item in meeting.agenda)
    yield from (agreed.evidence for agreed in meeting.agreements)


def test_every_article_can_be_read() -> None:
    unreadable = [a for a in read_paths([EXAMPLES / "articles"]) if not isinstance(a, Article)]
    assert not unreadable


def test_every_article_has_a_reference_and_every_reference_an_article() -> None:
    assert set(ARTICLES) == set(REFERENCES)


def test_every_reference_is_named_after_its_article() -> None:
    assert {file.stem for file in (EXAMPLES / "reference").glob("*.json")} == set(REFERENCES)


@pytest.mark.parametrize("reference", REFERENCES.values(), ids=REFERENCES.keys())
def test_the_publication_date_is_the_one_that_is_read(reference: FlatArticle) -> None:
    assert ARTICLES[reference.id].published.date == reference.published


def test_the_examples_cover_every_status_format_and_an_empty_list() -> None:
    meetings = [meeting for reference in REFERENCES.values() for meeting in reference.meetings]
    assert {meeting.status for meeting in meetings} == set(Status)
    assert {meeting.format for meeting in meetings} == {"in_person", "virtual", "phone", None}
    assert {meeting.prominence for meeting in meetings} == {"focus", "background"}
    assert any(not reference.meetings for reference in REFERENCES.values())


@pytest.mark.parametrize(("article", "meeting"), MEETINGS)
def test_evidence_cites_sentences_that_the_model_gets_to_see(
    article: Article, meeting: FlatMeeting
) -> None:
    seen = {sentence.number for sentence in article.shown}
    for numbers in cited(meeting):
        assert numbers, "every value cites at least one sentence"
        assert set(numbers) <= seen
        assert list(numbers) == sorted(set(numbers))


@pytest.mark.parametrize(("article", "meeting"), MEETINGS)
def test_words_for_when_and_where_stand_in_the_article(
    article: Article, meeting: FlatMeeting
) -> None:
    for words in (meeting.date_text, meeting.venue, meeting.city):
        assert words is None or level(words) in level(article.text)


@pytest.mark.parametrize(("article", "meeting"), MEETINGS)
def test_people_stand_in_the_cited_sentences_and_titles_in_the_article(
    article: Article, meeting: FlatMeeting
) -> None:
    sources = Sources(article)
    for person in meeting.participants:
        assert sources.tie(person.name, person.evidence).state in VERBATIM, person.name
        assert person.title is None or level(person.title) in level(article.text)


@pytest.mark.parametrize(("article", "meeting"), MEETINGS)
def test_the_cited_sentences_say_every_topic_and_agreement(
    article: Article, meeting: FlatMeeting
) -> None:
    sources = Sources(article)
    for item in meeting.agenda:
        assert sources.tie(item.topic, item.evidence).state in SAID, item.topic
    for agreed in meeting.agreements:
        assert sources.tie(agreed.text, agreed.evidence).state in SAID, agreed.text


@pytest.mark.parametrize(("article", "meeting"), MEETINGS)
def test_parties_are_known_sorted_and_include_everyone_who_acts(
    article: Article, meeting: FlatMeeting
) -> None:
    assert set(meeting.parties) <= CODES
    assert list(meeting.parties) == sorted(set(meeting.parties)), article.id
    assert {person.party for person in meeting.participants} <= set(meeting.parties)


@pytest.mark.parametrize(("article", "meeting"), MEETINGS)
def test_a_date_falls_on_the_side_of_publication_that_the_status_says(
    article: Article, meeting: FlatMeeting
) -> None:
    published = article.published.date
    if meeting.date is None or published is None:
        return
    first, _, last = meeting.date.partition("/")
    today = published.isoformat()
    if meeting.status is Status.HELD:
        assert first <= today
    elif meeting.status is Status.ONGOING:
        assert first <= today <= last
    else:
        assert today[: len(first)] <= first


@pytest.mark.parametrize(("article", "meeting"), MEETINGS)
def test_a_named_weekday_is_the_weekday_of_the_date(article: Article, meeting: FlatMeeting) -> None:
    days = {f"{dt.date(2024, 1, day):%A}" for day in range(1, 8)}
    if meeting.date_text in days:
        assert meeting.date is not None, article.id
        assert f"{dt.date.fromisoformat(meeting.date):%A}" == meeting.date_text
