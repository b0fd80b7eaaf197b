"""Read what is to be compared: records of ours, or files in the reference's flat form.

It tells the two apart by their fields, and does not know which side of a comparison it reads.
"""

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.errors import ArchiveError
from schemas.record import Record
from schemas.reference import (
    FlatAgendaItem,
    FlatAgreement,
    FlatArticle,
    FlatMeeting,
    FlatParticipant,
)
from schemas.summary import Evidence, Meeting, State


def load(path: Path) -> dict[str, FlatArticle]:
    """Articles by id, from one JSON file or from all `*.json` files right inside a folder.

    Raises ArchiveError where nothing is there, where a file is neither a record nor a
    reference, and where two files are about the same article.
    """
    found: dict[str, FlatArticle] = {}
    origin: dict[str, Path] = {}
    for file in _files(path):
        article = _read(file)
        if article.id in found:
            raise ArchiveError(
                f"{origin[article.id]} and {file} are both about article {article.id!r}: "
                "keep one of them."
            )
        found[article.id], origin[article.id] = article, file
    return found


def flatten(record: Record) -> FlatArticle:
    """A record's values in the flat form.

    Raises pydantic's ValidationError where a value breaks the form, such as a country that is no
    alpha-3 code.
    """
    meetings = record.summary.meetings
    return FlatArticle(
        id=record.article.id,
        published=record.article.published.date,
        meetings=tuple(_flat_meeting(meeting) for meeting in meetings),
        states=tuple(state for meeting in meetings for state in _states(meeting)),
    )


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        files = sorted(file for file in path.glob("*.json") if file.is_file())
        if not files:
            raise ArchiveError(f"The folder {path} holds no .json file, so nothing can be scored.")
        return files
    if not path.exists():
        raise ArchiveError(f"There is no file or folder {path}: check the path.")
    return [path]


def _read(file: Path) -> FlatArticle:
    try:
        data: Any = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ArchiveError(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise ArchiveError(f"{file} is not valid JSON: write or restore it anew.") from error
    kind = _kind(data)
    if kind is None:
        raise ArchiveError(
            f"{file} is neither a record (article, summary, made) nor a reference (id, meetings): "
            "move it away or correct it."
        )
    try:
        return FlatArticle.model_validate(data) if kind == "reference" else _from_record(data)
    except ValidationError as error:
        raise ArchiveError(f"{file} is not a valid {kind}: {_first(error)}.") from error


def _kind(data: Any) -> str | None:
    if not isinstance(data, dict):
        return None
    if {"article", "summary"} <= data.keys():
        return "record"
    return "reference" if {"id", "meetings"} <= data.keys() else None


def _from_record(data: Any) -> FlatArticle:
    return flatten(Record.model_validate(data))


def _first(error: ValidationError) -> str:
    """Where and what the first fault is, without pydantic's address and the value itself."""
    fault = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in fault["loc"])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{where}: {fault['msg']}{more}"


def _numbers(evidence: Evidence) -> tuple[int, ...]:
    return tuple(quote.sentence for quote in evidence.quotes)


def _states(meeting: Meeting) -> list[State]:
    people = [person.evidence.state for person in meeting.participants]
    agenda = [item.evidence.state for item in meeting.agenda]
    agreements = [item.evidence.state for item in meeting.agreements]
    return [meeting.evidence.state, *people, *agenda, *agreements]


def _flat_meeting(meeting: Meeting) -> FlatMeeting:
    return FlatMeeting(
        name=meeting.name,
        prominence=meeting.prominence,
        status=meeting.status,
        format=meeting.format,
        date_text=meeting.date_text,
        date=meeting.date,
        venue=meeting.venue,
        city=meeting.city,
        country=meeting.country,
        parties=meeting.parties,
        participants=tuple(
            FlatParticipant(
                name=person.name,
                title=person.title,
                party=person.party,
                evidence=_numbers(person.evidence),
            )
            for person in meeting.participants
        ),
        agenda=tuple(
            FlatAgendaItem(topic=item.topic, evidence=_numbers(item.evidence))
            for item in meeting.agenda
        ),
        agreements=tuple(
            FlatAgreement(text=item.text, evidence=_numbers(item.evidence))
            for item in meeting.agreements
        ),
        evidence=_numbers(meeting.evidence),
    )
