"""How a run is shown on stderr while it goes on: a bar on a terminal, a line per article elsewhere.

Hears results; knows neither what they add up to nor how a run ends.
"""

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
from rich.text import Text

from pipeline import progress
from pipeline.plain import plain
from pipeline.run import Result
from schemas.exchange import Tokens

_BAR = 30  # columns: a line as wide as the screen breaks when Ctrl-C is echoed into it
_PACE = 300.0  # seconds over which the time left is estimated


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
            print(progress.line(result), file=self._stream, flush=True)


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


def animates(console: Console) -> bool:
    """Whether a bar can move there: it is a terminal, and no dumb one."""
    return console.is_terminal and not console.is_dumb_terminal
