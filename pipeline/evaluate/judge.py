"""Whether a change between two summaries of one article was for the better, by its reference.

What is right is the scorer's word, value by value. Knows neither runs nor totals.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipeline.evaluate.compare import ITEMS, JUDGED, Pair, compare, wrong_fields
from pipeline.evaluate.words import same_title
from schemas.reference import FlatArticle

# A field, a meeting's index, and an item's index in it; 0 where the value is the meeting's own.
Key = tuple[str, int, int]

_OF_MEETING = ("meetings", "prominence", *JUDGED)
_OF_PERSON = ("title", "party")


class Verdict(StrEnum):
    """What a change did."""

    BETTER = "better"
    WORSE = "worse"
    NEITHER = "neither"  # right before and after, or wrong in both


@dataclass(frozen=True)
class Judge:
    """What is right in either of two summaries; what has no key is not scored."""

    before: Mapping[Key, bool]
    after: Mapping[Key, bool]

    def __call__(self, old: Key | None, new: Key | None) -> Verdict | None:
        """The verdict on a change from `old` to `new`; None is what one side does not have.

        To have nothing is better than a wrong item, and worse than a right one. None where the
        scorer says nothing of a value.
        """
        marks = _mark(self.before, old), _mark(self.after, new)
        if None in marks:
            return None
        was, now = (mark or 0 for mark in marks)
        if was == now:
            return Verdict.NEITHER
        return Verdict.BETTER if now > was else Verdict.WORSE


def judge(reference: FlatArticle | None, before: FlatArticle, after: FlatArticle) -> Judge:
    """The judge of one article; without a reference it has nothing to say."""
    if reference is None:
        return Judge({}, {})
    return Judge(_right(reference, before), _right(reference, after))


def _mark(right: Mapping[Key, bool], key: Key | None) -> int | None:
    if key is None:
        return 0
    said = right.get(key)
    return None if said is None else 1 if said else -1


def _right(reference: FlatArticle, summary: FlatArticle) -> dict[Key, bool]:
    """Every value that the scorer looks at, and whether it is right; wrong in unpaired meetings."""
    right: dict[Key, bool] = {}
    for at, meeting in enumerate(summary.meetings):
        right |= {(field, at, 0): False for field in _OF_MEETING}
        for field in (*ITEMS, *_OF_PERSON):
            listed = getattr(meeting, field if field in ITEMS else "participants")
            right |= {(field, at, item): False for item in range(len(listed))}
    for pair in compare(reference, summary).pairs:
        right |= _in_pair(pair)
    return right


def _in_pair(pair: Pair) -> dict[Key, bool]:
    one, other, at = pair.reference, pair.summary, pair.match.summary
    wrong = wrong_fields(pair)
    right = {(field, at, 0): field not in wrong for field in JUDGED}
    right["meetings", at, 0] = True
    right["prominence", at, 0] = one.prominence == other.prominence
    for field in ITEMS:
        right |= {(field, at, match.summary): True for match in getattr(pair, field)}
    for match in pair.participants:
        person, found = one.participants[match.reference], other.participants[match.summary]
        right["title", at, match.summary] = same_title(person.title, found.title)
        right["party", at, match.summary] = person.party == found.party
    for cited in pair.cited():
        if cited.right is not None:
            item = 0 if cited.field == "meetings" else cited.match.summary
            right[f"evidence of {cited.field}", at, item] = cited.right
    return right
