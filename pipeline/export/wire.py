"""From a flat summary back to what a model should have returned: the article's words for codes.

The reverse of distilling, for teaching. Knows one article and one summary of it; knows nothing
of files or messages.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from pipeline import places
from pipeline.compose import candidates, write_answer
from pipeline.distil.naming import COURTESY, MADE
from schemas.article import Article
from schemas.extraction import Extraction
from schemas.reference import FlatArticle, FlatMeeting
from schemas.way import Way


class UnteachableError(Exception):
    """Why an article makes no line: a few words that fit behind "left out, because"."""


def taught(article: Article, summary: FlatArticle, way: Way) -> str:
    """What `way` is taught to write about `article`, as it goes over the wire.

    Raises UnteachableError where that cannot be said in the article's words, or not in the form
    that the way has.
    """
    text = "\n".join(article.quote(sentence) for sentence in article.shown)
    words = _Words(text, way)
    meetings = [_meeting(meeting, words) for meeting in summary.meetings]
    try:
        extraction = Extraction.model_validate({"meetings": meetings})
    except ValidationError as error:
        raise UnteachableError("a value is longer than a model may write") from error
    if way.cites and not all(item.evidence for item in _citing(extraction)):
        raise UnteachableError("its summary does not cite sentences, and the model should")
    return write_answer(extraction, way)


def party_words(text: str) -> dict[str, str]:
    """Parties that may be written down about `text`: code, or short name, to its words there."""
    return {places.party(words) or words: words for words in candidates.parties(text)}


def country_words(code: str | None, city: str | None, words: Mapping[str, str]) -> str | None:
    """Those of `words` for a meeting's country; None where code knows it from the city."""
    if code is None or (city and places.city_country(city) == code):
        return None
    return words.get(code)


class _Words:
    """The words of one article for codes, as far as a way may write them."""

    def __init__(self, text: str, way: Way) -> None:
        self.text, self._way = text, way
        self._words = party_words(text)

    def name(self, name: str) -> str | None:
        """As printed; None for one that code makes of who meets."""
        courtesy = name.startswith(COURTESY)
        if MADE.match(name) or not (courtesy or name.casefold() in self.text.casefold()):
            return None
        start = self.text.casefold().find(name.casefold())
        return name if courtesy else self.text[start : start + len(name)]

    def party(self, code: str | None) -> str | None:
        """None where there is no party, or none that a narrowed way could write.

        Raises UnteachableError where the article has no words for it. One that we have no code
        for is in the article's words already.
        """
        if code is None or code in self._words or self._way.narrowed:
            return self._words.get(code) if code else None
        if re.search(rf"(?<!\w){re.escape(code)}(?!\w)", self.text):
            return code
        raise UnteachableError("a party is in no words of the article that we know")

    def country(self, code: str | None, city: str | None) -> str | None:
        """None where the article leaves it unsaid, or a way of rows leaves it to code."""
        return country_words(code, city if self._way.rows else None, self._words)


def _meeting(meeting: FlatMeeting, words: _Words) -> dict[str, Any]:
    told = meeting.model_dump(exclude={"date"})
    told["name"] = words.name(meeting.name)
    parties = (words.party(party) for party in meeting.parties)
    told["parties"] = sorted((each for each in parties if each), key=words.text.find)
    told["country"] = words.country(meeting.country, meeting.city)
    for person in told["participants"]:
        person["party"] = words.party(person["party"])
    return told


def _citing(extraction: Extraction) -> Iterator[Any]:
    """Everything that cites sentences: the meetings, and what they list."""
    for meeting in extraction.meetings:
        yield meeting
        yield from (*meeting.participants, *meeting.agenda, *meeting.agreements)
