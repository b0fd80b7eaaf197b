"""What the model returns: words copied from the article, and the sentences that say so.

The descriptions travel to the model inside the JSON schema; they follow the annotation guide.
Code, not the model, turns the words into dates, ISO codes and offsets (see `schemas.summary`).
"""

from enum import StrEnum

from pydantic import Field

from schemas.base import Value


class Prominence(StrEnum):
    """Whether the article is about the meeting or only mentions it."""

    FOCUS = "focus"
    BACKGROUND = "background"


class Status(StrEnum):
    """How the meeting stands as the article stands."""

    HELD = "held"
    ONGOING = "ongoing"
    PLANNED = "planned"
    PROPOSED = "proposed"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class Format(StrEnum):
    """How people met."""

    IN_PERSON = "in_person"
    VIRTUAL = "virtual"
    PHONE = "phone"


# On the wire every field is required, null or empty where there is nothing. A way of `rows` writes
# values in this order and may stop where only defaults remain: who meets comes before how it
# stands, and what is rarely said comes last.
# A model that is too small to cite leaves `evidence` out: code finds the sentences instead.
Numbers = tuple[int, ...]
_CITES = "numbers of the sentences that say it"


class ExtractedParticipant(Value):
    """A named person who takes part in the meeting."""

    name: str = Field(
        min_length=1,
        max_length=80,
        description="longest form of the name in the article, as printed, without title or rank",
    )
    title: str | None = Field(
        default=None,
        max_length=200,
        description="office as the article gives it, without a leading nationality; null if none",
    )
    party: str | None = Field(
        default=None,
        max_length=80,
        description="state or organisation the person acts for, as the article writes it",
    )
    evidence: Numbers = Field(default=(), description=_CITES)


class ExtractedAgendaItem(Value):
    """One subject that was, or is to be, talked about at the meeting."""

    topic: str = Field(
        min_length=1,
        max_length=400,
        description="one subject as a short noun phrase in the article's words",
    )
    evidence: Numbers = Field(default=(), description=_CITES)


class ExtractedAgreement(Value):
    """Something the parties of the meeting jointly agreed, decided, signed or committed to."""

    text: str = Field(
        min_length=1,
        max_length=400,
        description='a short clause in the article\'s words, without "agreed to"',
    )
    evidence: Numbers = Field(default=(), description=_CITES)


class ExtractedMeeting(Value):
    """One encounter, real or intended, between officials of two or more parties."""

    name: str | None = Field(
        min_length=1,
        max_length=250,
        description="the name the article gives it, with its ordinal, or 'courtesy call on B'; "
        "null if it has none",
    )
    participants: tuple[ExtractedParticipant, ...] = Field(
        max_length=24, description="named people who take part in this meeting, hosts included"
    )
    parties: tuple[str, ...] = Field(
        max_length=24,
        description="states or organisations that meet, as the article writes them; those of the "
        "participants may be left out",
    )
    status: Status = Field(description="as the article stands")
    prominence: Prominence = Field(
        description="focus: the article is mainly about it, or it belongs to the same trip and "
        "the text says who takes part and one more of when, where, what; else background"
    )
    format: Format | None = Field(
        default=None, description="how people met; null if the text does not show it"
    )
    date_text: str | None = Field(
        default=None,
        max_length=120,
        description="the article's own words for when; null if it does not say",
    )
    city: str | None = Field(
        default=None,
        max_length=80,
        description="city where it takes place, not where it is reported from",
    )
    agenda: tuple[ExtractedAgendaItem, ...] = Field(
        default=(), max_length=16, description="subjects, one item each"
    )
    agreements: tuple[ExtractedAgreement, ...] = Field(
        default=(), max_length=24, description="what was jointly agreed, one commitment each"
    )
    venue: str | None = Field(
        default=None, max_length=160, description="building or institution, or null"
    )
    country: str | None = Field(
        default=None,
        max_length=80,
        description="country where it takes place, as the article writes it",
    )
    evidence: Numbers = Field(default=(), description=_CITES)


class Extraction(Value):
    """All meetings that one article reports. An empty list is a right answer."""

    meetings: tuple[ExtractedMeeting, ...] = Field(
        max_length=16, description="one per encounter, in the order of the article"
    )
