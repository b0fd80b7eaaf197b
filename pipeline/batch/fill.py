"""Result files into the store, line by line: what comes back there is never asked again.

Knows files, keys and the store; what a line says is `replies`' to judge.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from pydantic import ValidationError

from pipeline.batch import replies
from pipeline.batch.export import Failed
from pipeline.batch.folder import MANIFEST, Export, load, raw_lines
from pipeline.batch.replies import Line
from pipeline.errors import UsageError
from pipeline.step import is_completion, is_final
from pipeline.store import Store
from schemas.exchange import Reply


class Kept(Store, Protocol):
    """A store that tells all it has about a request."""

    def all(self, key: str) -> tuple[Reply, ...]:
        """Every reply under `key`, first to last."""


class Filled(NamedTuple):
    """What came of the lines."""

    stored: int
    known: int  # were in the store already
    failed: tuple[Failed, ...]  # lines that answer nothing for good: the next export asks again
    unread: tuple[str, ...]  # lines that are torn or answer nothing of ours, a sentence each
    open: int  # requests of the exports that the store has no answer to


def gather(paths: Sequence[Path]) -> tuple[list[Export], list[Path]]:
    """The exports and the result files that `paths` (folders and files) mean.

    A file belongs to the export in its folder, or to one that is named beside it. Raises
    UsageError where there is neither, and BatchError for a folder without an export.
    """
    folders = [path for path in paths if path.is_dir()]
    files = [path for path in paths if not path.is_dir()]
    for file in files:
        if not file.exists():
            raise UsageError(f"There is no file or folder {file}; check the path.")
    named = [load(folder) for folder in folders]
    beside = {file.parent for file in files if (file.parent / MANIFEST).exists()}
    exports = [*named, *(load(folder) for folder in sorted(beside - set(folders)))]
    if not exports:
        raise UsageError(
            f"{files[0]} is in no export's folder, so it is not known what its lines answer; name "
            "that folder too: readout batch import FOLDER FILE."
        )
    found = [file for export in named for file in export.results()]
    return exports, list(dict.fromkeys([*found, *files]))


def fill(exports: Sequence[Export], files: Sequence[Path], store: Kept) -> Filled:
    """Put every reply in `files` into `store`, once, under the article it was asked for.

    Raises KeepError where a reply cannot be kept; importing again goes on from there.
    """
    owners = {key: (export, entry) for export in exports for key, entry in export.entries().items()}
    now = dt.datetime.now(dt.UTC)
    stored = known = 0
    failed: dict[str, Failed] = {}
    unread: list[str] = []
    for where, line in (each for file in files for each in _read(file)):
        if line is None or line.custom_id not in owners:
            unread.append(_unread(where, line))
            continue
        export, entry = owners[line.custom_id]
        request = export.request(line.custom_id, entry)
        found = replies.reply(line, request, now)
        if not is_final(found):
            failed[line.custom_id] = Failed(entry.article, replies.why(found))
        if not replies.is_kept(found, line):
            continue
        if _is_news(found, store):
            store.append(request, found, entry.article)
            stored += 1
        else:
            known += 1
    # Another line, or a live call, may have brought the answer.
    left = tuple(each for key, each in failed.items() if not _is_answered(key, store))
    still_open = sum(not _is_answered(key, store) for key in owners)
    return Filled(stored, known, left, tuple(unread), still_open)


def _is_news(reply: Reply, store: Kept) -> bool:
    """Whether the store lacks this reply. A refusal that comes after an answer is none."""
    kept = store.all(reply.key)
    if any((each.status, each.body) == (reply.status, reply.body) for each in kept):
        return False
    return is_completion(reply) or not (kept and is_final(kept[-1]))


def _is_answered(key: str, store: Kept) -> bool:
    """Whether a request has a reply that the next export goes on from."""
    reply = store.get(key)
    return reply is not None and is_final(reply)


def _read(file: Path) -> Iterator[tuple[str, Line | None]]:
    """Each line of a result file, after where it stands; None for one that is none."""
    for number, raw in enumerate(raw_lines(file), start=1):
        if raw.strip():
            yield f"{file}, line {number}", _parsed(raw)


def _parsed(raw: bytes) -> Line | None:
    try:
        return Line.model_validate_json(raw)
    except ValidationError:
        return None


def _unread(where: str, line: Line | None) -> str:
    if line is None:
        return f"{where}: torn, or no line of a result file; its request is asked again."
    return f"{where}: answers a request that is not in this export ({line.custom_id[:80]})."
