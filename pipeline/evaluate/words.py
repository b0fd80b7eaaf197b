"""When two pieces of text say the same: names, titles, places, topics.

It knows nothing of meetings. Everything here is symmetrical, and a text always equals itself.
"""

import re
import unicodedata
from collections.abc import Set as AbstractSet
from functools import lru_cache

from pipeline import places

_APOSTROPHES = re.compile("['`\u2018\u2019\u02bc\u02bb]")
_ABBREVIATION = re.compile(r"\b(?:[^\W\d_]\.)+[^\W\d_]\b\.?")  # U.S., D.C., R.O.K
_WORD = re.compile(r"[^\W_]+")
_OF = re.compile(r"\s+of\s+(?:the\s+)?$")
_VOWEL = re.compile("[aeiouy]")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LITTLE = _set(
    "a an the of on in at to for and or with from by as into over between among through their its "
    "his her our this that these those which such is are be been was were it they also both"
)
# In a meeting's descriptive name these say only that it is one: "talks between A and B".
_GENERIC = _set("talk meet session discussion encounter")
# Levelled words for states, by which a title or a descriptive name may open. The list need not be
# complete: a word that is missing here only makes the comparison stricter.
_NATIONS = _set(
    """
    us usa american america united states washington rok korea korean south north seoul dprk
    pyongyang japan japanese tokyo china chinese prc beijing russia russian moscow uk british
    britain kingdom london france french paris germany german berlin italy italian rome spain
    spanish canada canadian ottawa australia australian canberra new zealand india indian delhi
    pakistan pakistani indonesia indonesian vietnam vietnamese hanoi thailand thai philippine
    philippines filipino malaysia malaysian singapore singaporean mongolia mongolian myanmar
    cambodia cambodian laos lao taiwan taiwanese kazakhstan kazakh uzbekistan uzbek turkey turkish
    turkiye iran iranian iraq iraqi israel israeli palestinian egypt egyptian saudi arabia arabian
    emirates uae emirati qatar qatari jordan jordanian ukraine ukrainian poland polish czech
    hungary hungarian romania romanian greece greek norway norwegian sweden swedish finland finnish
    denmark danish dutch netherlands belgium belgian swiss switzerland austria austrian portugal
    portuguese brazil brazilian mexico mexican argentina argentine chile chilean colombia colombian
    peru peruvian africa african nigeria nigerian kenya kenyan ethiopia ethiopian eu european un
    """
)
_SPELT = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_ORDINALS = {"inaugural": 1} | {word: number for number, word in enumerate(_SPELT, start=1)}
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")


@lru_cache(maxsize=20_000)
def level(text: str) -> tuple[str, ...]:
    """The words of a text, without case, accents, punctuation and hyphens; U.S. becomes `us`.

    A text without letters or digits stands for itself, so that nothing levels to nothing.
    """
    bare = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).casefold()
    bare = "".join(char for char in bare if unicodedata.category(char) != "Mn")
    bare = _ABBREVIATION.sub(lambda found: found[0].replace(".", ""), bare)
    return tuple(_WORD.findall(bare)) or (text,)


@lru_cache(maxsize=20_000)
def _spellings(name: str) -> frozenset[str]:
    """What a person's name may look like when its parts move, join or part."""
    words = level(name)
    turned = {"".join(words[at:] + words[:at]) for at in range(len(words))}
    return frozenset(turned | {" ".join(sorted(words))})


def same_person(one: str, other: str) -> bool:
    """Ham Sang-wook is Sangwook HAM, and neither is Ham Sang-won nor plain Ham."""
    return not _spellings(one).isdisjoint(_spellings(other))


def same_title(one: str | None, other: str | None) -> bool:
    """Equal, or the same set of words, little words and the state that it is of aside.

    "Japan's Defense Minister", "Defense Minister of Japan" and "Defense Minister" are the same:
    for whom somebody acts is a field of its own.
    """
    if one is None or other is None:
        return one is other
    return _office(one) == _office(other)


def _office(title: str) -> frozenset[str]:
    # Equality of the levelled titles implies equality of their word sets: one test serves both.
    words = list(level(_without_state_behind(title)))
    while len(words) > 1 and (words[0] in _LITTLE or _is_nation(words[0])):
        words.pop(0)
    return frozenset(words) - _LITTLE or frozenset(words)


def _without_state_behind(title: str) -> str:
    for mention in places.mentions(title):
        before = _OF.search(title[: mention.start])
        if before and mention.end == len(title) and places.is_state(mention.code):
            return title[: before.start()]
    return title


def _is_nation(word: str) -> bool:
    return word in _NATIONS or word.removesuffix("s") in _NATIONS  # "Japan's" levels to japans


def same_city(one: str | None, other: str | None) -> bool:
    """Equal as levelled, up to a comma: Washington, D.C. is Washington. Null equals null."""
    if one is None or other is None:
        return one is other
    return level(one.split(",")[0]) == level(other.split(",")[0])


def overlap(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """F1 of two sets, 0 to 1; two empty sets share nothing."""
    return 2 * len(one & other) / ((len(one) + len(other)) or 1)


def likeness(one: str, other: str) -> float:
    """How far two topics or clauses say the same: F1 of their content words, 0 to 1."""
    return 1.0 if level(one) == level(other) else overlap(_content(one), _content(other))


def name_likeness(one: str, other: str) -> float:
    """How far two names of meetings say the same, 0 to 1, by their distinctive words.

    States and words such as "talks" don't distinguish; two different ordinals make two meetings.
    """
    if level(one) == level(other):
        return 1.0
    ordinals = _ordinals(one), _ordinals(other)
    if all(ordinals) and ordinals[0] != ordinals[1]:
        return 0.0
    return overlap(_distinctive(one), _distinctive(other))


@lru_cache(maxsize=20_000)
def _content(text: str) -> frozenset[str]:
    words = level(text)
    return frozenset(stem(word) for word in words if word not in _LITTLE) or frozenset(words)


@lru_cache(maxsize=20_000)
def _distinctive(name: str) -> frozenset[str]:
    words = (word for word in level(name) if word not in _LITTLE and not _is_nation(word))
    return frozenset(stem(word) for word in words) - _GENERIC


def _ordinals(name: str) -> frozenset[int]:
    found = {_ORDINALS[word] for word in level(name) if word in _ORDINALS}
    marked = (_ORDINAL.fullmatch(word) for word in level(name))
    return frozenset(found | {int(match[1]) for match in marked if match})


def stem(word: str) -> str:
    """A word without plural, -ing, -ed and final e: enough for "strengthening cooperation"."""
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) > 2 and _VOWEL.search(rest):
            word = rest[:-1] if rest[-1] == rest[-2] and rest[-1] not in "aeloszy" else rest
            break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word
