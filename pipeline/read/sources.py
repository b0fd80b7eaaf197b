"""Find what holds articles, and take it apart: files, folders, patterns, standard input.

Yields drafts, one at a time; what cannot be read becomes an Unreadable and stops nothing. Does
not know formats (pipeline.read.formats does), sentences, dates or which ids are taken.
"""

import glob
import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from pipeline.errors import ReadError, UsageError
from pipeline.read.decode import clean
from pipeline.read.fields import Draft, draft
from pipeline.read.formats import SNIFFED, SUFFIXES, Found, Reading, read
from pipeline.read.formats.objects import lines_shown_by
from pipeline.read.formats.opened import STDIN, check_regular, opened
from pipeline.read.limits import MB
from schemas.base import Value

_ZIPPED = ".gz"


class Unreadable(Value):
    """An article that could not be read: one sentence that names the file and the remedy."""

    id: str
    reason: str


def find_files(paths: Sequence[Path]) -> list[Path]:
    """List the article files among `paths`, in the folders among them, and matching the patterns.

    Each comes once. Folders are searched recursively in sorted order, without hidden files, README
    files and suffixes that are not ours; a file that is named is taken whatever it is called.
    `-` is standard input. Raises UsageError for a path that does not exist or is no file, a
    pattern that nothing matches, or a folder without articles.
    """
    if not paths:
        raise UsageError("There is nothing to read; name at least one file or folder.")
    found: dict[Path, Path] = {}
    for path in paths:
        for file in _files(path):
            found.setdefault(Path(os.path.realpath(file)), file)  # resolve() raises on a loop
    return list(found.values())


def _files(path: Path) -> list[Path]:
    if path == STDIN:
        return [path]
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises on a path too long
        return _in_folder(path)
    if not os.path.lexists(path) and glob.has_magic(str(path)):
        return _matching(path)
    return _alone(path)


def _alone(path: Path) -> list[Path]:
    try:
        check_regular(path.stat().st_mode)
    except FileNotFoundError as error:
        raise UsageError(f"{shown(path)} does not exist; check the path.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no path"
        raise UsageError(f"{shown(path)} cannot be reached ({reason}); check the path.") from error
    except ReadError as error:
        raise UsageError(f"{shown(path)} {error}.") from error
    return [path]


def _matching(pattern: Path) -> list[Path]:
    found = map(Path, glob.glob(str(pattern), recursive=True))  # noqa: PTH207 - any root
    matches = sorted(match.absolute() if match == STDIN else match for match in found)
    files = [match for match in matches if match.is_file()]
    folders = [match for match in matches if match.is_dir()]
    if not files and not folders:
        raise UsageError(f"Nothing matches {shown(pattern)}; check the pattern.")
    inside = [file for folder in folders for file in _walked(folder)]
    return files + inside if files or inside else _in_folder(folders[0])  # which says what is amiss


def _in_folder(folder: Path) -> list[Path]:
    files = _walked(folder)
    if not files:
        raise UsageError(
            f"{shown(folder)} holds no article; its files need one of the suffixes "
            f"{', '.join(SUFFIXES)}, or one of them with {_ZIPPED}."
        )
    return files


def _walked(folder: Path) -> list[Path]:
    files: list[Path] = []

    def locked(error: OSError) -> None:  # kept in the list, so that reading it says what is amiss
        files.append(Path(error.filename))

    for parent, folders, names in os.walk(folder, onerror=locked):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += filter(_is_article, (Path(parent, name) for name in names))
    return sorted(files)


def _is_article(file: Path) -> bool:
    skipped = file.name.startswith(".") or _stem(file).lower() == "readme"
    return _kind(file) is not None and not skipped


def _unzipped(file: Path) -> Path:
    """The name without a .gz at its end."""
    return file.with_suffix("") if file.suffix.lower() == _ZIPPED and file.stem else file


def _kind(file: Path) -> str | None:
    return SUFFIXES.get(_unzipped(file).suffix.lower())


def _stem(file: Path) -> str:
    """What names the articles of a file that name none themselves."""
    if file == STDIN:
        return "stdin"
    name = _unzipped(file)
    return clean(name.stem if _kind(file) else name.name)


def drafts(file: Path, how: Reading) -> Iterator[Draft | Unreadable]:
    """Yield the articles of one file, lazily."""
    kind = _kind(file) or SNIFFED
    try:
        with opened(file, partial(lines_shown_by, text_column=how.text_column)) as (_, stream):
            for found in read(kind, stream, how):
                yield _draft(file, found)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        yield _unreadable(file, "", f"cannot be read ({reason}); check the file")
    except ReadError as error:
        yield _unreadable(file, "", str(error))


def _draft(file: Path, found: Found) -> Draft | Unreadable:
    place = found.place
    if isinstance(found.content, ReadError):
        return _unreadable(file, place, str(found.content))
    # Lines of JSON come and go, so they have to say who they are; a row of a table, an entry of a
    # feed or an item of a list may go by its number.
    counted = place.startswith(("row", "entry", "item"))
    try:
        return draft(
            f"{shown(file)}, {place}," if place else shown(file),
            found.content,
            stem=None if place else _stem(file),
            numbered=_numbered(file, place) if counted else None,
        )
    except ReadError as error:
        return _unreadable(file, place, str(error))


def _numbered(file: Path, place: str) -> str:
    return "-".join([_stem(file), *place.split()])


def _unreadable(file: Path, place: str, reason: str) -> Unreadable:
    where = f"{shown(file)}, {place}," if place else shown(file)
    return Unreadable(id=_numbered(file, place), reason=f"{where} {reason}.")


def expected(file: Path) -> int:
    """How many articles a file holds, as far as that shows without taking it apart."""
    if file == STDIN or _kind(file) != "jsonl":
        return 1
    try:
        with opened(file) as (_, stream):
            breaks, piece = 0, b""
            while more := stream.read(MB):
                breaks, piece = breaks + more.count(b"\n"), more
            return breaks + (not piece.endswith(b"\n"))
    except (OSError, ReadError):
        return 1


def shown(path: Path) -> str:
    """Return a path safe to show: nothing in it moves a cursor or turns the writing round."""
    if path == STDIN:
        return "Standard input"
    name = str(path)
    if name.isprintable():
        return name
    return "".join(char if char.isprintable() else "\ufffd" for char in name)
