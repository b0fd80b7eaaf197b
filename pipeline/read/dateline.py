"""The dateline with which a report opens: "SEOUL, Sept. 28 (X) --", "May 2, 2020 – Rome.".

Knows how agencies and ministries open; not what else on a page says when.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.read.days import DAY, MONTH, YEAR, month_number, whole_date
from pipeline.read.labels import words_around_date

_AGENCY = r"[(/\[][\w .&'-]{2,40}[)/\]]"
_NUMERIC = r"(?P<numeric>\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d)"
_WRITTEN = (
    rf"(?:{MONTH.format('m1')} {DAY.format('d1')}|{DAY.format('d2')} {MONTH.format('m2')})"
    rf"(?:,? {YEAR.format('y')})?"
)
_BAR = r"(?:--|–|—|-|\||:)"
_PLACE = r"(?P<place>[^\W\d_a-z][\w .,'’\[\]/-]{1,60}?)"  # a weekday may stand in it, too
_PLACED = re.compile(
    rf"{_PLACE}(?:(?P<before> ?{_AGENCY})(?: ?,| ?[–—-])? |,? |/| {_BAR} )"
    rf"(?:{_NUMERIC}|{_WRITTEN})[.,]?"
    rf"\s*(?P<behind>{_AGENCY}\.?)?\s*(?:{_BAR}|(?<=[./])\s)"
)
_IN_BRACKETS = re.compile(  # "ROME (X - 2 May, 2020)", "Rome (X, 2 May 2020) –"
    rf"{_PLACE} ?\((?P<inside>[^()]{{3,60}})\)(?P<bar> ?{_BAR})?"
)
_FIRST = re.compile(rf"(?P<date>[\w ,.]{{8,40}}?) ?{_BAR} ?[^\W\d_a-z]")
_FIRST_IN_BRACKETS = re.compile(r"[(\[](?P<date>[^()\[\]]{8,60})[)\]] ?[^\W\d_a-z]")
_REACH = 140  # code points from a sentence's start, since "/TASS/." may be split off
_PREPOSITIONS = frozenset("After As At Before By Dated From In On Since Till Until".split())
_PARTICLES = frozenset(
    "al am an da das de del der di do dos el es in la las le los of sur the".split()
)


class Day(NamedTuple):
    """A day whose year need not be printed."""

    year: int | None
    month: int
    day: int


def find(lead: Sequence[str]) -> Day | None:
    """The day in the dateline of one of the first sentences, each with what follows it."""
    for number, sentence in enumerate(lead):
        opening = sentence[:_REACH]
        first = None if number else _first(opening)
        if day := _bracketed(opening) or first or _placed(opening):
            return day
    return None


def is_name(words: str) -> bool:
    """Whether the words are a name's: "Santa Ana de los Ríos"."""
    return all(word[0].isupper() or word in _PARTICLES for word in words.split())


def _placed(opening: str) -> Day | None:
    """The day behind a place.

    Agencies sign or write the place in capitals; "Jakarta, 6 December 2023 -" shows its year. All
    else may be a sentence that begins with a place and a day.
    """
    match = _PLACED.match(opening)
    if match is None:
        return None
    place = match["place"].split(",")[0]
    if place.split()[0] in _PREPOSITIONS:
        return None
    dated = (match["y"] or match["numeric"]) and is_name(place)
    if not (match["before"] or match["behind"] or place.isupper() or dated):
        return None
    if match["numeric"]:
        return _whole(match["numeric"])
    month, day = match["m1"] or match["m2"], match["d1"] or match["d2"]
    return Day(int(match["y"]) if match["y"] else None, month_number(month), int(day))


def _bracketed(opening: str) -> Day | None:
    """The day in brackets behind a place: in capitals, or a name with a bar behind the brackets."""
    match = _IN_BRACKETS.match(opening)
    if match and (match["place"].isupper() or (match["bar"] and is_name(match["place"]))):
        return _whole(match["inside"])
    return None


def _first(opening: str) -> Day | None:
    """The day with which the whole report opens, by itself, or in brackets with a place."""
    if bare := _FIRST.match(opening):
        return _whole(bare["date"]) if words_around_date(bare["date"]) == [] else None
    bracketed = _FIRST_IN_BRACKETS.match(opening)
    if bracketed and words_around_date(bracketed["date"]) is not None:
        return _whole(bracketed["date"])
    return None


def _whole(text: str) -> Day | None:
    date = whole_date(text)
    return Day(date.year, date.month, date.day) if date else None
