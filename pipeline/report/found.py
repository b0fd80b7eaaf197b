"""What a run found, as values: meetings over time, by status, format and party, who met whom.

Knows what is told and in which order; knows nothing of HTML but the charts' markup.
"""

from calendar import monthrange
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from pipeline.report import charts
from pipeline.report.calendar import axis
from pipeline.report.index import Index, Row, many, spoken
from pipeline.report.survey import UNDATED, Count, Survey, added
from schemas.extraction import Status

_PARTIES, _MATRIX = 15, 12  # the most that are shown
_ONE = {"people": "person", "parties": "party", "other parties": "other party"}


class Cell(NamedTuple):
    """How often two parties met, and how dark that is."""

    number: int
    level: int
    anchor: str
    told: str


class Found(NamedTuple):
    """What the run found."""

    figures: tuple[Row, ...]
    by: str  # "month" | "year"
    chart: Markup
    when: tuple[Row, ...]
    apart: tuple[Row, ...]  # what has no place in the chart
    statuses: tuple[Row, ...]
    formats: tuple[Row, ...]
    parties: tuple[Row, ...]
    more_parties: Row
    matrix: tuple[tuple[str, tuple[Cell | None, ...]], ...]
    copies: str


def found(survey: Survey, index: Index) -> Found:
    """Meetings by month, status, format and party, and who met whom."""
    figures = _figures(survey, index)
    parties = survey.of("party")
    top, rest = list(parties)[:_PARTIES], list(parties)[_PARTIES:]
    by, chart, when, apart = _over_time(survey, index)
    return Found(
        figures=figures,
        by=by,
        chart=chart,
        when=when,
        apart=apart,
        statuses=_rows(survey, index, "status", [each.value for each in Status], "--status"),
        formats=_rows(survey, index, "format", list(survey.of("format"))),
        parties=_rows(survey, index, "party", top, "--party"),
        more_parties=_several(
            index, "By party", "other parties", len(rest), added(parties[each] for each in rest)
        ),
        matrix=_matrix(survey, index),
        copies=f"{many(survey.copies, 'further copy', 'further copies')} of articles not counted"
        if survey.copies
        else "",
    )


def _figures(survey: Survey, index: Index) -> tuple[Row, ...]:
    focus, rest = (survey.count("prominence", each) for each in ("focus", "background"))
    parties, people = survey.of("party"), survey.count("article", "people")
    none, flagged = (survey.count("article", each) for each in ("none", "flagged"))
    only = "--prominence"
    return (
        Row(
            "in focus",
            focus.total,
            index.anchor("In all", "in focus", focus, remedy=[only, "focus"]),
        ),
        Row(
            "in the background",
            rest.total,
            index.anchor("In all", "in the background", rest, remedy=[only, "background"]),
        ),
        _several(index, "In all", "people", len(survey.people), people),
        _several(index, "In all", "parties", len(parties), added(parties.values())),
        Row(
            "articles without a meeting",
            none.total,
            index.anchor("In all", "without a meeting", none, what="article"),
        ),
        Row(
            "articles with flags",
            flagged.total,
            index.anchor("In all", "with flags", flagged, what="article"),
        ),
    )


def _several(index: Index, group: str, label: str, number: int, count: Count) -> Row:
    """A number of people or parties, which are not counted as meetings are."""
    told = Count(number, 0, count.articles)
    return Row(label, number, index.anchor(group, label, told, what=_ONE[label], more=label))


def _over_time(
    survey: Survey, index: Index
) -> tuple[str, Markup, tuple[Row, ...], tuple[Row, ...]]:
    months, years = survey.of("month"), survey.of("year")
    spread = axis(months, years)
    counted = months if spread.kind == "month" else years
    rows, data = [], []
    for step in spread.steps:
        count = added(counted[key] for key in step.keys if key in counted)
        remedy = _days(step.keys)
        anchor = index.anchor(f"By {spread.kind}", step.label, count, remedy=remedy)
        rows.append(Row(step.label, count.total, anchor, focus=count.focus))
        data.append(charts.Column(step.label, step.short, step.below, count.total, count.focus))
    most = max(rows, key=lambda row: row.number, default=None)
    told = f"Most, {most.number}, in {most.label}" if most else "None has a date"
    chart = charts.columns(data, f"Meetings by {spread.kind}", told)
    undated = survey.count("month", UNDATED)
    vague = added(c for key, c in months.items() if "-" not in key and key != UNDATED)
    lists = [("without a date", undated)]
    if spread.kind == "month":
        lists.append(("with no more than a year", vague))
    apart = tuple(
        Row(label, count.total, index.anchor(f"By {spread.kind}", label, count))
        for label, count in lists
        if count.total
    )
    return spread.kind, chart, tuple(rows), apart


def _days(keys: Sequence[str]) -> list[str]:
    """The arguments for an export of these months or years."""
    first, last = keys[0], keys[-1]
    since = f"{first}-01" if len(first) == 7 else f"{first}-01-01"
    until = f"{last}-12-31"
    if len(last) == 7:
        year, month = map(int, last.split("-"))
        until = f"{last}-{monthrange(year, min(max(month, 1), 12))[1]}"
    return ["--since", since, "--until", until]


def _rows(
    survey: Survey, index: Index, kind: str, values: Sequence[str], option: str = ""
) -> tuple[Row, ...]:
    """One row for each value that occurs, its bar beside the longest."""
    counts = {value: survey.count(kind, value) for value in values}
    most = max((count.total for count in counts.values()), default=1) or 1
    rows = []
    for value, count in counts.items():
        if not count.total:
            continue
        remedy = [option, value] if option else []
        anchor = index.anchor(f"By {kind}", spoken(value), count, remedy=remedy)
        parts = [("focus", count.focus / most), ("background", (count.total - count.focus) / most)]
        rows.append(Row(spoken(value), count.total, anchor, charts.bar(parts), count.focus))
    return tuple(rows)


def _matrix(survey: Survey, index: Index) -> tuple[tuple[str, tuple[Cell | None, ...]], ...]:
    """A row a party, a cell for each other; None on the diagonal and where they did not meet.

    The parties are those of the most frequent pairs, so that those who met stand together.
    """
    counts = {tuple(pair.split("\n")): count for pair, count in survey.of("pair").items()}
    order: dict[str, None] = {}
    for pair in counts:
        if len(order.keys() | set(pair)) <= _MATRIX:
            order.update(dict.fromkeys(pair))
    parties = list(order)
    pairs = {(a, b): count for (a, b), count in counts.items() if a in order and b in order}
    most = max((count.total for count in pairs.values()), default=1)
    cells: dict[tuple[str, str], Cell] = {}
    for (a, b), count in pairs.items():
        remedy = ["--party", a, "--party", b]
        anchor = index.anchor("Who met whom", f"{a} and {b}", count, remedy=remedy)
        told = f"{a} and {b}: {many(count.total, 'meeting')}"
        cell = Cell(count.total, charts.level(count.total, most), anchor, told)
        cells[a, b] = cells[b, a] = cell
    return tuple((a, tuple(cells.get((a, b)) for b in parties)) for a in parties)
