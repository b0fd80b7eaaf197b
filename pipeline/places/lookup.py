"""Countries, organisations and places by name: from the article's words to codes.

Everything comes from our own table (`gazetteer`); the names of the `countryguess` package are a
last resort, as whole strings only (its own lookup searches and guesses, and took "Japan and
Korea" for Japan). What this module does not know: which sense of "Georgia", "Jordan" or "Chad" an
article means, or whether a capital stands for a government or for a place; the caller decides.
"""

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from pipeline.places.gazetteer import (
    Kind,
    city_codes,
    codes,
    exact_forms,
    fold,
    folded_forms,
    mention_pattern,
    other_territories,
    state_names,
    states,
    table,
    venues,
)


class Mention(NamedTuple):
    """`text[start:end] == words` names `code`; offsets are code points."""

    start: int
    end: int
    words: str
    code: str
    kind: Kind


_EDGES = " \t\r\n\"'“”‘’,;:"
_BRACKETED = re.compile(r"\s*\([^()]*\)$")  # "Republic of Korea (ROK)"
_POSSESSIVE = re.compile(r"(?:'s|(?<=s)')$")
_ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)
_TOKEN = re.compile(r"\w+(?:'\w+)?|[^\w\s]")
_AWAY = frozenset({"in", "to", "at", "for", "on"})  # "ambassador to Japan" is not Japan


def _clean(words: str) -> str:
    return " ".join(words.replace("’", "'").strip(_EDGES).split())


def _lookup(words: str) -> str | None:
    found = exact_forms().get(words)
    if found is not None:
        return found[1]
    return words if words in codes() else folded_forms().get(fold(words))


@lru_cache(maxsize=4096)
def party(words: str | None) -> str | None:
    """The alpha-3 code of the state, or the short name of the organisation, that acts.

    `words` as an article has them: "ROK", "the U.S. side", "Seoul's foreign ministry". None where
    they name nobody we know, or more than one.
    """
    bare = _clean(words or "")
    if not bare:
        return None
    core = _POSSESSIVE.sub("", _ARTICLE.sub("", _BRACKETED.sub("", bare)))
    found = _lookup(bare) or _lookup(core) or _institution(core)
    if found is None:
        found = other_territories().get(core if len(core) <= 3 else fold(core))
    return found


def _institution(words: str) -> str | None:
    """The one party in "government of Japan"; None if a word is left that we cannot place."""
    found = mentions(words)
    if not found:
        return None
    first, rest = found[0], {mention.code for mention in found[1:]}
    before = _plain(words[: first.start])
    gaps = [(a.end, b.start) for a, b in pairwise(found)]
    after = _plain(" ".join([words[a:b] for a, b in gaps] + [words[found[-1].end :]]))
    known = frozenset(table().institution_words)
    alone = rest <= {first.code} or (_AWAY & set(after) and "and" not in after)
    fits = known.issuperset(before + after) and not _AWAY & set(before)
    return first.code if alone and fits else None


def _plain(words: str) -> list[str]:
    return _TOKEN.findall(re.sub(r"'s?(?!\w)", " ", words).lower())


def is_state(code: str) -> bool:
    """Whether a party's code is a state's, not the short name of an organisation."""
    return code in states()


def state_name(code: str) -> str | None:
    """What news call a state by its code, within a sentence: "the United States"."""
    return state_names().get(code)


@lru_cache(maxsize=4096)
def country(words: str | None) -> str | None:
    """The alpha-3 code of a state; a capital or city given as a country is its country's."""
    found = party(words)
    if found is not None and (found in states() or found not in codes()):
        return found
    bare = _clean(words or "")
    found = city_country(bare)
    if found is None and "," in bare:  # "Jeju Island, South Korea"
        found = country(bare.rsplit(",", 1)[1])
    return found


@lru_cache(maxsize=4096)
def city_country(city: str) -> str | None:
    """The alpha-3 code of the country that a capital or well-known city lies in."""
    folded = fold(re.sub(r"^(?:downtown|central)\s+", "", _clean(city), flags=re.IGNORECASE))
    if folded in city_codes():
        return city_codes()[folded]
    head = folded.partition(",")[0]
    return city_codes().get(head) if head != folded else None


_LEAD = re.compile(r"^(?:(?:at|in|inside|outside|of|the)\s+)+", re.IGNORECASE)
_TAIL = re.compile(r"(?:,| (?:in|outside|near) ).*$|\s+(?:building|headquarters|complex|compound)$")


@lru_cache(maxsize=1024)
def venue(words: str) -> tuple[str, str] | None:
    """(city, alpha-3 code) of a well-known building: "at the Pentagon" → Arlington, USA."""
    bare = fold(_LEAD.sub("", _clean(words)))
    return venues().get(bare) or venues().get(_TAIL.sub("", bare))


def mentions(text: str) -> tuple[Mention, ...]:
    """Every mention of a state or organisation in `text`, left to right, none overlapping."""
    forms, found = exact_forms(), []
    for match in mention_pattern().finditer(text):
        form = forms.get(" ".join(match[0].replace("’", "'").split()))
        if form is not None:  # None: one of `not_mentions`
            found.append(Mention(match.start(), match.end(), match[0], form[1], form[2]))
    return tuple(found)
