"""What `readout run`, `record` and `retry` are to do: a job, its ceilings, the files that it reads.

Knows paths and options; does not know how a job goes on.
"""

import functools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import archive, budget, endpoint, ways
from pipeline.budget import Limits, Spent
from pipeline.cli import exits, options
from pipeline.errors import UsageError
from pipeline.fleet import Fleet
from pipeline.intake import Item
from pipeline.ledger import Asked, Failed
from pipeline.read import articles_in, expected, find_files
from pipeline.review import by_hand
from pipeline.review.log import DECISIONS
from pipeline.settings import Settings
from pipeline.shelf import Shelf
from pipeline.store import Store

_OWN = (archive.FAILURES, archive.RECORDS, DECISIONS)  # besides .json files


class Output(NamedTuple):
    """Where records go."""

    folder: Path
    shelf: Shelf


class Job(NamedTuple):
    """A run that is about to begin. `wanted`, if not None, are the only articles to ask about."""

    asked: Asked
    files: Sequence[Path]
    target: endpoint.Target
    store: Store | Fleet  # whose store is opened elsewhere
    output: Output | None
    as_json: bool
    quiet: bool
    wanted: Mapping[str, Failed] | None = None
    before: Spent = Spent()  # by the same command, under the same ceilings

    @property
    def total(self) -> int:
        """How many articles there are to end, as far as that shows without reading them."""
        return sum(map(expected, self.files)) if self.wanted is None else len(self.wanted)

    @property
    def concurrency(self) -> int:
        """Requests in flight, at most."""
        return self.asked.limits.concurrency or self.target.way.concurrency


def limits(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options that limit a run; it gets them as one argument, `limits`."""

    @functools.wraps(command)
    def limited(*given: Any, **named: Any) -> int:
        said = {name: named.pop(name) for name in Limits.model_fields}
        return command(*given, limits=Limits(**said), **named)

    for name in reversed(Limits.model_fields):
        limited = getattr(options, name)(limited)
    return limited


def asked_for(
    settings: Settings,
    target: endpoint.Target,
    paths: tuple[Path, ...],
    limits: Limits,
    **more: Any,
) -> Asked:
    """What the command was asked, as run.json keeps it. Raises UsageError for a vain --max-cost."""
    check_ceiling(limits, target)
    base_url = target.base_url
    return Asked(
        paths=tuple(str(path) if str(path) == "-" else str(path.absolute()) for path in paths),
        cache=str(settings.cache.absolute()),
        endpoint=base_url and ways.origin(base_url),
        limits=limits,
        **more,
    )


def check_ceiling(limits: Limits, target: endpoint.Target) -> None:
    """Raises UsageError for a --max-cost that cannot be kept."""
    model, base_url = target.way.model, target.base_url
    if limits.max_cost is not None and budget.price(model, base_url) is None:
        raise UsageError(
            f"The price of {model} at {ways.origin(base_url or '')} is not known, so --max-cost "
            "cannot be kept; use --max-requests."
        )


def files(asked: Asked, out: Path | None) -> list[Path]:
    """The files to read: all but those that runs and reviews write into the folder `out`.

    Raises UsageError at once for a path that makes no sense: before anything is made or written.
    """
    found = find_files(list(map(Path, asked.paths)))
    ours = set(_ours(found, out)) if out else set()
    if len(ours) == len(found):
        raise UsageError(
            f"All that is to be read is what readout wrote into {out}; name the articles, or "
            "another folder with -o."
        )
    if ours:
        exits.say(f"Not read as articles: {len(ours)} of readout's own files in {out}.")
    return [file for file in found if file not in ours]


def _ours(files: Sequence[Path], out: Path) -> Iterator[Path]:
    folders = {os.path.realpath(out), os.path.realpath(out / by_hand.FOLDER)}
    for file in files:
        own = file.suffix == ".json" or file.name in _OWN
        if own and os.path.realpath(file.parent) in folders:
            yield file


def articles(asked: Asked, files: Sequence[Path]) -> Iterator[Item]:
    """The articles in the files, lazily."""
    return articles_in(files, asked.published, text_column=asked.text_column)
