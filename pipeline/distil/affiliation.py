"""Whom a person acts for, where the article's words for the person say it.

Of the people in `corpus/train` 46 in 100 have something that says it, and it is right in 98 cases
of 100 (`python benchmarks/rules.py corpus/train`). Knows no meetings.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipeline import places
from pipeline.distil.beside import AWAY, Party, beside
from schemas.extraction import ExtractedParticipant

_POSSESSIVE = re.compile(r"^['’]s?(?=\s)")
_OF = re.compile(r"\bof (?:the )?$")
_FOR = re.compile(r"\b(?:for|on|to) (?:the )?$")  # "envoy for Afghan reconstruction"
_MATTER = re.compile(r" (?:affairs|issues|matters|desk)\b", re.IGNORECASE)
_OVER = re.compile(rf" (?:{'|'.join(AWAY)})\b|\s*\([^()]*\)$|,|$")  # the owner is complete


class Side(NamedTuple):
    """The words for whom somebody acts, and why they are not the model's, if they aren't."""

    words: str | None
    doubt: str | None = None


def settle(
    people: Sequence[ExtractedParticipant], parties: Sequence[str], sentences: Sequence[str]
) -> list[Side]:
    """For whom each of those at one meeting acts; `parties`: who else meets there.

    What an office itself says ("deputy secretary-general of ASEAN"), or else what stands right
    beside a name ("the Omani envoy …"), wins over a model that wrote another state, or nothing;
    who acts for an organisation may well be called by a nationality. Since two parties meet,
    whom the article leaves open is then turned to the other side, where all would be on one.
    """
    stated = [_stated(person, sentences) for person in people]
    sides = [_settled(*each) for each in zip(people, stated, strict=True)]
    codes = {places.party(side.words) for side in sides}
    listed = {places.party(words) for words in parties}
    if len(people) < 2 or len(codes | listed) > 1:
        return sides
    known = next((person.name for person, each in zip(people, stated, strict=True) if each), None)
    if known is None or all(stated) or not (facing := _facing(people, sides, sentences)):
        return sides
    return [
        side if each else Side(facing, f"{person.name} is taken to face {known}, for “{facing}”.")
        for person, each, side in zip(people, stated, sides, strict=True)
    ]


def _facing(
    people: Sequence[ExtractedParticipant], sides: Sequence[Side], sentences: Sequence[str]
) -> str | None:
    """The words for the other side: what the model had before, or what is named most near these."""
    (one,) = {places.party(side.words) for side in sides}
    for person in people:
        if places.party(person.party) not in (None, one):
            return person.party
    named: Counter[str] = Counter()
    words: dict[str, str] = {}
    for sentence in sentences:
        near = any(person.name.split()[-1] in sentence for person in people)
        for mention in places.mentions(sentence):
            if mention.code != one:
                named[mention.code] += 3 if near else 1
                words.setdefault(mention.code, mention.words)
    return words[named.most_common(1)[0][0]] if named else None


def _stated(person: ExtractedParticipant, sentences: Sequence[str]) -> tuple[Party, str] | None:
    """The party that the article gives somebody, and where."""
    if (party := _of_office(person.title)) is not None:
        return party, f"{person.name} is “{person.title}”"
    if (party := beside(person.name, person.title, sentences)) is not None:
        return party, f"The article has “{party.words}” beside {person.name}"
    return None


def _settled(person: ExtractedParticipant, stated: tuple[Party, str] | None) -> Side:
    held = places.party(person.party)
    acts_for_organisation = held is not None and not places.is_state(held)
    if stated is None or stated[0].code == held or acts_for_organisation:
        return Side(person.party)
    party, proof = stated
    written = f"the model wrote “{person.party}”" if person.party else "the model wrote nothing"
    return Side(party.words, f"{proof}; {written}.")


def _of_office(title: str | None) -> Party | None:
    """The party whose office it is, where the title itself says so.

    "Deputy secretary-general of ASEAN", "Ambassador of Sri Lanka to Poland", "Kenya's envoy",
    "political director at the Dutch foreign ministry".
    """
    office = title or ""
    for mention in places.mentions(office):
        before, behind = office[: mention.start], office[mention.end :]
        if mention.kind == "adjective":
            owns = places.is_state(mention.code) and not _MATTER.match(behind)
            owns = owns and not _FOR.search(before)
        elif mention.kind in ("name", "organisation"):
            owns = bool(_POSSESSIVE.match(behind) or (_OF.search(before) and _OVER.match(behind)))
        else:
            owns = False
        if owns:
            return Party(mention.code, mention.words)
    return None
