"""From an EDTF date to the first and the last day that it may mean.

Knows the spellings that summaries use: parts that are unknown (X), doubt (? ~ %) and intervals.
"""

import calendar
import datetime as dt
import re
from typing import NamedTuple

_DATE = re.compile(r"([\dX]{4})(?:-([\dX]{2}))?(?:-([\dX]{2}))?[?~%]?")


class Span(NamedTuple):
    """Both days included; None where the interval is open on that side."""

    first: dt.date | None
    last: dt.date | None


def span(edtf: str | None) -> Span | None:
    """The days that `edtf` may mean: all of March for "2024-03". None where it is no date."""
    if edtf is None:
        return None
    opening, interval, closing = edtf.partition("/")
    first, last = _date(opening), _date(closing if interval else opening)
    if first is None or last is None:
        return None
    return Span(first.first, last.last)


def _date(text: str) -> Span | None:
    if text in ("", ".."):
        return Span(None, None)
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = (part or "XX" for part in found.groups())
    try:
        first = dt.date(max(1, _least(year)), max(1, _least(month)), max(1, _least(day)))
        until = dt.date(_most(year), min(12, _most(month)), 1)
        days = calendar.monthrange(until.year, until.month)[1]
        return Span(first, until.replace(day=min(days, _most(day))))
    except ValueError:  # "2024-13", in a record from elsewhere
        return None


def _least(digits: str) -> int:
    return int(digits.replace("X", "0"))


def _most(digits: str) -> int:
    return int(digits.replace("X", "9"))
