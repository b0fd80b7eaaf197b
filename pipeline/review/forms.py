"""What the rows of each kind hold: their fields, which of them the article must contain.

Knows one row's values; knows neither articles nor decisions.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from pipeline import places
from pipeline.distil import level
from pipeline.review.refused import RefusedError
from schemas.base import Value
from schemas.decision import Json, Kind
from schemas.extraction import Format, Prominence, Status
from schemas.reference import Alpha3, Edtf

_LONGEST = 2000  # characters of one value; the longest clause in our corpus has 300
_LACKING = frozenset({"missing", "string_type", "string_too_short"})  # pydantic's names for it
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-(\d{2})(?!\d)")
_MONTHS = {*range(1, 13), *range(21, 42)}  # EDTF's seasons, quarters and halves come after


def _trimmed(given: Any) -> Any:
    """On one line without blanks around it, and None where nothing is left."""
    return (" ".join(given.split()) or None) if isinstance(given, str) else given


def _country(given: Any) -> Any:
    return (places.country(given) or given) if isinstance(given, str) else given


def _party(given: str) -> str:
    return places.party(given) or given


def _parties(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(map(_party, given))))


def _real(edtf: str | None) -> str | None:
    """The pattern takes 2024-02-31, the calendar does not; nor does any interval run backwards."""
    days = [dt.date.fromisoformat(day) for day in _DAY.findall(edtf or "")]
    if days != sorted(days):
        raise ValueError("the interval ends before it begins")
    if not {int(month) for month in _MONTH.findall(edtf or "")} <= _MONTHS:
        raise ValueError("there is no such month")
    return edtf


_Trimmed = BeforeValidator(_trimmed)
_Text = Annotated[str, Field(min_length=1, max_length=_LONGEST), _Trimmed]
_Words = Annotated[str | None, Field(max_length=_LONGEST), _Trimmed]
_Party = Annotated[_Text, AfterValidator(_party)]


class _Meeting(Value):
    name: _Text
    prominence: Prominence
    status: Status
    format: Annotated[Format | None, _Trimmed] = None


class _Date(Value):
    date_text: _Words = None
    date: Annotated[Edtf | None, AfterValidator(_real), _Trimmed] = None


class _Place(Value):
    venue: _Words = None
    city: _Words = None
    country: Annotated[Alpha3 | None, BeforeValidator(_country), _Trimmed] = None


class _Parties(Value):
    parties: Annotated[tuple[_Text, ...], Field(max_length=100), AfterValidator(_parties)]


class _Participant(Value):
    name: _Text
    title: _Words = None
    party: _Party | None = None


class _Agenda(Value):
    topic: _Text


class _Agreement(Value):
    text: _Text


class _Article(Value):
    pass


class _Form(NamedTuple):
    """How one kind is checked: its fields, those that the article must say, that tell it apart."""

    fields: type[Value]
    said: tuple[str, ...] = ()
    own: str | None = None


_FORMS = {
    Kind.MEETING: _Form(_Meeting),  # its name may be our own description
    Kind.DATE: _Form(_Date, ("date_text",)),
    Kind.PLACE: _Form(_Place, ("venue", "city")),
    Kind.PARTIES: _Form(_Parties),  # codes
    Kind.PARTICIPANT: _Form(_Participant, ("name",), "name"),
    Kind.AGENDA: _Form(_Agenda, ("topic",), "topic"),
    Kind.AGREEMENT: _Form(_Agreement, ("text",), "text"),
    Kind.ARTICLE: _Form(_Article),
}


def checked(kind: Kind, given: Mapping[str, Any]) -> dict[str, Json]:
    """`given` as a row of this kind holds it: trimmed, and states by their codes.

    Raises RefusedError for what no row of this kind can hold.
    """
    try:
        held = _FORMS[kind].fields.model_validate(dict(given))
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        field = str(fault["loc"][0]) if fault["loc"] else ""
        name = field.replace("_", " ") or "value"
        if fault["type"] in _LACKING:
            message = f"The {name} is missing; fill it in."
        else:
            message = f"The {name} does not fit ({fault['msg']}); correct it and save again."
        raise RefusedError("invalid_value", message, {"field": field}) from error
    return {name: _json(each) for name, each in held if not isinstance(each, dict)}


def _json(held: Any) -> Json:
    if held is None or isinstance(held, tuple):
        return held
    return str(held)


def words(kind: Kind, value: Mapping[str, Json]) -> str:
    """What tells this row from others of its kind in the same meeting; empty for single ones."""
    own = _FORMS[kind].own
    return level(str(value[own])) if own else ""


def many(kind: Kind) -> bool:
    """Whether a meeting can have several rows of this kind."""
    return _FORMS[kind].own is not None


def said(kind: Kind, value: Mapping[str, Json]) -> dict[str, str]:
    """The fields whose words the article has to contain, and those words."""
    return {name: str(value[name]) for name in _FORMS[kind].said if value.get(name)}


def text(kind: Kind, value: Mapping[str, Json]) -> str:
    """The row on one line."""
    if kind is Kind.ARTICLE:
        return "nothing is missing"
    if kind is Kind.DATE:
        day, when = value.get("date"), value.get("date_text")
        return " ".join(filter(None, (str(day or "no date"), f"“{when}”" if when else "")))
    parts: list[str] = []
    for name, each in value.items():
        plainly = isinstance(each, str) and kind is Kind.MEETING and name != "name"
        one = str(each).replace("_", " ") if plainly else each
        parts.extend(one if isinstance(one, tuple) else [one] if one else [])
    return ", ".join(parts)
