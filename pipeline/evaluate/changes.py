"""Two summaries of one article: what the second added, removed, changed or worded anew.

Which meeting is which, and which item, is the scorer's own pairing, with the first summary in the
reference's place. Knows one article at a time; adding up is the work of `diff`.

- A value of a meeting that only one summary has is added or removed, else changed; it is reworded
  where the scorer takes both for the same (a meeting's name, a city, a title), or where only case,
  accents and punctuation differ (venue, date_text). `parties` come and go one by one.
- Participants, agenda items and agreements of paired meetings are added or removed, or reworded
  where they match without being equal; `title` and `party` are a matched person's.
- A meeting that only one summary has counts once, and what it lists goes with it.
- `evidence` changes with the sentences that a matched item cites, and with its state.
"""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum

from pipeline.evaluate.compare import ITEMS, Pair, compare
from pipeline.evaluate.judge import Judge, Key, Verdict, judge
from pipeline.evaluate.pair import SAME_NAME, Match
from pipeline.evaluate.words import level, name_likeness, same_city, same_title
from schemas.base import Value
from schemas.reference import FlatArticle, FlatMeeting, FlatParticipant
from schemas.summary import State


class Kind(StrEnum):
    """What became of a value."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    REWORDED = "reworded"  # the scorer takes both for the same


class Change(Value):
    """One difference. `of` says whose title, party or evidence it is, if not the meeting's."""

    field: str
    kind: Kind
    of: str | None = None
    old: str | None = None
    new: str | None = None
    verdict: Verdict | None = None  # null without a reference, and where nothing is scored


class MeetingDiff(Value):
    """What differs in one meeting; its place in either run, from 1, null where it is not in it."""

    name: str  # as the second run has it, where it is in both
    before: int | None
    after: int | None
    changes: tuple[Change, ...]


class ArticleDiff(Value):
    """The meetings of one article that differ, in the second run's order, then removed ones."""

    id: str
    meetings: tuple[MeetingDiff, ...]


Same = Callable[[str, str], bool]


def _alike(one: str, other: str) -> bool:
    return name_likeness(one, other) >= SAME_NAME


def _levelled(one: str, other: str) -> bool:
    return level(one) == level(other)


# A meeting's own values, each with what makes two of them the same in other words.
_VALUES: Mapping[str, Same] = {
    "name": _alike,
    "prominence": operator.eq,
    "status": operator.eq,
    "format": operator.eq,
    "date_text": _levelled,
    "date": operator.eq,
    "venue": _levelled,
    "city": same_city,
    "country": operator.eq,
}
FIELDS = (
    *("meetings", *_VALUES, "parties", "participants", "title", "party"),
    *("agenda", "agreements", "evidence"),
)


def changes(before: FlatArticle, after: FlatArticle, reference: FlatArticle | None) -> ArticleDiff:
    """What differs between two summaries of one article, judged where there is a reference."""
    judged = judge(reference, before, after)
    pairs = {pair.match.summary: pair for pair in compare(before, after).pairs}
    states = _states(before), _states(after)
    found = []
    for at, meeting in enumerate(after.meetings):
        if at in pairs:
            inside = (*_own(pairs[at], judged), *_evidence(pairs[at], *states, judged))
            found.append(_meeting(meeting, pairs[at].match.reference, at, inside))
        else:
            found.append(_meeting(meeting, None, at, _whole(Kind.ADDED, meeting, at, judged)))
    kept = {pair.match.reference for pair in pairs.values()}
    for at, meeting in enumerate(before.meetings):
        if at not in kept:
            found.append(_meeting(meeting, at, None, _whole(Kind.REMOVED, meeting, at, judged)))
    return ArticleDiff(id=before.id, meetings=tuple(each for each in found if each.changes))


def _meeting(
    meeting: FlatMeeting, before: int | None, after: int | None, inside: Iterable[Change]
) -> MeetingDiff:
    return MeetingDiff(
        name=meeting.name,
        before=None if before is None else before + 1,
        after=None if after is None else after + 1,
        changes=tuple(inside),
    )


def _whole(kind: Kind, meeting: FlatMeeting, at: int, judged: Judge) -> Iterator[Change]:
    """A meeting that only one summary has, in a few facts, and what it lists."""
    facts = (
        *(meeting.prominence, meeting.status, meeting.format, meeting.date),
        *(meeting.city, meeting.country, "-".join(meeting.parties)),
    )
    yield _alone(kind, ", ".join(filter(None, facts)), ("meetings", at, 0), judged)
    for field in ITEMS:
        for item in range(len(getattr(meeting, field))):
            yield _alone(kind, _said(meeting, field, item), (field, at, item), judged)


def _alone(kind: Kind, value: str, key: Key, judged: Judge) -> Change:
    """A value that only one summary has."""
    if kind is Kind.ADDED:
        return Change(field=key[0], kind=kind, new=value, verdict=judged(None, key))
    return Change(field=key[0], kind=kind, old=value, verdict=judged(key, None))


def _said(meeting: FlatMeeting, field: str, item: int) -> str:
    """One item of a list in words."""
    if field != "participants":
        return ITEMS[field](getattr(meeting, field)[item])
    person = meeting.participants[item]
    return ", ".join(filter(None, (person.name, person.title, person.party)))


def _own(pair: Pair, judged: Judge) -> Iterator[Change]:
    """What differs between the two sides of a paired meeting, but for evidence."""
    one, other, here = pair.reference, pair.summary, pair.match
    for field, same in _VALUES.items():
        verdict = judged((field, here.reference, 0), (field, here.summary, 0))
        yield from _differs(field, getattr(one, field), getattr(other, field), same, verdict)
    for party in sorted({*one.parties} ^ {*other.parties}):
        kind = Kind.REMOVED if party in one.parties else Kind.ADDED
        yield _alone(kind, party, ("parties", here.summary, 0), judged)
    for field, said in ITEMS.items():
        ours, theirs, matches = getattr(one, field), getattr(other, field), getattr(pair, field)
        for match in matches:
            verdict = judged(*_keys(field, here, match))
            old, new = said(ours[match.reference]), said(theirs[match.summary])
            yield from _differs(field, old, new, _matched, verdict)
            if field == "participants":
                yield from _person(
                    ours[match.reference], theirs[match.summary], here, match, judged
                )
        for at in sorted({*range(len(ours))} - {match.reference for match in matches}):
            key = field, here.reference, at
            yield _alone(Kind.REMOVED, _said(one, field, at), key, judged)
        for at in sorted({*range(len(theirs))} - {match.summary for match in matches}):
            yield _alone(Kind.ADDED, _said(other, field, at), (field, here.summary, at), judged)


def _person(
    one: FlatParticipant, other: FlatParticipant, here: Match, match: Match, judged: Judge
) -> Iterator[Change]:
    title, party = (judged(*_keys(field, here, match)) for field in ("title", "party"))
    yield from _differs("title", one.title, other.title, same_title, title, of=other.name)
    yield from _differs("party", one.party, other.party, operator.eq, party, of=other.name)


def _evidence(
    pair: Pair, before: Mapping[Key, State], after: Mapping[Key, State], judged: Judge
) -> Iterator[Change]:
    for cited in pair.cited():
        # The meetings' own sentences belong to the pair, which is its own match.
        own = cited.field not in ITEMS
        first, second = _keys(cited.field, pair.match, None if own else cited.match)
        old = _sentences(cited.reference, before.get(first))
        new = _sentences(cited.summary, after.get(second))
        place = f"evidence of {cited.field}"
        verdict = judged((place, *first[1:]), (place, *second[1:]))
        whose = None if own else cited.value
        yield from _differs("evidence", old, new, operator.eq, verdict, of=whose)


def _differs(
    field: str,
    old: str | None,
    new: str | None,
    same: Same,
    verdict: Verdict | None,
    *,
    of: str | None = None,
) -> Iterator[Change]:
    """The change from `old` to `new`, if there is any."""
    if old == new:
        return
    if old is None:
        kind = Kind.ADDED
    elif new is None:
        kind = Kind.REMOVED
    else:
        kind = Kind.REWORDED if same(old, new) else Kind.CHANGED
    yield Change(field=field, kind=kind, of=of, old=old, new=new, verdict=verdict)


def _matched(_one: str, _other: str) -> bool:
    """The scorer has matched them already."""
    return True


def _keys(field: str, here: Match, item: Match | None) -> tuple[Key, Key]:
    """Where a meeting's own value, or an item of it, stands in either summary."""
    inside = (item.reference, item.summary) if item else (0, 0)
    return (field, here.reference, inside[0]), (field, here.summary, inside[1])


def _states(article: FlatArticle) -> dict[Key, State]:
    """The state of each item's evidence; `states` follows the order of the lists."""
    keys = (
        (field, at, item)
        for at, meeting in enumerate(article.meetings)
        for field in ITEMS
        for item in range(len(getattr(meeting, field)))
    )
    return dict(zip(keys, article.states, strict=False))  # a reference has none


def _sentences(numbers: tuple[int, ...], state: State | None) -> str | None:
    """`[3][5] exact`; None where nothing is cited and no state is known."""
    said = "".join(f"[{number}]" for number in numbers)
    known = state.replace("_", " ") if state else ""
    return f"{said} {known}".strip() or None
