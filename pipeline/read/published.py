"""Find the day an article was published, and say how we know it.

Reads only lines that speak about the article itself: date lines, datelines, captions. A date in
the body is something the article reports (a conference next year), so it never counts. Does not
guess a year: where none is printed, the day stays unknown.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from pipeline.read import dateline
from pipeline.read.days import date_of, whole_date, without_dates
from pipeline.read.labels import words_around_date
from schemas.article import Basis, Label, Publication, Sentence

# A line that is text by its looks says when if it opens so, or names a place: it has no verb.
_OPENS = re.compile(
    r"\W*(?:done (?:in|at)|posted|published|released|for immediate release|(?:press|media) "
    r"(?:release|statement|note|communiqu[eé])|(?:the )?(?:ministry|embassy|high commission|"
    r"permanent mission|department|office|state house|government) of)\b|\W*no\.? ?\d",
    re.IGNORECASE,
)
_PLACED = re.compile(r"[^:\d]+[,/|–—-] ?[^:]*\d\W*")  # "Santa Ana de los Ríos, 2 May 2020"
_PLACE_WORDS = 3
_UNNAMED = re.compile(
    r"\b(?:and|at|by admin|day|for|immediate|in|no|on|release|th[ei]s?)\b", re.IGNORECASE
)
_LETTERS = re.compile(r"[^\W\d_][\w'’-]*")
_LINE = 140  # code points, at most
_HEAD, _FOOT = 8, 4  # sentences among which such a line stands
_SAYS_PUBLISHED = re.compile(r"\b(?:published|posted|released?|issued|date|input)\b", re.IGNORECASE)
_SAYS_UPDATED = re.compile(r"\b(?:updated|modified|revised)\b", re.IGNORECASE)
_OLD_PICTURE = re.compile(r"\b(?:file|archive|undated)\b", re.IGNORECASE)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
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
    around += [(Label.FURNITURE, line) for line in _date_lines(text, sentences)]
    lead = [sentence for sentence in sentences if sentence.label is Label.BODY][:_LEAD]
    if printed := _printed(around):
        return Publication(date=printed, basis=Basis.PRINTED)
    if day := dateline.find([text[s.start :] for s in lead]):
        return _from_dateline(day, around, " ".join(text[s.start : s.end] for s in lead))
    captions = (quote for label, quote in around if label is Label.CAPTION)
    if pictured := _first_date(quote for quote in captions if not _OLD_PICTURE.search(quote)):
        return Publication(date=pictured, basis=Basis.PRINTED)
    return Publication()


def _printed(around: Sequence[tuple[Label, str]]) -> dt.date | None:
    """Return the best date line's date: of "published", else a plain one, else of "updated"."""
    lines = [
        quote
        for label, quote in around
        if label is not Label.CAPTION
        and (
            words_around_date(quote) is not None
            or _SAYS_PUBLISHED.search(quote)
            or _says_when(quote)
        )
    ]
    updated = [quote for quote in lines if _SAYS_UPDATED.search(quote)]
    plain = [quote for quote in lines if quote not in updated]
    best = [quote for quote in plain if _SAYS_PUBLISHED.search(quote)]
    return _first_date(best) or _first_date(plain) or _first_date(updated)


def _date_lines(text: str, sentences: Sequence[Sentence]) -> Iterator[str]:
    """Lines at the head and the foot that say when, among those that look like text."""
    for sentence in (*sentences[:_HEAD], *sentences[_HEAD:][-_FOOT:]):
        if sentence.label in (Label.BODY, Label.TITLE):
            start, end = sentence.start, sentence.end
            alone = text[start - 1 : start] in ("", "\n") and text[end : end + 1] in ("", "\n")
            if alone and _says_when(text[start:end]):
                yield text[start:end]


def _says_when(line: str) -> bool:
    """Whether a line says no more than who or where, and the day: "Done in Rome, 2 May 2020"."""
    if len(line) > _LINE or not whole_date(line):
        return False
    words = _LETTERS.findall(without_dates(line))
    if not dateline.is_name(_UNNAMED.sub(" ", " ".join(words))):
        return False
    few = sum(word[0].isupper() for word in words) <= _PLACE_WORDS
    return bool(_OPENS.match(line) or (few and _PLACED.fullmatch(line)))


def _first_date(quotes: Iterator[str] | Sequence[str]) -> dt.date | None:
    return next((date for quote in quotes if (date := whole_date(quote))), None)


def _from_dateline(
    found: dateline.Day, around: Sequence[tuple[Label, str]], lead: str
) -> Publication:
    """Return the dateline's day, with a year that is printed in it or around the article."""
    year, month, day = found
    if year is not None:
        date = date_of(year, month, day)
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
        days = [date for year in years if (date := date_of(year, month, day))]
        return min(days, key=lambda date: abs(date - near), default=None)
    printed = {int(year) for _, quote in around for year in re.findall(r"\b(?:19|20)\d\d\b", quote)}
    fitting = [
        date
        for year in printed
        if (date := date_of(year, month, day)) and _WEEKDAYS[date.weekday()] in lead
    ]
    return fitting[0] if len(fitting) == 1 else None
