"""Charts as inline SVG, drawn by hand: no script, no style but classes, no text but numbers.

Each takes plain numbers. What stands beside a chart as a table is the page's work.
"""

from collections.abc import Sequence
from math import ceil, sqrt
from typing import NamedTuple

from markupsafe import Markup

from pipeline.evaluate.report import Interval

_WIDTH, _HEIGHT = 960, 256  # of the columns' drawing, in its own units
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 4, 16, 46
_CHARACTER = 8  # width of one below the axis
LEVELS = 5  # of a matrix cell's shade


class Column(NamedTuple):
    """One column: its label in full and below the axis, how high, and how much of it is dark."""

    label: str
    short: str
    below: str  # a second line, below that
    total: int
    focus: int


def columns(data: Sequence[Column], title: str, told: str) -> Markup:
    """Stacked columns over a line, with a scale of at most four steps.

    `title` and `told` are what a screen reader says in place of the drawing.
    """
    most = max((column.total for column in data), default=0)
    step = _step(most)
    top = max(step, step * ceil(most / step))
    inner, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    pitch = inner / max(len(data), 1)
    width = min(pitch * 0.72, 56)
    base = _TOP + height
    lines = range(step, top + 1, step)
    drawn = [_gridline(value, base - height * value / top) for value in lines]
    room = 0.0  # below the axis, up to here a label stands already
    for at, column in enumerate(data):
        middle = _LEFT + pitch * (at + 0.5)
        drawn.append(_column(column, middle - width / 2, width, base, height / top))
        half = len(column.short) * _CHARACTER / 2
        if column.total == most and most:
            drawn.append(_text("value", middle, base - height * most / top - 5, f"{most:,}"))
        if middle - half > room:
            drawn.append(_text("tick", middle, base + 19, column.short))
            room = middle + half + _CHARACTER
        if column.below:
            drawn.append(_text("tick", middle, base + 37, column.below))
    axis = Markup('<path class="axis" d="M{} {}H{}"/>').format(_LEFT, base, _WIDTH - _RIGHT)
    return Markup(
        '<svg class="columns" viewBox="0 0 {} {}" role="img" aria-label="{}. {}">'
        "<title>{}</title>{}{}</svg>"
    ).format(_WIDTH, _HEIGHT, title, told, title, Markup("").join(drawn), axis)


def bar(parts: Sequence[tuple[str, float]]) -> Markup:
    """A bar of parts, each a class and a share of the whole width; for a cell beside a number."""
    drawn, x = [], 0.0
    for kind, share in parts:
        width = 100 * share
        if width > 0:
            drawn.append(
                Markup('<rect class="{}" x="{:.2f}" width="{:.2f}" height="10"/>').format(
                    kind, x, width
                )
            )
        x += width
    return Markup(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{}'
        "</svg>"
    ).format(Markup("").join(drawn))


def whisker(value: float, interval: Interval | None) -> Markup:
    """A score from 0 to 1 on its line, with the interval around it."""
    spread = Markup("")
    if interval is not None:
        width = max(100 * (interval.high - interval.low), 0.4)
        spread = Markup(
            '<rect class="interval" x="{:.1f}" y="6" width="{:.1f}" height="4"/>'
        ).format(100 * interval.low, width)
    return Markup(
        '<svg class="whisker" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">'
        '<path class="axis" d="M0 8H100"/>{}<rect class="point" x="{:.1f}" y="2" width="1" '
        'height="12"/></svg>'
    ).format(spread, min(100 * value, 99))


def level(count: int, most: int) -> int:
    """The shade of a matrix cell, from 1; by the root, so that the rare ones still differ."""
    return max(1, ceil(LEVELS * sqrt(count / most)))


def _step(most: int) -> int:
    """A round number that goes into the highest column at most four times."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if most <= 4 * factor * power:
                return factor * power
        power *= 10


def _gridline(value: int, y: float) -> Markup:
    line = Markup('<path class="grid" d="M{} {:.1f}H{}"/>').format(_LEFT, y, _WIDTH - _RIGHT)
    return line + Markup('<text class="scale" x="{}" y="{:.1f}">{:,}</text>').format(
        _LEFT - 8, y + 4, value
    )


def _column(column: Column, x: float, width: float, base: float, unit: float) -> Markup:
    focus, rest = column.focus * unit, (column.total - column.focus) * unit
    told = f"{column.label}: {column.total}, {column.focus} of them in focus"
    shape = Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')
    return Markup("<g><title>{}</title>{}{}</g>").format(
        told,
        shape.format("focus", x, base - focus, width, focus),
        shape.format("background", x, base - focus - rest, width, rest),
    )


def _text(kind: str, x: float, y: float, words: str) -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>').format(kind, x, y, words)
