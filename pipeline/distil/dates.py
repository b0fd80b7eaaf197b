"""The article's words for when, as an EDTF date, from the day of publication.

A table of phrases, not a general parser: the first rule that knows the words decides. What it
does not know: the rest of the article. The caller brings the publication date, the meeting's
status for the direction of the tense, and the governing day for "later in the day".
"""

import datetime as dt
import re
from collections.abc import Sequence

from pipeline.distil.calendar_words import YEAR, Frame, level
from pipeline.distil.day_phrases import DAY_RULES
from pipeline.distil.period_phrases import PERIOD_RULES
from schemas.extraction import Status
from schemas.summary import DateBasis

_RULES = (*DAY_RULES, *PERIOD_RULES)
_PART = re.compile(r"(?:morning|noon|afternoon|evening|night|day|week|month|year)")
_WHICH = (
    r"(?:(?:early|late) )?(?:this|the same|same|the next|next|last|yesterday|tomorrow"
    r"|mon|tues|wednes|thurs|fri|satur|sun)(?:day)?"
)
_WRITTEN = re.compile(rf"{YEAR}|\b(?:19|20)\d0s\b")


def whole(words: str | None, sentences: Sequence[str]) -> str | None:
    """`words`, with what says which: "this morning" for a "morning" that stands nowhere else."""
    if words is None or not _PART.fullmatch(words):
        return words
    told = [match for s in sentences for match in re.finditer(rf"\b{words}\b", s)]
    longer = [re.search(rf"\b{_WHICH} {words}$", m.string[: m.end()], re.IGNORECASE) for m in told]
    spellings = {match.group() for match in longer if match}
    return spellings.pop() if None not in longer and len(spellings) == 1 else words


def resolve(
    words: str | None, published: dt.date | None, status: Status, anchor: str | None = None
) -> tuple[str | None, DateBasis]:
    """The EDTF date that `words` mean, as precise as they are, and how it was found.

    `anchor` is the EDTF date of the governing day, for "the same day" or "after the talks".
    Never a reversed interval or an impossible day: those are unresolved.
    """
    if words is None or not words.strip():
        return None, DateBasis.NONE
    frame = Frame(level(words), published, status in (Status.HELD, Status.ONGOING), anchor)
    try:
        found = next((date for rule in _RULES if (date := rule(frame)) is not None), None)
    except (ValueError, OverflowError):  # open, impossible or reversed
        found = None
    if found is None:
        return None, DateBasis.UNRESOLVED
    written = _WRITTEN.search(frame.text)
    return found, DateBasis.WRITTEN if written else DateBasis.RESOLVED
