"""Which meetings of which records are exported.

Filters speak of meetings. Without any, every record is exported, also one without a meeting;
with one, a record goes along with those of its meetings that pass, and stays out if none does.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipeline.errors import ArchiveError
from pipeline.export.days import Span, span
from schemas.base import Value
from schemas.extraction import Prominence, Status
from schemas.record import Record
from schemas.summary import Meeting


class Filters(Value):
    """What a meeting has to be. Nothing given lets everything pass."""

    statuses: frozenset[Status] = frozenset()  # one of these
    prominences: frozenset[Prominence] = frozenset()  # one of these
    parties: frozenset[str] = frozenset()  # all of these take part: codes, or short names
    since: dt.date | None = None  # it may have been on this day or later
    until: dt.date | None = None  # … on this day or earlier


class Chosen(NamedTuple):
    """A record, and which of its meetings to export, by index."""

    record: Record
    meetings: tuple[int, ...]


def choose(records: Iterable[Record], filters: Filters) -> Iterator[Chosen]:
    """The records to export, each with its chosen meetings.

    Raises ArchiveError where two are about one article: their rows would have the same ids.
    """
    seen: set[str] = set()
    for record in records:
        if record.article.id in seen:
            raise ArchiveError(
                f"Two records are about the article {record.article.id}; move one of them away."
            )
        seen.add(record.article.id)
        meetings = tuple(
            index
            for index, meeting in enumerate(record.summary.meetings)
            if _passes(meeting, record.article.published.date, filters)
        )
        if meetings or filters == Filters():
            yield Chosen(record, meetings)


def _passes(meeting: Meeting, published: dt.date | None, filters: Filters) -> bool:
    return (
        (not filters.statuses or meeting.status in filters.statuses)
        and (not filters.prominences or meeting.prominence in filters.prominences)
        and filters.parties <= set(meeting.parties)
        and _in_time(span(meeting.date) or _day(published), filters)
    )


def _day(day: dt.date | None) -> Span | None:
    """The day of publication, for a meeting of no known day: it is in the news then."""
    return Span(day, day) if day else None


def _in_time(days: Span | None, filters: Filters) -> bool:
    """Whether any day that the meeting may have been on is asked for."""
    if filters.since is None and filters.until is None:
        return True
    if days is None:
        return False
    late_enough = filters.since is None or days.last is None or days.last >= filters.since
    early_enough = filters.until is None or days.first is None or days.first <= filters.until
    return late_enough and early_enough
