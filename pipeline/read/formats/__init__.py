"""The formats that news comes in, and the one table from a file's suffix to who reads it.

A reader yields fields and failures; it does not know what the fields mean, nor the file's name.
"""

import io
from collections.abc import Iterator, Mapping
from functools import partial

from pipeline.errors import ReadError
from pipeline.read.formats.found import REFUSED, Fields, Found, Reader, Reading
from pipeline.read.formats.objects import read_json, read_lines
from pipeline.read.formats.opened import HEAD, whole
from pipeline.read.formats.sniff import check_readable, is_pdf, sniffed
from pipeline.read.formats.table import read_tabbed, read_table
from pipeline.read.formats.text import read_markdown, read_text

__all__ = ["SNIFFED", "SUFFIXES", "Fields", "Found", "Reading", "read"]

SNIFFED = "sniffed"
SUFFIXES: Mapping[str, str] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".rss": "feed",
    ".atom": "feed",
    ".rdf": "feed",
    ".xml": SNIFFED,  # a feed or a page
}


def _apart(kind: str, stream: io.BufferedReader, how: Reading) -> Iterator[Found]:
    """A document that is taken apart in another process."""
    found = how.parse(kind, whole(stream))
    for number, fields in enumerate(found, start=1):
        refused = fields.get(REFUSED) if kind == "feed" else None
        place = f"entry {number}" if kind == "feed" else ""
        yield Found(place, ReadError(refused) if refused else fields)


READERS: Mapping[str, Reader] = {
    "text": read_text,
    "markdown": read_markdown,
    "json": read_json,
    "jsonl": read_lines,
    "csv": read_table,
    "tsv": read_tabbed,
    "html": partial(_apart, "html"),
    "pdf": partial(_apart, "pdf"),
    "feed": partial(_apart, "feed"),
}


def read(kind: str, stream: io.BufferedReader, how: Reading) -> Iterator[Found]:
    """Yield what an open file of this format holds; raises ReadError where it can hold nothing."""
    head = stream.peek(HEAD)
    if kind == SNIFFED:
        kind = sniffed(head, how.text_column)
    elif head.startswith(b"%PDF-"):  # under a wrong name it still is one: nothing else begins so
        kind = "pdf"
    elif kind == "pdf" and not is_pdf(head):
        raise ReadError("is no PDF, whatever its name says; rename it to what it is")
    check_readable(head)
    empty = True
    for found in READERS[kind](stream, how):
        empty = False
        yield found
    if empty:
        raise ReadError("holds no article; fill it or leave it out")
