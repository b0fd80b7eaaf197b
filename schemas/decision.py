"""What a person decided about one row of a summary: kept for ever, beside the record it is about.

A row is the smallest thing that is accepted or rejected: a meeting as such, its date, its place,
its parties, one participant, one agenda item, one agreement; and the article as a whole, of which
a person says that nothing is missing. Values are those of `schemas.summary`, as plain JSON.
"""

import datetime as dt
from enum import StrEnum

from schemas.base import Value
from schemas.exchange import digest

Json = str | tuple[str, ...] | None  # what a field of a row can hold


class Kind(StrEnum):
    """What a row is about."""

    MEETING = "meeting"  # name, prominence, status, format
    DATE = "date"  # date_text, date
    PLACE = "place"  # venue, city, country
    PARTIES = "parties"  # parties
    PARTICIPANT = "participant"  # name, title, party
    AGENDA = "agenda"  # topic
    AGREEMENT = "agreement"  # text
    ARTICLE = "article"  # nothing: it says that no other row is missing


class Action(StrEnum):
    """What was done. Each but `undo` says how the row stands from then on."""

    ACCEPT = "accept"
    REJECT = "reject"
    EDIT = "edit"  # another value, and the evidence that carries it
    CITE = "cite"  # the same value, other evidence
    ADD = "add"  # a row that the model missed
    UNDO = "undo"  # takes back the decision that `undoes` names, itself perhaps an undo


class Span(Value):
    """A sentence of the article, or a part of one: `text[start:end]`, in code points."""

    sentence: int
    start: int
    end: int


class Content(Value):
    """What a row says: its fields, and the spans that carry them. `cited_by` as in Evidence."""

    value: dict[str, Json]
    evidence: tuple[Span, ...] = ()
    cited_by: str = "reviewer"


class Item(Value):
    """Which row it is, in this run and in the next.

    `meeting` is empty for the article's own row. `words` tell the rows apart of which a meeting
    can have many, levelled; of the other kinds a meeting has one, and they are empty.
    """

    article: str
    meeting: str
    kind: Kind
    words: str = ""

    @property
    def id(self) -> str:
        """Short, for addresses and logs: `r` and 16 hex digits of the SHA-256."""
        return "r" + digest([self.article, self.meeting, self.kind, self.words])[:16]


class Basis(Value):
    """What a person had before her when she decided: which text, and who had summarised it."""

    article: str  # SHA-256 of the article's text, hex
    summary: str  # SHA-256 of the summary as it was before any decision, hex
    model: str
    prompt: str  # as in Made
    keys: tuple[str, ...]  # as in Made


class Decision(Value):
    """One line of thought: who did what to which row, when, and on what basis.

    `seq` counts the decisions of a log from 1. Decisions with the same `step` were made with one
    press of a key; an undo takes back all of them. `old` is None for a row that was added, `new`
    for one that was rejected; an undo has neither.
    """

    id: str
    seq: int
    step: str
    at: dt.datetime  # UTC
    by: str
    item: Item
    action: Action
    basis: Basis
    old: Content | None = None
    new: Content | None = None
    undoes: str | None = None  # the id of a decision
    seconds: float = 0.0  # that the person spent on the article since the step before
