"""Phrases that name a day or days: "October 26", "Monday and Tuesday", "later in the day".

Each rule takes a frame and returns an EDTF date, or None for words that are not its own. It does
not know which rule was asked before it; the order of `DAY_RULES` is from specific to loose.
"""

import datetime as dt
import re

from pipeline.distil.calendar_words import (
    DATE,
    DAY,
    JOIN,
    MONTH,
    STEP,
    WEEK,
    WEEKDAY,
    WEEKDAYS,
    YEAR,
    Frame,
    Span,
    choose,
    days,
    direction,
    first_of_month,
    monday,
    month_number,
    turn,
    week_months,
    week_step,
)

_ISO = re.compile(r"\b(\d{4})([-./])(\d{1,2})\2(\d{1,2})\b")
_MONTH_FIRST = re.compile(rf"{MONTH}[\s,]*{DATE}(?:,?\s*{YEAR})?(?:{JOIN}(?:{MONTH}\s*)?{DATE})*")
_DATE_FIRST = re.compile(
    rf"\b{DATE}(?:\s*(?:of\s+)?{MONTH}(?:,?\s*{YEAR})?)?(?:{JOIN}{DATE})*\s*(?:of\s+)?{MONTH}"
)


def _iso(frame: Frame) -> str | None:
    """2021-10-26 · 2021.10.26 · 2021-10-26 to 2021-10-28."""
    found = [dt.date(int(f[1]), int(f[3]), int(f[4])) for f in _ISO.finditer(frame.text)]
    return days(found[0], found[-1]) if found else None


def _month_day(frame: Frame) -> str | None:
    """October 26 · 26th October · Nov. 13-15 · Aug. 30 to Sept. 2 · week of Nov. 13."""
    text = re.sub(rf"{WEEKDAY},?", " ", frame.text)
    if found := _MONTH_FIRST.search(text):
        month, first, _, last_month, last = found.groups()
    elif found := _DATE_FIRST.search(text):
        first, month, _, last, last_month = found.groups()
        month = month or last_month
    else:
        return None
    opening = (month_number(month), int(first))
    closing = (month_number(last_month or month), int(last or first))
    turned = re.search(rf"\b{STEP}\s*$", text[: found.start()])

    def build(year: int) -> Span:
        end = year + (closing[0] < opening[0])
        return dt.date(year, *opening), dt.date(end, *closing)

    start, end = choose(turn(frame, turned and turned[1]), build)
    if re.search(r"\bweek (?:of|starting|beginning)\b", text):
        return week_months(start)
    return days(start, end)


_DAYS_OF = re.compile(rf"\bthe\s+{DATE}(?:{JOIN}{DATE})?(?:\s+of\s+(?:{STEP}|the)\s+month)?$")


def _ordinal(frame: Frame) -> str | None:
    """On the 15th · from the 13th to the 15th · the 3rd of next month."""
    found = _DAYS_OF.search(frame.text)
    if not found or not re.search(r"\d(?:st|nd|rd|th)\b", found[0]):
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    steps = [direction(found[3])] if found[3] else [0, -1 if frame.past else 1]
    for step in steps:
        month = first_of_month(frame.today, step)
        start, end = month.replace(day=first), month.replace(day=last)
        passed = start <= frame.today + DAY if frame.past else end >= frame.today - DAY
        if found[3] or passed:
            return days(start, end)
    return None


_NAMED_DAYS = re.compile(rf"(?:\b{STEP}\s+)?{WEEKDAY}(?:{JOIN}(?:\w+\s+)?{WEEKDAY})*")


def _weekday(frame: Frame) -> str | None:
    """Monday · last Friday · Monday and Tuesday · Tuesday next week.

    Today counts, as the guide says, except after "last" and "next".
    """
    found = _NAMED_DAYS.search(frame.text)
    if not found or re.search(rf"{WEEKDAY}\s+(?:of|in)\s+{MONTH}", frame.text):
        return None  # "the second Monday of May" is left to the month
    first = WEEKDAYS.index(found[2][:3])
    last = WEEKDAYS.index((found[3] or found[2])[:3])
    step = week_step(frame.text)
    if step is not None:
        start = monday(frame.today) + step * WEEK + first * DAY
    else:
        turned = turn(frame, found[1])
        strict = bool(found[1]) and direction(found[1]) != 0
        if turned.past:
            latest = frame.today - strict * DAY
            start = latest - (latest.weekday() - first) % 7 * DAY
        else:
            earliest = frame.today + strict * DAY
            start = earliest + (first - earliest.weekday()) % 7 * DAY
    return days(start, start + (last - first) % 7 * DAY)


_GOVERNED = re.compile(
    r"\b(?:same (?:day|date)|that (?:day|afternoon|evening|morning|night)"
    r"|(?:after|following) the "
    r"(?:talks?|meeting|summit|session|consultations?|dialogue|ceremony)|^then$)"
)
_IN_THE_DAY = re.compile(r"\b(?:(?:later|earlier) (?:in|on) (?:the|that) day|later that day)\b")
_AFTER = re.compile(r"\b(?:next|following) day\b|\bday (?:later|after)\b(?! tomorrow)")
_BEFORE = re.compile(r"\bprevious day\b|\bday (?:earlier|before)\b(?! yesterday)")


def _governed(frame: Frame) -> str | None:
    """The same day · later in the day · after the talks · the following day."""
    if _IN_THE_DAY.search(frame.text):
        return frame.anchor or frame.today.isoformat()
    if _GOVERNED.search(frame.text):
        return frame.anchor
    step = bool(_AFTER.search(frame.text)) - bool(_BEFORE.search(frame.text))
    if not step or frame.anchor is None:
        return None
    return (dt.date.fromisoformat(frame.anchor) + step * DAY).isoformat()


_DAY_WORDS = (
    (r"\bday after tomorrow\b", 2),
    (r"\bday before yesterday\b", -2),
    (r"\btomorrow\b", 1),
    (r"\b(?:yesterday|last (?:night|evening))\b", -1),
    (r"\b(?:today|tonight|this (?:morning|afternoon|evening|day))\b", 0),
)


def _day_word(frame: Frame) -> str | None:
    """Today · tomorrow · last night · the day before yesterday."""
    text, steps = frame.text, []
    for pattern, step in _DAY_WORDS:
        text, hits = re.subn(pattern, " ", text)
        steps += [step] * bool(hits)
    if not steps:
        return None
    return days(frame.today + min(steps) * DAY, frame.today + max(steps) * DAY)


DAY_RULES = (_iso, _month_day, _ordinal, _weekday, _governed, _day_word)
