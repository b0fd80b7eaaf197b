"""Where a run puts its records, and what it recalls of those that it put there before.

Beside the records a hidden index has a note about each: what it was made from. An article whose
note still fits need not be looked at again. Does not know what a note says.
"""

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from pipeline import archive, lines
from pipeline.errors import ArchiveError, UsageError
from schemas.record import Record

_INDEX = ".index"
_BETWEEN = b"\t"  # an id and the note; no id has a tab
_OPENING = b'{"article":{"id":'  # of every line that holds a record


class Kind(StrEnum):
    """How records are kept."""

    FILES = "files"  # a readable JSON file for each
    JSONL = "jsonl"  # a line for each, in one file


class Shelf(Protocol):
    """What a run needs of it."""

    def put(self, record: Record) -> Path:
        """Keep `record`; a killed process cannot lose it. From any thread. Raises ArchiveError."""

    def place(self, article: str) -> Path:
        """The file that has the article's record."""

    def recall(self, article: str) -> str | None:
        """The note about a record that is still there."""

    def note(self, article: str, note: str) -> None:
        """Leave a note, of one line, about a record that was put."""

    def close(self) -> None:
        """Close what is open."""


def opened(folder: Path, kind: Kind | None = None) -> Shelf:
    """The shelf in `folder`: of the kind that is there, unless told otherwise.

    Raises UsageError where it holds records of the other kind: an article would be there twice.
    """
    with _usable(folder):
        there = _there(folder) if folder.exists() else None
    if kind is not None and there not in (None, kind):
        raise UsageError(
            f"{folder} holds records as {there} already; choose another folder with -o, or "
            f"--format {there}."
        )
    return Lines(folder) if (kind or there) is Kind.JSONL else Files(folder)


def count(folder: Path) -> int:
    """How many articles have a record in `folder`."""
    with _usable(folder):
        if _there(folder) is Kind.JSONL:
            return len(set(_articles(folder / archive.RECORDS)))
        return sum(1 for _ in _names(folder))


def _there(folder: Path) -> Kind | None:
    if (folder / archive.RECORDS).exists():
        return Kind.JSONL
    return Kind.FILES if any(_names(folder)) else None  # the first will do: there may be thousands


def _names(folder: Path) -> Iterator[str]:
    """The names of the files that hold a record each."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".json") and entry.name != archive.RUN:
                yield entry.name


class Files:
    """A file for every record."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._notes = _Notes(folder)

    def put(self, record: Record) -> Path:
        """Keep `record`. Raises ArchiveError."""
        return archive.write(record, self._folder)

    def place(self, article: str) -> Path:
        """The article's own file."""
        return archive.path(self._folder, article)

    def recall(self, article: str) -> str | None:
        """The note, if the file is there."""
        note = self._notes.get(article)
        return note if note is not None and self.place(article).exists() else None

    def note(self, article: str, note: str) -> None:
        """Leave a note."""
        self._notes.put(article, note)

    def close(self) -> None:
        """Close the index."""
        self._notes.close()


class Lines:
    """A line for every record, in one file: for outputs where a file an article is too many."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._file = folder, folder / archive.RECORDS
        with _usable(folder):
            self._there = set(_articles(self._file))
        self._lines: lines.Appended | None = None  # no file without a record
        self._turn = threading.Lock()  # a run puts records from several threads
        self._notes = _Notes(folder)

    def put(self, record: Record) -> Path:
        """Keep `record`, after what is there. Raises ArchiveError."""
        with archive.written(record, self._folder), self._turn:
            self._lines = self._lines or lines.Appended(self._file)
            self._lines.append(record.model_dump_json())
        return self._file

    def place(self, article: str) -> Path:  # noqa: ARG002 - its sibling needs it
        """The one file."""
        return self._file

    def recall(self, article: str) -> str | None:
        """The note, if the line is there."""
        return self._notes.get(article) if article in self._there else None

    def note(self, article: str, note: str) -> None:
        """Leave a note."""
        self._notes.put(article, note)

    def close(self) -> None:
        """Close both files."""
        if self._lines is not None:
            self._lines.close()
        self._notes.close()


class _Notes:
    """The index: a note per article. Losing it costs time, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _INDEX
        self._start: dict[str, int] = {}
        with _usable(folder):
            for line in lines.read(self._file):
                article, between, _ = line.text.partition(_BETWEEN)
                if between:  # else a killed process left it
                    self._start[article.decode(errors="replace")] = line.start
            self._read = self._file.open("rb") if self._start else None
        self._lines: lines.Appended | None = None

    def get(self, article: str) -> str | None:
        if self._read is None or article not in self._start:
            return None
        self._read.seek(self._start[article])
        note = self._read.readline().partition(_BETWEEN)[2]
        return note.decode(errors="replace").removesuffix("\n")

    def put(self, article: str, note: str) -> None:
        with contextlib.suppress(OSError):  # the record is safe; next time it is looked at again
            self._lines = self._lines or lines.Appended(self._file)
            self._lines.append(f"{article}{_BETWEEN.decode()}{note}", durable=False)

    def close(self) -> None:
        for file in (self._lines, self._read):
            if file is not None:
                file.close()


def _articles(file: Path) -> Iterator[str]:
    """The ids of the articles that `file` has a line about."""
    read = json.JSONDecoder().raw_decode
    for line in lines.read(file):
        if line.text.startswith(_OPENING):
            with contextlib.suppress(ValueError):
                yield read(line.text[len(_OPENING) :].decode())[0]


@contextlib.contextmanager
def _usable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArchiveError(
            f"The output folder {folder} cannot be used ({error.strerror}); choose another with -o."
        ) from error
