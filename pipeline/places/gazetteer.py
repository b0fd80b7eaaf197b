"""The table of countries, organisations, cities and venues, and its dictionaries.

Read once from `places.json`, which is ours. What this module does not know: how an article words
a party ("the U.S. side"); `places` takes words apart and asks here.
"""

import json
import re
import unicodedata
import warnings
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Literal

from countryguess import CountryData

from schemas.base import Value

Kind = Literal["name", "adjective", "capital", "organisation", "metonym"]
Form = tuple[str, str, Kind]  # surface, code, kind


class Venue(Value):
    """A building that settles its city."""

    name: str
    city: str


class Country(Value):
    """One state. `names[0]` is the usual news name; `the` says whether it takes "the".

    `also` holds forms to be understood but not written: old names, and nouns for people.
    """

    code: str
    names: tuple[str, ...]
    the: bool
    adjectives: tuple[str, ...]
    also: tuple[str, ...]
    capital: str
    capital_aliases: tuple[str, ...]
    cities: tuple[str, ...]
    metonyms: tuple[str, ...]
    venues: tuple[Venue, ...]


class Organisation(Value):
    """One international organisation; `code` is its common short name."""

    code: str
    names: tuple[str, ...]
    the: bool
    adjectives: tuple[str, ...]
    metonyms: tuple[str, ...]


class Table(Value):
    """`places.json` as a whole.

    `ambiguous`: forms of several owners, and the code that wins (None: nobody does).
    `not_mentions`: phrases that hold a country's name and mean something else.
    `institution_words`: words that leave a party what it is ("the South Korean *side*").
    """

    countries: tuple[Country, ...]
    organisations: tuple[Organisation, ...]
    ambiguous: dict[str, str | None]
    not_mentions: tuple[str, ...]
    institution_words: tuple[str, ...]


@cache
def table() -> Table:
    """The table, read once."""
    raw = resources.files("pipeline.places").joinpath("places.json").read_text(encoding="utf-8")
    return Table.model_validate(json.loads(raw))


def _all_forms() -> Iterator[Form]:
    """Every surface form with its code; where one is listed twice, the first reading wins."""
    countries, organisations = table().countries, table().organisations
    for state in countries:
        yield from ((form, state.code, "name") for form in (*state.names, *state.also))
    for body in organisations:
        yield from ((form, body.code, "organisation") for form in (body.code, *body.names))
    owners: tuple[Country | Organisation, ...] = (*countries, *organisations)
    for owner in owners:
        yield from ((form, owner.code, "adjective") for form in owner.adjectives)
        people = (form for form in owner.adjectives if form.endswith(("an", "i")))
        yield from ((f"{form}s", owner.code, "adjective") for form in people)
    for state in countries:
        yield from ((c, state.code, "capital") for c in (state.capital, *state.capital_aliases))
        yield from ((form, state.code, "metonym") for form in state.metonyms)
    for body in organisations:
        yield from ((form, body.code, "organisation") for form in body.metonyms)


@cache
def exact_forms() -> dict[str, Form]:
    """Surface form → (form, code, kind), ambiguous forms settled or left out."""
    forms: dict[str, Form] = {}
    for form, code, kind in _all_forms():
        settled = table().ambiguous.get(form, code)
        if settled is not None:
            forms.setdefault(form, (form, settled, kind))
    return forms


_WORDS = frozenset({"US", "WHO", "CAR", "Malé"})


@cache
def folded_forms() -> dict[str, str]:
    """Folded form → code, without those that are English words once folded."""
    folded: dict[str, str] = {}
    for form, code, _ in exact_forms().values():
        if form not in _WORDS:
            folded.setdefault(fold(form), code)
    return folded


@cache
def other_territories() -> dict[str, str]:
    """Names and codes of the territories that our table leaves out, from countryguess."""
    data: Any = CountryData()
    known = {state.code for state in table().countries} | {"XKX"}
    with warnings.catch_warnings():  # it leaves its data file open for the garbage collector
        warnings.simplefilter("ignore", ResourceWarning)
        rows = zip(data.codes_iso3, data.names_short, data.names_official, strict=True)
    return {
        fold(name) if len(name) > 3 else name: code
        for code, *names in rows
        if code not in known
        for name in (code, *names)
    }


@cache
def codes() -> frozenset[str]:
    """Every alpha-3 code and every organisation's short name."""
    return states() | {body.code for body in table().organisations}


@cache
def states() -> frozenset[str]:
    """Every alpha-3 code of the table."""
    return frozenset(state.code for state in table().countries)


@cache
def state_names() -> dict[str, str]:
    """The usual name of each state by its alpha-3 code, with "the" where it takes one."""
    return {s.code: f"the {s.names[0]}" if s.the else s.names[0] for s in table().countries}


@cache
def city_codes() -> dict[str, str | None]:
    """Folded city → code; None where two countries have one of that name."""
    cities: dict[str, str | None] = {}
    for state in table().countries:
        for city in {fold(c) for c in (state.capital, *state.capital_aliases, *state.cities)}:
            cities[city] = None if city in cities else state.code
    return cities


@cache
def venues() -> dict[str, tuple[str, str]]:
    """Folded venue → (city, alpha-3 code)."""
    return {
        fold(place.name): (place.city, state.code)
        for state in table().countries
        for place in state.venues
    }


def fold(words: str) -> str:
    """Lower case, no accents, no final dot, one space between words."""
    bare = unicodedata.normalize("NFKD", words.casefold())
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split()).rstrip(".")


@cache
def mention_pattern() -> re.Pattern[str]:
    """One case-sensitive alternation, factored by prefix so that it stays fast."""
    words = {*exact_forms(), *table().not_mentions}
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return re.compile(rf"(?<!\w){_branches(tree)}(?![\w$])")


def _branches(node: dict[str, Any]) -> str:
    """A tree of letters as a pattern that prefers the longest word."""
    written = {" ": r"\s{1,2}", "'": "['’]"}
    parts = [
        written.get(letter, re.escape(letter)) + _branches(below)
        for letter, below in node.items()
        if letter
    ]
    ends_here = "" in node
    if not parts or (len(parts) == 1 and not ends_here):  # no group: compiles twice as fast
        return "".join(parts)
    return f"(?:{'|'.join(parts)}){'?' * ends_here}"
