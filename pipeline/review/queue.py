"""Which articles to review, and in which order: what the model is least sure of comes first.

An article's doubt is the sum of what its open rows are flagged with, of how badly their evidence
carries them, of where another run disagrees, and of sentences that nothing cites. Knows what was
counted of each article; knows neither files nor texts.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from pipeline.review import check
from pipeline.review.state import Review, Stand, Standing
from schemas.base import Value
from schemas.decision import Decision, Kind
from schemas.exchange import Outcome, Tokens
from schemas.record import Record
from schemas.summary import State

# How much each of distilling's problems weighs. Tried on the examples: an invented value outweighs
# several vague ones.
WEIGHTS = {
    "not_found": 8.0,
    "bad_citation": 6.0,
    "cited_only": 5.0,
    "party_conflict": 4.0,
    "country_conflict": 4.0,
    "unknown_party": 3.0,
    "unknown_country": 3.0,
    "date_unresolved": 3.0,
    "one_party": 2.0,
    "untold": 2.0,
    "uncommitted": 2.0,
    "repeated": 1.0,
}
_STATE = {State.NOT_FOUND: 4.0, State.CITED_ONLY: 3.0, State.COMPOSED: 1.0}
_UNKNOWN, _DISAGREES, _UNCITED = 2.0, 4.0, 0.25  # _UNKNOWN: of another version of readout


class Show(StrEnum):
    """Which articles are asked for."""

    OPEN = "open"
    REVIEWED = "reviewed"
    AGAIN = "again"
    FAILED = "failed"
    ALL = "all"


class Entry(Value):
    """One article of the queue, counted. `states` and `flags` are of rows that are not moot.

    One that failed has no rows, until a person begins to fill it in.
    """

    id: str
    title: str | None = None
    published: dt.date | None = None
    outcome: Outcome = Outcome.DONE
    reason: str | None = None
    status: int | None = None  # HTTP, of the last reply, where it failed
    attempts: int = 0
    tokens: Tokens = Tokens()
    meetings: int = 0
    rows: int = 0
    open: int = 0
    again: int = 0
    uncited: int = 0
    flags: dict[str, int] = {}  # noqa: RUF012 - pydantic copies it
    states: dict[State, int] = {}  # noqa: RUF012
    disagree: int = 0
    doubt: float = 0.0
    seconds: float = 0.0
    reviewers: tuple[str, ...] = ()

    def shown(self, show: Show) -> bool:
        """Whether it is one of these."""
        return {
            Show.OPEN: self.open > 0 or not self.rows,
            Show.REVIEWED: self.open == 0 and self.rows > 0,
            Show.AGAIN: self.again > 0,
            Show.FAILED: self.outcome is not Outcome.DONE,
            Show.ALL: True,
        }[show]


class Filters(Value):
    """What an article has to have. Of several flags, states or outcomes, any."""

    show: Show = Show.OPEN
    flags: frozenset[str] = frozenset()
    states: frozenset[State] = frozenset()
    outcomes: frozenset[Outcome] = frozenset()
    disagree: bool = False
    words: str = ""  # in the id or the title


class Progress(Value):
    """How far the review is. Seconds are what reviewers spent, as their pages counted them."""

    articles: int
    reviewed: int
    rows: int
    decided: int
    failed: int  # and filled in by nobody
    seconds: float
    seconds_per_article: float | None  # of those that are reviewed


def entry(
    record: Record, review: Review, decisions: Sequence[Decision], disagreements: int = 0
) -> Entry:
    """What the queue says of an article that has a record."""
    rows = [row for row in review.rows if row.standing is not Standing.MOOT]
    todo = [row for row in rows if row.standing is Standing.OPEN]
    uncited = check.uncited(record.article, review.cited)
    doubt = sum(WEIGHTS.get(flag.problem, _UNKNOWN) for row in todo for flag in row.flags)
    doubt += sum(_STATE.get(state, 0.0) for state in _states(todo))
    doubt += _DISAGREES * disagreements + _UNCITED * uncited * bool(todo)
    return Entry(
        id=record.article.id,
        title=record.article.title,
        published=record.article.published.date,
        meetings=len(review.meetings),
        rows=len(rows),
        open=len(todo),
        again=sum(row.again is not None for row in todo),
        uncited=uncited,
        flags=Counter(flag.problem for row in rows for flag in row.flags),
        states=Counter(_states(rows)),
        disagree=disagreements,
        doubt=round(doubt, 2),
        seconds=round(sum(decision.seconds for decision in decisions), 1),
        reviewers=tuple(sorted({decision.by for decision in decisions})),
    )


def _states(rows: Iterable[Stand]) -> Iterator[State]:
    """Of a meeting only a lack of any sentence: its name may be our own description."""
    return (
        row.state
        for row in rows
        if row.state and not (row.item.kind is Kind.MEETING and row.state is not State.NOT_FOUND)
    )


def choose(entries: Iterable[Entry], filters: Filters) -> list[Entry]:
    """Those that pass, least sure first; what failed comes last, while it has nothing to decide."""
    passing = (each for each in entries if _passes(each, filters))
    return sorted(passing, key=lambda e: (not e.rows, -e.doubt, e.id))


def progress(entries: Iterable[Entry]) -> Progress:
    """How far the review of all these is."""
    there = list(entries)
    done = [each for each in there if each.shown(Show.REVIEWED)]
    seconds = sum(each.seconds for each in done)
    return Progress(
        articles=sum(each.rows > 0 for each in there),
        reviewed=len(done),
        rows=sum(each.rows for each in there),
        decided=sum(each.rows - each.open for each in there),
        failed=sum(not each.rows for each in there),
        seconds=round(sum(each.seconds for each in there), 1),
        seconds_per_article=round(seconds / len(done), 1) if done else None,
    )


def facets(entries: Iterable[Entry]) -> dict[str, dict[str, int] | int]:
    """How many articles each filter would leave, of all of them."""
    there = list(entries)
    return {
        "show": {show.value: sum(each.shown(show) for each in there) for show in Show},
        "flag": dict(Counter(flag for each in there for flag in each.flags)),
        "state": dict(Counter(state.value for each in there for state in each.states)),
        "outcome": dict(Counter(each.outcome.value for each in there)),
        "disagree": sum(each.disagree > 0 for each in there),
    }


def _passes(entry: Entry, filters: Filters) -> bool:
    words = filters.words.casefold()
    return (
        entry.shown(filters.show)
        and (not filters.flags or not filters.flags.isdisjoint(entry.flags))
        and (not filters.states or not filters.states.isdisjoint(entry.states))
        and (not filters.outcomes or entry.outcome in filters.outcomes)
        and (entry.disagree > 0 or not filters.disagree)
        and (words in entry.id.casefold() or words in (entry.title or "").casefold())
    )
