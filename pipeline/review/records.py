"""The records of one folder, found by the ids of their articles and by nothing else.

No id ever becomes a path: a table says where each record lies. What a run rewrites meanwhile is
read again. Knows files; knows no decisions.
"""

import itertools
import os
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from pipeline import archive, ledger
from pipeline.errors import ArchiveError
from schemas.record import Record

_KEPT = 64  # records in memory: those that a person goes back to


class Stamp(NamedTuple):
    """What tells whether a file was rewritten."""

    modified: int  # ns
    size: int


class Place(NamedTuple):
    """Where a record lies: a file of its own, or a line of a file of them, by its number."""

    file: Path
    stamp: Stamp
    line: int | None = None


class Records:
    """The records of a folder. For one thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._places: dict[str, Place] = {}
        # By name: paths take long to compare, and this is done on every press of a key.
        self._files: dict[str, tuple[Stamp, tuple[str, ...]]] = {}
        self._broken: dict[str, str] = {}
        self._kept: OrderedDict[Place, Record] = OrderedDict()
        self._failed: tuple[Stamp | None, dict[str, ledger.Failed]] = (None, {})

    def places(self) -> dict[str, Place]:
        """Where each article's record lies now, by id, in the order of the files.

        Raises ArchiveError where the folder cannot be read.
        """
        found = self._listed()
        for name in self._files.keys() - found.keys():
            self._forget(name)
        for name, stamp in found.items():
            if name not in self._files or self._files[name][0] != stamp:
                self._forget(name)
                self._index(name, stamp)
        return dict(self._places)

    def get(self, article: str) -> Record | None:
        """The record of the article with this id, as it is on the disk now."""
        place = self._places.get(article)
        if place is None or _stamp(place.file) != place.stamp:
            place = self.places().get(article)
        return self._read(place) if place else None

    def failures(self) -> dict[str, ledger.Failed]:
        """Articles without a record, and why, as the run says."""
        stamp = _stamp(self.folder / archive.FAILURES)  # before: who writes meanwhile is read again
        if stamp != self._failed[0]:
            self._failed = (stamp, ledger.failures(self.folder))
        _, failed = self._failed
        return {name: each for name, each in failed.items() if name not in self._places}

    def broken(self) -> dict[str, str]:
        """Files that hold no record although they should, by name, with a sentence."""
        return dict(self._broken)

    def _listed(self) -> dict[str, Stamp]:
        try:
            with os.scandir(self.folder) as there:
                stamps = {
                    each.name: _stamp(each)
                    for each in there
                    if each.name.endswith(".json") and each.name != archive.RUN
                }
        except OSError as error:
            raise ArchiveError(
                f"{self.folder} cannot be read ({error.strerror}); name a folder that `readout "
                "run -o` wrote."
            ) from error
        stamps = dict(sorted(stamps.items()))
        stamps[archive.RECORDS] = _stamp(self.folder / archive.RECORDS)
        return {name: stamp for name, stamp in stamps.items() if stamp}

    def _forget(self, name: str) -> None:
        _, ids = self._files.pop(name, (None, ()))
        for article in ids:
            self._places.pop(article, None)
        self._broken.pop(name, None)

    def _index(self, name: str, stamp: Stamp) -> None:
        ids: list[str] = []
        file, lines = self.folder / name, name == archive.RECORDS
        try:
            for number, record in enumerate(archive.records(file)):
                place = Place(file, stamp, number if lines else None)
                self._places[record.article.id] = place
                ids.append(record.article.id)
                self._keep(place, record)
        except ArchiveError as error:
            self._broken[name] = str(error)
        self._files[name] = (stamp, tuple(ids))

    def _read(self, place: Place) -> Record:
        record = self._kept.get(place)
        if record is None:
            found = itertools.islice(archive.documents(place.file), place.line or 0, None)
            try:
                record = Record.model_validate_json(next(found).content)
            except (StopIteration, ValidationError) as error:
                raise ArchiveError(
                    f"{place.file} was rewritten while it was read; load the article again."
                ) from error
        self._keep(place, record)
        return record

    def _keep(self, place: Place, record: Record) -> None:
        self._kept[place] = record
        self._kept.move_to_end(place)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


def _stamp(file: Path | os.DirEntry[str]) -> Stamp | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return Stamp(found.st_mtime_ns, found.st_size)
