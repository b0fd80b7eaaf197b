"""Find the day an article was published, and say how we know it.

Reads only lines that speak about the article itself: date lines, datelines, captions. A date in
the body is something the article reports (a conference next year), so it never counts. Does not
guess a year: where none is printed, the day stays unknown.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from pipeline.read.labels import words_around_date
from schemas.article import Basis, Label, Publication, Sentence

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?i:(?P<{0}>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{{0,6}}\.?)"
_DAY = r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)?"
_YEAR = r"(?P<{0}>(?:19|20)\d\d)"
_WHOLE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_YEAR.format('y')}\s*[-./年년]\s*(?P<n>\d{{1,2}})\s*[-./月월]\s*(?P<d>\d{{1,2}})(?!\d)",
        rf"\b{_YEAR.format('y')}(?P<n>\d\d)(?P<d>\d\d)(?=T|\b)",
        rf"\b{_MONTH.format('m')} {_DAY.format('d')},? {_YEAR.format('y')}\b",
        rf"\b{_DAY.format('d')}[. -](?:of )?{_MONTH.format('m')},?[ -]{_YEAR.format('y')}\b",
        rf"\b(?P<d>\d{{1,2}})\.(?P<n>\d{{1,2}})\.{_YEAR.format('y')}\b",
        rf"\b(?P<first>\d{{1,2}})[/-](?P<second>\d{{1,2}})[/-]{_YEAR.format('y')}\b",
    )
)
_DATELINE = re.compile(
    r"(?P<place>[A-Z][^\W\d_][\w .,'’\[\]/-]{0,50}?),? "
    rf"(?:{_MONTH.format('m1')} {_DAY.format('d1')}|{_DAY.format('d2')} {_MONTH.format('m2')})"
    rf"(?:,? {_YEAR.format('y')})?[.,]?"
    r"\s*(?P<agency>[(/\[][\w .&'-]{2,40}[)/\]]\.?)?\s*(?:--|–|—|-|:|(?<=[./])\s)"
)
_DATE_IN_BRACKETS = re.compile(r"[A-Z][A-Z .,'-]+ ?\(([^()]{3,60})\)")  # "ROME (X - 2 May, 2020)"
_SAYS_PUBLISHED = re.compile(r"\b(?:published|posted|released?|issued|date|input)\b", re.IGNORECASE)
_SAYS_UPDATED = re.compile(r"\b(?:updated|modified|revised)\b", re.IGNORECASE)
_OLD_PICTURE = re.compile(r"\b(?:file|archive|undated)\b", re.IGNORECASE)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DATELINE_REACH = 140  # code points from a sentence's start, since "/TASS/." may be split off
_LEAD = 3  # body sentences that may carry the dateline, or name its weekday


def publication(
    text: str,
    sentences: Sequence[Sentence],
    given: dt.date | None,
    metadata: str | dt.date | None,
) -> Publication:
    """Return the day of publication: given, else from metadata, else printed, else from a dateline.

    Metadata that hold no whole date count as absent.
    """
    if given is not None:
        return Publication(date=given, basis=Basis.GIVEN)
    known = whole_date(metadata) if isinstance(metadata, str) else metadata
    if known is not None:
        return Publication(date=known, basis=Basis.METADATA)
    around = [
        (sentence.label, text[sentence.start : sentence.end])
        for sentence in sentences
        if sentence.label in (Label.FURNITURE, Label.BYLINE, Label.CAPTION)
    ]
    lead = [sentence for sentence in sentences if sentence.label is Label.BODY][:_LEAD]
    if printed := _printed(around):
        return Publication(date=printed, basis=Basis.PRINTED)
    if dateline := _dateline(text, lead):
        return _from_dateline(dateline, around, " ".join(text[s.start : s.end] for s in lead))
    captions = (quote for label, quote in around if label is Label.CAPTION)
    if pictured := _first_date(quote for quote in captions if not _OLD_PICTURE.search(quote)):
        return Publication(date=pictured, basis=Basis.PRINTED)
    return Publication()


def whole_date(text: str) -> dt.date | None:
    """Return the text's first whole date; None where day, month or year is missing or unclear."""
    for pattern in _WHOLE:
        for match in pattern.finditer(text):
            if date := _built(match.groupdict()):
                return date
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
        month = _month(name) if name else int(parts["n"] or 0)
    return _date(int(parts["y"] or 0), month, day)


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _printed(around: Sequence[tuple[Label, str]]) -> dt.date | None:
    """Return the best date line's date: of "published", else a plain one, else of "updated"."""
    lines = [
        quote
        for label, quote in around
        if label is not Label.CAPTION
        and (words_around_date(quote) is not None or _SAYS_PUBLISHED.search(quote))
    ]
    updated = [quote for quote in lines if _SAYS_UPDATED.search(quote)]
    plain = [quote for quote in lines if quote not in updated]
    best = [quote for quote in plain if _SAYS_PUBLISHED.search(quote)]
    return _first_date(best) or _first_date(plain) or _first_date(updated)


def _first_date(quotes: Iterator[str] | Sequence[str]) -> dt.date | None:
    return next((date for quote in quotes if (date := whole_date(quote))), None)


def _dateline(text: str, lead: Sequence[Sentence]) -> tuple[int | None, int, int] | None:
    """Year (None where not printed), month and day of a dateline such as "SEOUL, Sept. 28 --"."""
    for sentence in lead:
        bracketed = _DATE_IN_BRACKETS.match(text, sentence.start)
        if bracketed and (date := whole_date(bracketed[1])):
            return date.year, date.month, date.day
        match = _DATELINE.match(text[sentence.start : sentence.start + _DATELINE_REACH])
        if match and _opens_a_report(match):
            month, day = match["m1"] or match["m2"], match["d1"] or match["d2"]
            return int(match["y"]) if match["y"] else None, _month(month), int(day)
    return None


def _opens_a_report(dateline: re.Match[str]) -> bool:
    """Whether it is no sentence that begins with a place and a day.

    Agencies sign or write the place in capitals; "Jakarta, 6 December 2023 -" shows its year.
    """
    place = dateline["place"].split(",")[0]
    whole = dateline["y"] and all(word[0].isupper() for word in place.split())
    return bool(dateline["agency"] or place.isupper() or whole)


def _from_dateline(
    dateline: tuple[int | None, int, int], around: Sequence[tuple[Label, str]], lead: str
) -> Publication:
    """Return the dateline's day, with a year that is printed in it or around the article."""
    year, month, day = dateline
    if year is not None:
        date = _date(year, month, day)
        return Publication(date=date, basis=Basis.PRINTED) if date else Publication()
    if date := _completed(month, day, around, lead):
        return Publication(date=date, basis=Basis.DATELINE)
    return Publication()


def _completed(
    month: int, day: int, around: Sequence[tuple[Label, str]], lead: str
) -> dt.date | None:
    """Month and day with the year of a whole date nearby, or of a copyright notice.

    A notice may carry the year in which the page was fetched, and an old picture its own, so
    such a year counts only if the lead names the weekday that the day then had.
    """
    recent = [quote for _, quote in around if not _OLD_PICTURE.search(quote)]
    if near := _first_date(recent):
        years = (near.year - 1, near.year, near.year + 1)
        days = [date for year in years if (date := _date(year, month, day))]
        return min(days, key=lambda date: abs(date - near), default=None)
    printed = {int(year) for _, quote in around for year in re.findall(r"\b(?:19|20)\d\d\b", quote)}
    fitting = [
        date
        for year in printed
        if (date := _date(year, month, day)) and _WEEKDAYS[date.weekday()] in lead
    ]
    return fitting[0] if len(fitting) == 1 else None
