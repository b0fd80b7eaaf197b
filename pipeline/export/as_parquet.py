"""A folder of Parquet files, one a table, with dates as dates and a note in each field's metadata.

Needs pyarrow, which is an extra of readout: `pip install 'readout[parquet]'`.
"""

import datetime as dt
from collections.abc import Iterable
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline.errors import ReadoutError
from pipeline.export.tables import TABLES, Row, columns

_GROUP = 20_000  # rows of a table that are held in memory, and make one row group


def files(folder: Path) -> tuple[Path, ...]:
    """What will be written into `folder`."""
    return tuple(folder / f"{table.table}.parquet" for table in TABLES)


def write(rows: Iterable[Row], parts: tuple[Path, ...]) -> None:
    """Write all rows, one table a file. Raises ReadoutError where pyarrow is not installed."""
    arrow, parquet = _pyarrow()
    with ExitStack() as opened:
        schemas = {table: _schema(arrow, table) for table in TABLES}
        writers = {
            table: opened.enter_context(parquet.ParquetWriter(part, schemas[table]))
            for table, part in zip(TABLES, parts, strict=True)
        }
        held: dict[type[Row], list[dict[str, Any]]] = {table: [] for table in TABLES}

        def flush(table: type[Row]) -> None:
            writers[table].write_table(arrow.Table.from_pylist(held[table], schemas[table]))
            held[table].clear()

        for row in rows:
            held[type(row)].append(dict(row))
            if len(held[type(row)]) >= _GROUP:
                flush(type(row))
        for table in TABLES:
            flush(table)


def _schema(arrow: ModuleType, table: type[Row]) -> Any:
    kinds = {
        str: arrow.string(),
        int: arrow.int64(),
        dt.date: arrow.date32(),
        dt.datetime: arrow.timestamp("us", tz="UTC"),
    }
    return arrow.schema(
        arrow.field(c.name, kinds[c.kind], nullable=c.optional, metadata={"note": c.note})
        for c in columns(table)
    )


def _pyarrow() -> tuple[ModuleType, ModuleType]:
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise ReadoutError(
            "Parquet needs pyarrow, which is not installed; `pip install 'readout[parquet]'` adds "
            "it. CSV and SQLite need nothing more."
        ) from error
