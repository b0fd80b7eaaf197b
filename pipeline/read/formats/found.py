"""What a reader of a format yields: one article's fields, or why there are none, and the place.

Knows no format.
"""

from collections.abc import Callable, Iterator, Mapping
from io import BufferedReader
from typing import Any, NamedTuple, Protocol

from pipeline.errors import ReadError

Fields = Mapping[str, Any]  # as the file has them; pipeline.read.fields knows what they mean

REFUSED = "readout:refused"  # the key of an entry that is none, and says why


class Found(NamedTuple):
    """Fields or a failure, and where in the file: "line 312", or "" for the whole of it."""

    place: str
    content: Fields | ReadError


class Parser(Protocol):
    """Takes a document apart somewhere else: see pipeline.read.formats.apart."""

    def __call__(self, kind: str, data: bytes) -> list[Fields]:
        """The articles in a document of this kind; raises ReadError."""
        ...


class Reading(NamedTuple):
    """How to read: the column of the text, where somebody named it, and who parses."""

    text_column: str | None
    parse: Parser


# Reads the articles of one open file, lazily; raises ReadError where nothing further can be read.
Reader = Callable[[BufferedReader, Reading], Iterator[Found]]
