"""Which of the meetings a model wrote down are one encounter, and what they say together.

After the guide: talks one-to-one and then with delegations, or a dinner the same day, between the
same principals are one meeting, while ordinals split a series. The parts of a long article may each
tell of it, too. Two that contradict each other stay two: in when, where, how, the numbers in their
names, who takes part, or for whom. Knows nothing of the article.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pipeline import places
from pipeline.distil import naming
from pipeline.distil.evidence import level
from schemas.base import Value
from schemas.extraction import ExtractedMeeting, ExtractedParticipant, Prominence

V = TypeVar("V", bound=Value)

_SETTLED = ("format", "date_text", "venue", "city", "country")  # one value, or none
_ORDINAL = re.compile(
    r"\d+|\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|next|new)\b"
)
_PAIR = 2  # people who suffice to know an encounter by


def merge(meetings: Sequence[ExtractedMeeting]) -> list[tuple[ExtractedMeeting, int]]:
    """Each encounter once, in the order of its first mention, with how often it was written."""
    found: list[tuple[ExtractedMeeting, int]] = []
    for meeting in meetings:
        for index, (known, times) in enumerate(found):
            if _same(known, meeting):
                found[index] = _together(known, meeting), times + 1
                break
        else:
            found.append((meeting, 1))
    return found


def _same(one: ExtractedMeeting, other: ExtractedMeeting) -> bool:
    if one.status is not other.status:
        return False
    if any(not _agree(getattr(one, field), getattr(other, field)) for field in _SETTLED):
        return False
    if not _numbers_agree(one, other) or not _parties_agree(one, other):
        return False
    ones, others = _people(one), _people(other)
    if ones or others:
        # A third person makes it another encounter, unless the name says that it is the same.
        same_name = _called(one) == _called(other)
        return (len(ones) >= _PAIR and ones.keys() == others.keys()) or (
            same_name and (ones.keys() <= others.keys() or others.keys() <= ones.keys())
        )
    if one.name or other.name:
        return _called(one) == _called(other)
    return _sides(one) == _sides(other)


def _parties_agree(one: ExtractedMeeting, other: ExtractedMeeting) -> bool:
    """Whether the same sides meet, as far as both say, and nobody changes sides."""
    ones, others = _people(one), _people(other)
    if any(not _agree(ones[name], others[name]) for name in ones.keys() & others.keys()):
        return False
    sides = [_sides(meeting) for meeting in (one, other)]
    return not all(sides) or sides[0] == sides[1]


def _numbers_agree(one: ExtractedMeeting, other: ExtractedMeeting) -> bool:
    """Whether both may be the same session of a series.

    "The third dialogue" and "talks between A and B" are one only if both are said to be on one day.
    """
    ones, others = _ordinals(one), _ordinals(other)
    if ones and others:
        return ones == others
    return ones == others or (one.date_text is not None and other.date_text is not None)


def _ordinals(meeting: ExtractedMeeting) -> list[str]:
    """The numbers in its name, as words or figures: they tell the sessions of a series apart."""
    return _ORDINAL.findall(_called(meeting))


def _called(meeting: ExtractedMeeting) -> str:
    return level(naming.name(meeting))


def _agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or level(one) == level(other)


def _sides(meeting: ExtractedMeeting) -> set[str]:
    """Who meets: the parties named, and those that the participants act for."""
    words = {*meeting.parties, *(p.party for p in meeting.participants if p.party)}
    return {places.party(each) or each for each in words}


def _people(meeting: ExtractedMeeting) -> dict[str, str | None]:
    """For whom each of those who take part acts, as the article writes it."""
    return {level(p.name): places.party(p.party) or p.party for p in meeting.participants}


def _together(one: ExtractedMeeting, other: ExtractedMeeting) -> ExtractedMeeting:
    """What both say; where only one knows, what it knows."""
    focus = Prominence.FOCUS in (one.prominence, other.prominence)
    numbered = other.name if _ordinals(other) and not _ordinals(one) else one.name or other.name
    changes: dict[str, Any] = {
        field: getattr(one, field) or getattr(other, field) for field in _SETTLED
    }
    changes |= {
        "name": numbered,
        "prominence": Prominence.FOCUS if focus else Prominence.BACKGROUND,
        "parties": tuple(dict.fromkeys((*one.parties, *other.parties))),
        "participants": _union(one.participants, other.participants, lambda p: p.name, _person),
        "agenda": _union(one.agenda, other.agenda, lambda a: a.topic, _cited),
        "agreements": _union(one.agreements, other.agreements, lambda a: a.text, _cited),
        "evidence": _numbers(one, other),
    }
    return one.model_copy(update=changes)


def _union(
    ones: Sequence[V], others: Sequence[V], words: Callable[[V], str], join: Callable[[V, V], V]
) -> tuple[V, ...]:
    held = {level(words(item)): item for item in ones}
    for item in others:
        key = level(words(item))
        held[key] = join(held[key], item) if key in held else item
    return tuple(held.values())


def _person(one: ExtractedParticipant, other: ExtractedParticipant) -> ExtractedParticipant:
    known = {"title": one.title or other.title, "party": one.party or other.party}
    return one.model_copy(update={**known, "evidence": _numbers(one, other)})


def _cited(one: V, other: V) -> V:
    return one.model_copy(update={"evidence": _numbers(one, other)})


def _numbers(one: Any, other: Any) -> tuple[int, ...]:
    return tuple(sorted({*one.evidence, *other.evidence}))
