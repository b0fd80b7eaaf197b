"""The log of decisions beside the records: appended, never changed, safe on disk before it counts.

A line holds the decisions of one step as a JSON list, so a killed process leaves all of a step or
nothing. Writers take turns, by a lock on the file itself. Knows nothing of what is decided.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from pipeline import lines
from pipeline.errors import ArchiveError, ReadoutError
from schemas.decision import Decision

DECISIONS = "decisions.jsonl"
_STEP = TypeAdapter(tuple[Decision, ...])


class UnsavedError(ReadoutError):
    """A decision is not on the disk, and the person who made it must know."""


class Log:
    """The decisions of one folder. Several processes may have one open, each in one thread."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / DECISIONS
        self._decisions: list[Decision] = []
        self._read_to = 0  # bytes
        self._lines = 0

    def read(self) -> Sequence[Decision]:
        """All decisions, first to last, those of other processes included.

        What a killed process left of a line is passed over. Raises ArchiveError for a line that
        another program wrote, and where the file cannot be read.
        """
        self._catch_up()
        return tuple(self._decisions)

    def append(self, make: Callable[[Sequence[Decision]], Sequence[Decision]]) -> None:
        """Write what `make` makes of all decisions so far, while nobody else can write.

        When this returns, it outlives a power cut. What `make` raises is passed on, and nothing
        is written. Raises UnsavedError where the disk does not take it.
        """
        with self._alone():
            made = make(self.read())
            if not made:
                return
            try:
                with lines.Appended(self.file) as file:
                    file.append(_STEP.dump_json(tuple(made)).decode())
            except OSError as error:
                raise self._unsaved(error) from error
            self._catch_up()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            with self.file.open("ab") as held:
                fcntl.flock(held, fcntl.LOCK_EX)  # let go when the file is closed, or we die
                if os.fstat(held.fileno()).st_size == 0:
                    _sync(self.file.parent)  # the file's name, too, has to outlive a power cut
                yield
        except OSError as error:
            raise self._unsaved(error) from error

    def _catch_up(self) -> None:
        """Read what was appended since the last time."""
        try:
            with self.file.open("rb") as stream:
                if os.fstat(stream.fileno()).st_size < self._read_to:  # put back from a copy
                    self._decisions, self._read_to, self._lines = [], 0, 0
                stream.seek(self._read_to)
                for line in stream:
                    if not line.endswith(b"\n"):
                        break  # still being written, or torn
                    self._decisions.extend(self._step(line))
                    self._read_to += len(line)
                    self._lines += 1
        except FileNotFoundError:
            self._decisions, self._read_to, self._lines = [], 0, 0
        except OSError as error:
            raise ArchiveError(f"{self.file} cannot be read ({error.strerror}).") from error

    def _step(self, line: bytes) -> tuple[Decision, ...]:
        try:
            json.loads(line)
        except (ValueError, RecursionError):
            return ()  # a killed process left it
        try:
            return _STEP.validate_json(line)
        except ValidationError as error:
            raise ArchiveError(
                f"{self.file}, line {self._lines + 1}, holds no decisions that this version of "
                "readout can read; put the file back as it was, or move it away."
            ) from error

    def _unsaved(self, error: OSError) -> UnsavedError:
        return UnsavedError(
            f"The decision is not saved: {self.file} cannot be written ({error.strerror}). Make "
            "room or make it writable, and decide again."
        )


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
