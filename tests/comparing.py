"""Runs for tests that lay two of them beside each other."""

from typing import Any

from pipeline.evaluate import Ran, diff
from pipeline.evaluate.changes import Change
from schemas.record import Made
from schemas.reference import FlatArticle, FlatMeeting

MADE: dict[str, Any] = {
    "readout": "1",
    "model": "old",
    "provider": "hand",
    "way": "compatible",
    "prompt": "a" * 64,
    "schema_hash": "b" * 64,
    "keys": [],
    "tokens": {},
    "at": "2024-03-05T00:00:00Z",
}
LUND: dict[str, Any] = {"name": "Ada Lund", "title": "Foreign Minister", "party": "NOR"}
BRAND: dict[str, Any] = {"name": "Ivo Brand", "title": "port envoy", "party": "PER"}
TALKS: dict[str, Any] = {
    "name": "talks between Ada Lund and Ivo Brand",
    "prominence": "focus",
    "status": "held",
    "format": "in_person",
    "date_text": "Tuesday",
    "date": "2024-03-05",
    "venue": "Customs House",
    "city": "Lima",
    "country": "PER",
    "parties": ["NOR", "PER"],
    "participants": [LUND, BRAND],
    "agenda": ["fishery quotas", "visa rules"],
    "agreements": ["open a second berth"],
}
GALA: dict[str, Any] = {
    **TALKS,
    "name": "Coral Gala",
    "city": "Suva",
    "country": "FJI",
    "parties": ["FJI", "FRA"],
    "participants": [{"name": "Lu Roy", "title": None, "party": "FRA"}],
    "agenda": [],
    "agreements": ["plant trees"],
}


def talks(**changes: Any) -> dict[str, Any]:
    return {**TALKS, **changes}


def flat(*meetings: dict[str, Any], name: str = "port", states: Any = ()) -> FlatArticle:
    listed = tuple(FlatMeeting.model_validate(each) for each in meetings)
    return FlatArticle(id=name, meetings=listed, states=states)


def run(*articles: FlatArticle, **made: str) -> dict[str, Ran]:
    how = Made.model_validate({**MADE, **made})
    return {each.id: Ran(article=each, made=how) for each in articles}


def changed(
    before: FlatArticle, after: FlatArticle, reference: FlatArticle | None = None
) -> list[Change]:
    """All changes of one article, in order."""
    references = {reference.id: reference} if reference else None
    found = diff(run(before), run(after), references).changes
    return [change for each in found for meeting in each.meetings for change in meeting.changes]
