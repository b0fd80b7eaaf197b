"""Open what holds articles: a file, a gzipped one, or standard input; never more than is bearable.

Knows no format. Opening never blocks: a pipe that nobody writes to is refused, not waited for.
"""

import gzip
import io
import os
import stat
import sys
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from pipeline.errors import ReadError
from pipeline.read.limits import MB, MOST_FILE, MOST_RATIO, RATIO_COUNTS_FROM

STDIN = Path("-")
HEAD = 64_000  # bytes that a format is told by
_GZIP = b"\x1f\x8b"


class _Readable(Protocol):
    """All that is asked of a stream."""

    def read(self, size: int = ..., /) -> bytes | None:
        """Up to `size` bytes; none at the end."""
        ...


def _whole_head(_head: bytes) -> int:
    return 0


@contextmanager
def opened(
    file: Path, enough: Callable[[bytes], int] = _whole_head
) -> Iterator[tuple[bytes, io.BufferedReader]]:
    """The first bytes of a file and a stream of all of them, unpacked where they are gzipped.

    Standard input comes when it likes. Of what came, `enough` says how many bytes tell the format;
    0: not enough. So many are then the first bytes, whatever else is there.

    Raises OSError, and ReadError for what is no file. Reading the stream raises ReadError where
    gzip is damaged or a bomb.
    """
    with ExitStack() as stack:
        if file == STDIN:
            stream = _refilled(_stdin(), enough)
        else:
            stream = _refilled(stack.enter_context(_regular(file)))
        if stream.peek(2)[:2] == _GZIP:
            stream = _refilled(_Unzipped(stream))
        yield stream.peek(HEAD), stream


def whole(stream: io.BufferedReader) -> bytes:
    """All of a stream that fits in memory."""
    data = stream.read(MOST_FILE + 1)
    if len(data) > MOST_FILE:
        raise ReadError(f"is larger than {MOST_FILE // MB} MB, too much for one document; split it")
    return data


def _stdin() -> _Readable:
    if sys.stdin is None:
        raise ReadError("is closed; pipe an article into it, or name a file")
    # Below the buffer, where there is one: a thread that waits in it would abort the process's end.
    stream: _Readable = getattr(sys.stdin.buffer, "raw", sys.stdin.buffer)
    return stream


def _regular(file: Path) -> io.FileIO:
    # O_NONBLOCK, because between looking and opening a file may have become a pipe.
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        check_regular(os.fstat(descriptor).st_mode)
        return io.FileIO(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def check_regular(mode: int) -> None:
    """Raise ReadError, with what it is, for anything that is no file."""
    if stat.S_ISREG(mode):
        return
    if stat.S_ISDIR(mode):
        raise ReadError("is a folder that cannot be listed; check its permissions")
    kinds = ((stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
    kind = next((name for matches, name in kinds if matches(mode)), "a device")
    raise ReadError(f"is {kind}, not a file; name a file, or - to read from a pipe")


class _Refilled(io.RawIOBase):
    """A stream whose first bytes were already read, to look at them."""

    def __init__(self, pieces: Sequence[bytes], rest: _Readable) -> None:
        self._pieces, self._rest = deque(filter(None, pieces)), rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._pieces.popleft() if self._pieces else self._rest.read(len(buffer)) or b""
        if len(data) > len(buffer):
            self._pieces.appendleft(data[len(buffer) :])
            data = data[: len(buffer)]
        buffer[: len(data)] = data
        return len(data)


def _refilled(raw: _Readable, enough: Callable[[bytes], int] = _whole_head) -> io.BufferedReader:
    """A stream whose `peek` shows a whole head, even where a pipe hands it over in drops.

    Or as much of it as is `enough`; then nothing more is waited for.
    """
    head, shown = b"", 0
    while not shown and len(head) < HEAD and (more := raw.read(HEAD - len(head))):
        head += more
        shown = enough(head)
    pieces = head[: shown or HEAD], head[shown or HEAD :]
    return io.BufferedReader(_Refilled(pieces, raw), buffer_size=HEAD)


class _Unzipped(io.RawIOBase):
    """Unpacks gzip, and stops where it unpacks to more than any text would."""

    def __init__(self, packed: _Readable) -> None:
        self._packed = _Counted(packed)
        self._gzip = gzip.GzipFile(fileobj=self._packed, mode="rb")
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._gzip.read(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ReadError(
                "is a gzip file cut short or damaged, and is read no further; fetch it again"
            ) from error
        self._given += len(data)
        if self._given > max(RATIO_COUNTS_FROM, MOST_RATIO * self._packed.count):
            raise ReadError(
                f"unpacks to more than {MOST_RATIO} times its size, as no text does, and is read "
                "no further; unpack it yourself if you trust it"
            )
        buffer[: len(data)] = data
        return len(data)


class _Counted(io.RawIOBase):
    """Counts the bytes that are read of a stream."""

    def __init__(self, stream: _Readable) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size) or b""
        self.count += len(data)
        return data
