"""Files of one line after another that a killed process, or a full disk, cannot spoil.

A line is written whole, in one call; what a crash cut off is no line and is passed over by whoever
reads. Knows nothing of what the lines say.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self


class Line(NamedTuple):
    """One line of a file, without its end, and where it begins."""

    start: int
    text: bytes


def read(file: Path) -> Iterator[Line]:
    """The lines of `file`, without a last one that has no end; none where there is no file."""
    if not file.exists():
        return
    start = 0
    with file.open("rb") as stream:
        for line in stream:
            if line.endswith(b"\n"):
                yield Line(start, line[:-1])
            start += len(line)


class Appended:
    """A file that lines are appended to. Another process may append to it at the same time."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._number = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
        size = os.fstat(self._number).st_size
        self._torn = size > 0 and os.pread(self._number, 1, size - 1) != b"\n"

    def append(self, text: str, *, durable: bool = True) -> None:
        """Write `text`, which has no line break; a durable one outlives a power cut, too."""
        line = text.encode() + b"\n"
        line = b"\n" + line if self._torn else line
        written = os.write(self._number, line)
        self._torn = written < len(line)
        if self._torn:
            raise OSError(28, "No space left on device")  # what the system says the next time
        if durable:
            os.fsync(self._number)

    def close(self) -> None:
        """Close the file."""
        os.close(self._number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
