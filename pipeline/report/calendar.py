"""Over which months, or years, meetings are spread out on the page.

By month where they fit, else by year. Background meetings may lie decades back: where all of them
do not fit, the axis spans the middle four fifths, and the others are one step at either end.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from pipeline.report.survey import UNDATED, Count

_MOST_MONTHS, _MOST_YEARS = 36, 40
_TAILS = (0, 0.01, 0.02, 0.05, 0.1)  # of the meetings may lie beyond either end
_NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class Step(NamedTuple):
    """One column: how it is called in full, in two lines below the axis, and what it adds up."""

    label: str
    short: str
    below: str
    keys: tuple[str, ...]


class Axis(NamedTuple):
    """The steps, all of them months or all of them years."""

    kind: str  # "month" | "year"
    steps: tuple[Step, ...]


def axis(months: Mapping[str, Count], years: Mapping[str, Count]) -> Axis:
    """The axis for meetings counted by month ("2024-03", or "2024" where that is all) and year."""
    monthly = {key: count.total for key, count in months.items() if "-" in key}
    yearly = {key: count.total for key, count in years.items() if key != UNDATED}
    if not yearly:
        return Axis("year", ())
    if monthly and (run := _months(*_window(monthly, _MOST_MONTHS, _month_number))):
        return Axis("month", _steps(run, monthly, _month_label))
    first, last = map(int, _window(yearly, _MOST_YEARS, int))
    run = [f"{year:04}" for year in range(max(first, last - _MOST_YEARS + 1), last + 1)]
    return Axis("year", _steps(run, yearly, _year_label))


def _window(counts: Mapping[str, int], most: int, number: Callable[[str], int]) -> tuple[str, str]:
    """The first and the last key of at most `most` steps that leave out as little as can be.

    Where even the greatest tails leave more, these.
    """
    keys, total = sorted(counts), sum(counts.values())
    first, last = keys[0], keys[-1]
    for tail in _TAILS:
        early, late = (_from(run, counts, tail * total) for run in (keys, keys[::-1]))
        for first, last in ((early, keys[-1]), (keys[0], late), (early, late)):
            if number(last) - number(first) < most:
                return first, last
    return first, last


def _from(keys: list[str], counts: Mapping[str, int], beyond: float) -> str:
    passed = 0
    for key in keys:
        passed += counts[key]
        if passed > beyond:
            return key
    return keys[-1]


def _months(first: str, last: str) -> list[str]:
    """All months between; none where they are too many."""
    start, end = _month_number(first), _month_number(last)
    if end - start >= _MOST_MONTHS:
        return []
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, end + 1)]


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + min(int(month[5:]), 12) - 1


def _steps(
    run: list[str], dated: Mapping[str, int], label: Callable[[str, int], tuple[str, str, str]]
) -> tuple[Step, ...]:
    earlier = tuple(sorted(key for key in dated if key < run[0]))
    later = tuple(sorted(key for key in dated if key > run[-1]))
    steps = [Step("earlier", "earlier", "", earlier)] if earlier else []
    steps += [Step(*label(key, at), (key,)) for at, key in enumerate(run)]
    steps += [Step("later", "later", "", later)] if later else []
    return tuple(steps)


def _month_label(key: str, at: int) -> tuple[str, str, str]:
    name, year = _NAMES[int(key[5:]) - 1], key[:4]
    return f"{name} {year}", name, year if at == 0 or key.endswith("-01") else ""


def _year_label(key: str, _: int) -> tuple[str, str, str]:
    return key, key, ""
