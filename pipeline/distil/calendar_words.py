"""What the rules of `dates` share: words of the calendar, the tense's direction, EDTF spelling.

It knows spans and their years, not which words make a phrase. Expected failures (no publication
date, an impossible day, a reversed interval) are ValueErrors, which `dates.resolve` expects.
"""

import calendar
import datetime as dt
import re
from collections.abc import Callable
from typing import NamedTuple

Span = tuple[dt.date, dt.date]

# A date a little on the wrong side of publication is a time zone or a loose tense, not a year off.
SLACK = dt.timedelta(days=10)
NO_SLACK = dt.timedelta(0)
DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)

MONTH = (
    r"\b(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
WEEKDAY = (
    r"\b(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)\b\.?"
)
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
DATE = r"(\d{1,2})(?:st|nd|rd|th)?(?![\d:])(?!\s*(?:[ap]\.?m\b|o'clock|hours))"
YEAR = r"(?<!\d)(?<!\d[.,])((?:19|20)\d\d)(?![\d%])"
JOIN = r"[\s,]*(?:-|\bto\b|\bthrough\b|\buntil\b|\band\b|\bor\b|&|,)[\s,]*(?:the\s+|on\s+)?"
PAST = r"last|past|previous"
NEXT = r"next|coming|upcoming"
STEP = rf"(?:the\s+)?(?:this\s+)?({PAST}|{NEXT}|this|current)"
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
NUMBERS |= {"seven": 7, "eight": 8, "nine": 9, "ten": 10}
COUNT = rf"(\d{{1,2}}|{'|'.join(NUMBERS)})"


class Frame(NamedTuple):
    """What a rule may look at. `past` is the direction of the tense."""

    text: str  # lower case
    published: dt.date | None
    past: bool
    anchor: str | None

    @property
    def today(self) -> dt.date:
        """The day of publication. Raises ValueError where it is unknown."""
        if self.published is None:
            raise ValueError("the words need a publication date")
        return self.published


def level(words: str) -> str:
    """Lower case, plain hyphens and apostrophes, brackets opened ("Monday (Sept. 28)")."""
    plain = words.lower().translate(str.maketrans("–—‒−’()[]", "----'    "))
    return " ".join(plain.split())


# --- writing


def days(start: dt.date, end: dt.date) -> str:
    """One day, or the interval of days, as EDTF."""
    return interval(start.isoformat(), end.isoformat())


def months(start: dt.date, end: dt.date) -> str:
    """The month of both dates, or the interval of their months, as EDTF."""
    return interval(f"{start:%Y-%m}", f"{end:%Y-%m}")


def interval(start: str, end: str) -> str:
    """`start/end`, or `start` where they are one. Raises ValueError where reversed."""
    if end < start:
        raise ValueError("the interval is reversed")
    return start if start == end else f"{start}/{end}"


def monday(day: dt.date) -> dt.date:
    """The Monday of the week that `day` lies in."""
    return day - day.weekday() * DAY


def week_months(day: dt.date) -> str:
    """The month that the week lies in, or both."""
    return months(monday(day), monday(day) + 6 * DAY)


def first_of_month(day: dt.date, months: int) -> dt.date:
    """The first of the month so many months away."""
    years, month = divmod(day.month - 1 + months, 12)
    return dt.date(day.year + years, month + 1, 1)


# --- choosing the year


def count(word: str) -> int:
    """A number: "3", "three" or "a"."""
    return int(word) if word.isdigit() else NUMBERS[word]


def month_number(word: str) -> int:
    """1 to 12, from a name that MONTH matches."""
    return MONTHS.index(word[:3]) + 1


def month_span(year: int, first: int, last: int) -> Span:
    """From the first day of one month to the last of another, over New Year if need be."""
    end_year = year + (last < first)
    end = calendar.monthrange(end_year, last)[1]
    return dt.date(year, first, 1), dt.date(end_year, last, end)


def direction(word: str) -> int:
    """-1 for "last", 0 for "this", 1 for "next"."""
    return (re.fullmatch(NEXT, word) is not None) - (re.fullmatch(PAST, word) is not None)


def stated_years(frame: Frame) -> list[int]:
    """Years that the words give, in figures or as "last year"."""
    years = [int(year) for year in re.findall(YEAR, frame.text)]
    relative = re.search(rf"{STEP}\s+year\b", frame.text)
    return years or ([frame.today.year + direction(relative[1])] if relative else [])


def choose(frame: Frame, build: Callable[[int], Span], slack: dt.timedelta = SLACK) -> Span:
    """The span of the stated year, else the nearest one in the direction of the tense."""
    stated = stated_years(frame)
    if stated:
        start, end = build(stated[0])
        if len(stated) == 1 and end.year > start.year:  # "Dec. 30 to Jan. 2, 2022"
            start, end = build(stated[0] - 1)
        if end.year != stated[-1]:
            raise ValueError("the words give a year that the dates do not reach")
        return start, end
    spans = []
    for year in range(frame.today.year - 4, frame.today.year + 5):  # Feb. 29 may be that far
        try:
            spans.append(build(year))
        except ValueError:
            continue
    if frame.past:
        return max(span for span in spans if span[0] <= frame.today + slack)
    return min(span for span in spans if span[1] >= frame.today - slack)


def turn(frame: Frame, word: str | None) -> Frame:
    """The frame with the direction that "last" or "next" before a name gives it."""
    step = direction(word) if word else 0
    return frame._replace(past=step < 0) if step else frame


def stepped_month(frame: Frame, step: int, first: int, last: int) -> Span:
    """The nearest one: "last May" lies before this month, "this May" in this year."""
    year = frame.today.year
    if step < 0 and first >= frame.today.month:
        year -= 1
    if step > 0 and first <= frame.today.month:
        year += 1
    return month_span(year, first, last)


_WEEK_STEP = re.compile(rf"\b{STEP}\s+week\b|\bweek (after next|before last)\b")


def week_step(text: str) -> int | None:
    """Weeks from now to "last week" or "the week after next"; None without such words."""
    found = _WEEK_STEP.search(text)
    if not found:
        return None
    return direction(found[1]) if found[1] else {"after next": 2, "before last": -2}[found[2]]
