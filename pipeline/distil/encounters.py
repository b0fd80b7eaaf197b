"""Which of the meetings a model wrote down are one encounter, and what they say together.

After the guide: talks one-to-one and then with delegations, or a dinner the same day, between the
same principals are one meeting. The parts of a long article may each tell of it, too. Two that
contradict each other in any field stay two. Knows nothing of the article.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pipeline.distil.evidence import level
from schemas.base import Value
from schemas.extraction import ExtractedMeeting, ExtractedParticipant, Prominence

V = TypeVar("V", bound=Value)

_SETTLED = ("format", "date_text", "venue", "city", "country")  # one value, or none
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
    fewer, more = sorted((_people(one), _people(other)), key=len)
    same_people = len(fewer) >= _PAIR and fewer <= more
    same_name = level(one.name) == level(other.name) and (fewer <= more)
    return same_people or same_name


def _agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or level(one) == level(other)


def _people(meeting: ExtractedMeeting) -> set[str]:
    return {level(person.name) for person in meeting.participants}


def _together(one: ExtractedMeeting, other: ExtractedMeeting) -> ExtractedMeeting:
    """What both say; where only one knows, what it knows."""
    focus = Prominence.FOCUS in (one.prominence, other.prominence)
    changes: dict[str, Any] = {
        field: getattr(one, field) or getattr(other, field) for field in _SETTLED
    }
    changes |= {
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
