"""Raw replies, kept as they came, append-only, before anybody parses them.

`Responses` is the working store (diskcache, ignored by git); `Recordings` are readable files that
tests replay. Both know keys and replies; neither knows articles, prompts or the network.
"""

import contextlib
import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import diskcache
from diskcache.core import MODE_PICKLE, MODE_RAW, MODE_TEXT, UNKNOWN
from pydantic import TypeAdapter, ValidationError

from pipeline.errors import KeepError, StoreError
from schemas.exchange import Reply, Request

_REPLIES = TypeAdapter(tuple[Reply, ...])


class Store(Protocol):
    """What run needs of a store of replies."""

    def get(self, key: str) -> Reply | None:
        """The latest reply to the request with this key."""

    def append(self, request: Request, reply: Reply, article: str) -> None:
        """Keep `reply` after those that are there. Nothing is overwritten."""


class _PlantedError(StoreError):
    """A row that readout did not write."""


class StrictDisk(diskcache.Disk):  # type: ignore[misc]
    """Stores text in the database and nothing else.

    diskcache pickles by default, so whoever can write the folder could run code (CVE-2025-69872);
    and a planted file name would let it read or remove any file.
    """

    # The four signatures are diskcache's own.
    def store(
        self,
        value: Any,
        read: bool,  # noqa: FBT001
        key: Any = UNKNOWN,  # noqa: ARG002
    ) -> tuple[int, int, None, Any]:
        """Only text, always inside the row."""
        if read or not isinstance(value, str):
            raise TypeError("the store of replies holds text only")
        return 0, MODE_TEXT, None, value

    def put(self, key: Any) -> tuple[Any, bool]:
        """Only text keys."""
        if not isinstance(key, str):
            raise TypeError("keys are text")
        return key, True

    def get(self, key: Any, raw: bool) -> Any:  # noqa: FBT001
        """A key that would have to be unpickled was planted."""
        if not raw:
            raise _PlantedError(_PLANTED)
        return key

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:  # noqa: FBT001
        """A value that would have to be unpickled, or read from a file, was planted."""
        if mode == MODE_PICKLE or mode not in (MODE_RAW, MODE_TEXT) or filename or read:
            raise _PlantedError(_PLANTED)
        return value

    def remove(self, file_path: str) -> None:
        """No row of ours names a file."""


_PLANTED = (
    "The response store holds a row that readout did not write, so it was not used; "
    "`readout cache clear` starts afresh."
)
# ValueError and TypeError: diskcache meets settings in a planted database that it cannot take.
_BROKEN = (OSError, sqlite3.Error, diskcache.Timeout, ValueError, TypeError)


class Responses:
    """The store of all replies that were ever paid for, in one folder.

    `say` hears of rows that were planted: they are refused, and what they stood for is asked again.
    """

    def __init__(self, folder: Path, say: Callable[[str], None] = lambda _: None) -> None:
        self._say = say
        self._said = False
        try:
            self._cache = diskcache.Cache(
                str(folder),
                disk=StrictDisk,
                eviction_policy="none",  # the default drops the oldest at 1 GB, silently
                cull_limit=0,
                size_limit=2**62,
                # The system caches the file; by default we would hold 32 and 64 MB of it as well.
                sqlite_cache_size=512,  # pages of 4 kB
                sqlite_mmap_size=0,
            )
        except _BROKEN as error:
            raise StoreError(
                f"The response store in {folder} cannot be opened ({error}); choose another "
                "folder with --cache, or mend its permissions."
            ) from error
        self.folder = folder

    def get(self, key: str) -> Reply | None:
        """The latest reply under `key`; None where there is none or it was planted."""
        replies = self.all(key)
        return replies[-1] if replies else None

    def all(self, key: str) -> tuple[Reply, ...]:
        """Every reply under `key`, first to last."""
        found: list[Reply] = []
        for number in itertools.count(1):
            try:
                with self._readable():
                    text = self._cache.get(f"{key}/{number}")
                if text is None:
                    return tuple(found)
                found.append(_reply(text))
            except _PlantedError as planted:
                self._refuse(planted)
        raise AssertionError("counting has no end")

    def append(self, request: Request, reply: Reply, article: str) -> None:
        """Keep `reply`; when this returns, a killed process cannot lose it."""
        try:
            text, numbers = reply.model_dump_json(), itertools.count(1)
            with self._cache.transact():  # one commit
                while not self._cache.add(f"{request.key}/{next(numbers)}", text):
                    pass  # an earlier reply stands there, or what was planted
                self._cache.add(f"{request.key}/article", article)
        except _BROKEN as error:
            raise KeepError(
                f"The reply about {article} cannot be kept in {self.folder} ({error}), so nothing "
                "more was asked; free some room or mend its permissions, and run again."
            ) from error

    def forget(self, article: str) -> int:
        """Remove every reply about one article; returns how many."""
        keys = [key.partition("/")[0] for key, owner in self._owners() if owner == article]
        removed = 0
        for key in keys:
            for number in itertools.count(1):
                if not self._cache.delete(f"{key}/{number}"):
                    break
                removed += 1
            self._cache.delete(f"{key}/article")
        return removed

    def clear(self) -> int:
        """Remove everything; returns how many replies there were."""
        count = len(self)
        self._cache.clear()
        return count

    def articles(self) -> set[str]:
        """The ids of all articles that something is stored about."""
        with self._readable():
            return {owner for _, owner in self._owners()}

    def __len__(self) -> int:
        with self._readable():
            return sum(1 for key in self._cache.iterkeys() if not key.endswith("/article"))

    @property
    def bytes(self) -> int:
        """Size on disk."""
        return int(self._cache.volume())

    def close(self) -> None:
        """Close the database. Replies were safe before."""
        self._cache.close()

    def _refuse(self, planted: StoreError) -> None:
        """Say it once; a store that was tampered with may hold thousands."""
        if not self._said:
            self._said = True
            self._say(str(planted))

    @contextlib.contextmanager
    def _readable(self) -> Iterator[None]:
        """Turn what a damaged or locked database raises into a sentence."""
        try:
            yield
        except _BROKEN as error:
            raise StoreError(
                f"The response store in {self.folder} cannot be read ({error}); mend its "
                "permissions, or start afresh with `readout cache clear`."
            ) from error

    def _owners(self) -> Iterator[tuple[str, str]]:
        for key in self._cache.iterkeys():
            if key.endswith("/article"):
                yield key, self._cache.get(key)


def wipe(folder: Path) -> None:
    """Remove a store that cannot be opened, or that holds what readout did not write."""
    for file in folder.glob("cache.db*"):
        file.unlink(missing_ok=True)


class Recordings:
    """Replies as readable, committed files: one per request, `<folder>/<key>.json`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> Reply | None:
        """The latest recorded reply."""
        replies = self._all(key)
        return replies[-1] if replies else None

    def _all(self, key: str) -> tuple[Reply, ...]:
        path = self.folder / f"{key}.json"
        try:
            return _REPLIES.validate_python(json.loads(path.read_bytes())["replies"])
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise StoreError(
                f"The recording {path.name} cannot be read ({type(error).__name__}); delete it "
                "and record it again with `readout record`."
            ) from error

    def append(self, request: Request, reply: Reply, article: str) -> None:
        """Write the reply into the request's file, after those that are there."""
        path = self.folder / f"{request.key}.json"
        earlier = [kept.model_dump(mode="json") for kept in self._all(request.key)]
        recording = {
            "article": article,
            "model": request.body.get("model"),
            "written_by": reply.written_by,
            "recorded": reply.at.isoformat(),
            "again": f"readout record FILE --refresh --model {_asked_for(request)}"
            f"  # FILE: {article}'s",
            "request": request.model_dump(mode="json"),
            "replies": [*earlier, reply.model_dump(mode="json")],
        }
        part = path.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(recording, indent=1, ensure_ascii=False) + "\n", "utf-8")
            part.replace(path)
        except OSError as error:
            raise KeepError(
                f"The recording about {article} cannot be written to {self.folder} "
                f"({error.strerror}), so nothing more was asked; choose another folder with "
                "--recordings, or free some room."
            ) from error


def _asked_for(request: Request) -> str:
    """What --model was; the embedded model's full id is not a name that one types."""
    return "embedded" if request.provider == "embedded" else str(request.body.get("model"))


def _reply(text: Any) -> Reply:
    try:
        return Reply.model_validate_json(text)
    except ValidationError as error:
        raise _PlantedError(_PLANTED) from error
