"""Find article files and take them apart: text, Markdown with front matter, JSON lines.

Yields drafts, one at a time; what cannot be read becomes an Unreadable and stops nothing. Does
not know about sentences, dates or which ids are taken.
"""

import codecs
import datetime as dt
import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import ReadError, UsageError
from pipeline.read.decode import clean, decode
from schemas.base import Value

SUFFIXES = (".txt", ".md", ".markdown", ".jsonl")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


class Draft(Value):
    """An article before it is split: what its file says. `where` names it for a message."""

    where: str
    id: str
    text: str
    title: str | None = None
    published: str | dt.date | None = None
    source: str | None = None
    url: str | None = None


class Unreadable(Value):
    """An article that could not be read: one sentence that names the file and the remedy."""

    id: str
    reason: str


def find_files(paths: Sequence[Path]) -> list[Path]:
    """List the article files among `paths` and in the folders among them, each once.

    Folders are searched recursively in sorted order, without hidden files and README files.
    Raises UsageError for a path that does not exist, a folder without articles, or a suffix that
    is none of SUFFIXES.
    """
    if not paths:
        raise UsageError("There is nothing to read; name at least one file or folder.")
    found: dict[Path, Path] = {}
    for path in paths:
        for file in _in_folder(path) if os.path.isdir(path) else _alone(path):  # noqa: PTH112
            found.setdefault(Path(os.path.realpath(file)), file)  # resolve() raises on a loop
    return list(found.values())


def _alone(path: Path) -> list[Path]:
    try:
        path.stat()
    except FileNotFoundError as error:
        raise UsageError(f"{shown(path)} does not exist; check the path.") from error
    except OSError as error:
        raise UsageError(
            f"{shown(path)} cannot be reached ({error.strerror}); check the path."
        ) from error
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(
            f"{shown(path)} has none of the suffixes {', '.join(SUFFIXES)}; rename or convert it."
        )
    return [path]


def _in_folder(folder: Path) -> list[Path]:
    files: list[Path] = []

    def locked(error: OSError) -> None:  # kept in the list, so that reading it says what is amiss
        files.append(Path(error.filename))

    for parent, folders, names in os.walk(folder, onerror=locked):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += filter(_is_article, (Path(parent, name) for name in names))
    if not files:
        raise UsageError(
            f"{shown(folder)} holds no article; its files need one of the suffixes "
            f"{', '.join(SUFFIXES)}."
        )
    return sorted(files)


def _is_article(file: Path) -> bool:
    skipped = file.name.startswith(".") or file.stem.lower() == "readme"
    return file.suffix.lower() in SUFFIXES and not skipped


def drafts(file: Path) -> Iterator[Draft | Unreadable]:
    """Yield the articles of one file, lazily."""
    try:
        if file.suffix.lower() == ".jsonl":
            yield from _json_lines(file)
        else:
            yield _whole_file(file)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        yield Unreadable(
            id=_stem(file), reason=f"{shown(file)} cannot be read ({reason}); check the file."
        )


def _whole_file(file: Path) -> Draft | Unreadable:
    try:
        text = decode(file.read_bytes())
        matter, text = _front_matter(text) if file.suffix.lower() != ".txt" else ({}, text)
        return _draft(shown(file), {"id": _stem(file), **matter, "text": text})
    except ReadError as error:
        return Unreadable(id=_stem(file), reason=f"{shown(file)} {error}.")


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return the YAML mapping between `---` lines at the top, and the text under it."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    try:
        matter = yaml.safe_load(match[1] or "")
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ReadError("opens with front matter that is not valid YAML; correct it") from error
    if not isinstance(matter, dict):  # two horizontal rules, not front matter
        return {}, text
    matter = {str(key): value for key, value in matter.items() if value is not None}
    return {"published": matter.get("date"), **matter}, text[match.end() :]


def _json_lines(file: Path) -> Iterator[Draft | Unreadable]:
    for number, line in enumerate(_lines(file), start=1):
        where = f"{shown(file)}, line {number},"
        try:
            text = decode(line) if isinstance(line, bytes) else line
            if text.strip():
                yield _draft(where, _json_object(text))
        except ReadError as error:
            yield Unreadable(id=f"{_stem(file)}-line-{number}", reason=f"{where} {error}.")


def _lines(file: Path) -> Iterator[bytes | str]:
    with file.open("rb") as lines:
        start = lines.read(2)
        lines.seek(0)
        if start not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            yield from lines
            return
    with file.open(encoding="utf-16", errors="replace") as texts:
        yield from texts


def _json_object(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ReadError("is not valid JSON; write one object a line") from error
    if not isinstance(row, dict):
        raise ReadError("is not a JSON object; give it the keys id and text")
    if not isinstance(row.get("id"), str | int) or isinstance(row["id"], bool):
        raise ReadError("has no id; add the key id")
    if not isinstance(row.get("text"), str):
        raise ReadError("has no text; add the key text")
    return row


def _draft(where: str, row: dict[str, Any]) -> Draft:
    text = clean(row["text"])
    if not text.strip():
        raise ReadError("holds no text; fill it or leave it out")
    published = row.get("published")
    if isinstance(published, dt.datetime):
        published = published.date()
    return Draft(
        where=where,
        id=_id(row["id"]),
        text=text,
        title=_line(row.get("title")),
        published=published if isinstance(published, dt.date) else _line(published),
        source=_line(row.get("source")),
        url=_line(row.get("url")),
    )


def _id(value: object) -> str:
    # Front matter may hold anything: a list of lists of aliases would be gigabytes as a string.
    if not isinstance(value, str | int | float | dt.date) or isinstance(value, bool):
        raise ReadError("has an id that is no plain text; correct it")
    return clean(_text(value))


def _text(value: str | float | dt.date) -> str:
    try:
        return str(value)
    except ValueError as error:  # a number of more than 4,300 digits
        raise ReadError("holds a number too long to be one; correct it") from error


def _stem(file: Path) -> str:
    return clean(file.stem)


def _line(value: object) -> str | None:
    """Return a field as one line of text; None for what is empty or no plain value."""
    if not isinstance(value, str | int | float | dt.date):
        return None
    return " ".join(clean(_text(value)).split()) or None


def shown(path: Path) -> str:
    """Return a path safe to show: nothing in it moves a cursor or turns the writing round."""
    return "".join(char if char.isprintable() else "\ufffd" for char in str(path))
