"""The flat form of a summary: what a reference holds, and what the scorer compares.

Flat means values only, without offsets, flags or provenance. A reference file is one
`FlatArticle` as JSON. Agenda items and agreements may be plain strings, or objects with the
numbers of the sentences that say them.
"""

import datetime as dt
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from schemas.base import Value
from schemas.extraction import Format, Prominence, Status
from schemas.summary import State

_DAY = r"[\dX]{4}(-[\dX]{2}){0,2}[?~%]?"
Edtf = Annotated[str, Field(pattern=rf"^{_DAY}(/({_DAY}|\.\.)?)?$")]
Alpha3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Text = Annotated[str, Field(min_length=1)]
Numbers = tuple[Annotated[int, Field(ge=1)], ...]


class FlatParticipant(Value):
    """A named person at one meeting. `party` is alpha-3, or an organisation's short name."""

    name: Text
    title: str | None
    party: str | None
    evidence: Numbers = ()


class FlatAgendaItem(Value):
    """One subject of one meeting."""

    topic: Text
    evidence: Numbers = ()


class FlatAgreement(Value):
    """One joint commitment of one meeting."""

    text: Text
    evidence: Numbers = ()


def _topic(value: Any) -> Any:
    return {"topic": value} if isinstance(value, str) else value


def _clause(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


class FlatMeeting(Value):
    """One encounter. All fields but `evidence` must be written, null where there is nothing."""

    name: Text
    prominence: Prominence
    status: Status
    format: Format | None
    date_text: str | None
    date: Edtf | None
    venue: str | None
    city: str | None
    country: Alpha3 | None
    parties: tuple[Text, ...]  # alpha-3 codes, or the short names of organisations
    participants: tuple[FlatParticipant, ...]
    agenda: tuple[Annotated[FlatAgendaItem, BeforeValidator(_topic)], ...]
    agreements: tuple[Annotated[FlatAgreement, BeforeValidator(_clause)], ...]
    evidence: Numbers = ()


class FlatArticle(Value):
    """All meetings of one article.

    `states` holds the state of every item's evidence when the values come from a record: meeting
    by meeting the participants', the agenda's and the agreements'. A reference was written by a
    person and has none.
    """

    id: Text
    published: dt.date | None = None
    meetings: tuple[FlatMeeting, ...]
    states: tuple[State, ...] = ()
