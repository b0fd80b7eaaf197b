"""Articles written by hand, told again with other countries and other people.

    python -m training.recast 800 --seed 1 -o recast.jsonl

A model that sees an article twice learns its names by heart; told of other people elsewhere, the
same article teaches how it is told. What does not hold against `training.written`'s checks after
the change is dropped. Knows words and their counterparts; does not know what an article says.
"""

import argparse
import collections
import itertools
import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline import places
from pipeline.compose import candidates
from pipeline.export.wire import UnteachableError
from pipeline.places.gazetteer import Country, table
from pipeline.read import sentences
from schemas.article import Article
from schemas.reference import FlatArticle
from training import world, written
from training.orders import with_order

ORDERED = 0.12  # share of articles that hold an order to the machine that reads them

# What stands before or behind the name of somebody who takes no part: a quoted analyst, say.
_BEFORE = re.compile(
    r"(?:\b(?:Mrs?|Ms|Dr|Prof|Sir|Gen|Col|Lt)\.?|[a-z]{3,}(?:man|woman|er|or|ist|yst|ian|ent)) $"
)
_BEHIND = re.compile(r",? (?:said|says|told|added|argued|wrote|warned|noted|thinks|thought)\b")
_FEMALE = re.compile(r"\b(?:she|her|hers|Ms|Mrs)\b")
_MALE = re.compile(r"\b(?:he|his|him|Mr)\b")


class UnfitError(Exception):
    """An article in which something has no counterpart."""


def recast(article: Article, reference: FlatArticle, rng: random.Random) -> dict[str, Any]:
    """A training line: the article and its answer with other names. Raises UnfitError."""
    homes = _homes(article.text, reference, rng)
    words = _country_words(article.text, homes, rng)
    words |= _people_words(article, reference, homes, rng)
    swap = _Swap(words)
    codes = {old: new.code for old, new in homes.items()}
    text = swap(article.text)
    told = Article(
        id=article.id,
        text=text,
        title=article.title and swap(article.title),
        published=article.published,
        sentences=sentences.split(text),
    )
    changed = FlatArticle.model_validate(_swapped(reference.model_dump(mode="json"), swap, codes))
    for fault in written.faults(told, changed, cited=False):
        raise UnfitError(fault)
    if set(written.party_codes(told)) != {codes.get(c, c) for c in written.party_codes(article)}:
        raise UnfitError("a country is recognised where none was, or no longer")
    if rng.random() < ORDERED:
        text = with_order(text, rng)
        told = told.model_copy(update={"text": text, "sentences": sentences.split(text)})
    return written.sample(told, changed)


def _swapped(value: Any, swap: "_Swap", codes: dict[str, str]) -> Any:
    """A reference with its words swapped, and its codes."""
    if isinstance(value, dict):
        return {key: _swapped_field(key, item, swap, codes) for key, item in value.items()}
    if isinstance(value, list):
        return [_swapped(item, swap, codes) for item in value]
    return value


def _swapped_field(key: str, value: Any, swap: "_Swap", codes: dict[str, str]) -> Any:
    if key in ("party", "country"):
        return codes.get(value, value)
    if key == "parties":
        return sorted(codes.get(code, code) for code in value)
    if isinstance(value, str) and key not in ("id", "published", "date"):
        return swap(value)
    return _swapped(value, swap, codes)


class _Swap:
    """Replaces whole words by their counterparts, and mends "a" and "an" before them."""

    def __init__(self, words: dict[str, str]) -> None:
        self._words = words
        longest = sorted(words, key=len, reverse=True)
        self._pattern = re.compile(
            rf"(?<!\w)(?:(?P<a>[Aa])n? )?(?P<old>{'|'.join(map(re.escape, longest))})(?!\w)"
        )

    def __call__(self, text: str) -> str:
        return self._pattern.sub(self._new, text) if self._words else text

    def _new(self, match: re.Match[str]) -> str:
        new = self._words[match["old"]]
        if not match["a"]:
            return new
        vowel = new[0] in "AEIO" or new.startswith(("Un", "Um"))
        return f"{match['a']}{'n' if vowel else ''} {new}"


def _homes(text: str, reference: FlatArticle, rng: random.Random) -> dict[str, Country]:
    """Which country stands for which, by code; some stay what they are.

    A country stays whose words mean more than one thing ("U.S." is noun and adjective), which is
    there by its institutions or buildings, or in which a meeting is held in a town that has no
    counterpart.
    """
    states = {state.code: state for state in table().countries}
    found = places.mentions(text)
    here = {mention.code for mention in found} & states.keys()
    homes: dict[str, Country] = {}
    for code in sorted(here):
        old = states[code]
        words = {m.words for m in found if m.code == code}
        cities = {m.city for m in reference.meetings if m.country == code and m.city}
        if _stays(old, words, cities, text):
            continue
        taken = here | {new.code for new in homes.values()}
        fitting = [s for s in states.values() if s.code not in taken and _can_be(s, old, text)]
        often = [s for s in fitting if s.code in world.FREQUENT]
        pool = often if often and rng.random() < 0.6 else fitting
        if pool:
            homes[code] = rng.choice(pool)
    return homes


def _stays(old: Country, words: set[str], cities: set[str], text: str) -> bool:
    plain = {*old.names, *old.adjectives, *(f"{a}s" for a in old.adjectives)}
    plain |= {old.capital, *old.capital_aliases}
    double = set(old.names) & set(old.adjectives)
    known = {old.capital, *old.capital_aliases, *old.cities}
    houses = any(venue.name in text for venue in old.venues)
    return bool(words - plain or words & double or cities - known or houses)


def _can_be(new: Country, old: Country, text: str) -> bool:
    """Whether `new` has a counterpart for each of the old one's words in the text."""
    if new.the or not new.adjectives or set(new.names) & set(new.adjectives):
        return False
    people = any(f"{adjective}s" in text for adjective in old.adjectives)
    if people and not new.adjectives[0].endswith(("an", "i")):
        return False
    return len(_cities(old, text)) <= len(new.cities)


def _cities(state: Country, text: str) -> list[str]:
    """The cities of a state that a text names, its capital apart."""
    return [
        c for c in state.cities if c != state.capital and re.search(rf"\b{re.escape(c)}\b", text)
    ]


def _country_words(text: str, homes: dict[str, Country], rng: random.Random) -> dict[str, str]:
    """Every word for a country that goes, with the word for the one that comes."""
    states = {state.code: state for state in table().countries}
    words: dict[str, str] = {}
    for code, new in homes.items():
        old = states[code]
        cities = [c for c in new.cities if c != new.capital]
        words |= dict(zip(_cities(old, text), rng.sample(cities, len(cities)), strict=False))
        words |= dict.fromkeys((old.capital, *old.capital_aliases), new.capital)
        for adjective in old.adjectives:
            words |= {adjective: new.adjectives[0], f"{adjective}s": f"{new.adjectives[0]}s"}
        for name in old.names:
            words |= {name: new.names[0], f"the {name}": new.names[0], f"The {name}": new.names[0]}
    return words | {old.upper(): new.upper() for old, new in words.items() if len(old) > 3}


def _people_words(
    article: Article, reference: FlatArticle, homes: dict[str, Country], rng: random.Random
) -> dict[str, str]:
    """Every person's name, and what they are called for short, with somebody else's."""
    people = [p for meeting in reference.meetings for p in meeting.participants]
    codes = {p.name: p.party for p in people} | dict.fromkeys(_bystanders(article, people))
    countries = world.countries()
    words: dict[str, str] = {}
    for name, code in codes.items():
        home = homes[code].code if code in homes else code
        if home not in countries:
            home = rng.choice([h.code for h in homes.values()] or ["FRA"])
        male = _is_male(article.text, name)
        new = world.named(rng, home, male=male)
        while set(new) & set(words.values()):
            new = world.named(rng, home, male=male)
        short = _short(article.text, name)
        if short in words:
            raise UnfitError("two people share a name")
        words |= {name: new[0]} | ({short: new[1]} if short else {})
    return words | {old.upper(): new.upper() for old, new in words.items() if len(old) > 3}


def _bystanders(article: Article, people: list[Any]) -> Iterator[str]:
    """Names of those who take no part, as far as their surroundings show that they are people."""
    known = {word for person in people for word in person.name.split()}
    text = article.text
    for name in candidates.people(article.quote(s) for s in article.shown):
        if not 2 <= len(name.split()) <= 3 or known & set(name.split()):
            continue
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            before = text[max(0, match.start() - 40) : match.start()]
            if _BEFORE.search(before) or _BEHIND.match(text, match.end()):
                known |= set(name.split())
                yield name
                break


def _short(text: str, name: str) -> str | None:
    """The part of a name that stands alone elsewhere: "Berg", "Kim", "ter Haarlem"."""
    rest = text.replace(name, " ")
    parts = name.split()
    ends = [" ".join(parts[i:]) for i in range(1, len(parts))] + [parts[0]]
    counts = {part: len(re.findall(rf"(?<!\w){re.escape(part)}(?!\w)", rest)) for part in ends}
    best = max(counts, key=lambda part: (counts[part], len(part)), default=None)
    return best if best and counts[best] else None


def _is_male(text: str, name: str) -> bool:
    """By the pronouns around the name; where they are at odds, by the first."""
    around = [text[m.start() : m.end() + 300] for m in re.finditer(re.escape(name), text)]
    she, he = (sum(len(p.findall(part)) for part in around) for p in (_FEMALE, _MALE))
    return he >= she


def main(argv: list[str] | None = None) -> int:
    """Write `count` lines `{"id", "messages", "answer"}`, article after article in turn."""
    parser = argparse.ArgumentParser(
        prog="python -m training.recast", description=__doc__.split("\n")[0]
    )
    parser.add_argument("count", type=int, help="lines to write")
    parser.add_argument("--seed", type=int, default=1, help="one seed, one corpus")
    parser.add_argument("--prefix", default="", help="only articles whose name begins so")
    parser.add_argument("-o", "--out", type=Path, required=True, help="corpus to write (.jsonl)")
    options = parser.parse_args(argv)
    articles, references = written.read("train")
    names = sorted(name for name in references if name.startswith(options.prefix))
    dropped: collections.Counter[str] = collections.Counter()
    with options.out.open("w", encoding="utf-8") as out:
        most = 4 * (1 + options.count // max(1, len(names)))  # turns; some articles never fit
        made = 0
        for turn, name in itertools.product(range(1, most), names):
            if made == options.count:
                break
            rng = random.Random(f"{options.seed}/{turn}/{name}")
            try:
                line = recast(articles[name], references[name], rng)
            except (UnfitError, UnteachableError) as reason:
                dropped[f"{name}: {reason}"] += 1
                continue
            out.write(
                json.dumps(line | {"id": f"{name}/{options.seed}-{turn}"}, ensure_ascii=False)
                + "\n"
            )
            made += 1
    print(f"{made} lines; {dropped.total()} dropped", file=sys.stderr)
    for why, times in dropped.most_common(20):
        print(f"{times:5} {why}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
