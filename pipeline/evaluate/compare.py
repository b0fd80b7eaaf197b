"""One article's summary beside its reference: what is the same, missed, extra and wrong.

It knows one article at a time; adding up is the report's work.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pipeline.evaluate.pair import Match, assign, pair_meetings
from pipeline.evaluate.words import likeness, same_city, same_person, same_title
from schemas.extraction import Prominence
from schemas.reference import (
    FlatAgendaItem,
    FlatAgreement,
    FlatArticle,
    FlatMeeting,
    FlatParticipant,
    Numbers,
)

SAME_TEXT = 0.55  # agenda items and agreements match from here on

SCORED = (
    "meetings",
    "focus",
    "background",
    "participants",
    "participants_full",
    "agenda",
    "agreements",
    "evidence",
    "sentences",
)
JUDGED = ("status", "format", "date", "city", "country")

# What a meeting lists, each as what names an item.
ITEMS: Mapping[str, Callable[[Any], str]] = {
    "participants": operator.attrgetter("name"),
    "agenda": operator.attrgetter("topic"),
    "agreements": operator.attrgetter("text"),
}


class Tally(NamedTuple):
    """How many are right, of how many on either side.

    For a judged field both sides are the paired meetings: F1 and accuracy are one formula.
    """

    matched: int = 0
    reference: int = 0
    summaries: int = 0


class Cited(NamedTuple):
    """The sentences that both sides name for one thing that both have."""

    field: str  # "meetings" for the meeting itself
    match: Match  # where the two stand in their meetings, or the meetings in their articles
    value: str  # as the summary has it
    reference: Numbers
    summary: Numbers

    @property
    def right(self) -> bool | None:
        """Whether they have a sentence in common; None where the reference names none."""
        return bool({*self.reference} & {*self.summary}) if self.reference else None


@dataclass(frozen=True)
class Pair:
    """A reference meeting and its partner, with the matches inside."""

    match: Match  # where the two stand in their articles, and how alike they are
    reference: FlatMeeting
    summary: FlatMeeting
    participants: tuple[Match, ...]
    agenda: tuple[Match, ...]
    agreements: tuple[Match, ...]

    def full(self, match: Match) -> bool:
        """Whether a participant who was found has the right title and party too."""
        one = self.reference.participants[match.reference]
        other = self.summary.participants[match.summary]
        return one.party == other.party and same_title(one.title, other.title)

    def cited(self) -> Iterator[Cited]:
        """What the meeting itself cites, then each participant, agenda item and agreement."""
        one, other = self.reference, self.summary
        yield Cited("meetings", self.match, other.name, one.evidence, other.evidence)
        for field, said in ITEMS.items():
            ours, theirs = getattr(one, field), getattr(other, field)
            for match in getattr(self, field):
                item, found = ours[match.reference], theirs[match.summary]
                yield Cited(field, match, said(found), item.evidence, found.evidence)


@dataclass(frozen=True)
class Comparison:
    """One article: its pairs in the reference's order, then what is left on either side."""

    reference: FlatArticle
    summary: FlatArticle
    pairs: tuple[Pair, ...]
    missed: tuple[FlatMeeting, ...]
    extra: tuple[FlatMeeting, ...]


def compare(reference: FlatArticle, summary: FlatArticle) -> Comparison:
    """Pair the meetings of one article, and the items within each pair."""
    matches = pair_meetings(reference.meetings, summary.meetings)
    found = {match.reference for match in matches}
    used = {match.summary for match in matches}
    return Comparison(
        reference=reference,
        summary=summary,
        pairs=tuple(_pair(reference, summary, match) for match in matches),
        missed=tuple(each for at, each in enumerate(reference.meetings) if at not in found),
        extra=tuple(each for at, each in enumerate(summary.meetings) if at not in used),
    )


def tally(comparison: Comparison) -> dict[str, Tally]:
    """One article's counts, by field."""
    pairs = comparison.pairs
    ours, theirs = comparison.reference.meetings, comparison.summary.meetings
    counts = {"meetings": Tally(len(pairs), len(ours), len(theirs))}
    for field in ITEMS:
        matched = sum(len(getattr(pair, field)) for pair in pairs)
        sides = (sum(len(getattr(each, field)) for each in side) for side in (ours, theirs))
        counts[field] = Tally(matched, *sides)
    full = sum(pair.full(match) for pair in pairs for match in pair.participants)
    counts["participants_full"] = counts["participants"]._replace(matched=full)
    for prominence in Prominence:
        both = sum(
            pair.reference.prominence == pair.summary.prominence == prominence for pair in pairs
        )
        marked = [
            sum(each.prominence == prominence for each in meetings) for meetings in (ours, theirs)
        ]
        counts[prominence.value] = Tally(both, *marked)
    counts["evidence"], counts["sentences"] = _evidence(comparison)
    wrong = [wrong_fields(pair) for pair in pairs]
    for field in JUDGED:
        right = sum(field not in each for each in wrong)
        counts[field] = Tally(right, len(pairs), len(pairs))
    return counts


def wrong_fields(pair: Pair) -> Mapping[str, tuple[str | None, str | None]]:
    """The judged fields in which a pair differs: what it should be, and what it is."""
    one, other = pair.reference, pair.summary
    values: dict[str, tuple[str | None, str | None]] = {
        "status": (one.status, other.status),
        "format": (one.format, other.format),
        "date": (one.date, other.date),
        "city": (one.city, other.city),
        "country": (one.country, other.country),
    }
    return {
        field: (should, found)
        for field, (should, found) in values.items()
        if not (same_city(should, found) if field == "city" else should == found)
    }


def _evidence(comparison: Comparison) -> tuple[Tally, Tally]:
    """Of what was found and is numbered in the reference: the items, and their sentences."""
    cited = [each for pair in comparison.pairs for each in pair.cited() if each.reference]
    items = Tally(
        sum(each.right is True for each in cited),
        len(cited),
        sum(bool(each.summary) for each in cited),
    )
    sentences = Tally(
        sum(len({*each.reference} & {*each.summary}) for each in cited),
        sum(len({*each.reference}) for each in cited),
        sum(len({*each.summary}) for each in cited),
    )
    return items, sentences


def _pair(reference: FlatArticle, summary: FlatArticle, match: Match) -> Pair:
    one, other = reference.meetings[match.reference], summary.meetings[match.summary]
    return Pair(
        match=match,
        reference=one,
        summary=other,
        participants=assign(one.participants, other.participants, _same_name),
        agenda=assign(one.agenda, other.agenda, _same_topic),
        agreements=assign(one.agreements, other.agreements, _same_clause),
    )


def _same_name(one: FlatParticipant, other: FlatParticipant) -> tuple[float, int]:
    if not same_person(one.name, other.name):
        return 0.0, 0
    # Of two people with one name, the one whose title and party are right too.
    title, party = same_title(one.title, other.title), one.party == other.party
    return 1.0, 2 * (title + party + 2 * (title and party)) + (one.name == other.name)


def _same_topic(one: FlatAgendaItem, other: FlatAgendaItem) -> tuple[float, int]:
    return _soft(one.topic, other.topic)


def _same_clause(one: FlatAgreement, other: FlatAgreement) -> tuple[float, int]:
    return _soft(one.text, other.text)


def _soft(one: str, other: str) -> tuple[float, int]:
    score = likeness(one, other)
    # Of two that say the same, the one that says it in the same words.
    return (score if score >= SAME_TEXT else 0.0), one == other
