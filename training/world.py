"""The invented world: countries as they are, people and offices that nobody holds.

Draws from the lexicon with a given random generator, so that one seed always makes one corpus.
"""

import functools
import json
import random
from collections.abc import Collection
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

LEXICON = Path(__file__).parent / "lexicon"

# News is not spread evenly: these meet often, the rest of the world now and then.
FREQUENT = (
    "USA CHN RUS JPN KOR PRK IND GBR FRA DEU ITA ESP TUR IRN ISR SAU ARE EGY PAK IDN VNM PHL THA "
    "MYS SGP AUS CAN MEX BRA ARG ZAF NGA KEN ETH UKR POL NLD SWE NOR CHE GRC KAZ UZB QAT JOR "
    "MNG KHM MMR BGD LKA NPL AZE ARM GEO SRB HUN ROU CHL COL PER VEN CUB MAR DZA TUN"
).split()

# "the U.S.", "the Republic of …" take an article; "ROK" and "S. Korea" do not.
_WITH_THE = ("Republic", "People's", "Kingdom", "United", "U.S", "US", "UK", "U.K", "UAE", "U.A.E")


@functools.cache
def lexicon(name: str) -> Any:
    """One lexicon file, parsed."""
    return yaml.safe_load((LEXICON / f"{name}.yaml").read_text("utf-8"))


@functools.cache
def topics() -> dict[str, dict[str, Any]]:
    """Agenda phrases and agreement clauses by domain of conversation."""
    return {
        path.stem: yaml.safe_load(path.read_text("utf-8"))
        for path in sorted((LEXICON / "topics").glob("*.yaml"))
    }


@dataclass(frozen=True)
class Country:
    """A state as news names it."""

    code: str
    name: str  # as a noun inside a sentence, with its article: "the United States"
    adjective: str
    capital: str
    cities: tuple[str, ...]
    short: str  # for headlines

    @property
    def bare(self) -> str:
        """The noun without its article."""
        return self.name.removeprefix("the ")


@dataclass(frozen=True)
class Office:
    """A post as news names it, and who sits opposite it."""

    title: str  # before a name: "Foreign Minister"
    lower: str  # in apposition: "foreign minister"
    role: str  # on a later mention: "the minister"
    plural: str  # of two who hold it
    domain: str
    level: str  # leader, minister, vice, working
    only: tuple[str, ...] = ()  # codes of the countries that have it; empty: all have

    def exists_in(self, home: Country) -> bool:
        """Whether somebody in `home` could hold it."""
        return not self.only or home.code in self.only


@dataclass
class Person:
    """Somebody in the story. `title` is what the text printed, None while it printed none."""

    name: str
    short: str
    male: bool
    country: Country
    office: Office
    introduced: bool = False
    title: str | None = None

    @property
    def he(self) -> str:
        """The pronoun."""
        return "he" if self.male else "she"

    @property
    def his(self) -> str:
        """The possessive."""
        return "his" if self.male else "her"


def country(rng: random.Random, exclude: Collection[str] = ()) -> Country:
    """A country whose code is not among `exclude`, in one of its usual wordings."""
    table = countries()
    pool = FREQUENT if rng.random() < 0.75 else list(table)
    code = rng.choice([c for c in pool if c not in exclude])
    row, usa = table[code], code == "USA"
    names = row["names"]
    wide = [n for n in names[1:] if usa or ((not n.isupper() or len(n) > 2) and len(n) < 16)]
    name = names[0] if rng.random() < 0.88 or not wide else rng.choice(wide)
    with_the = (row.get("the") and name == names[0]) or name.startswith(_WITH_THE)
    adjective = rng.choice(row["adjectives"][:1] * 4 + row["adjectives"])
    return Country(
        code=code,
        name=f"the {name}" if with_the else name,
        adjective=rng.choice(["U.S.", "U.S.", "US", "American"]) if usa else adjective,
        capital=row["capital"],
        cities=(row["capital"], *row.get("cities", ())),
        short=rng.choice(["U.S.", "US"]) if usa else names[0],
    )


def person(rng: random.Random, home: Country, office: Office) -> Person:
    """Somebody from `home` who holds `office`."""
    male = rng.random() < 0.72
    name, short = named(rng, home.code, male=male)
    return Person(name, short, male, home, office)


def named(rng: random.Random, code: str, *, male: bool) -> tuple[str, str]:
    """A name as people in the country `code` have it, and what news calls its bearer for short."""
    table = lexicon("people")
    culture = table["cultures"][table["countries"].get(code, "anglo")]
    given = rng.choice(culture["male" if male else "female"])
    family = rng.choice(culture["family"])
    if not male:
        family = _of_a_woman(family, culture.get("family_female", {}))
    middle = ""
    if culture.get("middle") and rng.random() < 0.12:
        middle = f"{rng.choice(culture['middle'])} "
    name = f"{given} {middle}{family}"
    if culture["order"] == "family-first":
        name = f"{family} {given}"
    if culture.get("style") == "single" and rng.random() < 0.3:
        name = given
    short = {"family": family, "given": given}.get(culture["short"], name)
    return name, short if short in name else name


def office(
    rng: random.Random, home: Country, *, domain: str | None = None, level: str | None = None
) -> Office:
    """An office that exists in `home`, of the wanted domain and level where there is one."""
    known = [row for row in _offices() if row.exists_in(home)]
    fitting = [row for row in known if domain in (None, row.domain) and level in (None, row.level)]
    own = [row for row in fitting if row.only]
    if own and rng.random() < 0.4:
        return rng.choice(own)
    return rng.choice(fitting or known)


def _of_a_woman(family: str, endings: dict[str, str]) -> str:
    """A family name in its feminine form, where the culture has one."""
    old = next((ending for ending in endings if family.endswith(ending)), None)
    return family if old is None else family.removesuffix(old) + endings[old]


@functools.cache
def countries() -> dict[str, dict[str, Any]]:
    """Rows of the table of places that have a capital, by code."""
    table = json.loads((resources.files("pipeline.places") / "places.json").read_bytes())
    return {row["code"]: row for row in table["countries"] if row.get("capital")}


@functools.cache
def _offices() -> tuple[Office, ...]:
    return tuple(Office(**row) for row in lexicon("offices"))
