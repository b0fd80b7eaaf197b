"""How a run is shown on stderr while it goes on: a bar on a terminal, a line per article elsewhere.

Hears results; knows neither what they add up to nor how a run ends.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Self, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
)
from rich.table import Column
from rich.text import Text

from pipeline import progress
from pipeline.plain import plain
from pipeline.run import Result
from schemas.exchange import Tokens

_BAR = 20  # columns
_ECHO = 2  # columns left free: a line as wide as the screen breaks when Ctrl-C is echoed into it
_RECENT = 300.0  # seconds from which the rate is taken, and with it the time left
_STEP = 1.0  # seconds between two of the marks that it is taken from


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
    """A bar with articles, time left, rate and tokens.

    `state` says in a few words why it is slow, if it is. `clock` is an argument so that tests need
    no time.
    """

    def __init__(
        self,
        console: Console,
        total: int,
        state: Callable[[], str] = lambda: "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._spent = Tokens()
        self._failed = 0
        self._state = state
        self._speed = _Speed(clock)
        self._progress = Progress(
            BarColumn(bar_width=_BAR),
            MofNCompleteColumn(table_column=Column(no_wrap=True)),
            _Words(self._words),
            TextColumn("", table_column=Column(width=_ECHO, no_wrap=True)),
            console=console,
            redirect_stdout=False,  # stdout is for data, whatever stderr is
        )
        self._task = self._progress.add_task("", total=total)

    def say(self, message: str) -> None:
        """The message, above the bar."""
        self._progress.console.print(Text(plain(message)))

    def done(self, result: Result) -> None:
        """One step of the bar."""
        self._spent += result.tokens
        self._failed += result.failure is not None
        if not result.archived:
            self._speed.add()
        self._progress.advance(self._task)
        task = self._progress.tasks[self._task]
        if task.total is not None and task.completed > task.total:
            task.total = None  # a table, or standard input, does not say how many it holds

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def _words(self, left: float | None) -> Iterator[str]:
        """What is said beside the bar, the most important first. `left`: articles, if known."""
        ended, seconds = self._speed.recent()
        if left is None or (left and not ended):
            yield "time left unknown"
        elif left:
            yield f"{_clock(left * seconds / ended)} left"
        yield self._state() if left != 0 else ""
        yield progress.rate(ended, seconds)
        yield f"{self._failed:,} failed" if self._failed else ""
        yield f"{self._spent.prompt + self._spent.completion:,} tokens"


class _Speed:
    """How many articles ended of late, up to now: while nothing ends, it falls."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ended = 0
        self._marks = deque([(clock(), 0)])  # when so many had ended; the last one is the latest

    def add(self) -> None:
        """One has ended."""
        self._ended += 1
        now = self._clock()
        if len(self._marks) > 1 and now - self._marks[-2][0] < _STEP:
            self._marks.pop()
        self._marks.append((now, self._ended))

    def recent(self) -> tuple[int, float]:
        """So many, in so many seconds."""
        now = self._clock()
        while len(self._marks) > 1 and self._marks[1][0] <= now - _RECENT:
            self._marks.popleft()
        began, before = self._marks[0]
        return self._ended - before, now - began


class _Words(ProgressColumn):
    """A few words, cut off where the line ends."""

    def __init__(self, words: Callable[[float | None], Iterable[str]]) -> None:
        super().__init__()
        self._words = words

    def render(self, task: Task) -> Text:
        words = filter(None, self._words(task.remaining))
        return Text(" · ".join(words), no_wrap=True, overflow="ellipsis")


def _clock(seconds: float) -> str:
    """`75` as `01:15`, and `4000` as `1:06:40`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def animates(console: Console) -> bool:
    """Whether a bar can move there: it is a terminal, and no dumb one."""
    return console.is_terminal and not console.is_dumb_terminal
