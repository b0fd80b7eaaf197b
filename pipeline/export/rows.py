"""One record as rows of the tables, with their ids.

Knows what each id is made from (`tables` says why); knows no format.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pipeline.export.days import span
from pipeline.export.select import Chosen
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
from pipeline.review.rows import meeting_ids
from schemas.exchange import canonical
from schemas.record import Record
from schemas.summary import Evidence, Meeting

_OF_MEETING = re.compile(r"meetings\[(\d+)\]")


def rows(chosen: Chosen) -> Iterator[Row]:
    """The article, its chosen meetings with all that belongs to them, and their flags.

    No row comes before one that it refers to.
    """
    record, ids = chosen.record, _Ids()
    yield _article(record)
    meetings: dict[int, str] = {}
    # Of all, also those that are not exported: ids do not depend on the filters.
    keys = meeting_ids(record.article.id, record.summary.meetings)
    for index, (key, meeting) in enumerate(zip(keys, record.summary.meetings, strict=True)):
        if index in chosen.meetings:
            meetings[index] = key
            yield _meeting(record.article.id, key, index + 1, meeting)
            yield from _belongings(ids, record.article.id, key, meeting)
    for flag in record.summary.flags:
        about = _OF_MEETING.match(flag.where)
        if about and int(about[1]) not in meetings:
            continue
        key = ids.identity("f", record.article.id, flag.where, flag.problem, flag.note)
        yield FlagRow(
            id=key,
            article_id=record.article.id,
            meeting_id=meetings[int(about[1])] if about else None,
            path=flag.where,
            problem=flag.problem,
            note=flag.note,
        )


class _Ids:
    """The ids of one article's rows: of two that are made from the same words, each is its own."""

    def __init__(self) -> None:
        self._seen: Counter[bytes] = Counter()

    def identity(self, letter: str, owner: str, *words: str | int | None) -> str:
        """`letter` and 16 hex digits of the SHA-256 over the owner's id and the row's own words."""
        made_from = canonical([letter, owner, *words])
        self._seen[made_from] += 1
        ordinal = self._seen[made_from]
        if ordinal > 1:
            made_from = canonical([letter, owner, *words, ordinal])
        return letter + hashlib.sha256(made_from).hexdigest()[:16]


def _article(record: Record) -> ArticleRow:
    article, made, edition = record.article, record.made, record.edition
    return ArticleRow(
        id=article.id,
        title=article.title or None,
        source=article.source or None,
        url=article.url or None,
        published=article.published.date,
        published_basis=article.published.basis.value,
        text=article.text or None,
        model=made.model,
        provider=made.provider,
        way=made.way,
        prompt=made.prompt,
        schema_hash=made.schema_hash,
        readout=made.readout,
        prompt_tokens=made.tokens.prompt,
        completion_tokens=made.tokens.completion,
        written_at=made.at,
        edition=edition.rank,
        replaces=edition.replaces,
        replaced_by=edition.replaced_by,
        copy_of=edition.copy_of,
    )


def _meeting(article: str, key: str, position: int, meeting: Meeting) -> MeetingRow:
    days = span(meeting.date)
    return MeetingRow(
        id=key,
        article_id=article,
        position=position,
        name=meeting.name,
        prominence=meeting.prominence.value,
        status=meeting.status.value,
        format=meeting.format.value if meeting.format else None,
        date_text=meeting.date_text or None,
        date=meeting.date,
        date_basis=meeting.date_basis.value,
        date_from=days.first if days else None,
        date_to=days.last if days else None,
        venue=meeting.venue or None,
        city=meeting.city or None,
        country=meeting.country or None,
        **_carried(meeting.evidence),
    )


def _belongings(ids: _Ids, article: str, key: str, meeting: Meeting) -> Iterator[Row]:
    """What belongs to a meeting, each item followed by the sentences cited for it."""
    for party in meeting.parties:
        yield PartyRow(id=ids.identity("s", key, party), meeting_id=key, party=party)
    cited = (article, key)
    yield from _evidence(ids, key, meeting.evidence, cited)
    for at, person in enumerate(meeting.participants, start=1):
        item = ids.identity("p", key, person.name)
        yield ParticipantRow(
            id=item,
            meeting_id=key,
            position=at,
            name=person.name,
            title=person.title or None,
            party=person.party or None,
            party_text=person.party_text or None,
            **_carried(person.evidence),
        )
        yield from _evidence(ids, item, person.evidence, cited, participant_id=item)
    for at, topic in enumerate(meeting.agenda, start=1):
        item = ids.identity("t", key, topic.topic)
        carried = _carried(topic.evidence)
        yield AgendaRow(id=item, meeting_id=key, position=at, topic=topic.topic, **carried)
        yield from _evidence(ids, item, topic.evidence, cited, agenda_id=item)
    for at, clause in enumerate(meeting.agreements, start=1):
        item = ids.identity("g", key, clause.text)
        carried = _carried(clause.evidence)
        yield AgreementRow(id=item, meeting_id=key, position=at, text=clause.text, **carried)
        yield from _evidence(ids, item, clause.evidence, cited, agreement_id=item)


def _carried(evidence: Evidence) -> dict[str, Any]:
    return {"evidence_state": evidence.state.value, "cited_by": evidence.cited_by}


def _evidence(
    ids: _Ids, item: str, evidence: Evidence, cited: tuple[str, str], **items: str
) -> Iterator[EvidenceRow]:
    """The sentences cited for `item`; `items` names its column, unless it is the meeting."""
    article, meeting = cited
    of = {"participant_id": None, "agenda_id": None, "agreement_id": None, **items}
    for quote in evidence.quotes:
        yield EvidenceRow(
            id=ids.identity("e", item, quote.sentence),
            article_id=article,
            meeting_id=meeting,
            sentence=quote.sentence,
            start_offset=quote.start,
            end_offset=quote.end,
            quote=quote.quote,
            **of,
        )
