"""How a run is going, on stderr: a bar on a terminal, a line per article elsewhere; then the sum.

Hears results and counts them. Knows neither stages nor exit codes.
"""

from collections import Counter
from collections.abc import Callable
from typing import Self, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from pipeline.plain import plain
from pipeline.run import Result
from schemas.exchange import Outcome, Tokens

_LISTED = 50  # failures in the closing table; a batch may have thousands
_BAR = 30  # columns: a line as wide as the screen breaks when Ctrl-C is echoed into it
_PACE = 300.0  # seconds over which the time left is estimated


class Tally:
    """What all results so far add up to."""

    def __init__(self) -> None:
        self.outcomes: Counter[Outcome] = Counter()
        self.problems: Counter[str] = Counter()
        self.failures: list[Result] = []  # the first ones, for the table
        self.archived = 0  # records that were there before
        self.tokens = Tokens()
        self.meetings = self.asked = self.stored = self.flagged = 0
        self.updates = self.copies = 0  # records that name another edition, or their original
        self.seconds = 0.0  # over all articles; they overlap where several are in flight

    def add(self, result: Result) -> None:
        """Count one result."""
        if result.archived:
            self.archived += 1
            return
        self.outcomes[outcome(result)] += 1
        self.tokens += result.tokens
        self.asked += result.asked
        self.stored += result.stored
        self.seconds += result.seconds
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


class Silence:
    """Shows nothing while the run goes on. A context manager, as its two siblings are."""

    def say(self, message: str) -> None:
        """A message that is about no single article."""

    def done(self, result: Result) -> None:
        """One article has ended."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was opened."""


class Lines(Silence):
    """One plain line per article that there was something to do about."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def say(self, message: str) -> None:
        """The message on a line of its own."""
        print(plain(message), file=self._stream, flush=True)

    def done(self, result: Result) -> None:
        """What became of the article."""
        if not result.archived:
            print(line(result), file=self._stream, flush=True)


class Bar(Silence):
    """A bar with articles, rate, tokens and time left.

    `state` says in a few words why it is slow, if it is.
    """

    def __init__(self, console: Console, total: int, state: Callable[[], str] = lambda: "") -> None:
        self._spent = Tokens()
        self._failed = 0
        self._progress = Progress(
            BarColumn(bar_width=_BAR),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}", markup=False),
            _Rate(),
            TimeRemainingColumn(compact=True),
            TextColumn("left"),
            _State(state),
            console=console,
            redirect_stdout=False,  # stdout is for data, whatever stderr is
            speed_estimate_period=_PACE,
        )
        self._task = self._progress.add_task("", total=total, note="")
        self._progress.advance(self._task, 0)  # so that the pace is known after one article

    def say(self, message: str) -> None:
        """The message, above the bar."""
        self._progress.console.print(Text(plain(message)))

    def done(self, result: Result) -> None:
        """One step of the bar."""
        self._spent += result.tokens
        self._failed += result.failure is not None
        tokens = f"{self._spent.prompt + self._spent.completion:,} tokens"
        note = f"{self._failed} failed · {tokens}" if self._failed else tokens
        self._progress.update(self._task, advance=1, note=note)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


class _Rate(ProgressColumn):
    """Articles a second, or seconds an article where those are more."""

    def render(self, task: Task) -> Text:
        if not task.completed or not task.elapsed:
            return Text("")
        pace = task.elapsed / task.completed
        return Text(f"{pace:.1f} s/article" if pace >= 1 else f"{1 / pace:.1f} articles/s")


class _State(ProgressColumn):
    """Why it is slow."""

    def __init__(self, state: Callable[[], str]) -> None:
        super().__init__()
        self._state = state

    def render(self, task: Task) -> Text:  # noqa: ARG002 - rich calls it so
        return Text(self._state(), no_wrap=True)


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


def closing(tally: Tally, seconds: float, cost: str | None = None) -> Table:
    """The closing table. `seconds` is how long the whole run took, `cost` what it cost."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in _rows(tally, seconds):
        table.add_row(name, Text(text))
        if name == "tokens" and cost is not None:
            table.add_row("cost", Text(cost))
    for failure in tally.failures:
        table.add_row(str(outcome(failure)), Text(line(failure).partition("  ")[2].strip()))
    if tally.failed > len(tally.failures):
        more = tally.failed - len(tally.failures)
        table.add_row("…", Text(f"{_count(more, 'more failure')}; the ledger has them all"))
    return table


def _rows(tally: Tally, seconds: float) -> list[tuple[str, str]]:
    outcomes = ", ".join(f"{count} {how}" for how, count in tally.outcomes.most_common())
    tokens = f"{tally.tokens.prompt:,} in, {tally.tokens.completion:,} out"
    ended = tally.outcomes.total()
    each = f", {tally.seconds / ended:.2f} s per article" if ended else ""
    before = [f"{tally.archived:,} done before"] * bool(tally.archived)
    rows = [
        ("articles", ", ".join([outcomes] * bool(outcomes) + before) or "none"),
        ("meetings", f"{tally.meetings:,}"),
        ("requests", f"{tally.asked:,} asked, {tally.stored:,} stored"),
        ("tokens", tokens + (", stored replies included" if tally.stored else "")),
        ("time", f"{_duration(seconds)}{each}"),
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


def animates(console: Console) -> bool:
    """Whether a bar can move there: it is a terminal, and no dumb one."""
    return console.is_terminal and not console.is_dumb_terminal
