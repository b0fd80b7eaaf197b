"""What a run adds up to, in words: a line for each article, and the closing table.

Hears results and counts them. Knows neither stages nor exit codes, nor where its words go.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table
from rich.text import Text

from pipeline.gate import Sent
from pipeline.plain import plain
from pipeline.run import Result
from schemas.exchange import Outcome, Tokens

_LISTED = 50  # failures in the closing table; a batch may have thousands


class Tally:
    """What all results so far add up to."""

    def __init__(self) -> None:
        self.outcomes: Counter[Outcome] = Counter()
        self.problems: Counter[str] = Counter()
        self.failures: list[Result] = []  # the first ones, for the table
        self.archived = 0  # records that were there before
        self.tokens = Tokens()
        self.meetings = self.stored = self.flagged = 0
        self.updates = self.copies = 0  # records that name another edition, or their original

    def add(self, result: Result) -> None:
        """Count one result."""
        if result.archived:
            self.archived += 1
            return
        self.outcomes[outcome(result)] += 1
        self.tokens += result.tokens
        self.stored += result.stored
        if result.record is None:
            self.failures += [result] if len(self.failures) < _LISTED else []
            return
        flags, edition = result.record.summary.flags, result.record.edition
        self.updates += bool(edition.replaces or edition.replaced_by)
        self.copies += edition.copy_of is not None
        self.meetings += len(result.record.summary.meetings)
        self.flagged += bool(flags)
        self.problems.update(flag.problem for flag in flags)

    @property
    def articles(self) -> int:
        """How many articles have ended, one way or another."""
        return self.outcomes.total() + self.archived

    @property
    def failed(self) -> int:
        """How many of them have no record."""
        return self.outcomes.total() - self.outcomes[Outcome.DONE]


def outcome(result: Result) -> Outcome:
    """How the article ended."""
    return result.failure.outcome if result.failure else Outcome.DONE


def line(result: Result) -> str:
    """One result in words, such as `done  seoul-talks: 2 meetings, 310 tokens, 4.1 s`."""
    lead = f"{outcome(result):<12}  {plain(result.id)}: "
    if result.failure is not None:
        return lead + plain(result.failure.reason)
    facts = [f"{result.tokens.prompt + result.tokens.completion:,} tokens"]
    facts.append(f"{result.seconds:.1f} s" if result.asked else "stored")
    if result.record is not None:
        summary = result.record.summary
        facts[:0] = [_count(len(summary.meetings), "meeting")]
        facts += [_count(len(summary.flags), "flag")] if summary.flags else []
    return lead + ", ".join(facts)


def listed(tally: Tally, ledger: Path | None) -> Iterator[str]:
    """The failures, a line for each; where there are too many, the last one says who has the rest.

    `ledger` is the file that has them all, if one is kept.
    """
    yield from map(line, tally.failures)
    if rest := _rest(tally, ledger):
        yield rest


def requests(sent: Sent) -> str:
    """What was sent, such as `443 sent, of which 43 turned away (HTTP 429)`."""
    amiss = [f"{sent.turned_away:,} turned away (HTTP 429)"] * bool(sent.turned_away)
    amiss += [f"{sent.lost:,} lost (HTTP 5xx or no answer)"] * bool(sent.lost)
    return f"{sent.requests:,} sent" + (f", of which {' and '.join(amiss)}" if amiss else "")


def rate(articles: int, seconds: float) -> str:
    """Articles a second, or seconds an article where those are more; nothing without either."""
    if not articles or seconds <= 0:
        return ""
    each = seconds / articles
    return f"{each:.1f} s/article" if each >= 1 else f"{1 / each:,.1f} articles/s"


def closing(
    tally: Tally, seconds: float, sent: Sent, cost: str | None = None, ledger: Path | None = None
) -> Table:
    """The closing table. `seconds` is how long the whole run took, `cost` what it cost.

    `ledger` as in `listed`.
    """
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in _rows(tally, seconds, sent):
        table.add_row(name, Text(text))
        if name == "tokens" and cost is not None:
            table.add_row("cost", Text(cost))
    for failure in tally.failures:
        table.add_row(str(outcome(failure)), Text(line(failure).partition("  ")[2].strip()))
    if rest := _rest(tally, ledger):
        table.add_row("…", Text(rest))
    return table


def _rest(tally: Tally, ledger: Path | None) -> str:
    """Where the failures are that are not listed; nothing where all of them are."""
    more = tally.failed - len(tally.failures)
    where = f"{plain(str(ledger))} has them all" if ledger else "--json lists them all"
    return f"{_count(more, 'more failure')}; {where}" if more else ""


def _rows(tally: Tally, seconds: float, sent: Sent) -> list[tuple[str, str]]:
    outcomes = ", ".join(f"{count} {how}" for how, count in tally.outcomes.most_common())
    tokens = f"{tally.tokens.prompt:,} in, {tally.tokens.completion:,} out"
    pace = rate(tally.outcomes.total(), seconds)  # as the bar has it: of all in flight together
    before = [f"{tally.archived:,} done before"] * bool(tally.archived)
    rows = [
        ("articles", ", ".join([outcomes] * bool(outcomes) + before) or "none"),
        ("meetings", f"{tally.meetings:,}"),
        ("requests", f"{requests(sent)}; {tally.stored:,} stored"),
        ("tokens", tokens + (", stored replies included" if tally.stored else "")),
        ("time", ", ".join(filter(None, (_duration(seconds), pace)))),
    ]
    linked = [f"{_count(tally.updates, 'update')} linked"] * bool(tally.updates)
    copies = [f"{tally.copies:,} {'copy' if tally.copies == 1 else 'copies'}"] * bool(tally.copies)
    if linked or copies:
        rows.insert(2, ("editions", ", ".join(linked + copies)))
    if tally.problems:
        kinds = ", ".join(
            f"{count} {kind.replace('_', ' ')}" for kind, count in tally.problems.most_common()
        )
        flags = _count(tally.problems.total(), "flag")
        rows.append(
            ("look first at", f"{flags} in {_count(tally.flagged, 'article')}: {plain(kinds)}")
        )
    return rows


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
