"""The party that an article names right beside a person: "South Korean Foreign Minister Lee".

"Kenya's trade envoy, Otieno", "Berg, Norway's ambassador", "President Tavares of Cabo Verde",
"the Lao delegation, led by Deputy Minister Phan", "the Czech and Slovak ministers, Novak and
Hrusa". Nothing but words of an office may stand between the two. Knows no meetings.
"""

import itertools
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from pipeline import places

_WORD = re.compile(r"\w+(?:['’.\-]\w+)*\.?|[^\w\s]")
_POSSESSIVE = re.compile(r"^['’]s?(?=[\s,])")
_SMALL = frozenset({"of", "for", "and", "the", "&", "-"})
AWAY = ("to", "in", "at", "on", "for", "from", "with")  # "ambassador to Japan" is not Japan's
_REACH = 110  # characters between a name and a party's words
_OFFICE = "minister"  # what a title is read as, whatever its words
_ADDRESSES = frozenset("mr mrs ms dr prof h.e hon sir his her excellency the honourable".split())
_UNLISTED = 2  # words of address, at most, that no list has: "Datuk Seri", "Lyonpo"

_IS = r"(?: (?:is|was|are|were|will be|is to be))"
_GROUP = r" (?:delegation|side|team|mission)"
_LED = re.compile(
    rf"^(?:['’]s)?(?:{_GROUP})?,?{_IS}? (?:led|headed|chaired|co-chaired|represented) by\b"
    rf"|^(?:['’]s)?{_GROUP}(?: comprised| included|{_IS})\b"
    r"|^(?: one)? by\b"
)
_JOINED = re.compile(r"(?:['’]s)? and (?:the )?(?:neighbouring )?")
_SECOND = re.compile(r"(?: \([^()]*\))? and ")
_ANOTHER = re.compile(r", and\b|\band $")  # "Oman's minister, and Vice Admiral B"
_INVITED = re.compile(r"\binvitation of\b[^.;]*$")  # "…, Ms B" is the guest


class Party(NamedTuple):
    """A state's or organisation's code, and the article's words for it."""

    code: str
    words: str


def beside(name: str, title: str | None, sentences: Sequence[str]) -> Party | None:
    """The party that stands beside `name`; None where none does, or several.

    The words of `title` are taken for an office.
    """
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    office = title if title and title not in name and not places.mentions(title) else None
    found: dict[str, Party] = {}
    for sentence in sentences:
        if name not in sentence:
            continue
        told = sentence.replace(office, _OFFICE) if office else sentence
        mentions = places.mentions(told)
        for match in pattern.finditer(told):
            party = _before(told, match.start(), mentions)
            party = party or _behind(told, match.end(), mentions)
            party = party or _paired(told, match, mentions)
            if party is not None:
                found.setdefault(party.code, party)
    return next(iter(found.values())) if len(found) == 1 else None


def _before(sentence: str, start: int, mentions: Sequence[places.Mention]) -> Party | None:
    """The party whose office the words before a name name: "Omani Trade Minister …"."""
    earlier = [mention for mention in mentions if mention.end <= start]
    for mention in reversed(earlier):
        gap = sentence[mention.end : start]
        if len(gap) > _REACH or gap.startswith("-born") or _INVITED.search(sentence[: mention.end]):
            return None
        led, owns = _LED.match(gap), bool(_POSSESSIVE.match(gap))
        owner = owns or mention.kind == "adjective"
        if not owner and _is_away(sentence, mention):
            continue
        if _ANOTHER.search(gap):
            return None
        gap = gap[led.end() :] if led else _POSSESSIVE.sub("", gap)
        between = [m for m in earlier if m.start >= mention.end]
        office = _titled(_without(gap, between))
        named = _is_of_office(office) if led or (owns and not office) else _is_office(office)
        if not (named or _has_office_of(sentence, mention, office)):
            return None
        # "presidents A of Chad and B" leaves B's country open, "the Omani and Iraqi ministers" both
        if ("and" in office and not (owner or led)) or _is_second(sentence, mention):
            return None
        return Party(mention.code, mention.words)
    return None


def _titled(gap: str) -> list[str]:
    """The words between a party and a name, without a comma or a foreign address at their end."""
    words = _WORD.findall(gap)
    if words and words[-1] == ",":
        return words[:-1]
    for _ in range(_UNLISTED):
        if len(words) > 1 and words[-1][0].isupper() and not _is_office_word(words[-1]):
            words.pop()
    return [word for word in words if word != ","]


def _paired(sentence: str, name: re.Match[str], mentions: Sequence[places.Mention]) -> Party | None:
    """The one of two parties: "the Czech and Slovak ministers, Novak and Hrusa"."""
    before = [mention for mention in mentions if mention.end <= name.start()]
    for one, other in itertools.pairwise(before):
        gap = sentence[other.end : name.start()]
        joined = _JOINED.fullmatch(sentence[one.end : other.start])
        if one.code == other.code or not joined or len(gap) > _REACH:
            continue
        office, comma, people = _POSSESSIVE.sub("", gap).partition(",")
        words = _WORD.findall(office) or _WORD.findall(sentence[: one.start])[-2:]
        first, _, address = people.rpartition(" and ")
        if not (comma and _is_office(words) and _is_of_office(_titled(address))):
            continue
        if not first and _SECOND.match(sentence[name.end() :]):
            return Party(one.code, one.words)
        if first and not re.search(r",| and ", first):
            return Party(other.code, other.words)
    return None


def _behind(sentence: str, end: int, mentions: Sequence[places.Mention]) -> Party | None:
    """The party in what explains a name: "…, Oman's envoy", "… of Oman", "… (Oman)"."""
    opening = re.match(r"\s*(?P<how>,|\(|of\b|from\b)\s*", sentence[end:])
    mention = next((m for m in mentions if m.start >= end), None)
    if opening is None or mention is None:
        return None
    start = end + opening.end()
    office = _words(sentence[start : mention.start])
    if opening["how"] in ("of", "from"):
        right = office in ([], ["the"])
    elif opening["how"] == "(":
        right = not office
    else:
        right = _is_apposition(sentence, mention, office)
    return Party(mention.code, mention.words) if right else None


def _is_apposition(sentence: str, mention: places.Mention, office: list[str]) -> bool:
    """Whether ", the Omani minister," explains the name before it and opens no other's."""
    if office and office[0] in ("and", "a", "an"):
        return False  # "…, a Swedish former judge" says where he comes from, not whom he acts for
    if "and" in office or not _is_of_office(office) or _is_away(sentence, mention):
        return False
    rest = sentence[mention.end :]
    if rest.startswith("-born"):
        return False
    following = _words(_POSSESSIVE.sub("", rest))
    length = next((i for i, w in enumerate(following) if not _is_office_word(w)), len(following))
    if not (length or office):
        return False
    after = following[length] if length < len(following) else "."
    return not after[0].isupper()  # "…, Omani Minister Said al-Busaidi": somebody else


def _words(text: str) -> list[str]:
    words = _WORD.findall(text)
    return words[:-1] if words and words[-1] == "," else words


def _without(gap: str, mentions: Sequence[places.Mention]) -> str:
    """The gap without where an office is exercised: "'s ambassador to Somalia, "."""
    for mention in mentions:
        away = rf"\b(?:{'|'.join(AWAY)})\s+(?:the\s+)?{re.escape(mention.words)}(?!\w)"
        gap = re.sub(away, "", gap)
    return gap


def _is_away(sentence: str, mention: places.Mention) -> bool:
    """Whether it is where somebody is or goes: "to Chile", "in the Netherlands"."""
    return any(word.casefold() in AWAY for word in _leading(sentence, mention)[-1:])


def _leading(sentence: str, mention: places.Mention) -> list[str]:
    """The words before a party, without its article."""
    words = _WORD.findall(sentence[: mention.start])
    return words[:-1] if words[-1:] == ["the"] else words


def _has_office_of(sentence: str, mention: places.Mention, between: list[str]) -> bool:
    """Whether the office stands before the party: "the Minister of Trade of Oman, H.E. Mr …"."""
    before = _leading(sentence, mention)
    addressed = all(word == "," or _level(word) in _ADDRESSES for word in between)
    return addressed and before[-1:] == ["of"] and _is_office(before[-2:-1])


def _is_second(sentence: str, mention: places.Mention) -> bool:
    """Whether this is the second of two that share what follows: "Serbian and Kosovar …"."""
    before = sentence[: mention.start].rstrip()
    pair = re.search(r"(\w+)\s+and(?:\s+the)?$", before)
    return pair is not None and places.party(pair[1]) is not None


def _is_office(words: list[str]) -> bool:
    return _is_of_office(words) and any(_level(word) in _lexicon() for word in words)


def _is_of_office(words: list[str]) -> bool:
    return all(_is_office_word(word) for word in words)


def _is_office_word(word: str) -> bool:
    bare = _level(word)
    parts = bare.split("-")
    return bare in _SMALL or bare in _lexicon() or all(part in _lexicon() for part in parts)


def _level(word: str) -> str:
    return re.sub(r"['’]s?$", "", word.strip(".").casefold())


@cache
def _lexicon() -> frozenset[str]:
    """The words of which titles are made, from `office_words.txt`."""
    return frozenset(
        resources.files("pipeline.distil").joinpath("office_words.txt").read_text("utf-8").split()
    )
