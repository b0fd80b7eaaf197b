"""What the fields of a row, an object or an entry mean, whatever their exporter calls them.

From fields to a Draft. Does not know which format they come from.
"""

import datetime as dt
import functools
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.errors import ReadError
from pipeline.plain import plain
from pipeline.read.decode import clean
from pipeline.read.limits import check_length
from schemas.base import Value

# Names without case, blanks and punctuation, the best first. Ours come first of all.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "guid", "uid", "uuid", "articleid"),
    "text": (
        *("text", "body", "content", "article", "articlebody", "fulltext", "articletext"),
        *("bodytext", "contenttext", "maintext", "contenthtml", "bodyhtml"),
    ),
    "title": ("title", "headline"),
    "published": (
        *("published", "date", "pubdate", "publishedat", "datepublished", "publishdate"),
        *("publicationdate", "publisheddate", "firstpublished", "publishedon"),
    ),
    "source": ("source", "publisher", "site", "sitename", "outlet", "newspaper", "agency"),
    "url": ("url", "link", "permalink", "canonicalurl", "weburl", "articleurl", "href"),
}
_CUT = re.compile(r"\[\+\d+ chars\]\s*\Z")  # NewsAPI's mark
_CUT_WITHIN = 40
_UNWRITTEN = re.compile(r"[\W_]+")


class Draft(Value):
    """An article before it is split: what its file says. `where` names it for a message."""

    where: str
    id: str
    text: str
    title: str | None = None
    published: str | dt.date | None = None
    source: str | None = None
    url: str | None = None


def draft(
    where: str, fields: Mapping[str, Any], *, stem: str | None, numbered: str | None
) -> Draft:
    """The draft that the fields make.

    Where they give no id, that is the stem of a file that is one article, else the article's
    address, else its number in the file. Raises ReadError with the rest of a sentence.
    """
    values = _filled(fields)
    text = _body(fields, values.get("text"))
    check_length(len(text))
    text = clean(text)
    if not text.strip():
        raise ReadError("holds no text; fill it or leave it out")
    if _CUT.search(text[-_CUT_WITHIN:]):
        raise ReadError("holds only the beginning of a text; fetch the whole of it")
    published = values.get("published")
    if isinstance(published, dt.datetime):
        published = published.date()
    url = _line(values.get("url"))
    return Draft(
        where=where,
        id=_id(values.get("id"), stem or url or numbered),
        text=text,
        title=_line(values.get("title")),
        published=published if isinstance(published, dt.date) else _line(published),
        source=_line(_named(values.get("source"))),
        url=url,
    )


def with_text(fields: Mapping[str, Any], text_column: str | None) -> Mapping[str, Any]:
    """The fields with what the named column holds as their text."""
    if text_column is None:
        return fields
    column = column_of("text", fields, text_column)
    if column is None:
        raise ReadError(f"has no {plain(text_column)}, which --text-column names; correct either")
    return {**fields, "text": fields[column] or ""}


def column_of(name: str, columns: Iterable[str], given: str | None = None) -> str | None:
    """The column that means `name`: the one given, else the best of its aliases."""
    columns = tuple(columns)
    if given is not None:
        exact = [column for column in columns if column == given]
        alike = [column for column in columns if _squeezed(column) == _squeezed(given)]
        return next(iter(exact + alike), None)
    return _meanings(columns).get(name)


@functools.lru_cache(maxsize=16)  # a file's rows are thousands, with the same columns
def _meanings(columns: tuple[str, ...]) -> Mapping[str, str]:
    """The column that has each meaning; of those that are named alike, the first."""
    known = {_squeezed(column): column for column in reversed(columns)}
    return {
        name: known[alias]
        for name, aliases in ALIASES.items()
        for alias in reversed(aliases)  # the best comes last, and counts
        if alias in known
    }


def _squeezed(name: str) -> str:
    return _UNWRITTEN.sub("", name).casefold()


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are there, by their meaning."""
    there = tuple(key for key, value in fields.items() if value not in (None, ""))
    return {name: fields[column] for name, column in _meanings(there).items()}


def _body(fields: Mapping[str, Any], value: Any) -> str:
    if value is None and (column := column_of("text", fields)) is not None:
        value = fields[column]  # there, and empty
    if value is None:
        raise ReadError("has no text; add the key text, or name another with --text-column")
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "\n".join(value)  # a paragraph each
    if not isinstance(value, str):
        raise ReadError("has no text, but something else in its place; make it a string")
    return value


def _named(value: Any) -> Any:
    """What it is called, where a source is an object with a name."""
    return value.get("name") if isinstance(value, dict) else value


def _id(value: Any, fallback: str | None) -> str:
    if value is None and fallback is None:
        raise ReadError("has no id; add the key id")
    # Front matter may hold anything: a list of lists of aliases would be gigabytes as a string.
    if value is None:
        return clean(fallback or "")
    if not isinstance(value, str | int | float | dt.date) or isinstance(value, bool):
        raise ReadError("has an id that is no plain text; correct it")
    return clean(_text(value))


def _text(value: str | float | dt.date) -> str:
    try:
        return str(value)
    except ValueError as error:  # a number of more than 4,300 digits
        raise ReadError("holds a number too long to be one; correct it") from error


_MOST_LINE_CHARS = 10_000  # of a title or an address; more, and it is the text in the wrong place


def _line(value: object) -> str | None:
    """Return a field as one line of text; None for what is empty or no plain value."""
    if not isinstance(value, str | int | float | dt.date) or isinstance(value, bool):
        return None
    return " ".join(clean(_text(value))[:_MOST_LINE_CHARS].split()) or None
