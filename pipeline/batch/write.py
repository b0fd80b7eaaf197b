"""Writes requests as lines of the Batch format, into files within the server's limits.

Knows the format; knows neither articles nor the store.
"""

import contextlib
import datetime as dt
import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from pipeline.batch.folder import KEYS, MANIFEST, Entry, Manifest, RequestFile, whole, writing
from pipeline.errors import BatchError, UsageError
from schemas.exchange import Request
from schemas.way import Way

URL = "/v1/chat/completions"


class Limits(NamedTuple):
    """What one file may hold; by default what OpenAI takes."""

    requests: int = 50_000
    bytes: int = 200_000_000


class Writer:
    """Writes one export. Nothing is made before the first request comes.

    `contextlib.closing` closes it: what was not finished by then is no export, and the next one
    takes its place. Raises UsageError where the folder holds an export already.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        if (folder / MANIFEST).exists():
            raise UsageError(
                f"{folder} holds an export already, which may be on its way to a server; choose "
                "another folder with -o."
            )
        self._folder, self._limits = folder, limits
        self._keys: BinaryIO | None = None
        self._file: _File | None = None
        self._done: list[RequestFile] = []

    def add(self, request: Request, article: str) -> None:
        """Write one request, which asks about the article with this id."""
        line = _line({"custom_id": request.key, "method": "POST", "url": URL, "body": request.body})
        with writing(self._folder):
            keys, file = self._room_for(line)
            entry = Entry(article, file.name, file.bytes, request.ordinal, request.parent)
            keys.write(_line({"key": request.key, **entry._asdict()}))
            file.write(line)

    def finish(self, way: Way, server: str, version: str) -> Manifest | None:
        """Write the manifest, which makes it an export; None where there was no request."""
        if self._keys is None or self._file is None:
            return None
        with writing(self._folder):
            _settle(self._keys)
            self._done.append(self._file.done())
        manifest = Manifest(
            created=dt.datetime.now(dt.UTC),
            readout=version,
            way=way.name,
            model=way.model,
            provider=way.provider,
            server=server,
            files=tuple(self._done),
        )
        with whole(self._folder / MANIFEST) as stream:
            stream.write(manifest.model_dump_json(indent=1).encode() + b"\n")
        return manifest

    def close(self) -> None:
        """Close what is still open."""
        for stream in (self._keys, self._file.stream if self._file else None):
            if stream is not None:
                with contextlib.suppress(OSError):  # a full disk was told already
                    stream.close()

    def _room_for(self, line: bytes) -> "tuple[BinaryIO, _File]":
        """The file of keys, and the file of requests that has room for `line`."""
        if self._keys is None:
            self._keys = _emptied(self._folder)
        if self._file is not None and self._file.full(len(line), self._limits):
            self._done.append(self._file.done())
            self._file = None
        if self._file is None:
            self._file = _File(self._folder / f"requests-{len(self._done) + 1:04}.jsonl")
        return self._keys, self._file


class _File:
    """A file of requests while it is written."""

    def __init__(self, path: Path) -> None:
        self.name, self.bytes = path.name, 0
        self.stream: BinaryIO = path.open("wb")
        self._requests = 0
        self._hash = hashlib.sha256()

    def full(self, more: int, limits: Limits) -> bool:
        """Whether a line of `more` bytes has to go into another file."""
        return self._requests >= limits.requests or self.bytes + more > limits.bytes

    def write(self, line: bytes) -> None:
        self.stream.write(line)
        self._hash.update(line)
        self._requests += 1
        self.bytes += len(line)

    def done(self) -> RequestFile:
        """Close it for good."""
        _settle(self.stream)
        return RequestFile(
            name=self.name,
            requests=self._requests,
            bytes=self.bytes,
            sha256=self._hash.hexdigest(),
        )


def _emptied(folder: Path) -> BinaryIO:
    """The file of keys, in a folder without the request files of an export that was cut short."""
    folder.mkdir(parents=True, exist_ok=True)
    left = [each for each in folder.iterdir() if re.fullmatch(r"requests-\d+\.jsonl", each.name)]
    if left and not (folder / KEYS).exists():
        raise BatchError(
            f"{folder} holds {left[0].name}, which readout did not write; choose another folder "
            "with -o."
        )
    for each in left:
        each.unlink()
    return (folder / KEYS).open("wb")


def _settle(stream: BinaryIO) -> None:
    """Close a file that is to outlive a power cut."""
    stream.flush()
    os.fsync(stream.fileno())
    stream.close()


def _line(row: dict[str, Any]) -> bytes:
    # ASCII: some readers of such files end a line at U+2028, and UTF-8 has no half surrogates.
    return json.dumps(row, separators=(",", ":")).encode("ascii") + b"\n"
