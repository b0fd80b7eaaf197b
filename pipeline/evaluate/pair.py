"""Which meeting of a summary is which of the reference, and which item is which.

It knows when two meetings may be the same, not what is right or wrong in them.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from pipeline.evaluate.words import level, likeness, name_likeness, overlap, same_city, same_person
from schemas.reference import FlatMeeting

PEOPLE, NAME, DATE, PARTIES, PLACE = 0.40, 0.25, 0.15, 0.10, 0.10  # weights, sum 1
FLOOR = 0.40  # a pair's likeness lies above this
SAME_NAME = 0.60  # from here on a name alone identifies a meeting

_UNIT = 1_000_000  # the matching is exact on whole numbers only
Item = TypeVar("Item")


class Match(NamedTuple):
    """Two items that belong together: their indices, and their likeness from 0 to 1."""

    reference: int
    summary: int
    likeness: float


def assign(
    reference: Sequence[Item],
    summary: Sequence[Item],
    weigh: Callable[[Item, Item], tuple[float, int]],
) -> tuple[Match, ...]:
    """The one-to-one matches with the largest sum of likeness, in the reference's order.

    `weigh` gives the likeness, 0 where two items cannot match, and a tie-breaker of a few units.
    The order in which items come does not change what is matched.
    """
    # Slow to import: only who scores pays for it.
    from networkx import Graph, max_weight_matching

    graph: Graph[int] = Graph()
    scores: dict[tuple[int, int], float] = {}
    rights = _settled(summary)
    for left in _settled(reference):
        for right in rights:
            score, tie = weigh(reference[left], summary[right])
            if score > 0:
                scores[left, right] = score
                graph.add_edge(left, -1 - right, weight=round(score * _UNIT) + tie)
    pairs = (sorted(edge, reverse=True) for edge in max_weight_matching(graph))
    ends = sorted((left, -1 - right) for left, right in pairs)
    return tuple(Match(left, right, scores[left, right]) for left, right in ends)


def _settled(items: Sequence[Item]) -> list[int]:
    """The indices in an order that does not depend on the order of the items."""
    return sorted(range(len(items)), key=lambda index: repr(items[index]))


def pair_meetings(
    reference: Sequence[FlatMeeting], summary: Sequence[FlatMeeting]
) -> tuple[Match, ...]:
    """The best assignment of meetings; those that share no identity stay alone."""
    return assign(reference, summary, _weigh)


def _weigh(one: FlatMeeting, other: FlatMeeting) -> tuple[float, int]:
    score = meeting_likeness(one, other)
    if round(score * _UNIT) <= round(FLOOR * _UNIT) or not _share_identity(one, other):
        return 0.0, 0
    return score, _tie(one, other)


def meeting_likeness(one: FlatMeeting, other: FlatMeeting) -> float:
    """How alike two meetings are, 0 to 1: a weighted mean over what can be compared."""
    parts = [(NAME, name_likeness(one.name, other.name))]
    people = len(one.participants), len(other.participants)
    if any(people):
        shared = 2 * shared_people(one, other) / sum(people)
        parts.append((PEOPLE if all(people) else PEOPLE / 2, shared))
    if one.parties or other.parties:
        parts.append((PARTIES, overlap(set(one.parties), set(other.parties))))
    if one.date and other.date:
        parts.append((DATE, date_likeness(one.date, other.date)))
    places = _place_parts(one, other)
    if places:
        parts.append((PLACE, sum(places) / len(places)))
    return sum(weight * part for weight, part in parts) / sum(weight for weight, _ in parts)


def _place_parts(one: FlatMeeting, other: FlatMeeting) -> list[bool]:
    parts = []
    if one.city and other.city:
        parts.append(same_city(one.city, other.city))
    if one.country and other.country:
        parts.append(one.country == other.country)
    return parts


def shared_people(one: FlatMeeting, other: FlatMeeting) -> int:
    """How many people two meetings have in common, by name."""
    ours = [person.name for person in one.participants]
    theirs = [person.name for person in other.participants]
    return min(_known(ours, theirs), _known(theirs, ours))


def _known(names: list[str], among: list[str]) -> int:
    return sum(any(same_person(name, each) for each in among) for name in names)


def _share_identity(one: FlatMeeting, other: FlatMeeting) -> bool:
    if shared_people(one, other) or level(one.name) == level(other.name):
        return True
    if one.parties and other.parties and not set(one.parties) & set(other.parties):
        return False  # "US-China summit", "Japan-Korea summit": states don't count in a likeness
    if name_likeness(one.name, other.name) >= SAME_NAME:
        return True
    if one.participants and other.participants:
        return False  # both name people, and none is the same
    when = one.date is not None and one.date == other.date
    where = one.city is not None and same_city(one.city, other.city)
    return bool(set(one.parties) & set(other.parties)) and (when or where)


def _tie(one: FlatMeeting, other: FlatMeeting) -> int:
    """Between equally good partners, the one that agrees in the rest; an equal one before all."""
    same = one.status == other.status, one.prominence == other.prominence
    agenda = likeness(
        " ".join(item.topic for item in one.agenda), " ".join(item.topic for item in other.agenda)
    )
    clauses = likeness(
        " ".join(item.text for item in one.agreements),
        " ".join(item.text for item in other.agreements),
    )
    return sum(same) + round(10 * (agenda + clauses)) + (100 if one == other else 0)


def date_likeness(one: str, other: str) -> float:
    """1 for the same EDTF date, .5 where the spans overlap (2023-11 and 2023-11-13), else 0."""
    if one == other:
        return 1.0
    (start, end), (since, until) = _span(one), _span(other)
    return 0.5 if start <= until and since <= end else 0.0


def _span(date: str) -> tuple[str, str]:
    """First and last day, as text that sorts. An open end lasts for ever."""
    first, _, last = date.partition("/")
    end = last if "/" in date else first
    start = first.rstrip("?~%").replace("X", "0") + "-01-01"
    return start[:10], (end.strip("?~%.").replace("X", "9") or "9999")[:10] + "-99"
