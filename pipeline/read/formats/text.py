"""Plain text, and Markdown with YAML front matter: one article a file."""

import io
import re
from collections.abc import Iterator
from typing import Any

import yaml

from pipeline.errors import ReadError
from pipeline.read.decode import decode
from pipeline.read.formats.found import Found, Reading
from pipeline.read.formats.opened import whole
from pipeline.read.limits import MOST_FRONT_MATTER, check_length

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


def read_text(stream: io.BufferedReader, _how: Reading) -> Iterator[Found]:
    """The whole file as one article's text."""
    yield Found("", {"text": decode(whole(stream))})


def read_markdown(stream: io.BufferedReader, _how: Reading) -> Iterator[Found]:
    """The text under the front matter, and the front matter's fields."""
    text = decode(whole(stream))
    check_length(len(text))
    match = _FRONT_MATTER.match(text)
    if match is None:
        yield Found("", {"text": text})
        return
    if len(match[1] or "") > MOST_FRONT_MATTER:
        raise ReadError(
            f"opens with front matter of more than {MOST_FRONT_MATTER:,} characters; shorten it"
        )
    try:
        matter = yaml.safe_load(match[1] or "")
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ReadError("opens with front matter that is not valid YAML; correct it") from error
    if not isinstance(matter, dict):  # two horizontal rules, not front matter
        yield Found("", {"text": text})
        return
    yield Found("", _fields(matter, text[match.end() :]))


def _fields(matter: dict[Any, Any], text: str) -> dict[str, Any]:
    """The front matter's fields and the text, which no field replaces."""
    return {**{str(key): value for key, value in matter.items()}, "text": text}
