"""Files that are there whole or not at all, whatever happens while they are written."""

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.errors import ArchiveError


@contextlib.contextmanager
def replacing(targets: Sequence[Path]) -> Iterator[tuple[Path, ...]]:
    """Paths, of the same names, to write to; they take the targets' places when all is written.

    All `targets` are in one folder. Whoever opens one sees the old file or the new one, and the old
    ones stay until the last new one is complete. Raises ArchiveError where one cannot be written.
    """
    folder = targets[0].parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Beside the targets, since a file can only be moved at once within a file system.
        with tempfile.TemporaryDirectory(prefix=".readout-", dir=folder) as unfinished:
            parts = tuple(Path(unfinished) / target.name for target in targets)
            yield parts
            for part in parts:
                with part.open("rb+") as written:
                    os.fsync(written.fileno())
            for part, target in zip(parts, targets, strict=True):
                part.replace(target)
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ArchiveError(
            f"The export cannot be written to {targets[0]} ({reason}). Choose another place with "
            "-o, or make room; what was there before still is."
        ) from error
