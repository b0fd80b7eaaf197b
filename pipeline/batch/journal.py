"""What was sent to the server, written down before and after each call, so that none is repeated.

One line per call, appended and synced: a process that dies loses nothing that it was told. Knows
lines; knows no server.
"""

import contextlib
import datetime as dt
import fcntl
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from pipeline import lines
from pipeline.batch.folder import JOURNAL, writing
from pipeline.errors import BatchError
from schemas.base import Value


class Call(StrEnum):
    """The two calls that submit a file, before and after."""

    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    CREATING = "creating"
    CREATED = "created"


class Event(Value):
    """One line. `id` is the server's: of the file once uploaded, of the batch once created."""

    at: dt.datetime
    file: str
    call: Call
    id: str | None = None


class Sent(NamedTuple):
    """How far a request file has come."""

    last: Call | None = None
    uploaded: str | None = None  # the server's id of the file
    batch: str | None = None  # the server's id of the batch


class Journal:
    """The journal of one folder, open for writing; `opened` makes one."""

    def __init__(self, written: lines.Appended, path: Path) -> None:
        self._written, self._path = written, path

    def note(self, file: str, call: Call, found: str | None = None) -> None:
        """Write down one call; when this returns it is on disk."""
        event = Event(at=dt.datetime.now(dt.UTC), file=file, call=call, id=found)
        with writing(self._path):
            self._written.append(event.model_dump_json())

    def sent(self, file: str) -> Sent:
        """How far `file` has come."""
        return sent(self._path.parent).get(file, Sent())


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[Journal]:
    """The journal of `folder`, for one process at a time. Raises BatchError for the second."""
    path = folder / JOURNAL
    with contextlib.ExitStack() as stack:
        with writing(path):
            lock = stack.enter_context(path.open("ab"))
            written = stack.enter_context(lines.Appended(path))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BatchError(
                f"Another process submits {folder} now; wait until it has ended."
            ) from error
        yield Journal(written, path)


def sent(folder: Path) -> dict[str, Sent]:
    """How far each request file of `folder` has come, by its name."""
    found: dict[str, Sent] = {}
    for event in _events(folder / JOURNAL):
        before = found.get(event.file, Sent())
        found[event.file] = Sent(
            event.call,
            event.id if event.call is Call.UPLOADED else before.uploaded,
            event.id if event.call is Call.CREATED else before.batch,
        )
    return found


def _events(path: Path) -> Iterator[Event]:
    try:
        for line in lines.read(path):
            # A torn line was never acknowledged: the call before it tells where to look.
            with contextlib.suppress(ValidationError):
                yield Event.model_validate_json(line.text)
    except OSError as error:
        raise BatchError(
            f"{path} cannot be read ({error.strerror}); mend its permissions."
        ) from error
