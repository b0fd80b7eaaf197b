"""Whole dates as pages write them: day, month and year, in every order that is clear.

Knows numbers and English months; not which line of a page speaks about the article.
"""

import datetime as dt
import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Patterns with a place for the name of their group.
MONTH = r"(?i:(?P<{0}>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{{0,6}}\.?)"
DAY = r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)?"
YEAR = r"(?P<{0}>(?:19|20)\d\d)"
_SOME_YEAR = re.compile(r"(?:19|20)\d\d")  # without one, no pattern below is worth a try
_WHOLE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{YEAR.format('y')}\s*[-./年년]\s*(?P<n>\d{{1,2}})\s*[-./月월]\s*(?P<d>\d{{1,2}})(?!\d)",
        rf"\b{YEAR.format('y')}(?P<n>\d\d)(?P<d>\d\d)(?=T|\b)",
        rf"\b{MONTH.format('m')} {DAY.format('d')},? {YEAR.format('y')}\b",
        rf"\b{DAY.format('d')}[. -](?:day )?(?:of )?{MONTH.format('m')},?[ -]{YEAR.format('y')}\b",
        rf"\b(?P<d>\d{{1,2}})\.(?P<n>\d{{1,2}})\.{YEAR.format('y')}\b",
        rf"\b(?P<first>\d{{1,2}})[/-](?P<second>\d{{1,2}})[/-]{YEAR.format('y')}\b",
    )
)


def whole_date(text: str) -> dt.date | None:
    """Return the text's first whole date; None where day, month or year is missing or unclear."""
    for pattern in _WHOLE if _SOME_YEAR.search(text) else ():
        for match in pattern.finditer(text):
            if date := _built(match.groupdict()):
                return date
    return None


def without_dates(text: str) -> str:
    """The text with a space for every whole date."""
    for pattern in _WHOLE:
        text = pattern.sub(" ", text)
    return text


def month_number(name: str) -> int:
    """From 1; the first three letters of an English month decide."""
    return _MONTHS.index(name[:3].lower()) + 1


def date_of(year: int, month: int, day: int) -> dt.date | None:
    """The date; None where no such day exists."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _built(parts: dict[str, str | None]) -> dt.date | None:
    """Build a date from a match; None if no such day exists, or day and month could be swapped."""
    if parts.get("first"):
        first, second = int(parts["first"] or 0), int(parts["second"] or 0)
        if first <= 12 and second <= 12 and first != second:
            return None
        day, month = (first, second) if first > 12 else (second, first)
    else:
        day = int(parts["d"] or 0)
        name = parts.get("m")
        month = month_number(name) if name else int(parts["n"] or 0)
    return date_of(int(parts["y"] or 0), month, day)
