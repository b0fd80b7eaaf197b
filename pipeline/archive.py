"""Writes and reads records: one readable JSON file per article, never half of one.

Knows files; knows neither models nor scores.
"""

import contextlib
import os
from pathlib import Path

from pydantic import ValidationError

from pipeline.errors import ArchiveError
from schemas.record import Record


def path(folder: Path, article: str) -> Path:
    """Where the record of the article with this id is kept."""
    return folder / f"{article}.json"


def write(record: Record, folder: Path) -> Path:
    """Write `record` under its article's id; a reader sees the old file or the new one."""
    target = path(folder, record.article.id)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as stream:
            stream.write(record.model_dump_json(indent=1).encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise ArchiveError(
            f"The record of {record.article.id} cannot be written to {folder} "
            f"({error.strerror}); its reply is stored, so running again costs nothing."
        ) from error
    return target


def read(file: Path) -> Record:
    """The record in `file`. Raises ArchiveError where it is none."""
    try:
        return Record.model_validate_json(file.read_bytes())
    except OSError as error:
        raise ArchiveError(f"The record {file} cannot be read ({error.strerror}).") from error
    except ValidationError as error:
        raise ArchiveError(
            f"{file} is no record of readout ({error.error_count()} fields do not fit); "
            "`readout run` writes records."
        ) from error
