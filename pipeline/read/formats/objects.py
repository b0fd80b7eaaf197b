"""JSON: one object, a list of objects, or one object a line.

Lines are read one at a time, however many there are; the other two have to fit in memory.
"""

import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.errors import ReadError
from pipeline.read.decode import decode
from pipeline.read.fields import column_of, with_text
from pipeline.read.formats.found import Fields, Found, Reading
from pipeline.read.formats.lines import lines
from pipeline.read.formats.markup import without_markup
from pipeline.read.formats.opened import HEAD, whole

# Where exports and the answers of news services keep their list.
_LISTS = ("articles", "items", "results", "data", "entries", "stories", "posts", "news", "docs")
_RECORD = {"article", "summary", "made"}


def read_lines(stream: io.BufferedReader, how: Reading) -> Iterator[Found]:
    """One object a line; blank lines count, and mean nothing."""
    for number, line in enumerate(lines(stream), start=1):
        place = f"line {number}"
        if isinstance(line, ReadError):
            yield Found(place, line)
        elif line.strip():
            yield _found(place, line, how)


def _found(place: str, line: str, how: Reading) -> Found:
    try:
        return Found(place, _object(_parsed(line, "write one object a line"), how))
    except ReadError as error:
        return Found(place, error)


def read_json(stream: io.BufferedReader, how: Reading) -> Iterator[Found]:
    """One object or a list of them; or lines, which many a file called .json holds."""
    if are_lines(stream.peek(HEAD)):
        yield from read_lines(stream, how)
        return
    value = _parsed(decode(whole(stream)), "write one object or a list of objects")
    if isinstance(value, dict) and column_of("text", value, how.text_column) is None:
        value = _nested(value)
    if isinstance(value, list):
        yield from _listed(value, how)
        return
    yield Found("", _object(value, how))


def _nested(value: dict[str, Any]) -> Any:
    """The list of articles in an answer, at most two keys deep; the answer where it has none."""
    found = [_list_in(each) for each in (value, *_objects_in(value))]
    lists = [each for each in found if each is not None]
    return next(filter(None, lists), lists[0] if lists else value)


def _list_in(value: dict[str, Any]) -> list[Any] | None:
    """The first list that holds anything, else an empty one."""
    listed = [value[key] for key in _LISTS if isinstance(value.get(key), list)]
    return next(filter(None, listed), listed[0] if listed else None)


def _objects_in(value: dict[str, Any]) -> list[dict[str, Any]]:
    return [value[key] for key in (*_LISTS, "response") if isinstance(value.get(key), dict)]


def _listed(values: Sequence[Any], how: Reading) -> Iterator[Found]:
    if not values:
        raise ReadError("holds an empty list; fill it or leave it out")
    for number, value in enumerate(values, start=1):
        place = f"item {number}"
        try:
            yield Found(place, _object(value, how))
        except ReadError as error:
            yield Found(place, error)


def are_lines(head: bytes) -> bool:
    """Whether the first line is an object by itself, and another follows."""
    first, _, rest = head.lstrip().partition(b"\n")
    return rest.lstrip().startswith(b"{") and _alone(first) is not None


def lines_shown_by(head: bytes, text_column: str | None = None) -> int:
    """How many bytes of the head show that an article stands on each line; 0: all of it does not.

    The first line does, where it is an article with its id; else it takes the next one's bracket.
    """
    end = head.find(b"\n", len(head) - len(head.lstrip())) + 1
    first = _alone(head[:end].strip()) if end else None
    if first is None:
        return 0
    columns = column_of("id", first), column_of("text", first, text_column)
    if all(column is not None and first[column] for column in columns):
        return end
    follows = len(head) - len(head[end:].lstrip())
    return follows + 1 if head[follows:].startswith(b"{") else 0


def _alone(line: bytes) -> dict[str, Any] | None:
    """The object that a line is by itself."""
    if not line.startswith(b"{"):
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _parsed(text: str, remedy: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ReadError(f"is JSON nested deeper than any article; {remedy}") from error
    except ValueError as error:
        raise ReadError(f"is not valid JSON; {remedy}") from error


def _object(value: Any, how: Reading) -> Fields:
    if not isinstance(value, dict):
        raise ReadError("is not a JSON object; give it the keys id and text")
    if value.keys() >= _RECORD:
        raise ReadError(
            "is a record that readout wrote, not an article; keep records in a folder of their own"
        )
    return without_markup(with_text(value, how.text_column), how)
