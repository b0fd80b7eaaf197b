"""What lies in the folder of an export, and how it is read.

| file                         | holds                                                       |
| ---------------------------- | ----------------------------------------------------------- |
| `requests-0001.jsonl` …      | lines of the Batch format, as a server takes them           |
| `keys.jsonl`                 | the article of each request, and where its line is          |
| `manifest.json`              | who is asked, and the names of the request files            |
| `journal.jsonl`              | what was sent to the server: `pipeline/batch/journal.py`    |
| `requests-0001.output.jsonl` | what came back, as `.errors.jsonl`: `pipeline/batch/fetch.py` |

The manifest is written last: without one, an export was cut short and is none.

Knows files; knows neither servers nor what an answer means. Nothing in the folder is a secret of
ours: a key never gets here.
"""

import contextlib
import datetime as dt
import json
import os
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, BinaryIO, NamedTuple

from pydantic import Field, ValidationError

from pipeline.errors import BatchError
from schemas.base import Value
from schemas.exchange import Request

MANIFEST, KEYS, JOURNAL = "manifest.json", "keys.jsonl", "journal.jsonl"

# A name from a file is opened and uploaded: it must not lead out of the folder.
_Name = Annotated[str, Field(pattern=r"^requests-\d+\.jsonl$")]


class RequestFile(Value):
    """One file of requests."""

    name: _Name
    requests: int
    bytes: int
    sha256: str

    def result(self, kind: str) -> str:
        """The name of what came back about it: `kind` is "output" or "errors"."""
        return f"{self.name.removesuffix('.jsonl')}.{kind}.jsonl"


class Manifest(Value):
    """Who is asked, in which files. `server` is an origin, `provider` the identity in the keys."""

    created: dt.datetime
    readout: str
    way: str
    model: str
    provider: str
    server: str
    files: tuple[RequestFile, ...]


class Entry(NamedTuple):
    """What is known of one request beside its line: its article, and its place in a chain."""

    article: str
    file: str
    offset: int  # bytes, of its line in the file
    ordinal: int
    parent: str | None


class Export:
    """The folder of a finished export."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder, self.manifest = folder, manifest

    def entries(self) -> Mapping[str, Entry]:
        """What is known of each request, by its key."""
        found: dict[str, Entry] = {}
        names = {file.name for file in self.manifest.files}
        for number, line in enumerate(raw_lines(self.folder / KEYS), start=1):
            try:
                key, entry = _entry(line, names)
            except (ValueError, KeyError, TypeError) as error:
                raise BatchError(
                    f"{self.folder / KEYS} is damaged in line {number}; export again to another "
                    "folder: what is stored already is not exported."
                ) from error
            found[key] = entry
        return found

    def request(self, key: str, entry: Entry) -> Request:
        """The request under `key`, as it was exported."""
        file = self.folder / entry.file
        try:
            with file.open("rb") as stream:
                stream.seek(entry.offset)
                body = _body(stream.readline(), key)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BatchError(
                f"{file} is not as it was exported, so what came back about it cannot be filed; "
                "put the exported file back."
            ) from error
        return Request(
            key=key,
            provider=self.manifest.provider,
            body=body,
            ordinal=entry.ordinal,
            parent=entry.parent,
        )

    def results(self) -> list[Path]:
        """Every file in the folder that may hold answers, also one that another program made."""
        own = {KEYS, JOURNAL, *(file.name for file in self.manifest.files)}
        return sorted(file for file in self.folder.glob("*.jsonl") if file.name not in own)


def load(folder: Path) -> Export:
    """The export in `folder`. Raises BatchError where there is none."""
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except FileNotFoundError as error:
        raise BatchError(
            f"There is no finished export in {folder}; `readout batch export ARTICLES -o {folder}` "
            "makes one."
        ) from error
    except OSError as error:
        raise BatchError(f"{folder / MANIFEST} cannot be read ({error.strerror}).") from error
    except ValidationError as error:
        raise BatchError(
            f"{folder / MANIFEST} is no manifest of this readout; export again to another folder."
        ) from error
    return Export(folder, manifest)


@contextlib.contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write that gets its name when it is complete and on disk, never before.

    Raises BatchError where it cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with writing(path):
        try:
            with part.open("w+b") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what a full or a closed disk raises into a sentence about `path`."""
    try:
        yield
    except OSError as error:
        raise BatchError(
            f"{path} cannot be written ({error.strerror}); free some room or mend the folder's "
            "permissions, and run the command again."
        ) from error


def raw_lines(file: Path) -> Iterator[bytes]:
    """The lines of a file, ends included. Raises BatchError where it cannot be read."""
    try:
        with file.open("rb") as stream:
            yield from stream
    except OSError as error:
        raise BatchError(f"{file} cannot be read ({error.strerror}).") from error


def _entry(line: bytes, files: Container[str]) -> tuple[str, Entry]:
    row = json.loads(line)
    entry = Entry(**{name: row[name] for name in Entry._fields})
    if entry.file not in files:  # it will be opened
        raise ValueError("of no file of this export")
    return row["key"], entry


def _body(line: bytes, key: str) -> dict[str, Any]:
    row = json.loads(line)
    if row["custom_id"] != key:
        raise ValueError("another request")
    body: dict[str, Any] = row["body"]
    return body
