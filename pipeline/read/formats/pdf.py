"""PDF: the text of its pages, with lines joined to paragraphs again.

A PDF knows where each line stands and nothing of paragraphs; so a line goes on in the next one
where no gap, no change of size and no short end parts them. Runs in a process of its own (see
pipeline.read.formats.apart), for PDFs can be hostile.
"""

import io
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from pipeline.errors import ReadError
from pipeline.read.formats.found import Fields
from pipeline.read.limits import MOST_PAGES, check_length

_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?[-–—\s]*", re.IGNORECASE
)
_RUNS_ON = 3  # pages on which a line at the top or bottom is the same, so that it is a header
_GAP = 1.25  # of the usual distance between lines; a new paragraph has more
_SIZE = 1.08  # of the other line's letters; a heading has more
_FULL = 0.85  # of the usual longest line, which a line that goes on nearly fills
_RAGGED = 0.65  # … or, in text that is not justified, comes at least so far without a full stop
_HYPHEN = re.compile(r"(?<=[a-zà-ÿ])-$")
_SENTENCE_END = re.compile(r"[.!?:;。！？][\"'”’»)\]]*$")
_ITEM = re.compile(r"(?:[•○◦●▲■□▶*–—-]|\(?\w{1,3}[.)])\s")


class _Line(NamedTuple):
    """A line as it is printed. `height` is where it stands, 0 where nobody knows."""

    text: str
    height: float
    size: float


class _Look(NamedTuple):
    """What is usual in a document: a long line, the letters' size, the distance of lines."""

    width: int
    size: float
    distance: float


def read_pdf(data: bytes) -> list[Fields]:
    """One article: the text of all pages, and the title where the text has the same words."""
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(data))
    # An empty password opens what is only protected against printing or copying.
    if reader.is_encrypted and not reader.decrypt(""):
        raise ReadError("is protected by a password; save a copy without one")
    if len(reader.pages) > MOST_PAGES:
        raise ReadError(f"has more than {MOST_PAGES:,} pages, which no article has; split it")
    pages: list[list[_Line]] = []
    read = 0
    for page in reader.pages:
        pages.append(_lines(page))
        read += sum(len(line.text) for line in pages[-1])
        check_length(read)
    text = _joined(_without_headers(pages))
    if not text.strip():
        raise ReadError(
            "holds no text, only pictures of it or nothing; run it through text recognition (OCR)"
        )
    title = _title(reader, text)
    return [{"text": _on_one_line(text, title), "title": title}]


def _lines(page: Any) -> list[_Line]:
    """The lines of a page, with where they stand and how large they are printed."""
    pieces: list[tuple[str, float, float]] = []

    def visit(text: str, cm: Any, tm: Any, _font: Any, size: float) -> None:
        if text:
            scale = abs(tm[3] * cm[3]) or 1.0
            pieces.append((text, tm[5] * cm[3] + cm[5], float(size or 0) * scale))

    page.extract_text(visitor_text=visit)
    lines: list[_Line] = []
    text, height, size = "", 0.0, 0.0
    for piece, where, large in [*pieces, ("\n", 0.0, 0.0)]:
        for number, part in enumerate(piece.split("\n")):
            if number:
                lines.append(_Line(" ".join(text.split()), height, size))
                text, height, size = "", 0.0, 0.0
            if part.strip() and not text.strip():
                height, size = where, large
            text += part
    return lines


def _without_headers(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """The pages without page numbers and without what stands on top or bottom of many."""
    trimmed = [_trimmed(page, frozenset()) for page in pages]
    edges = Counter(text for page in trimmed if page for text in {page[0].text, page[-1].text})
    running = frozenset(text for text, times in edges.items() if times >= _RUNS_ON)
    return [_trimmed(page, running) for page in trimmed]


def _trimmed(page: list[_Line], running: frozenset[str]) -> list[_Line]:
    def edge(line: _Line) -> bool:
        return not line.text or line.text in running or bool(_PAGE_NUMBER.fullmatch(line.text))

    start, end = 0, len(page)
    while start < end and edge(page[start]):
        start += 1
    while start < end and edge(page[end - 1]):
        end -= 1
    return page[start:end]


def _joined(pages: Sequence[list[_Line]]) -> str:
    """The pages' text, one line a paragraph."""
    lines = [line for page in pages for line in page]
    filled = [line for line in lines if line.text]
    if not filled:
        return ""
    look = _look(filled)
    parts = [filled[0].text]
    before = lines[0]
    for line in lines[1:]:
        if line.text:
            goes_on = bool(before.text) and _goes_on(before, line, look, first=before is lines[0])
            _add(parts, line.text, goes_on=goes_on)
        before = line
    return "\n".join(parts)


def _look(lines: Sequence[_Line]) -> _Look:
    lengths = sorted(len(line.text) for line in lines)
    distances = [far for one, two in pairwise(lines) if (far := _distance(one, two)) > 0]
    return _Look(
        width=lengths[int(0.9 * (len(lengths) - 1))],
        size=median(line.size for line in lines),
        distance=median(distances) if distances else 0.0,
    )


def _distance(one: _Line, two: _Line) -> float:
    """How far down the page the second line is, in sizes of its letters; below 0 on a new page."""
    return (one.height - two.height) / (two.size or 1.0)


def _add(parts: list[str], text: str, *, goes_on: bool) -> None:
    if not goes_on:
        parts.append(text)
    elif _HYPHEN.search(parts[-1]) and text[0].islower():
        parts[-1] = parts[-1][:-1] + text
    else:
        parts[-1] = f"{parts[-1]} {text}"


def _goes_on(before: _Line, line: _Line, look: _Look, *, first: bool) -> bool:
    """Whether a paragraph that has the line `before` goes on in `line`."""
    resized = bool(before.size and line.size) and not (1 / _SIZE < before.size / line.size < _SIZE)
    distance = _distance(before, line)
    apart = bool(look.distance) and distance > _GAP * look.distance
    if resized or apart or _ITEM.match(line.text):
        return False
    ended = bool(_SENTENCE_END.search(before.text))
    headline = line.size > _SIZE * look.size and distance > 0  # of several lines
    if line.text[0].islower() or headline:
        return line.text[0].islower() or not ended
    if first and len(before.text) < _FULL * look.width:
        return False  # a headline printed like the text
    filled = len(before.text) + 1 + len(line.text.split(maxsplit=1)[0]) > _FULL * look.width
    return filled or (not ended and len(before.text) > _RAGGED * look.width)


def _title(reader: Any, text: str) -> str | None:
    """The title in the file's properties, unless it is not the article's ("Microsoft Word - 3")."""
    try:
        title = reader.metadata.title if reader.metadata else None
    except Exception:  # noqa: BLE001 - damaged properties are no reason to lose the text
        return None
    words = " ".join(str(title or "").split())
    return words if words and _title_pattern(words).search(text, 0, 2_000) else None


def _on_one_line(text: str, title: str | None) -> str:
    """The text with a title that was printed on several lines on one."""
    return _title_pattern(title).sub(lambda _: title, text, count=1) if title else text


def _title_pattern(title: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, title[:500].split()))
    return re.compile(rf"^{words}$", re.MULTILINE | re.IGNORECASE)
