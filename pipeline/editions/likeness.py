"""What is remembered of an article so that another edition of its story is recognised.

A fingerprint takes about a kilobyte, however long the article is. Knows two articles at most;
does not say which of them replaces which.
"""

import base64
import datetime as dt
import hashlib
import json
import re
import zlib
from array import array
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.editions.marks import Rank, rank, without_marks
from schemas.article import Article, Label

_SHINGLE = 5  # words
_SKETCH = 96  # shingles kept of a body: those with the smallest hashes
_KEYS = 12  # of them, by which a fingerprint is found
_OPENING = 30  # shingles of the lead, which is all that a flash has …
_OPENING_KEYS = 8  # … so some of them are keys too
_HEADLINE = 16  # words
_DATELINE = 200  # code points in which an agency names itself

_ALIKE = 0.5  # of the shorter body's shingles that the longer one has
_ALIKE_UNDER_ONE_HEADLINE = 0.35
_FEWEST = 4  # shingles in common; fewer may be a phrase
_APART = dt.timedelta(days=2)
_NAME = r"([A-Z][\w .&'-]{1,30})"
_AGENCY = re.compile(rf"[(\[]{_NAME}[)\]]\s*(?:--|–|—|-|:)|/{_NAME}/\.")


class Fingerprint(NamedTuple):
    """`sketch` and `headline` are sorted hashes; `text` is a hash of all that a model is shown.

    `packed` and `unpacked` turn it into a line of text and back, for whoever keeps it.
    """

    id: str
    rank: Rank
    published: dt.date | None
    agencies: tuple[str | None, str | None]  # by its dateline, by its source
    text: bytes
    headline: "array[int]"
    sketch: "array[int]"
    opening: "array[int]"  # in reading order

    @property
    def kept(self) -> set[int]:
        """The few shingles under which it is kept."""
        return {*_smallest(self.opening, _OPENING_KEYS), *self.sketch[:_KEYS]}

    @property
    def sought(self) -> set[int]:
        """The many by which other editions of the story are found."""
        return {*self.opening, *self.sketch}

    def packed(self) -> str:
        """The fingerprint as one line of JSON."""
        hashes = (self.headline, self.sketch, self.opening)
        return json.dumps(
            [
                *(self.id, self.rank, self.published and self.published.isoformat()),
                *(self.agencies, self.text.hex(), [_written(each) for each in hashes]),
            ]
        )


def unpacked(line: str) -> Fingerprint:
    """The fingerprint that was packed. Raises ValueError where it is none."""
    try:
        name, order, day, agencies, text, (headline, sketch, opening) = json.loads(line)
        return Fingerprint(
            id=str(name),
            rank=Rank(*order),
            published=day and dt.date.fromisoformat(day),
            agencies=(agencies[0], agencies[1]),
            text=bytes.fromhex(text),
            headline=_read(headline),
            sketch=_read(sketch),
            opening=_read(opening),
        )
    except (TypeError, IndexError) as error:
        raise ValueError("this is no fingerprint") from error


def fingerprint(article: Article) -> Fingerprint:
    """An article's fingerprint."""
    shown = article.shown
    titles = [without_marks(article.quote(s)) for s in shown if s.label is Label.TITLE]
    body = " ".join(article.quote(s) for s in shown if s.label is Label.BODY)
    shingles = _shingles(body)
    return Fingerprint(
        id=article.id,
        rank=rank(article.text),
        published=article.published.date,
        agencies=(_agency(body), article.source),
        text=_digest(f"{s.label} {' '.join(article.quote(s).split())}" for s in shown),
        headline=_smallest(
            (_hash(word) for word in re.findall(r"\w{3,}", " ".join(titles).casefold())), _HEADLINE
        ),
        sketch=_smallest(shingles, _SKETCH),
        opening=array("I", shingles[:_OPENING]),
    )


def near(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether their days of publication, as far as known, allow them to be one story."""
    if one.published is None or other.published is None:
        return True
    return abs(one.published - other.published) <= _APART


def likeness(one: Fingerprint, other: Fingerprint) -> float:
    """How much of the shorter body the longer one has, 0 to 1; 0 where they are two stories."""
    if any(map(_differ, one.agencies, other.agencies)):
        return 0.0
    # Below the lower end of two full sketches, both have every shingle of their bodies.
    end = min((s.sketch[-1] for s in (one, other) if len(s.sketch) == _SKETCH), default=None)
    mine, theirs = (
        {shingle for shingle in each.sketch if end is None or shingle <= end}
        for each in (one, other)
    )
    common = len(mine & theirs)
    if common < _FEWEST:
        return 0.0
    share = common / min(len(mine), len(theirs))
    needed = _ALIKE_UNDER_ONE_HEADLINE if _one_headline(one, other) else _ALIKE
    return share if share >= needed else 0.0


def _one_headline(one: Fingerprint, other: Fingerprint) -> bool:
    mine, theirs = set(one.headline), set(other.headline)
    shorter = min(len(mine), len(theirs))
    return shorter >= 3 and 2 * len(mine & theirs) >= shorter


def _differ(mine: str | None, theirs: str | None) -> bool:
    """Whether two names are known and of two agencies; "Reuters" is of "Thomson Reuters"."""
    if mine is None or theirs is None:
        return False
    one, other = set(mine.casefold().split()), set(theirs.casefold().split())
    return not (one <= other or other <= one)


def _agency(body: str) -> str | None:
    found = _AGENCY.search(body, 0, _DATELINE)
    return found[found.lastindex or 1].strip() if found else None


def _shingles(text: str) -> list[int]:
    words = re.findall(r"\w+", text.casefold())
    runs = zip(*(words[start:] for start in range(_SHINGLE)), strict=False)
    return [_hash(" ".join(run)) for run in runs]


def _hash(words: str) -> int:
    return zlib.crc32(words.encode("utf-8", "replace"))  # the same in every process, and quick


def _smallest(hashes: Iterable[int], count: int) -> "array[int]":
    return array("I", sorted(set(hashes))[:count])


def _written(hashes: "array[int]") -> str:
    return base64.b64encode(hashes.tobytes()).decode()


def _read(written: str) -> "array[int]":
    hashes = array("I")
    hashes.frombytes(base64.b64decode(written))
    return hashes


def _digest(parts: Iterable[str]) -> bytes:
    text = "\n".join(parts).encode("utf-8", "replace")
    return hashlib.blake2b(text, digest_size=16).digest()
