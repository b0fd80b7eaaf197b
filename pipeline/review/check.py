"""Whether the article says what a reviewer says that it says, and where.

Offsets are code points of the article's text. Knows one article; knows no decisions.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.distil import Sources
from pipeline.review import forms
from pipeline.review.refused import RefusedError
from schemas.article import Article, Label, Sentence
from schemas.decision import Json, Kind, Span
from schemas.summary import Quote, State

_BEST_FIRST = tuple(State)
# As the form calls them, where that is not the field's name.
_CALLED = {"topic": "subject", "text": "agreement", "date_text": "words for the date"}
_ALIKE = ("'’‘", '"“”', "-–—‑−")  # what a value and an article may print differently
_SAME = {char: f"[{re.escape(chars)}]" for chars in _ALIKE for char in chars}


class Mark(NamedTuple):
    """Where a value stands: `text[start:end]`."""

    start: int
    end: int


def spans(article: Article, drawn: Iterable[Mark]) -> tuple[Span, ...]:
    """What was drawn over the text, cut into a span a sentence, without blanks at its ends.

    Raises RefusedError where it lies outside the text, or on nothing but blanks.
    """
    found: set[tuple[int, int, int]] = set()
    for start, end in drawn:
        if not 0 <= start < end <= len(article.text):
            raise RefusedError(
                "invalid_span", "The evidence lies outside the article; draw it over the text."
            )
        parts = [_within(article.text, s, start, end) for s in article.sentences]
        cut = [part for part in parts if part]
        if not cut:
            raise RefusedError(
                "invalid_span", "The evidence holds no words; draw it over a sentence."
            )
        found.update(cut)
    return tuple(Span(sentence=n, start=start, end=end) for start, end, n in sorted(found))


def _within(text: str, sentence: Sentence, start: int, end: int) -> tuple[int, int, int] | None:
    first, last = max(start, sentence.start), min(end, sentence.end)
    part = text[first:last] if first < last else ""
    if not part.strip():
        return None
    first += len(part) - len(part.lstrip())
    return first, first + len(part.strip()), sentence.number


def quotes(article: Article, found: Iterable[Span]) -> tuple[Quote, ...]:
    """The spans with their words."""
    return tuple(
        Quote(sentence=s.sentence, start=s.start, end=s.end, quote=article.text[s.start : s.end])
        for s in found
    )


def state(
    article: Article, kind: Kind, value: Mapping[str, Json], cited: Sequence[Span]
) -> State | None:
    """How well the spans carry the value: the worst of its fields. None where no words must stand.

    A meeting's name may be a description, so that it only has to cite something.
    """
    said = forms.said(kind, value)
    if not said:
        uncited = kind is Kind.MEETING and not cited
        return State.NOT_FOUND if uncited else None
    return max((_one(article, words, cited) for words in said.values()), key=_BEST_FIRST.index)


def require(article: Article, kind: Kind, value: Mapping[str, Json], cited: Sequence[Span]) -> None:
    """Raise RefusedError where a field's words don't stand in the spans, saying where they do."""
    for field, words in forms.said(kind, value).items():
        found = _one(article, words, cited)
        if found in (State.CITED_ONLY, State.NOT_FOUND):
            stands = Sources(article).tie(words, ()).quotes
            where = ", ".join(f"[{quote.sentence}]" for quote in stands)
            raise RefusedError(
                "not_in_evidence",
                f"The evidence does not contain the {_CALLED.get(field, field)}"
                + (f"; {where} does." if where else ", nor does the rest of the article.")
                + " Correct one of them, or save it as it is.",
                {
                    "field": field,
                    "state": found,
                    "sentences": [quote.sentence for quote in stands],
                },
            )


def marks(
    article: Article, kind: Kind, value: Mapping[str, Json], cited: Sequence[Span]
) -> tuple[Mark, ...]:
    """Where in each span the words that it must contain stand, case, blanks and quotes aside."""
    found: set[Mark] = set()
    for words in forms.said(kind, value).values():
        for span in cited:
            found.update(_stands(words, article.text, span))
    return tuple(sorted(found))


def uncited(article: Article, cited: Iterable[Span]) -> int:
    """How many sentences of the article's body nothing cites."""
    numbers = {span.sentence for span in cited}
    body = (s for s in article.sentences if s.label is Label.BODY)
    return sum(sentence.number not in numbers for sentence in body)


def _one(article: Article, words: str, cited: Sequence[Span]) -> State:
    """The spans stand for the sentences, so that one half of a sentence does not vouch for both."""
    only = tuple(
        Sentence(number=number, start=span.start, end=span.end, label=Label.BODY)
        for number, span in enumerate(cited, start=1)
    )
    narrowed = Sources(article.model_copy(update={"sentences": only}))
    found = narrowed.tie(words, range(1, len(only) + 1)).state if only else State.NOT_FOUND
    if found is not State.NOT_FOUND:
        return found
    return State.CITED_ONLY if Sources(article).contains(words) else State.NOT_FOUND


def _stands(words: str, text: str, span: Span) -> list[Mark]:
    """To the letter, or else loosely: a pattern takes a millisecond to make."""
    first = text.find(words, span.start, span.end)
    if first >= 0:
        return [Mark(first, first + len(words))]
    return [Mark(*each.span()) for each in _loose(words).finditer(text, span.start, span.end)]


def _loose(words: str) -> re.Pattern[str]:
    tokens = ("".join(_SAME.get(c, re.escape(c)) for c in token) for token in words.split())
    return re.compile(r"\s+".join(tokens), re.IGNORECASE)
