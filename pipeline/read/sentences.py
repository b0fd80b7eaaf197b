"""Split a text into sentences with exact offsets: line by line first, then at full stops.

Knows abbreviations, initials, numbering and text wrapped at a fixed width. Does not know what a
sentence is about, nor what kind of line it stands on: `pipeline.labels` decides that.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.read.abbreviations import OPENING_WORDS, full_stop_ends
from pipeline.read.labels import is_credit, label_lines
from schemas.article import Label, Sentence

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_CLOSERS = "\"'”’»)\\]}」』）】》*_"
_OPENERS = "\"'“‘„«(\\[{「『（【《*_"
_BULLETS = "•○◦●▲■□▶*–—\\-"
_STOPS, _WIDE_STOPS = ".!?…।॥؟۔።", "。！？｡"
_STOP = re.compile(f"[{_STOPS}{_WIDE_STOPS}]")  # what _END opens with, found ten times as fast
# A possible end: a stop, what closes after it, then a gap. Scripts that write no gap need none.
_END = re.compile(
    rf"(?:(?P<wide>[{_WIDE_STOPS}]++)[{_CLOSERS}]*+(?!と|って)\s*+"
    rf"|(?P<stop>[{_STOPS}]++)(?P<closed>[{_CLOSERS}]*+)(?:\[\d{{1,3}}\])*+\s++)(?=\S)"
)
_NEXT = re.compile(rf"[{_OPENERS}{_BULLETS}\s]*(?P<word>[^\W_]+)")
_NAME_WITH_ARTICLE = re.compile(r"(?:al|el|ad|an|ar|as|ash|at)-[A-Z]")
_SPEAKS = re.compile(
    r"(?:[A-Z][\w.'’-]*\s+){1,5}(?:said|asked|added|told|replied|wrote|continued)\b"
)
_STARTS_ITEM = re.compile(rf"\s*(?:[{_BULLETS}|#>]|\(?\w{{1,3}}[.)]\s)")

_PAGE_LINES = (Label.FURNITURE, Label.BYLINE)  # "2021. 10. 27." is one thing

# Text wrapped at a fixed width: its longest line, and how many lines go on in lower case.
_WRAPPED_WIDTH = range(50, 101)
_WRAPPED_SHARE = 0.25
_NEARLY_FULL = 0.9


def split(text: str) -> tuple[Sentence, ...]:
    """Sentences of `text` in reading order, numbered from 1, with labels.

    Offsets are code points. `text[start:end]` has no white space around it, sentences never
    overlap, and every character that is not white space belongs to exactly one. A sentence holds
    a line break only where the text is wrapped at a fixed width.
    """
    blocks = _blocks(text)
    labels = label_lines([" ".join(text[start:end].split()) for start, end in blocks])
    found: list[Sentence] = []
    for (block_start, block_end), label in zip(blocks, labels, strict=True):
        prose = label not in _PAGE_LINES
        for start, end in _spans(text, block_start, block_end, prose=prose):
            # A lone "(Agency)" after a paragraph's last full stop is no part of what it says.
            credit = label in (Label.BODY, Label.CAPTION) and is_credit(text[start:end])
            found.append(
                Sentence(
                    number=len(found) + 1,
                    start=start,
                    end=end,
                    label=Label.FURNITURE if credit else label,
                )
            )
    return tuple(found)


def _blocks(text: str) -> list[tuple[int, int]]:
    """Spans of the lines that hold anything; of whole paragraphs where lines are wrapped."""
    lines = [match.span() for match in _LINE.finditer(text) if not match.group().isspace()]
    width = _wrapped_at(text, lines)
    if width is None:
        return lines
    blocks = lines[:1]
    for (before_start, before_end), (start, end) in pairwise(lines):
        word = text[start:end].split(maxsplit=1)[0]
        filled = before_end - before_start + 1 + len(word) > _NEARLY_FULL * width
        goes_on = start - before_end == 1 and not _STARTS_ITEM.match(text, start, end)
        if goes_on and (filled or word[0].islower()):
            blocks[-1] = (blocks[-1][0], end)
        else:
            blocks.append((start, end))
    return blocks


def _wrapped_at(text: str, lines: Sequence[tuple[int, int]]) -> int | None:
    """Return the width at which lines are broken; None where each line is a paragraph."""
    width = max((end - start for start, end in lines), default=0)
    if len(lines) < 3 or width not in _WRAPPED_WIDTH:
        return None
    going_on = sum(text[start:end].lstrip()[0].islower() for start, end in lines)
    return width if going_on >= _WRAPPED_SHARE * len(lines) else None


def _spans(text: str, start: int, stop: int, *, prose: bool) -> Iterator[tuple[int, int]]:
    """Half-open spans of the sentences in `text[start:stop]`; one span where it is no prose."""
    while text[start].isspace():
        start += 1
    while text[stop - 1].isspace():
        stop -= 1
    for match in _possible_ends(text, start, stop) if prose else ():
        if match["wide"] or _ends(text, start, stop, match):
            end = match.end()
            yield start, start + len(text[start:end].rstrip())
            start = end
    yield start, stop


def _possible_ends(text: str, start: int, stop: int) -> Iterator[re.Match[str]]:
    for mark in _STOP.finditer(text, start, stop):
        if mark.start() >= start and (match := _END.match(text, mark.start(), stop)):
            start = match.end()
            yield match


def _ends(text: str, start: int, stop: int, match: re.Match[str]) -> bool:
    """Whether a stop, its closing marks and a gap end the sentence that began at `start`."""
    following = _NEXT.match(text, match.end(), stop)
    if following is None:
        return False
    word, at = following["word"], following.start("word")
    if text[at].islower() and not _NAME_WITH_ARTICLE.match(text, at):
        return False
    mark = match["stop"]
    if mark == ".":
        return full_stop_ends(text, start, match.start(), word)
    if match["closed"]:  # "Why?" Kim asked
        return not _SPEAKS.match(text, match.end())
    return word in OPENING_WORDS if mark.strip(".…") == "" else True
