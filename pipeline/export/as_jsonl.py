"""JSON lines: one article a line, with its meetings, their items and the evidence inside.

The keys are the tables' columns, without those that say what a row belongs to.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.export.tables import (
    AgendaRow,
    AgreementRow,
    ArticleRow,
    EvidenceRow,
    FlagRow,
    MeetingRow,
    ParticipantRow,
    PartyRow,
    Row,
)

_OWNERS = {"article_id", "meeting_id", "participant_id", "agenda_id", "agreement_id"}
_ITEMS = (ParticipantRow, AgendaRow, AgreementRow)


def files(target: Path) -> tuple[Path, ...]:
    """What will be written."""
    return (target,)


def write(rows: Iterable[Row], parts: tuple[Path, ...]) -> None:
    """Write all rows, those of an article together in a line."""
    with parts[0].open("w", encoding="utf-8", newline="\n") as stream:
        for line in _lines(rows):
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")


def _lines(rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    line: dict[str, Any] = {}
    held: dict[str, dict[str, Any]] = {}  # everything of this article that others belong to
    for row in rows:
        values = row.model_dump(mode="json", exclude=_OWNERS)
        if isinstance(row, ArticleRow):
            if line:
                yield line
            line = values | {MeetingRow.table: [], FlagRow.table: []}
            held = {}
        elif isinstance(row, MeetingRow):
            lists = (PartyRow, *_ITEMS, EvidenceRow)
            held[row.id] = values | {table.table: [] for table in lists}
            line[MeetingRow.table].append(held[row.id])
        elif isinstance(row, PartyRow):
            held[row.meeting_id][PartyRow.table].append(row.party)
        elif isinstance(row, _ITEMS):
            held[row.id] = values | {EvidenceRow.table: []}
            held[row.meeting_id][row.table].append(held[row.id])
        elif isinstance(row, EvidenceRow):
            item = row.participant_id or row.agenda_id or row.agreement_id or row.meeting_id
            held[item][EvidenceRow.table].append(values)
        elif isinstance(row, FlagRow):
            line[FlagRow.table].append(values | {"meeting_id": row.meeting_id})
    if line:
        yield line
