"""Counts over the records of a run, each with the articles that it comes from.

Reads a record once and keeps a few words of it, so that a hundred thousand fit in memory. A copy of
an article is not counted a second time. Knows nothing of pages.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from schemas.extraction import Prominence
from schemas.record import Record
from schemas.summary import Meeting, State

UNDATED = "undated"
WEAK = (State.CITED_ONLY, State.NOT_FOUND)
_MONTH = re.compile(r"\d{4}-\d{2}")
_YEAR = re.compile(r"\d{4}")


class Brief(NamedTuple):
    """What is kept of an article: enough to list it, and to put the doubtful ones first."""

    id: str
    title: str
    published: str  # ISO day; empty where unknown
    meetings: int
    doubts: int  # flags, and items that their sentences do not contain


class Topic(NamedTuple):
    """What a number counts: of which kind, and which one, as in ("status", "held").

    A pair's value is both parties, a line each; no party has a line break.
    """

    kind: str
    value: str


@dataclass
class Count:
    """How many there are, how many of them in the foreground, and in which articles."""

    total: int = 0
    focus: int = 0
    articles: dict[int, None] = field(default_factory=dict)  # places in `Survey.articles`, in order

    def add(self, article: int, *, focus: bool = False) -> None:
        """One more, in this article."""
        self.total += 1
        self.focus += focus
        self.articles[article] = None


def added(counts: Iterable[Count]) -> Count:
    """Several counts as one: how many in all, and in which articles."""
    total = Count()
    for count in counts:
        total.total += count.total
        total.focus += count.focus
        total.articles |= count.articles
    return total


@dataclass
class Survey:
    """All that the page says of the records. `counts` has a topic for every number."""

    articles: list[Brief] = field(default_factory=list)
    counts: dict[Topic, Count] = field(default_factory=lambda: defaultdict(Count))
    models: Counter[str] = field(default_factory=Counter)
    people: set[str] = field(default_factory=set)
    copies: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def of(self, kind: str) -> dict[str, Count]:
        """The counts of one kind by what they count, the most frequent first."""
        found = {topic.value: count for topic, count in self.counts.items() if topic.kind == kind}
        return dict(sorted(found.items(), key=lambda each: (-each[1].total, each[0])))

    def count(self, kind: str, value: str) -> Count:
        """One count; an empty one where nothing was counted."""
        return self.counts.get(Topic(kind, value)) or Count()


def survey(records: Iterable[Record]) -> Survey:
    """Count everything in one go through the records."""
    found = Survey()
    for record in records:
        found.models[record.made.model] += 1
        found.prompt_tokens += record.made.tokens.prompt
        found.completion_tokens += record.made.tokens.completion
        if record.edition.copy_of is not None:
            found.copies += 1
            continue
        _article(found, record)
    return found


def _article(found: Survey, record: Record) -> None:
    summary, place = record.summary, len(found.articles)
    # Of what they list: a meeting's own name may be the model's words.
    states = [each.state for meeting in summary.meetings for each in meeting.listed]
    found.articles.append(
        Brief(
            id=record.article.id,
            title=record.article.title or record.article.id,
            published=str(record.article.published.date or ""),
            meetings=len(summary.meetings),
            doubts=len(summary.flags) + sum(state in WEAK for state in states),
        )
    )
    if not summary.meetings:
        found.counts[Topic("article", "none")].add(place)
    if summary.flags:
        found.counts[Topic("article", "flagged")].add(place)
    for state in states:
        found.counts[Topic("state", state)].add(place)
    for flag in summary.flags:
        found.counts[Topic("problem", flag.problem)].add(place)
    for meeting in summary.meetings:
        _meeting(found, place, meeting)


def _meeting(found: Survey, place: int, meeting: Meeting) -> None:
    focus = meeting.prominence is Prominence.FOCUS
    parties = sorted({" ".join(party.split()) for party in meeting.parties})
    topics = [
        Topic("prominence", meeting.prominence),
        Topic("status", meeting.status),
        Topic("format", meeting.format or "unknown"),
        *_when(meeting.date),
        *(Topic("party", party) for party in parties),
        *(Topic("pair", f"{a}\n{b}") for a, b in combinations(parties, 2)),
    ]
    for topic in topics:
        found.counts[topic].add(place, focus=focus)
    found.people.update(person.name.casefold() for person in meeting.participants)
    if meeting.participants:
        found.counts[Topic("article", "people")].add(place)


def _when(date: str | None) -> list[Topic]:
    """The year of a meeting, and its month, as far as the date begins with them.

    A month that is unknown is the year's "2024", and a year that is unknown is "undated".
    """
    year, month = _YEAR.match(date or ""), _MONTH.match(date or "")
    known = year[0] if year else UNDATED
    return [Topic("year", known), Topic("month", month[0] if month else known)]
