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


_Lines = list[_Line]

# Letters of scripts that part their words; Thai, Chinese and Korean begin beyond them.
_LETTERS = re.compile(r"[^\W_\u0e00-\U0010ffff]+")
_PLURAL = ("", "s", "es")


class Sources:
    """The sentences of one article, for all its values."""

    def __init__(self, article: Article) -> None:
        self._lines = {s.number: _Line(article, s) for s in article.sentences}
        # A caption repeats what the body says better, so it is searched last.
        order = sorted(article.shown, key=lambda s: s.label is not Label.BODY)
        self._order = self._numbered(s.number for s in order)

    def known(self, numbers: Iterable[int]) -> tuple[int, ...]:
        """Those of `numbers` that are sentences of this article, each once, in order."""
        return tuple(sorted({n for n in numbers if n in self._lines}))

    def tie(self, value: str, cited: Sequence[int], near: Sequence[int] = ()) -> Evidence:
        """The evidence for `value`: from the cited sentences, else found by code.

        `near` are sentences of the same meeting: where code must choose, the nearest wins.
        """
        lines = self._numbered(self.known(cited))
        if lines:
            state, used = _stands_in(value, lines)
            if state is None:
                elsewhere, _ = self._search(value, self._order)
                state = State.NOT_FOUND if elsewhere is State.NOT_FOUND else State.CITED_ONLY
                used = lines
            return Evidence(state=state, quotes=_quotes(used), cited_by="model")
        state, used = self._search(value, self._nearest_first(near))
        return Evidence(state=state, quotes=_quotes(used), cited_by="code")

    def verbatim(self, value: str, cited: Sequence[int], near: Sequence[int]) -> Evidence | None:
        """As `tie`, but only where a sentence has the value itself; composing is not tried."""
        lines = self._numbered(self.known(cited))
        state, used = _holding(value, lines or self._nearest_first(near))
        if state is None:
            return None
        if lines:
            return Evidence(state=state, quotes=_quotes(used), cited_by="model")
        return Evidence(state=state, quotes=_quotes(used[:1]), cited_by="code")

    def quotes(self, numbers: Iterable[int]) -> tuple[Quote, ...]:
        """The sentences themselves, with their offsets in code points."""
        return _quotes(self._numbered(set(numbers)))

    def contains(self, value: str) -> bool:
        """Whether some sentence, or all together, hold the value's words."""
        return self._search(value, self._order)[0] is not State.NOT_FOUND

    def _search(self, value: str, lines: _Lines) -> tuple[State, _Lines]:
        """The best single sentence, else the smallest run of sentences that compose the value."""
        state, used = _holding(value, lines)
        if state is not None:
            return state, used[:1]
        wanted = content(value)
        # A sentence without any of the words, not even within others, cannot help.
        lines = [line for line in lines if any(word in line.level for word in wanted)]
        for line in lines:
            if wanted <= line.content:
                return State.COMPOSED, [line]
        return _composed(wanted, lines)

    def _nearest_first(self, near: Sequence[int]) -> _Lines:
        if not near:
            return self._order
        return sorted(
            self._order, key=lambda line: min(abs(line.sentence.number - m) for m in near)
        )

    def _numbered(self, numbers: Iterable[int]) -> _Lines:
        return [self._lines[n] for n in numbers]


def _quotes(lines: _Lines) -> tuple[Quote, ...]:
    return tuple(sorted((line.quote for line in lines), key=lambda quote: quote.start))


def _composed(wanted: frozenset[str], lines: _Lines) -> tuple[State, _Lines]:
    """At most three sentences that hold all the words between them."""
    used: list[_Line] = []
    missing = set(wanted)
    while missing and len(used) < 3:
        best = max(lines, key=lambda line: len(missing & line.content), default=None)
        if best is None or not missing & best.content:
            break
        used.append(best)
        missing -= best.content
    return (State.NOT_FOUND, []) if missing or not used else (State.COMPOSED, used)


def _holding(value: str, lines: _Lines) -> tuple[State | None, _Lines]:
    """Those of `lines` that have the value itself, to the letter or else levelled."""
    if not any(map(str.isalnum, value)):
        return None, []  # a blank or a dash stands everywhere and says nothing
    exact = [line for line in lines if value in line.text and _stands(value, line.text)]
    if exact:
        return State.EXACT, exact
    levelled = level(value)
    found = [line for line in lines if levelled in line.level and _stands(levelled, line.level)]
    return (State.NORMALISED, found) if found else (None, [])


def _stands_in(value: str, lines: _Lines) -> tuple[State | None, _Lines]:
    state, used = _holding(value, lines)
    if state is not None:
        return state, used
    wanted = content(value)
    if wanted and wanted <= frozenset().union(*(line.content for line in lines)):
        return State.COMPOSED, lines
    return None, []


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
