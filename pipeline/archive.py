"""Writes and reads records: a readable JSON file per article, or a line each in one file.

Never half of one. Knows files; knows neither models nor scores.
"""

import contextlib
import fcntl
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from pipeline import lines
from pipeline.errors import ArchiveError
from schemas.record import Made, Record

RUN, FAILURES = "run.json", "failures.jsonl"  # what a run says of itself: no records
RECORDS = "records.jsonl"
_LOCK = ".lock"
_PART = re.compile(r"\..+\.(\d+)\.part")  # what is being written, and by which process
_LONGEST_WRITE = 60.0  # seconds


def path(folder: Path, article: str) -> Path:
    """Where the record of the article with this id is kept, if it has a file of its own."""
    # No id ends with a full stop, so this name is free for an article called "run".
    clear = f"{article.casefold()}.json" != RUN
    return folder / (f"{article}.json" if clear else f"{article}..json")


def write(record: Record, folder: Path) -> Path:
    """Write `record` under its article's id; a reader sees the old file or the new one."""
    target = path(folder, record.article.id)
    with written(record, folder):
        replace(target, record.model_dump_json(indent=1) + "\n")
    return target


@contextlib.contextmanager
def written(record: Record, folder: Path) -> Iterator[None]:
    """Turn what the disk says while `record` is written to `folder` into a sentence."""
    try:
        yield
    except OSError as error:
        raise ArchiveError(
            f"The record of {record.article.id} cannot be written to {folder} "
            f"({error.strerror}); its reply is stored, so running again costs nothing."
        ) from error


def replace(target: Path, text: str) -> None:
    """Write a whole file in place of the one that is there, if any. Raises OSError."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as stream:
            stream.write(text.encode())
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Have `folder` for oneself, to change a file that is there; others wait. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("ab") as held:
        with contextlib.suppress(OSError):  # some network drives know no locks: one run at a time
            fcntl.flock(held, fcntl.LOCK_EX)  # let go when the file is closed, or we die
        yield


def sweep(folder: Path) -> None:
    """Remove what killed processes left half written in `folder`."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:  # it harms nobody
        for entry in entries:
            part = _PART.fullmatch(entry.name)
            if part and (not alive(int(part[1])) or _age(entry) > _LONGEST_WRITE):
                Path(entry.path).unlink(missing_ok=True)


def _age(entry: "os.DirEntry[str]") -> float:
    return time.time() - entry.stat().st_mtime


def alive(process: int) -> bool:
    """Whether a process with this number goes on, on this machine."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def read(file: Path) -> Record:
    """The record in `file`. Raises ArchiveError where it is none."""
    return _record(str(file), _bytes(file))


class Document(NamedTuple):
    """What may be a record or a reference, before anybody parses it, and where it stands."""

    where: str  # for a message: "out/oslo.json", "out/records.jsonl, line 3"
    content: bytes  # JSON


def documents(path: Path) -> Iterator[Document]:
    """The documents of a file, of a file of lines, or of a folder of either, in a stable order.

    Of two lines about one article the later one counts; of its file and its line, what was made
    later. What a killed process left of a line is passed over, and so is what a run says of
    itself. Raises ArchiveError for what is not there.
    """
    if path.suffix == ".jsonl" and path.is_file():
        yield from _lined(path, _counting(path))
    elif path.is_dir():
        yield from _filed(path)
    else:
        yield Document(str(path), _bytes(path))


def records(path: Path) -> Iterator[Record]:
    """The records among the documents there. Raises ArchiveError for a document that is none."""
    return (_record(each.where, each.content) for each in documents(path))


def _files(folder: Path) -> list[Path]:
    try:
        found = [each for each in folder.iterdir() if each.suffix == ".json" and each.is_file()]
    except OSError as error:
        raise ArchiveError(
            f"The folder {folder} cannot be read ({error.strerror}); check its permissions."
        ) from error
    return sorted(each for each in found if each.name != RUN)


def _filed(folder: Path) -> Iterator[Document]:
    """The documents of a folder: of its files, then of its lines."""
    lined = folder / RECORDS
    counting = _counting(lined)
    twice = {path(folder, name): name for name in counting if isinstance(name, str)}
    for file in _files(folder):
        content = _bytes(file)
        if file in twice:
            if _made(_line(lined, counting[twice[file]])) >= _made(content):
                continue
            del counting[twice[file]]
        yield Document(str(file), content)
    yield from _lined(lined, counting)


def _counting(file: Path) -> dict[object, int]:
    """Where the lines start that count, by article; what has none counts by itself."""
    counting: dict[object, int] = {}
    for line in _lines(file):
        with contextlib.suppress(ValueError, RecursionError):  # what a killed process left
            counting[_about(json.loads(line.text)) or line.start] = line.start
    return counting


def _lined(file: Path, counting: Mapping[object, int]) -> Iterator[Document]:
    starts = frozenset(counting.values())
    for number, line in enumerate(_lines(file), start=1):
        if line.start in starts:
            yield Document(f"{file}, line {number}", line.text)


def _line(file: Path, start: int) -> bytes:
    try:
        with file.open("rb") as stream:
            stream.seek(start)
            return stream.readline()
    except OSError as error:
        raise _closed(file, error) from error


def _made(content: bytes) -> float:
    """When a record was made, in seconds since 1970; 0 where it is none."""
    with contextlib.suppress(ValueError, RecursionError, LookupError, TypeError):
        return Made.model_validate(json.loads(content)["made"]).at.timestamp()
    return 0.0


def _lines(file: Path) -> Iterator[lines.Line]:
    try:
        yield from lines.read(file)
    except OSError as error:
        raise _closed(file, error) from error


def _about(document: object) -> str | None:
    article = document.get("article") if isinstance(document, dict) else None
    return article.get("id") if isinstance(article, dict) else None


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise _closed(file, error) from error


def _closed(file: Path, error: OSError) -> ArchiveError:
    return ArchiveError(
        f"The record {file} cannot be read ({error.strerror}); check the path and its permissions."
    )


def _record(where: str, content: bytes) -> Record:
    try:
        return Record.model_validate_json(content)
    except ValidationError as error:
        raise ArchiveError(
            f"{where} is no record of readout ({error.error_count()} fields do not fit); "
            "`readout run` writes records."
        ) from error
