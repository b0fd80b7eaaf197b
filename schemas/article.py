"""An article as it was read: its text, its sentences, and what is known about it.

Offsets everywhere count Unicode code points of `Article.text`.
"""

import datetime as dt
from enum import StrEnum

from schemas.base import Value


class Label(StrEnum):
    """What a sentence is. Only `furniture` stays out of the prompt; nothing is lost."""

    TITLE = "title"
    BODY = "body"
    CAPTION = "caption"
    BYLINE = "byline"
    FURNITURE = "furniture"


class Basis(StrEnum):
    """Where the publication date comes from, best first."""

    GIVEN = "given"  # by the person who runs readout
    METADATA = "metadata"  # front matter, or a field of the JSON line
    PRINTED = "printed"  # a whole date in the article's own furniture
    DATELINE = "dateline"  # "SEOUL, Sept. 28" with a year printed elsewhere
    UNKNOWN = "unknown"


class Publication(Value):
    """The day of publication and how we know it. `date` is None exactly when unknown."""

    date: dt.date | None = None
    basis: Basis = Basis.UNKNOWN


class Sentence(Value):
    """One sentence: `text[start:end]`, numbered from 1 in reading order."""

    number: int
    start: int
    end: int
    label: Label


class Article(Value):
    """One article, decoded and split. `id` is unique in a run and safe as a file name."""

    id: str
    text: str
    sentences: tuple[Sentence, ...]
    published: Publication = Publication()
    title: str | None = None
    source: str | None = None
    url: str | None = None

    @property
    def shown(self) -> tuple[Sentence, ...]:
        """The sentences that a model gets to see: all but the page's furniture."""
        return tuple(s for s in self.sentences if s.label is not Label.FURNITURE)

    def quote(self, sentence: Sentence) -> str:
        """The sentence's words, exactly as the article has them."""
        return self.text[sentence.start : sentence.end]
