"""Ties values to the sentences that say them, and says honestly how well they do.

Knows one article's sentences; knows neither the model nor what the values mean.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from schemas.article import Article, Label, Sentence
from schemas.summary import Evidence, Quote, State

_LEVEL = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "−": "-", "\u00a0": " "}
)
_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
# Words that carry no fact: a value composed of the rest still says the same.
_LIGHT = frozenset(
    "a an the of in on at to for and or with by from as into between among its their his her "
    "between is are was were be been that this these those it they both other".split()
)


class _Line:
    """One sentence, levelled and taken apart when that is first asked for."""

    def __init__(self, article: Article, sentence: Sentence) -> None:
        self.sentence = sentence
        self.text = article.quote(sentence)

    @cached_property
    def level(self) -> str:
        return level(self.text)

    @cached_property
    def content(self) -> frozenset[str]:
        return _content(self.level)

    @cached_property
    def quote(self) -> Quote:
        s = self.sentence
        return Quote(sentence=s.number, start=s.start, end=s.end, quote=self.text)


# Letters of scripts that part their words; Thai, Chinese and Korean begin beyond them.
_LETTERS = re.compile(r"[^\W_\u0e00-\U0010ffff]+")
_PLURAL = ("", "s", "es")


class Sources:
    """The sentences of one article, for all its values."""

    def __init__(self, article: Article) -> None:
        self._lines = {s.number: _Line(article, s) for s in article.sentences}
        # A caption repeats what the body says better, so it is searched last.
        order = sorted(article.shown, key=lambda s: s.label is not Label.BODY)
        self._order = [s.number for s in order]

    def known(self, numbers: Iterable[int]) -> tuple[int, ...]:
        """Those of `numbers` that are sentences of this article, each once, in order."""
        return tuple(sorted({n for n in numbers if n in self._lines}))

    def tie(self, value: str, cited: Sequence[int], near: Sequence[int] = ()) -> Evidence:
        """The evidence for `value`: from the cited sentences, else found by code.

        `near` are sentences of the same meeting: where code must choose, the nearest wins.
        """
        numbers = self.known(cited)
        if numbers:
            state, used = self._stands_in(value, numbers)
            if state is None:
                elsewhere, _ = self._search(value, numbers)
                state = State.NOT_FOUND if elsewhere is State.NOT_FOUND else State.CITED_ONLY
                used = numbers
            return Evidence(state=state, quotes=self.quotes(used), cited_by="model")
        state, used = self._search(value, near)
        return Evidence(state=state, quotes=self.quotes(used), cited_by="code")

    def verbatim(self, value: str, cited: Sequence[int], near: Sequence[int]) -> Evidence | None:
        """As `tie`, but only where a sentence has the value itself; composing is not tried."""
        numbers = self.known(cited)
        state, used = self._holding(value, numbers or self._nearest_first(near))
        if state is None:
            return None
        if numbers:
            return Evidence(state=state, quotes=self.quotes(used), cited_by="model")
        return Evidence(state=state, quotes=self.quotes(used[:1]), cited_by="code")

    def quotes(self, numbers: Iterable[int]) -> tuple[Quote, ...]:
        """The sentences themselves, with their offsets in code points."""
        return tuple(self._lines[n].quote for n in sorted(set(numbers)))

    def contains(self, value: str) -> bool:
        """Whether some sentence, or all together, hold the value's words."""
        return self._search(value, ())[0] is not State.NOT_FOUND

    def _search(self, value: str, near: Sequence[int]) -> tuple[State, tuple[int, ...]]:
        """The best single sentence, else the smallest run of sentences that compose the value."""
        order = self._nearest_first(near)
        state, used = self._holding(value, order)
        if state is not None:
            return state, used[:1]
        wanted = content(value)
        if not wanted:
            return State.NOT_FOUND, ()
        # A sentence without any of the words, not even within others, cannot help.
        order = [n for n in order if any(word in self._lines[n].level for word in wanted)]
        for n in order:
            if wanted <= self._lines[n].content:
                return State.COMPOSED, (n,)
        return self._composed(wanted, order)

    def _composed(self, wanted: frozenset[str], order: list[int]) -> tuple[State, tuple[int, ...]]:
        """At most three sentences that hold all the words between them."""
        used: list[int] = []
        missing = set(wanted)
        while missing and len(used) < 3:
            best = max(order, key=lambda n: len(missing & self._lines[n].content), default=None)
            if best is None or not missing & self._lines[best].content:
                break
            used.append(best)
            missing -= self._lines[best].content
        return (State.NOT_FOUND, ()) if missing else (State.COMPOSED, tuple(used))

    def _holding(self, value: str, numbers: Sequence[int]) -> tuple[State | None, tuple[int, ...]]:
        """Those of `numbers` that have the value itself, to the letter or else levelled."""
        if not any(map(str.isalnum, value)):
            return None, ()  # a blank or a dash stands everywhere and says nothing
        exact = tuple(n for n in numbers if _stands(value, self._lines[n].text))
        if exact:
            return State.EXACT, exact
        levelled = level(value)
        normalised = tuple(n for n in numbers if _stands(levelled, self._lines[n].level))
        return (State.NORMALISED, normalised) if normalised else (None, ())

    def _stands_in(
        self, value: str, numbers: tuple[int, ...]
    ) -> tuple[State | None, tuple[int, ...]]:
        state, used = self._holding(value, numbers)
        if state is not None:
            return state, used
        wanted = content(value)
        if wanted and wanted <= frozenset().union(*(self._lines[n].content for n in numbers)):
            return State.COMPOSED, numbers
        return None, ()

    def _nearest_first(self, near: Sequence[int]) -> list[int]:
        if not near:
            return self._order
        return sorted(self._order, key=lambda n: min(abs(n - m) for m in near))


def _stands(value: str, text: str) -> bool:
    """Whether `text` has `value` in whole words: "Lee" is not in "Leeds", but in "Lees" it is."""
    start = text.find(value)
    while start >= 0:
        end = start + len(value)
        rest = _LETTERS.match(text, end)
        follows = rest[0] if rest and value[-1].isalnum() else ""
        before = text[start - 1 : start] if value[0].isalnum() else ""
        if not _LETTERS.match(before) and follows in _PLURAL:
            return True
        start = text.find(value, start + 1)
    return False


def level(text: str) -> str:
    """Case, blanks, quotes and dashes levelled: what "normalised" compares."""
    if not text.isascii():  # translating is the dear part, and ASCII has nothing to translate
        text = text.translate(_LEVEL)
    return " ".join(text.casefold().split())


def content(text: str) -> frozenset[str]:
    """The words of a text that carry a fact, levelled; a possessive counts as its owner."""
    return _content(level(text))


def _content(levelled: str) -> frozenset[str]:
    return frozenset(word.removesuffix("'s") for word in _WORD.findall(levelled)) - _LIGHT
