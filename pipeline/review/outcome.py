"""What review made of a record: its summary as the reviewers left it.

Only what was accepted, corrected or added is in it; what nobody decided on is left out. Knows
rows and records; knows no log.
"""

import re
from collections.abc import Iterable
from typing import Any

from pipeline.review import check
from pipeline.review.state import KEPT, Meeting, Review, Stand
from schemas import summary
from schemas.article import Article
from schemas.decision import Kind
from schemas.record import Record
from schemas.summary import DateBasis, Evidence, State, Summary

_PARTICIPANT = re.compile(r"meetings\[(\d+)\]\.participants\[(\d+)\]")
_MEETING = re.compile(r"meetings\[(\d+)\]")
_NOWHERE: dict[str, Any] = {"venue": None, "city": None, "country": None}


def reviewed(record: Record, review: Review) -> Record:
    """The record with the summary that its reviewers vouch for, which has no flags any more."""
    kept = (m for m in review.meetings if m.head.standing in KEPT)
    meetings = tuple(_meeting(record, meeting) for meeting in kept)
    return record.model_copy(update={"summary": Summary(meetings=meetings)})


def _meeting(record: Record, meeting: Meeting) -> summary.Meeting:
    rows = [row for row in meeting.rows if row.standing in KEPT]
    article = record.article
    date, place, parties = (_single(rows, k) for k in (Kind.DATE, Kind.PLACE, Kind.PARTIES))
    return summary.Meeting.model_validate(
        {
            **meeting.head.content.value,
            **(place.content.value if place else _NOWHERE),
            **_when(record, date),
            "parties": parties.content.value["parties"] if parties else (),
            "participants": tuple(
                summary.Participant.model_validate(
                    {
                        **row.content.value,
                        "party_text": _party_text(record, row),
                        "evidence": _evidence(article, row),
                    }
                )
                for row in _all(rows, Kind.PARTICIPANT)
            ),
            "agenda": tuple(
                summary.AgendaItem.model_validate(
                    {**row.content.value, "evidence": _evidence(article, row)}
                )
                for row in _all(rows, Kind.AGENDA)
            ),
            "agreements": tuple(
                summary.Agreement.model_validate(
                    {**row.content.value, "evidence": _evidence(article, row)}
                )
                for row in _all(rows, Kind.AGREEMENT)
            ),
            "evidence": _evidence(article, meeting.head),
        }
    )


def _all(rows: Iterable[Stand], kind: Kind) -> list[Stand]:
    return [row for row in rows if row.item.kind is kind]


def _single(rows: Iterable[Stand], kind: Kind) -> Stand | None:
    return next(iter(_all(rows, kind)), None)


def _evidence(article: Article, row: Stand) -> Evidence:
    quotes = check.quotes(article, row.content.evidence)
    state = row.state or (State.CITED_ONLY if quotes else State.NOT_FOUND)
    return Evidence(state=state, quotes=quotes, cited_by=row.content.cited_by)


def _when(record: Record, row: Stand | None) -> dict[str, Any]:
    """The date as it was decided, and how the words for when became it."""
    if row is None:
        return {"date_text": None, "date": None, "date_basis": DateBasis.NONE}
    value = row.content.value
    if row.proposed is not None and row.proposed.value == value and row.where:
        found = _MEETING.match(row.where)
        if found:
            basis = record.summary.meetings[int(found[1])].date_basis
            return {**value, "date_basis": basis}
    if not value["date_text"]:
        return {**value, "date_basis": DateBasis.NONE}
    basis = DateBasis.RESOLVED if value["date"] else DateBasis.UNRESOLVED
    return {**value, "date_basis": basis}


def _party_text(record: Record, row: Stand) -> str | None:
    """The article's words for the party, where the party is still the one they were written for."""
    found = _PARTICIPANT.match(row.where or "")
    if found is None:
        return None
    person = record.summary.meetings[int(found[1])].participants[int(found[2])]
    return person.party_text if person.party == row.content.value["party"] else None
