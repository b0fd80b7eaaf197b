"""What readout writes: the extraction with dates, codes, quotes and flags resolved by code."""

from enum import StrEnum

from schemas.base import Value
from schemas.extraction import Format, Prominence, Status


class State(StrEnum):
    """How well the cited sentences carry a value, best first."""

    EXACT = "exact"  # stands in a cited sentence character for character
    NORMALISED = "normalised"  # … after case, spaces, quotes and dashes are levelled
    COMPOSED = "composed"  # all its content words stand in the cited sentences
    CITED_ONLY = "cited_only"  # sentences are cited, but do not contain the value
    NOT_FOUND = "not_found"  # the article does not contain it


class DateBasis(StrEnum):
    """How the words for when became a date."""

    WRITTEN = "written"  # a whole date stands in the text
    RESOLVED = "resolved"  # completed from the publication date ("Monday", "next month")
    UNRESOLVED = "unresolved"  # the words leave even the year open
    NONE = "none"  # the article has no words for when


class Quote(Value):
    """A sentence of the article: `text[start:end] == quote`, in code points."""

    sentence: int
    start: int
    end: int
    quote: str


class Evidence(Value):
    """The sentences behind one value. `cited_by` says who found them: the model or the code."""

    state: State
    quotes: tuple[Quote, ...] = ()
    cited_by: str = "model"  # "model" | "code"


class Participant(Value):
    """A named person at one meeting. `party` is alpha-3, or an organisation's short name."""

    name: str
    title: str | None
    party: str | None
    party_text: str | None
    evidence: Evidence


class AgendaItem(Value):
    """One subject of one meeting, in the article's words."""

    topic: str
    evidence: Evidence


class Agreement(Value):
    """One joint commitment of one meeting, in the article's words."""

    text: str
    evidence: Evidence


class Meeting(Value):
    """One encounter. `date` is EDTF (ISO 8601-2) or None; `country` is ISO 3166-1 alpha-3."""

    name: str
    prominence: Prominence
    status: Status
    format: Format | None
    date_text: str | None
    date: str | None
    date_basis: DateBasis
    venue: str | None
    city: str | None
    country: str | None
    parties: tuple[str, ...]  # sorted
    participants: tuple[Participant, ...]
    agenda: tuple[AgendaItem, ...]
    agreements: tuple[Agreement, ...]
    evidence: Evidence

    @property
    def listed(self) -> tuple[Evidence, ...]:
        """The evidence of what it lists: participants, agenda and agreements, in that order."""
        lists = (self.participants, self.agenda, self.agreements)
        return tuple(item.evidence for items in lists for item in items)


class Flag(Value):
    """Something a reviewer should see first. `where` is a path such as meetings[0].date."""

    where: str
    problem: str  # a short code: "not_found", "unknown_country", "date_unresolved", …
    note: str  # one sentence for the reviewer


class Summary(Value):
    """All meetings of one article, with what a reviewer should look at first."""

    meetings: tuple[Meeting, ...]
    flags: tuple[Flag, ...] = ()
