"""CSV and TSV: one article a row, read one row at a time.

The first row names the columns. Rows are counted as a spreadsheet counts them, from 1 with the
names. Does not know what a column means, except which one is the text.
"""

import csv
import io
import re
from collections.abc import Iterator

from pipeline.errors import ReadError
from pipeline.plain import plain
from pipeline.read.fields import column_of, with_text
from pipeline.read.formats.found import Fields, Found, Reading
from pipeline.read.formats.lines import lines
from pipeline.read.formats.markup import without_markup
from pipeline.read.limits import MB, MOST_LINE

_SEPARATORS = ",;\t|"
SAYS_SEPARATOR = re.compile(r"sep=(.)")  # Excel's own first line
_END = "\ue000"  # stands alone after the last row, unless a quote is still open there
_MOST_NAMES = 12  # columns that a message lists
_MOST_NAME = 40  # characters of each


def read_table(stream: io.BufferedReader, how: Reading) -> Iterator[Found]:
    """One article a row, after the row of names."""
    yield from _read(stream, how, None)


def read_tabbed(stream: io.BufferedReader, how: Reading) -> Iterator[Found]:
    """The same, with tabs between the columns."""
    yield from _read(stream, how, "\t")


def is_header(line: str, text_column: str | None) -> bool:
    """Whether a first line, of a file whose name says nothing, is the row of names of a table."""
    names = cells(line, separator_of(line, text_column))
    if column_of("text", names, text_column) is None:
        return False
    return text_column is not None or (
        len(names) > 1 and all(len(name) < _MOST_NAME for name in names)
    )


def separator_of(header: str, text_column: str | None, likely: str | None = None) -> str:
    """The separator that shows the column of the text; else the likely one, else the commonest."""

    def fits(separator: str) -> tuple[bool, bool, int]:
        names = cells(header, separator)
        shown = column_of("text", names, text_column) is not None
        return shown, separator == likely, len(names)

    return max(_SEPARATORS, key=fits)


def cells(line: str, separator: str) -> list[str]:
    """The cells of one line; none of a line that is no row."""
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _read(stream: io.BufferedReader, how: Reading, separator: str | None) -> Iterator[Found]:
    text = _lines(stream)
    first = next(text)
    if said := SAYS_SEPARATOR.fullmatch(first.strip("\n")):
        separator, first = said[1], next(text)
    else:
        separator = separator_of(first, how.text_column, separator)
    rows = _rows(_again(first, text), separator)
    names = next(rows)
    if names == [_END]:
        raise ReadError("holds no text; fill it or leave it out")
    if column_of("text", names, how.text_column) is None:
        raise ReadError(_no_column(names, how.text_column))
    for number, row in enumerate(rows, start=2):
        if row == [_END]:
            return
        if any(cell.strip() for cell in row):
            yield Found(f"row {number}", _fields(names, row, how))


def _fields(names: list[str], row: list[str], how: Reading) -> Fields | ReadError:
    if row[-1].endswith(_END):
        return ReadError(
            "opens a quotation mark that nothing closes, so no row after it can be told; close it"
        )
    if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
        return ReadError(
            f"has {len(row)} cells under {len(names)} names; put cells that hold the separator "
            "between quotation marks"
        )
    try:
        named = with_text(dict(zip(names, row, strict=False)), how.text_column)
        return without_markup(named, how)
    except ReadError as error:
        return error


def _rows(text: Iterator[str], separator: str) -> Iterator[list[str]]:
    reader = csv.reader(text, delimiter=separator)
    while True:
        # The limit is the process's, and everybody else's: it is ours only while we read.
        before = csv.field_size_limit(MOST_LINE)
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise ReadError(
                f"has something near line {reader.line_num:,} that is no row of a table "
                f"(a cell of more than {MOST_LINE // MB} MB?), and is read no further; correct it"
            ) from error
        finally:
            csv.field_size_limit(before)
        if row is None:
            return
        yield row


def _lines(stream: io.BufferedReader) -> Iterator[str]:
    """Lines with their ends, then the end mark. A line that cannot be read ends the table."""
    for number, line in enumerate(lines(stream), start=1):
        if isinstance(line, ReadError):
            raise ReadError(f"cannot be read from line {number:,} on, which {line}")
        # A file from an old Mac has its line ends inside what is one line to others.
        yield from (f"{part}\n" for part in line.split("\n"))
    yield _END
    yield _END  # for a reader that takes a line to look at the separator


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _shown(name: str) -> str:
    """A column's name as a message may have it: short, and nothing in it but what can be seen."""
    return "".join(char if char.isprintable() else "\ufffd" for char in plain(name))[:_MOST_NAME]


def _no_column(names: list[str], given: str | None) -> str:
    listed = ", ".join(_shown(name) for name in names[:_MOST_NAMES])
    if given is not None:
        return f"has no column {_shown(given)}; it has {listed}"
    return (
        f"has no column called text, body, content or article; name it with --text-column: {listed}"
    )
