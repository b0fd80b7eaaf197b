"""The lines of a stream, decoded, one at a time; a line too long to be one is told and passed over.

Remembers one line. Does not know what a line means.
"""

import io
from collections.abc import Iterator

from pipeline.errors import ReadError
from pipeline.read.charset import guess
from pipeline.read.decode import decode, wide
from pipeline.read.formats.opened import HEAD
from pipeline.read.limits import MB, MOST_LINE

_UTF16_CHARS = MOST_LINE // 2


def lines(stream: io.BufferedReader) -> Iterator[str | ReadError]:
    """Yield each line without its end, or why it cannot be read."""
    head = stream.peek(HEAD)
    if encoding := wide(head):
        yield from _wide(stream, encoding)
        return
    guessed: str | None = None
    while line := stream.readline(MOST_LINE):
        if len(line) == MOST_LINE and not line.endswith(b"\n"):
            _pass_over(stream)
            yield _too_long()
            continue
        if line.isascii() and (text := line[:-1].decode()).isprintable() and line[-1:] == b"\n":
            yield text  # nearly all lines of nearly all files; the rest takes ten times as long
            continue
        if guessed is None and not _is_utf8(line):
            # One guess for the whole file, from as much as there is: a line alone says little.
            guessed = guess(line + head)
        try:
            yield decode(line, guessed).removesuffix("\n")
        except ReadError as error:
            yield error


def _wide(stream: io.BufferedReader, encoding: str) -> Iterator[str | ReadError]:
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="\n")
    try:
        while line := text.readline(_UTF16_CHARS):
            if len(line) == _UTF16_CHARS and not line.endswith("\n"):
                while (rest := text.readline(_UTF16_CHARS)) and not rest.endswith("\n"):
                    pass
                yield _too_long()
                continue
            yield line.removesuffix("\n").removesuffix("\r").removeprefix("\ufeff")
    finally:
        text.detach()  # or it would close what it does not own


def _pass_over(stream: io.BufferedReader) -> None:
    while (rest := stream.readline(MOST_LINE)) and not rest.endswith(b"\n"):
        pass


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _too_long() -> ReadError:
    return ReadError(f"is longer than {MOST_LINE // MB} MB, which no article is; split it")
