"""Another run, or another reviewer, beside ours: where the two differ, row by row.

Knows two reviews of one article; knows neither folders nor pages.
"""

from collections.abc import Mapping
from typing import NamedTuple

from pipeline.review import rows
from pipeline.review.state import Meeting, Review, Stand, Standing
from schemas.decision import Item

_OUT = frozenset({Standing.REJECTED, Standing.MOOT})


class Beside(NamedTuple):
    """What another review says, under our ids.

    `rows` has its rows by our items; `only` those that ours lacks, with our meeting's id, or None
    where ours lacks the meeting.
    """

    rows: Mapping[Item, Stand]
    only: tuple[tuple[str | None, Stand], ...]


def beside(ours: Review, theirs: Review) -> Beside:
    """`theirs`, matched to ours by what its meetings are called, or else by what they list."""
    names = rows.align(
        {meeting.id: listed(meeting) for meeting in theirs.meetings},
        {meeting.id: listed(meeting) for meeting in ours.meetings},
    )
    ours_by_item = {row.item for row in ours.rows}
    there = {meeting.id for meeting in ours.meetings}
    found: dict[Item, Stand] = {theirs.whole.item: theirs.whole}
    only: list[tuple[str | None, Stand]] = []
    for meeting in theirs.meetings:
        name = names[meeting.id]
        for row in meeting.rows:
            item = row.item.model_copy(update={"meeting": name})
            if item in ours_by_item:
                found[item] = row
            elif row.standing not in _OUT:
                only.append((name if name in there else None, row))
    return Beside(found, tuple(only))


def differs(ours: Stand, theirs: Stand | None) -> bool:
    """Whether the two say different things of a row. The article's own row says nothing."""
    if not ours.item.meeting:
        return False
    out, there_out = ours.standing in _OUT, theirs is None or theirs.standing in _OUT
    if out or there_out or theirs is None:
        return out != there_out
    return ours.content.value != theirs.content.value


def count(ours: Review, other: Beside) -> int:
    """In how many rows the two differ."""
    return len(other.only) + sum(differs(row, other.rows.get(row.item)) for row in ours.rows)


def listed(meeting: Meeting) -> frozenset[rows.Listed]:
    """What a meeting lists, for `rows.align`."""
    return frozenset((row.item.kind, row.item.words) for row in meeting.rows if row.item.words)
