"""Where a run is unsure, and what it took, as values: rows with a number and what it leads to.

Knows what is told and in which order; knows nothing of HTML but the charts' markup.
"""

import datetime as dt
from typing import NamedTuple

from markupsafe import Markup

from pipeline.ledger import Failed, Run, Told
from pipeline.report import charts
from pipeline.report.index import Entry, Index, Row, many, spoken
from pipeline.report.survey import Survey
from schemas.summary import State

_DOUBTFUL, _REASONS, _RUNS = 10, 12, 10  # the most that are shown


class Unsure(NamedTuple):
    """Where a reviewer should look."""

    states: tuple[Row, ...]
    bar: Markup
    problems: tuple[Row, ...]
    doubtful: tuple[Entry, ...]
    failures: tuple[tuple[Row, tuple[Failed, ...]], ...]
    unreadable: str


class Spent(NamedTuple):
    """What it took."""

    facts: tuple[tuple[str, str], ...]
    runs: tuple[tuple[Run, str, str], ...]  # the latest first, with its start and how long it took
    more: int  # runs that are not shown


def unsure(survey: Survey, ledger: Told, index: Index) -> Unsure:
    """Evidence, flags, failures, and the articles with most of them."""
    items = sum(count.total for count in survey.of("state").values())
    states = []
    for state in State:
        count = survey.count("state", state)
        anchor = index.anchor("Evidence", spoken(state), count, what="item")
        share = count.total / items if items else 0.0
        states.append(Row(spoken(state), count.total, anchor, share=share, note=_STATES[state]))
    doubtful = sorted(range(len(survey.articles)), key=lambda a: -survey.articles[a].doubts)
    doubtful = [place for place in doubtful[:_DOUBTFUL] if survey.articles[place].doubts]
    return Unsure(
        states=tuple(states),
        bar=charts.bar([(row.label.replace(" ", "-"), row.share) for row in states]),
        problems=_problems(survey, index),
        doubtful=tuple(map(index.entry, doubtful)),
        failures=_failures(ledger),
        unreadable=many(ledger.unreadable, "line") if ledger.unreadable else "",
    )


def spent(survey: Survey, ledger: Told) -> Spent:
    """Tokens as the records have them; requests, time and cost as the runs say."""
    done = sum(survey.models.values())
    tokens = survey.prompt_tokens + survey.completion_tokens
    facts = [
        ("tokens sent", f"{survey.prompt_tokens:,}"),
        ("tokens written", f"{survey.completion_tokens:,}"),
        ("tokens per article", f"{tokens / done:,.0f}" if done else "–"),
    ]
    costs = [run.cost for run in ledger.runs if run.cost is not None]
    if costs:
        unknown = len(ledger.runs) - len(costs)
        more = f", and {many(unknown, 'run')} of unknown cost" if unknown else ""
        facts.append(("cost at list prices", f"${sum(costs):,.2f}{more}"))
    timed = [run for run in ledger.runs if run.seconds and run.done + run.failed]
    if timed:
        seconds = sum(run.seconds or 0 for run in timed)
        articles = sum(run.done + run.failed for run in timed)
        facts.append(("articles per minute", _rate(60 * articles / seconds)))
    latest = tuple(
        (run, f"{run.started.astimezone(dt.UTC):%Y-%m-%d %H:%M}", _took(run.seconds))
        for run in ledger.runs[-_RUNS:]
    )
    return Spent(tuple(facts), latest[::-1], len(ledger.runs) - len(latest))


def _rate(number: float) -> str:
    """Three figures of it, and all of those before the point: `0.123`, `12.3`, `1,234`."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def _took(seconds: float | None) -> str:
    """`75.2` as `1 min 15 s`."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours:,} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.3g} s"


def _problems(survey: Survey, index: Index) -> tuple[Row, ...]:
    counts = survey.of("problem")
    most = max((count.total for count in counts.values()), default=1)
    return tuple(
        Row(
            spoken(problem),
            count.total,
            index.anchor("Flags", spoken(problem), count, what="flag"),
            charts.bar([("doubt", count.total / most)]),
            note=_PROBLEMS.get(problem, ""),
        )
        for problem, count in counts.items()
    )


def _failures(ledger: Told) -> tuple[tuple[Row, tuple[Failed, ...]], ...]:
    """By outcome, the most frequent first, each with its first articles."""
    by_outcome: dict[str, list[Failed]] = {}
    for failed in ledger.failures:
        by_outcome.setdefault(failed.outcome, []).append(failed)
    return tuple(
        (Row(spoken(outcome), len(failures)), tuple(failures[:_REASONS]))
        for outcome, failures in sorted(by_outcome.items(), key=lambda each: -len(each[1]))
    )


_STATES = {
    State.EXACT: "stands in a cited sentence, character for character",
    State.NORMALISED: "stands there once case, blanks, quotes and dashes are levelled",
    State.COMPOSED: "all its words stand in the cited sentences",
    State.CITED_ONLY: "sentences are cited, but do not contain it",
    State.NOT_FOUND: "the article does not contain it",
}
_PROBLEMS = {
    "not_found": "the article does not contain the value",
    "bad_citation": "a sentence is cited that the article does not have",
    "cited_only": "the cited sentences do not contain the value",
    "unknown_party": "a party that no table of ours has",
    "unknown_country": "a country that no table of ours has",
    "party_conflict": "the article gives the person another party",
    "country_conflict": "the city lies in another country",
    "date_unresolved": "words for when that make no date",
    "one_party": "only one party is said to take part",
    "untold": "a background meeting was left out, whose day and place stand apart",
    "uncommitted": "an agreement was left out, whose sentence has no word of agreeing",
    "repeated": "written more than once, and kept once",
}
