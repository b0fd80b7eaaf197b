"""Every request that one article may need: the whole, or its parts, with more room if asked.

A part is a run of sentences, cut where a paragraph ends; headlines go with each part, and
sentences keep their numbers. Knows lengths; knows nothing of replies.
"""

import functools
from itertools import pairwise
from typing import NamedTuple

from pipeline.compose.language import is_english
from pipeline.compose.request import compose
from schemas.article import Article, Label, Sentence
from schemas.exchange import Request
from schemas.way import Way

# UTF-8 bytes in a token, on the safe side: English has more, and a Korean letter is one token.
_BYTES = 3


class Part(NamedTuple):
    """Sentences `first` to `last` of an article, both included, by number."""

    first: int
    last: int


class Plan:
    """The requests about one article. Each is composed once, however often it is looked at."""

    def __init__(self, article: Article, way: Way) -> None:
        self._article, self._way = article, way
        self._told = article.shown
        self._requests: dict[tuple[Part, int | None], Request] = {}

    @functools.cached_property
    def english(self) -> bool:
        """Whether the article is in English; a text too short to tell is taken for it."""
        return is_english(self._article.quote(sentence) for sentence in self._told)

    @functools.cached_property
    def parts(self) -> tuple[Part, ...]:
        """The whole article, or the parts that fit the way one by one, in reading order."""
        if not self._told:
            return (Part(0, 0),)
        return tuple(self._fitting(Part(self._told[0].number, self._told[-1].number)))

    def request(self, part: Part, *, roomy: bool = False) -> Request:
        """The request about `part`; a `roomy` one leaves the answer `way.retry_tokens`."""
        return self._composed(part, self._way.retry_tokens if roomy else None)

    def halves(self, part: Part) -> tuple[Part, ...]:
        """`part` cut in two where the paragraph nearest its middle ends; () if one sentence."""
        inside = self._inside(part)
        if len(inside) < 2:
            return ()
        middle = (inside[0].start + inside[-1].end) / 2
        after = [two for one, two in pairwise(inside) if self._parts(one, two)] or inside[1:]
        second = min(after, key=lambda sentence: abs(sentence.start - middle))
        last = inside[inside.index(second) - 1]
        return Part(inside[0].number, last.number), Part(second.number, inside[-1].number)

    def _composed(self, part: Part, room: int | None) -> Request:
        if (part, room) not in self._requests:
            shown = [*self._headlines(part), *self._inside(part)]
            self._requests[part, room] = compose(self._article, self._way, shown, room)
        return self._requests[part, room]

    def _fitting(self, part: Part) -> list[Part]:
        most = self._way.longest
        size = sum(len(self._article.quote(s).encode("utf-8")) for s in self._inside(part))
        halves = self.halves(part) if most is not None and size > most * _BYTES else ()
        return [each for half in halves for each in self._fitting(half)] or [part]

    def _inside(self, part: Part) -> list[Sentence]:
        return [s for s in self._told if part.first <= s.number <= part.last]

    def _headlines(self, part: Part) -> list[Sentence]:
        return [s for s in self._told if s.label is Label.TITLE and s.number < part.first]

    def _parts(self, one: Sentence, two: Sentence) -> bool:
        """Whether a paragraph ends between two sentences: `two` opens a line."""
        between = self._article.text[one.end : two.start]  # furniture, perhaps, and blanks
        return "\n" in between[len(between.rstrip()) :]
