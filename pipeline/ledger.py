"""What a run says of itself in its output folder: run.json, and a ledger of what failed.

`run.json` has every run that wrote there: what it was asked, what made the records, how it ended,
what it spent; never a key. `failures.jsonl` has a line for each article that failed, and one more
when it was done after all: the last line about an article counts, and names the terms under which
it failed. Knows results; knows neither stages nor how a run goes on.
"""

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from pipeline import archive, lines
from pipeline.budget import Limits
from pipeline.errors import ArchiveError
from pipeline.run import Mode, Result
from schemas.base import Value
from schemas.exchange import Outcome, Tokens, digest

# What the server answered and the store holds: only asking afresh can change it.
KEPT = frozenset(
    {
        *(Outcome.REFUSED, Outcome.FILTERED, Outcome.TRUNCATED, Outcome.INVALID),
        *(Outcome.BAD_REPLY, Outcome.TOO_LONG),
    }
)


class Asked(Value):
    """What a run was asked to do."""

    paths: tuple[str, ...]  # absolute; "-" is standard input
    published: dt.date | None = None
    text_column: str | None = None
    cache: str
    endpoint: str | None = None  # origin; None: the embedded model
    mode: Mode = Mode.AUTO
    limits: Limits = Limits()
    retried: tuple[Outcome, ...] = ()  # by `readout retry`, and no others


class Ending(StrEnum):
    """How a run ended."""

    RUNNING = "running"  # or it was killed
    DONE = "done"
    INTERRUPTED = "interrupted"
    STOPPED = "stopped"  # by its budget, or since nobody answers
    BROKEN = "broken"  # by an error


class Run(Value):
    """One entry of run.json."""

    asked: Asked
    readout: str  # version
    model: str
    provider: str
    way: str
    prompt: str  # SHA-256 of the prompt text, hex
    schema_hash: str
    process: int
    started: AwareDatetime  # UTC
    ended: AwareDatetime | None = None
    ending: Ending = Ending.RUNNING
    reason: str | None = None  # why it was stopped
    outcomes: dict[Outcome, int] = Field(default_factory=dict)
    archived: int = 0  # articles whose records were there already
    requests: int = 0  # sent
    turned_away: int = 0  # of them, with HTTP 429
    lost: int = 0  # of them, answered with HTTP 5xx or not at all
    stored: int = 0  # not sent, since the answer was there
    tokens: Tokens = Tokens()  # paid for in this run
    cost: float | None = None  # US dollars at list prices; None: not known

    @property
    def terms(self) -> str:
        """What `readout retry` has to keep to: where articles are read, and who is asked. A hash.

        SHA-256 (hex); runs that differ in nothing else have the same.
        """
        reading = self.asked.model_dump(
            mode="json", include={"paths", "published", "text_column", "cache", "endpoint"}
        )
        return digest([reading, self.model, self.provider, self.way])

    @property
    def done(self) -> int:
        """Articles that came to a record."""
        return self.outcomes.get(Outcome.DONE, 0)

    @property
    def failed(self) -> int:
        """Articles that came to none."""
        return sum(self.outcomes.values()) - self.done

    @property
    def seconds(self) -> float | None:
        """How long it took; None where it did not say that it ended."""
        return (self.ended - self.started).total_seconds() if self.ended else None


_RUNS = TypeAdapter(dict[str, tuple[Run, ...]])


def runs(folder: Path) -> tuple[Run, ...]:
    """The runs that wrote to `folder`, first to last. Raises ArchiveError for another run.json."""
    file = folder / archive.RUN
    try:
        return _RUNS.validate_json(file.read_bytes())["runs"]
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ArchiveError(f"{file} cannot be read ({error.strerror}).") from error
    except (ValidationError, KeyError) as error:
        raise ArchiveError(
            f"{file} was not written by this version of readout; move it away, and run again."
        ) from error


def write(folder: Path, run: Run) -> None:
    """Put `run` into the folder's run.json, in place of what it said before."""
    try:
        with archive.alone(folder):  # another run may write what it says of itself
            others = [each for each in runs(folder) if _key(each) != _key(run)]
            text = _RUNS.dump_json({"runs": (*others, run)}, indent=1).decode()
            archive.replace(folder / archive.RUN, text + "\n")
    except OSError as error:
        raise _unwritten(folder / archive.RUN, error) from error


def _key(run: Run) -> tuple[dt.datetime, int]:
    return run.started, run.process


class Failed(Value):
    """One line of failures.jsonl."""

    id: str
    outcome: Outcome
    status: int | None = None  # HTTP, of the last reply
    attempts: int = 0  # requests, those answered by the store included
    tokens: Tokens = Tokens()  # paid for, now or earlier
    reason: str | None = None
    terms: str = ""  # those of the run
    at: dt.datetime


def failures(folder: Path) -> dict[str, Failed]:
    """What has failed in `folder` and was not done since, by id. Raises ArchiveError."""
    return _failures(folder)[0]


def _failures(folder: Path) -> tuple[dict[str, Failed], int]:
    """The failures, and how many lines are none."""
    found: dict[str, Failed] = {}
    unreadable = 0
    try:
        for line in lines.read(folder / archive.FAILURES):
            try:
                failed = Failed.model_validate_json(line.text)
            except ValidationError:  # a killed process left it
                unreadable += 1
                continue
            found.pop(failed.id, None)
            if failed.outcome is not Outcome.DONE:
                found[failed.id] = failed
    except OSError as error:
        raise ArchiveError(
            f"{folder / archive.FAILURES} cannot be read ({error.strerror})."
        ) from error
    return found, unreadable


class Told(NamedTuple):
    """What is known of a folder's runs, first to last, and of the failures that still stand."""

    runs: tuple[Run, ...] = ()
    failures: tuple[Failed, ...] = ()
    unreadable: int = 0  # lines, and files


def told(folder: Path, done: frozenset[str] = frozenset()) -> Told:
    """As much as can be read in `folder`; it may be anybody's. `done`: articles with a record."""
    unreadable = 0
    try:
        ran = runs(folder)
    except ArchiveError:
        ran, unreadable = (), 1
    try:
        failed, torn = _failures(folder)
    except ArchiveError:
        failed, torn = {}, 1
    standing = tuple(each for name, each in failed.items() if name not in done)
    return Told(ran, standing, unreadable + torn)


class Ledger:
    """The failures of one folder, while a run under these terms goes on. `close` it."""

    def __init__(self, folder: Path, terms: str) -> None:
        self._file, self._terms = folder / archive.FAILURES, terms
        self._open = {n: (f.outcome, f.reason, f.terms) for n, f in failures(folder).items()}
        self._lines: lines.Appended | None = None  # no file without a failure

    def add(self, result: Result) -> None:
        """Note how an article ended, where that is news. Raises ArchiveError."""
        failure = result.failure
        if failure is not None:
            news = (failure.outcome, failure.reason, self._terms)
            if self._open.get(result.id) != news:
                self._write(result, failure.outcome, failure.reason)
                self._open[result.id] = news
        elif self._open.pop(result.id, None):
            self._write(result, Outcome.DONE, None)

    def close(self) -> None:
        """Close the file."""
        if self._lines is not None:
            self._lines.close()

    def _write(self, result: Result, outcome: Outcome, reason: str | None) -> None:
        line = Failed(
            id=result.id,
            outcome=outcome,
            status=result.status,
            attempts=result.asked + result.stored,
            tokens=result.tokens,
            reason=reason,
            terms=self._terms,
            at=dt.datetime.now(dt.UTC),
        )
        try:
            self._lines = self._lines or lines.Appended(self._file)
            self._lines.append(line.model_dump_json())
        except OSError as error:
            raise _unwritten(self._file, error) from error


def _unwritten(file: Path, error: OSError) -> ArchiveError:
    return ArchiveError(
        f"{file} cannot be written ({error.strerror}); free some room and run again: replies are "
        "stored."
    )
