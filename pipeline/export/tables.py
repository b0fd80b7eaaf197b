"""The tables of an export: a class for each, a field for each column, with what it holds.

Every format has these columns. `articles.text` is left out of CSV: a spreadsheet's cell holds
32,767 characters. An empty text is null.

Every table has the key `id`. An article's is its own. Any other is a letter for its table and 16
digits of a SHA-256 over the id of what the row belongs to and the row's own words, as `identity`
in `rows` lists them. So it stays the same in every export, whatever other articles or meetings
are there and whatever becomes of a row's other columns; it changes when the words do. Only where
two rows have the same words does their order count.
"""

import datetime as dt
import types
from typing import Any, ClassVar, NamedTuple, get_args

from pydantic import Field
from pydantic.fields import FieldInfo

from schemas.base import Value


class Row(Value):
    """One row of the table that its class is named after."""

    table: ClassVar[str]


def _refers(table: str, note: str, **more: Any) -> Any:
    """A column that holds the id of a row of `table`."""
    return Field(description=note, json_schema_extra={"refers": table}, **more)


def _says(note: str) -> Any:
    return Field(description=note)


_STATE = (
    "how well its sentences carry it: exact, normalised, composed, cited_only or not_found, "
    "best first"
)
_CITED_BY = "who found the sentences: model or code"
_POSITION = "place in the article's list, from 1"


class ArticleRow(Row):
    """One article, and which model and prompt wrote what is said of it."""

    table: ClassVar[str] = "articles"
    id: str = _says("the article's id, as its record is called")
    title: str | None = _says("headline")
    source: str | None = _says("who published it, as the input said")
    url: str | None = _says("where it was published, as the input said")
    published: dt.date | None = _says("day of publication")
    published_basis: str = _says("how that is known: given, metadata, printed, dateline, unknown")
    text: str | None = _says("the article as it was read; offsets count its code points")
    model: str = _says("which model wrote the summary")
    provider: str = _says("who served the model")
    way: str = _says("how it was asked: a row of readout's table of ways")
    prompt: str = _says("SHA-256 of the prompt")
    schema_hash: str = _says("SHA-256 of the schema that the model was held to")
    readout: str = _says("version of readout")
    prompt_tokens: int = _says("tokens sent, over all requests about the article")
    completion_tokens: int = _says("tokens written")
    written_at: dt.datetime = _says("when the last reply was written, UTC")
    edition: int = _says("0 for a first story, 1 for its first update, and so on")
    replaces: str | None = _says("id of the article that this one updates")
    replaced_by: str | None = _says("id of the article that updates this one")
    copy_of: str | None = _says("id of the first article with the same text; null for that one")


class MeetingRow(Row):
    """One encounter that an article reports."""

    table: ClassVar[str] = "meetings"
    id: str = _says(
        "m and 16 hex digits; made from the article, `name` and `date_text`, whatever their case, "
        "blanks, quotes and dashes; a review's decisions name the meeting by it, too"
    )
    article_id: str = _refers("articles", "the article that reports it")
    position: int = _says(_POSITION)
    name: str = _says("the article's name for it, else a short description")
    prominence: str = _says("focus: the article is about it; background: it only mentions it")
    status: str = _says("held, ongoing, planned, proposed, postponed or cancelled, as reported")
    format: str | None = _says("in_person, virtual or phone")
    date_text: str | None = _says("the article's words for when")
    date: str | None = _says("those words as an EDTF date (ISO 8601-2)")
    date_basis: str = _says("how they became a date: written, resolved, unresolved or none")
    date_from: dt.date | None = _says("first day that `date` may mean")
    date_to: dt.date | None = _says("last day that `date` may mean")
    venue: str | None = _says("building or institution")
    city: str | None = _says("where it takes place")
    country: str | None = _says("where it takes place, ISO 3166-1 alpha-3")
    evidence_state: str = _says(_STATE)
    cited_by: str = _says(_CITED_BY)


class PartyRow(Row):
    """One state or organisation that takes part in a meeting."""

    table: ClassVar[str] = "parties"
    id: str = _says("s and 16 hex digits; made from the meeting and `party`")
    meeting_id: str = _refers("meetings", "the meeting")
    party: str = _says("ISO 3166-1 alpha-3, or an organisation's short name")


class ParticipantRow(Row):
    """One named person at a meeting."""

    table: ClassVar[str] = "participants"
    id: str = _says("p and 16 hex digits; made from the meeting and `name`")
    meeting_id: str = _refers("meetings", "the meeting")
    position: int = _says(_POSITION)
    name: str = _says("as the article has it, without title")
    title: str | None = _says("office, as the article has it")
    party: str | None = _says("whom the person acts for: alpha-3, or a short name")
    party_text: str | None = _says("the same in the article's words")
    evidence_state: str = _says(_STATE)
    cited_by: str = _says(_CITED_BY)


class AgendaRow(Row):
    """One subject of a meeting."""

    table: ClassVar[str] = "agenda"
    id: str = _says("t and 16 hex digits; made from the meeting and `topic`")
    meeting_id: str = _refers("meetings", "the meeting")
    position: int = _says(_POSITION)
    topic: str = _says("in the article's words")
    evidence_state: str = _says(_STATE)
    cited_by: str = _says(_CITED_BY)


class AgreementRow(Row):
    """One joint commitment of a meeting."""

    table: ClassVar[str] = "agreements"
    id: str = _says("g and 16 hex digits; made from the meeting and `text`")
    meeting_id: str = _refers("meetings", "the meeting")
    position: int = _says(_POSITION)
    text: str = _says("in the article's words")
    evidence_state: str = _says(_STATE)
    cited_by: str = _says(_CITED_BY)


class EvidenceRow(Row):
    """One sentence that is cited for one item, or for the meeting itself."""

    table: ClassVar[str] = "evidence"
    id: str = _says("e and 16 hex digits; made from the item and `sentence`")
    article_id: str = _refers("articles", "the article that the sentence stands in")
    meeting_id: str = _refers("meetings", "the meeting")
    participant_id: str | None = _refers("participants", "the person, if it is cited for one")
    agenda_id: str | None = _refers("agenda", "the subject, if it is cited for one")
    agreement_id: str | None = _refers("agreements", "the commitment, if it is cited for one")
    sentence: int = _says("number of the sentence in the article, from 1")
    start_offset: int = _says("where it begins in the article's text, in code points")
    end_offset: int = _says("where it ends")
    quote: str = _says("the sentence")


class FlagRow(Row):
    """One thing that a reviewer should look at."""

    table: ClassVar[str] = "flags"
    id: str = _says("f and 16 hex digits; made from the article, `path`, `problem` and `note`")
    article_id: str = _refers("articles", "the article")
    meeting_id: str | None = _refers("meetings", "the meeting, if it is about one")
    path: str = _says("where in the summary, such as meetings[0].date")
    problem: str = _says("a short code, such as not_found or date_unresolved")
    note: str = _says("one sentence for the reviewer")


# Each refers only to tables before it.
TABLES: tuple[type[Row], ...] = (
    ArticleRow,
    MeetingRow,
    PartyRow,
    ParticipantRow,
    AgendaRow,
    AgreementRow,
    EvidenceRow,
    FlagRow,
)


class Column(NamedTuple):
    """One column: `kind` is str, int, datetime.date or datetime.datetime."""

    name: str
    kind: type
    optional: bool
    refers: str | None
    note: str


def columns(table: type[Row]) -> tuple[Column, ...]:
    """The columns of a table, in order."""
    return tuple(_column(name, field) for name, field in table.model_fields.items())


def _column(name: str, field: FieldInfo) -> Column:
    parts: tuple[Any, ...] = get_args(field.annotation) or (field.annotation,)
    (kind,) = (part for part in parts if part is not types.NoneType)
    extra = field.json_schema_extra
    refers = extra.get("refers") if isinstance(extra, dict) else None
    return Column(
        name=name,
        kind=kind,
        optional=types.NoneType in parts,
        refers=str(refers) if refers else None,
        note=field.description or "",
    )


def about(table: type[Row]) -> str:
    """One sentence on what a row of the table is."""
    return (table.__doc__ or "").strip()
