"""What there is to decide about a record: its rows, and which of them they are in the next run.

A row is known by its article, its meeting, its kind and its own words, never by its place in a
list. A meeting is known by its name and its words for when; where those have changed, by what it
lists. Knows one record; knows no decisions.
"""

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from pipeline.distil import Sources, level
from pipeline.review import check, forms
from schemas.article import Article
from schemas.base import Value
from schemas.decision import Content, Item, Json, Kind, Span
from schemas.exchange import digest
from schemas.record import Record
from schemas.summary import Evidence, Flag, Meeting, Quote, State

Listed = tuple[Kind, str]  # a kind of which a meeting has many, and the row's own words
Lists = Mapping[str, AbstractSet[Listed]]  # what each meeting lists, by the meeting's id

_KIND_OF = {
    "date": Kind.DATE,
    "date_text": Kind.DATE,
    "venue": Kind.PLACE,
    "city": Kind.PLACE,
    "country": Kind.PLACE,
    "parties": Kind.PARTIES,
}
_LEAD = re.compile(r"meetings\[\d+\](?:\.(?:participants|agenda|agreements)\[\d+\])?")


class Row(Value):
    """A row as the model wrote it. `where` is its path in the summary."""

    item: Item
    where: str
    content: Content
    state: State | None
    flags: tuple[Flag, ...] = ()


class Block(NamedTuple):
    """A meeting's rows, the one about the meeting as such first."""

    meeting: str
    rows: tuple[Row, ...]


def text_hash(article: Article) -> str:
    """What tells whether spans and decisions are about this text: SHA-256, hex."""
    return digest(article.text)


def blocks(record: Record, known: Lists) -> tuple[Block, ...]:
    """The record's meetings as rows.

    `known` has the meetings that were decided on before, with what they listed: a meeting that is
    one of them takes its id, so that its rows are recognised.
    """
    article, meetings = record.article, record.summary.meetings
    own = meeting_ids(article.id, meetings)
    ids = align({key: _listed(m) for key, m in zip(own, meetings, strict=True)}, known)
    sources, flags = Sources(article), _by_row(record.summary.flags)
    return tuple(
        Block(ids[key], tuple(_Rows(article, sources, flags, ids[key], index).all(meeting)))
        for index, (key, meeting) in enumerate(zip(own, meetings, strict=True))
    )


def align(
    ours: Mapping[str, AbstractSet[Listed]], known: Mapping[str, AbstractSet[Listed]]
) -> dict[str, str]:
    """For each of our meetings the id by which it is known, else its own.

    Of two with different ids at least two listed things, and half of the shorter list, have to be
    the same: who decided on one meeting has decided nothing about another.
    """
    found = {key: key for key in ours if key in known}
    shared = [
        (-len(common), mine, theirs)
        for mine in ours.keys() - found.keys()
        for theirs in known.keys() - found.keys()
        for common in (ours[mine] & known[theirs],)
        if len(common) >= 2 and 2 * len(common) >= min(len(ours[mine]), len(known[theirs]))
    ]
    for _, mine, theirs in sorted(shared):
        if mine not in found and theirs not in found.values():
            found[mine] = theirs
    return {key: found.get(key, key) for key in ours}


def whole(record: Record) -> Row:
    """The row that says that nothing is missing."""
    item = Item(article=record.article.id, meeting="", kind=Kind.ARTICLE)
    return Row(item=item, where="", content=Content(value={}, cited_by="code"), state=None)


def loose_flags(record: Record) -> tuple[Flag, ...]:
    """Flags that are about no row of their own."""
    return tuple(flag for flag in record.summary.flags if not _LEAD.match(flag.where))


def meeting_id(article: str, name: str, when: str | None, ordinal: int = 1) -> str:
    """`m` and 16 hex digits of the SHA-256 over what tells a meeting from others of its article."""
    return "m" + digest([article, level(name), level(when or ""), ordinal])[:16]


def meeting_ids(article: str, meetings: Sequence[Meeting]) -> list[str]:
    """The id of each meeting of an article; two of the same words are told apart by their order."""
    seen: Counter[tuple[str, str]] = Counter()
    ids = []
    for meeting in meetings:
        same = (level(meeting.name), level(meeting.date_text or ""))
        seen[same] += 1
        ids.append(meeting_id(article, *same, ordinal=seen[same]))
    return ids


def _listed(meeting: Meeting) -> frozenset[Listed]:
    return frozenset(
        {
            *((Kind.PARTICIPANT, level(person.name)) for person in meeting.participants),
            *((Kind.AGENDA, level(item.topic)) for item in meeting.agenda),
            *((Kind.AGREEMENT, level(item.text)) for item in meeting.agreements),
        }
    )


def _by_row(flags: Iterable[Flag]) -> dict[tuple[str, Kind | None], list[Flag]]:
    """Flags by the path of the row that they are about, and its kind where that shares the path."""
    found: dict[tuple[str, Kind | None], list[Flag]] = {}
    for flag in flags:
        if lead := _LEAD.match(flag.where):
            rest = flag.where[lead.end() :].lstrip(".")
            listed = lead[0].count(".") > 0
            kind = None if listed else _KIND_OF.get(rest, Kind.MEETING)
            found.setdefault((lead[0], kind), []).append(flag)
    return found


class _Rows:
    """Makes the rows of one meeting."""

    def __init__(
        self,
        article: Article,
        sources: Sources,
        flags: Mapping[tuple[str, Kind | None], list[Flag]],
        meeting: str,
        index: int,
    ) -> None:
        self._article, self._sources, self._flags = article, sources, flags
        self._meeting, self._path = meeting, f"meetings[{index}]"

    def all(self, meeting: Meeting) -> Iterator[Row]:
        """The meeting as such, when, where, parties, and what it lists."""
        head = {
            "name": meeting.name,
            "prominence": meeting.prominence.value,
            "status": meeting.status.value,
            "format": meeting.format.value if meeting.format else None,
        }
        yield self._row(Kind.MEETING, head, meeting.evidence)
        when = {"date_text": meeting.date_text, "date": meeting.date}
        yield from self._worded(Kind.DATE, when, meeting)
        where = {"venue": meeting.venue, "city": meeting.city, "country": meeting.country}
        yield from self._worded(Kind.PLACE, where, meeting)
        parties = self._row(Kind.PARTIES, {"parties": meeting.parties}, meeting.evidence)
        yield parties.model_copy(update={"state": None})  # codes stand in no article
        for i, person in enumerate(meeting.participants):
            value = {"name": person.name, "title": person.title, "party": person.party}
            yield self._row(Kind.PARTICIPANT, value, person.evidence, f".participants[{i}]")
        for i, topic in enumerate(meeting.agenda):
            yield self._row(Kind.AGENDA, {"topic": topic.topic}, topic.evidence, f".agenda[{i}]")
        for i, clause in enumerate(meeting.agreements):
            value = {"text": clause.text}
            yield self._row(Kind.AGREEMENT, value, clause.evidence, f".agreements[{i}]")

    def _row(
        self, kind: Kind, value: Mapping[str, Json], evidence: Evidence, lists: str = ""
    ) -> Row:
        words = forms.words(kind, value)
        item = Item(article=self._article.id, meeting=self._meeting, kind=kind, words=words)
        path = self._path + lists
        flags = tuple(self._flags.get((path, None if lists else kind), ()))
        spans = tuple(Span(sentence=q.sentence, start=q.start, end=q.end) for q in evidence.quotes)
        content = Content(value=dict(value), evidence=spans, cited_by=evidence.cited_by)
        return Row(item=item, where=path, content=content, state=evidence.state, flags=flags)

    def _worded(self, kind: Kind, value: Mapping[str, Json], meeting: Meeting) -> Iterator[Row]:
        """A row whose evidence the summary does not keep: code looks for its words once more."""
        near = [quote.sentence for quote in meeting.evidence.quotes]
        tie = functools.partial(self._sources.tie, cited=(), near=near)
        quotes: set[Quote] = set()
        for words in forms.said(kind, value).values():
            quotes.update(tie(words).quotes)
        ordered = sorted(quotes or meeting.evidence.quotes, key=lambda quote: quote.start)
        evidence = Evidence(state=State.EXACT, quotes=tuple(ordered), cited_by="code")
        row = self._row(kind, value, evidence)
        state = check.state(self._article, kind, value, row.content.evidence)
        if row.flags or any(value.values()):
            yield row.model_copy(update={"state": state})
