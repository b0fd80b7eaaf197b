"""Read what is to be compared: records of ours, or references in the flat form.

It tells the two apart by their fields, and does not know which side of a comparison it reads, nor
how records are kept.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from pipeline import archive
from pipeline.errors import ArchiveError
from schemas.base import Value
from schemas.record import Made, Record
from schemas.reference import (
    FlatAgendaItem,
    FlatAgreement,
    FlatArticle,
    FlatMeeting,
    FlatParticipant,
)
from schemas.summary import Evidence, Meeting


class Ran(Value):
    """What a run made of one article, and how."""

    article: FlatArticle
    made: Made

    @property
    def id(self) -> str:
        """The article's."""
        return self.article.id


Item = TypeVar("Item", FlatArticle, Ran)


def load(path: Path) -> dict[str, FlatArticle]:
    """Articles by id, from a JSON file, a file of JSON lines, or a folder of either.

    Raises ArchiveError where nothing is there, where something is neither a record nor a
    reference, and where two are about the same article.
    """
    return _by_article(path, _read)


def load_run(path: Path) -> dict[str, Ran]:
    """Records of a run by article id, from wherever `load` reads them.

    Raises ArchiveError as `load` does, and where something is a reference.
    """
    return _by_article(path, _ran)


def _by_article(path: Path, read: Callable[[str, Any], Item]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    origin: dict[str, str] = {}
    for document in _documents(path):
        item = read(document.where, _json(document))
        if item.id in found:
            raise ArchiveError(
                f"{origin[item.id]} and {document.where} are both about article {item.id!r}: "
                "keep one of them."
            )
        found[item.id], origin[item.id] = item, document.where
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
        # Not the meeting's own: that tells of its name, which may be descriptive.
        states=tuple(each.state for meeting in meetings for each in meeting.listed),
    )


def _documents(path: Path) -> Iterator[archive.Document]:
    if not path.exists():
        raise ArchiveError(f"There is no file or folder {path}: check the path.")
    documents = archive.documents(path)
    first = next(documents, None)
    if first is None:
        raise ArchiveError(f"{path} holds no .json file, so there is nothing to compare.")
    yield first
    yield from documents


def _json(document: archive.Document) -> Any:
    try:
        return json.loads(document.content)
    except (ValueError, RecursionError) as error:
        raise ArchiveError(
            f"{document.where} is not valid JSON: write or restore it anew."
        ) from error


def _kind(where: str, data: Any) -> str:
    if isinstance(data, dict):
        if {"article", "summary"} <= data.keys():
            return "record"
        if {"id", "meetings"} <= data.keys():
            return "reference"
    raise ArchiveError(
        f"{where} is neither a record (article, summary, made) nor a reference (id, meetings): "
        "move it away or correct it."
    )


def _read(where: str, data: Any) -> FlatArticle:
    return _flat(where, _kind(where, data), data)


def _ran(where: str, data: Any) -> Ran:
    if _kind(where, data) == "reference":
        raise ArchiveError(
            f"{where} is a reference and no record of `readout run`; to judge what changed by "
            "references, give them with --reference."
        )
    return Ran(article=_flat(where, "record", data), made=Made.model_validate(data["made"]))


def _flat(where: str, kind: str, data: Any) -> FlatArticle:
    try:
        if kind == "reference":
            return FlatArticle.model_validate(data)
        return flatten(Record.model_validate(data))
    except ValidationError as error:
        raise ArchiveError(f"{where} is not a valid {kind}: {_first(error)}.") from error


def _first(error: ValidationError) -> str:
    """Where and what the first fault is, without pydantic's address and the value itself."""
    fault = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in fault["loc"])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{where}: {fault['msg']}{more}"


def _numbers(evidence: Evidence) -> tuple[int, ...]:
    # Two spans that a reviewer drew may lie in one sentence.
    return tuple(dict.fromkeys(quote.sentence for quote in evidence.quotes))


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
