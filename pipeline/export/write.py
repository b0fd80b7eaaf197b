"""One way out for all formats of tables: chosen records in, whole files out."""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

from pipeline.export import as_csv, as_jsonl, as_parquet, as_sqlite
from pipeline.export.rows import rows
from pipeline.export.select import Chosen
from pipeline.export.tables import Row
from pipeline.export.whole import replacing


class Format(StrEnum):
    """How the tables are written."""

    CSV = "csv"  # a folder
    SQLITE = "sqlite"
    PARQUET = "parquet"  # a folder
    JSONL = "jsonl"


_WRITERS = {
    Format.CSV: as_csv,
    Format.SQLITE: as_sqlite,
    Format.PARQUET: as_parquet,
    Format.JSONL: as_jsonl,
}


def export(chosen: Iterable[Chosen], to: Format, target: Path) -> Counter[str]:
    """Write the tables to `target`, a folder for CSV and Parquet, else a file.

    Returns the number of rows by table. Raises ArchiveError where `target` cannot be written; what
    stood there before then still does.
    """
    counts: Counter[str] = Counter()
    writer = _WRITERS[to]
    with replacing(writer.files(target)) as parts:
        writer.write(_counted(chosen, counts), parts)
    return counts


def _counted(chosen: Iterable[Chosen], counts: Counter[str]) -> Iterator[Row]:
    for each in chosen:
        for row in rows(each):
            counts[row.table] += 1
            yield row
