"""Phrases that name a week, month, season or year: "next month", "this May", "early 2019".

Each rule takes a frame and returns an EDTF date, or None for words that are not its own. Day
phrases come first (`day_phrases`): "May 3" is none of these.
"""

import re

from pipeline.distil.calendar_words import (
    COUNT,
    DAY,
    JOIN,
    MONTH,
    NO_SLACK,
    SEASONS,
    STEP,
    WEEK,
    YEAR,
    Frame,
    choose,
    count,
    days,
    direction,
    first_of_month,
    interval,
    monday,
    month_number,
    month_span,
    months,
    stated_years,
    stepped_month,
    week_months,
    week_step,
)

_MONTH_NAME = re.compile(rf"(?:\b{STEP}\s+)?{MONTH}(?:\s*{YEAR})?(?:{JOIN}{MONTH})?")


def _month_name(frame: Frame) -> str | None:
    """January 2022 · May · this May · last May · April last year · from March to May."""
    found = _MONTH_NAME.search(frame.text)
    if not found:
        return None
    first, last = month_number(found[2]), month_number(found[4] or found[2])
    stated = stated_years(frame)
    if found[1] and not stated:
        return months(*stepped_month(frame, direction(found[1]), first, last))
    return months(*choose(frame, lambda year: month_span(year, first, last), NO_SLACK))


_AWAY = re.compile(
    rf"\b{COUNT}\s+(day|week|month|year)s?\s+ago\b|\bin\s+{COUNT}\s+(day|week|month|year)s?$"
)


def _counted(frame: Frame) -> str | None:
    """Two days ago · in three weeks · a year ago."""
    found = _AWAY.search(frame.text)
    if not found:
        return None
    step = -count(found[1]) if found[1] else count(found[3])
    unit = found[2] or found[4]
    if unit == "day":
        return (frame.today + step * DAY).isoformat()
    if unit == "week":
        return week_months(frame.today + step * WEEK)
    if unit == "month":
        return f"{first_of_month(frame.today, step):%Y-%m}"
    return str(frame.today.year + step)


_WEEKEND = re.compile(rf"\b(?:{STEP}\s+|over the )weekend\b")


def _week_words(frame: Frame) -> str | None:
    """Last week · early next week · this weekend (its Saturday and Sunday)."""
    found = _WEEKEND.search(frame.text)
    if found:
        back = found[1] is None and frame.past and frame.today.weekday() < 5  # "over the weekend"
        saturday = monday(frame.today) + 5 * DAY
        saturday += (direction(found[1]) if found[1] else -back) * WEEK
        return days(saturday, saturday + DAY)
    step = week_step(frame.text)
    return None if step is None else week_months(frame.today + step * WEEK)


_MONTH_WORDS = re.compile(rf"\b{STEP}\s+month\b|\bthe month\b|\bmonth'?s?[\s-]end\b")


def _month_words(frame: Frame) -> str | None:
    """Early next month · the end of the month."""
    found = _MONTH_WORDS.search(frame.text)
    return f"{first_of_month(frame.today, direction(found[1] or 'this')):%Y-%m}" if found else None


_SEASON = re.compile(rf"(?:\b{STEP}\s+)?\b({'|'.join(SEASONS)})\b")


def _season(frame: Frame) -> str | None:
    """Next spring · summer 2022: the year, since seasons differ by hemisphere."""
    found = _SEASON.search(frame.text)
    if not found:
        return None
    month, stated = SEASONS[found[2]], stated_years(frame)
    if stated:
        return str(stated[0])
    if found[1]:
        return str(stepped_month(frame, direction(found[1]), month, month)[0].year)
    return str(choose(frame, lambda year: month_span(year, month, month), NO_SLACK)[0].year)


_YEAR_WORDS = re.compile(
    r"\b(?:the|this) year\b(?! before| after| earlier)|\byear'?s?[\s-]end\b"
    r"|\b(?:first|second|third|fourth|final|last|latter) (?:half|quarter)\b"
)


def _year_words(frame: Frame) -> str | None:
    """Next year · 2019 · from 2018 to 2020 · the 1990s · the second quarter."""
    if found := re.search(r"\b((?:19|20)\d)0s\b", frame.text):
        return f"{found[1]}X"
    stated = stated_years(frame)
    if stated:
        return interval(str(stated[0]), str(stated[-1]))
    return str(frame.today.year) if _YEAR_WORDS.search(frame.text) else None


PERIOD_RULES = (_counted, _month_name, _week_words, _month_words, _season, _year_words)
