"""A folder of CSV files, one a table, with a `datapackage.json` that says what they hold.

RFC 4180 in UTF-8, with the byte order mark that spreadsheets look for. Texts are guarded against
being executed (`spreadsheet` says how, and how to undo it). An empty cell is null.
"""

import csv
import datetime as dt
import json
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pipeline.export.spreadsheet import guarded
from pipeline.export.tables import TABLES, ArticleRow, Column, Row, about, columns

_LEFT_OUT = {ArticleRow.table: {"text"}}  # longer than a cell may be
_KINDS = {str: "string", int: "integer", dt.date: "date", dt.datetime: "datetime"}


def files(folder: Path) -> tuple[Path, ...]:
    """What will be written into `folder`."""
    return *(folder / f"{table.table}.csv" for table in TABLES), folder / "datapackage.json"


def write(rows: Iterable[Row], parts: tuple[Path, ...]) -> None:
    """Write all rows, one table a file, and the description last."""
    with ExitStack() as opened:
        writers = {}
        for table, part in zip(TABLES, parts[:-1], strict=True):
            stream = opened.enter_context(part.open("w", encoding="utf-8-sig", newline=""))
            writers[table] = csv.writer(stream)
            writers[table].writerow([column.name for column in _columns(table)])
        names = {table: [column.name for column in _columns(table)] for table in TABLES}
        for row in rows:
            table = type(row)
            writers[table].writerow([_cell(getattr(row, name)) for name in names[table]])
    parts[-1].write_text(json.dumps(_package(), indent=1) + "\n", "utf-8")


def _columns(table: type[Row]) -> list[Column]:
    left_out = _LEFT_OUT.get(table.table, set())
    return [column for column in columns(table) if column.name not in left_out]


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return guarded(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _package() -> dict[str, Any]:
    """A Frictionless data package: columns, keys, and what the files have in common."""
    return {
        "profile": "tabular-data-package",
        "name": "readout",
        "description": (
            "Diplomatic meetings in news stories, as readout summarised them. Texts are guarded: "
            "where a spreadsheet could take one for a formula, an apostrophe stands before it. To "
            "have the article's own characters, drop a text's first character if it is an "
            "apostrophe, then every apostrophe right behind a semicolon, a tab or a line break."
        ),
        "resources": [_resource(table) for table in TABLES],
    }


def _resource(table: type[Row]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.table,
        "path": f"{table.table}.csv",
        "description": about(table),
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "doubleQuote": True},
        "schema": {
            "fields": [
                {
                    "name": column.name,
                    "type": _KINDS[column.kind],
                    "description": column.note,
                    "constraints": {"required": not column.optional},
                }
                for column in _columns(table)
            ],
            "missingValues": [""],
            "primaryKey": "id",
            "foreignKeys": [
                {"fields": c.name, "reference": {"resource": c.refers, "fields": "id"}}
                for c in columns(table)
                if c.refers
            ],
        },
    }
