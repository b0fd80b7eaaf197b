"""Each format, opened again by the programs that people open it with."""

import asyncio
import csv
import datetime as dt
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.errors import ArchiveError, ReadoutError
from pipeline.export import Chosen, Filters, Format, choose, export
from pipeline.export.rows import rows
from pipeline.export.spreadsheet import unguarded
from pipeline.export.tables import TABLES, Row, columns
from schemas.record import Record
from tests.records import hostile, record, without_meetings

RECORDS = (hostile(), record(), without_meetings())
LINES = "articles meetings parties participants agenda agreements evidence flags".split()


def exported(to: Format, target: Path, *records: Record) -> Path:
    export(choose(records or RECORDS, Filters()), to, target)
    return target


def expected(table: type[Row], mode: str = "json") -> list[dict[str, Any]]:
    """The rows of a table as the export is given them."""
    found = [row for each in choose(RECORDS, Filters()) for row in rows(each)]
    return [row.model_dump(mode=mode) for row in found if type(row) is table]


def moments_spelt_alike(row: dict[str, Any]) -> dict[str, Any]:
    """As Python writes them; pydantic's JSON has Z for +00:00."""
    return {k: v.replace("Z", "+00:00") if k == "written_at" else v for k, v in row.items()}


def read_csv(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


# -- CSV ------------------------------------------------------------------------------------


def test_pandas_reads_the_tables_and_loses_nothing(tmp_path):
    pandas = pytest.importorskip("pandas")
    folder = exported(Format.CSV, tmp_path / "tables")
    for table in TABLES:
        file = folder / f"{table.table}.csv"
        read = pandas.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8")
        texts = {c.name for c in columns(table) if c.kind is str}
        for line, row in zip(read.to_dict("records"), expected(table), strict=True):
            for name, value in moments_spelt_alike(row).items():
                if (table.table, name) == ("articles", "text"):
                    continue  # longer than a cell may be
                cell = unguarded(line[name]) if name in texts else line[name]
                assert cell == ("" if value is None else str(value)), name


def test_no_cell_of_a_csv_begins_a_formula(tmp_path):
    folder = exported(Format.CSV, tmp_path / "tables")
    cells = [cell for file in folder.glob("*.csv") for line in read_csv(file) for cell in line]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not any(cell.lstrip()[:1] in tuple("=+-@") for cell in cells if cell.strip())


def test_a_csv_has_a_byte_order_mark_and_lines_as_rfc_4180_has_them(tmp_path):
    raw = (exported(Format.CSV, tmp_path / "tables") / "agenda.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfid,meeting_id,")
    assert raw.endswith(b"\r\n")
    assert b'"one\r\n\'-2+3"' in raw


def test_the_package_describes_every_column_and_key(tmp_path):
    folder = exported(Format.CSV, tmp_path / "tables")
    package = json.loads((folder / "datapackage.json").read_text())
    tables = {each["name"]: each["schema"] for each in package["resources"]}
    for each in package["resources"]:
        header = read_csv(folder / each["path"])[0]
        assert header == [field["name"] for field in each["schema"]["fields"]]
        for key in each["schema"]["foreignKeys"]:
            assert key["fields"] in header
            assert key["reference"]["resource"] in tables
    assert "apostrophe" in package["description"]


# -- SQLite ---------------------------------------------------------------------------------


def test_sqlite_has_every_row_and_every_key_leads_somewhere(tmp_path):
    file = exported(Format.SQLITE, tmp_path / "meetings.db")
    with closing(sqlite3.connect(file)) as database:
        database.row_factory = sqlite3.Row
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in TABLES:
            read = [dict(row) for row in database.execute(f"SELECT * FROM {table.table}")]  # noqa: S608
            assert read == [moments_spelt_alike(row) for row in expected(table)]
            keys = database.execute(f"PRAGMA foreign_key_list({table.table})").fetchall()
            refers = {c.name for c in columns(table) if c.refers}
            assert {key["from"] for key in keys} == refers
            indexed = database.execute(
                "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?",
                [table.table],
            )
            text = " ".join(row["sql"] or "" for row in indexed)
            assert all(f"({name})" in text for name in refers)


def test_sqlite_finds_words_also_after_it_was_packed(tmp_path):
    file = exported(Format.SQLITE, tmp_path / "meetings.db")
    with closing(sqlite3.connect(file)) as database:
        for _ in range(2):
            found = database.execute(
                "SELECT w.name FROM meetings_fts f JOIN meetings_wide w ON w.number = f.rowid "
                "WHERE meetings_fts MATCH 'agreements : seed'"
            ).fetchall()
            assert found == [("talks between Chanda Mwila and Ida Berg",)]
            quotes = database.execute(
                "SELECT count(*) FROM evidence_fts WHERE evidence_fts MATCH 'grain'"
            ).fetchone()
            assert quotes == (4,)
            database.execute("VACUUM")


def test_the_views_tell_who_met_whom_in_one_line(tmp_path):
    file = exported(Format.SQLITE, tmp_path / "meetings.db", record(), record("seed"))
    with closing(sqlite3.connect(file)) as database:
        pairs = database.execute("SELECT * FROM who_met_whom").fetchall()
        assert pairs == [("NOR", "ZMB", 2, "2024-03-04", "2024-03-04")]
        wide = database.execute(
            "SELECT parties, participants, agenda, agreements FROM meetings_wide"
        ).fetchone()
    assert wide == (
        "NOR, ZMB",
        "Chanda Mwila, Foreign Minister (ZMB); Ida Berg, special envoy for food security (NOR)",
        "grain exports",
        "open a joint seed bank",
    )


def test_what_no_sentence_carries_is_in_the_view_of_doubtful_items(tmp_path):
    file = exported(Format.SQLITE, tmp_path / "meetings.db", hostile())
    with closing(sqlite3.connect(file)) as database:
        kinds = {kind for (kind,) in database.execute("SELECT kind FROM doubtful_items")}
    assert kinds == {"participant", "agenda", "agreement"}


def test_datasette_shows_searches_and_explains_the_database(tmp_path):
    datasette = pytest.importorskip("datasette.app")
    file = exported(Format.SQLITE, tmp_path / "meetings.db")
    metadata = json.loads((tmp_path / "meetings.metadata.json").read_text())
    opened = datasette.Datasette([str(file)], metadata=metadata)

    async def get(path: str) -> Any:
        answer = await opened.client.get(path)
        assert answer.status_code == 200, path
        return answer

    async def look() -> None:
        for table in (*LINES, "meetings_wide", "who_met_whom", "doubtful_items"):
            page = (await get(f"/meetings/{table}")).text
            assert "<script>document" not in page
        for table in ("meetings", "meetings_wide"):
            found = (await get(f"/meetings/{table}.json?_search=seed&_shape=array")).json()
            assert [row["name"] for row in found] == ["talks between Chanda Mwila and Ida Berg"]
        page = (await get("/meetings/meetings")).text
        assert "the article&#39;s words for when" in page
        query = (await get("/meetings/meetings_of_a_party.json?party=ZMB&_shape=array")).json()
        assert [row["country"] for row in query] == ["ZMB"]
        words = await get("/meetings/sentences_that_say.json?word=grain&_shape=array")
        assert len(words.json()) == 4

    asyncio.run(look())
    for database in opened.databases.values():
        database.close()


def test_datasettes_command_opens_the_database_with_its_description(tmp_path):
    cli = pytest.importorskip("datasette.cli").cli
    file = exported(Format.SQLITE, tmp_path / "meetings.db")
    described = ("-m", str(file.with_suffix(".metadata.json")))
    answer = CliRunner().invoke(cli, ["serve", str(file), *described, "--get", "/meetings.json"])
    assert answer.exit_code == 0, answer.output
    listed = {each["name"]: each["count"] for each in json.loads(answer.stdout)["tables"]}
    assert (listed["articles"], listed["meetings"]) == (3, 2)


# -- Parquet, JSON lines --------------------------------------------------------------------


def test_pyarrow_reads_every_row_dates_as_dates_and_the_notes(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    folder = exported(Format.PARQUET, tmp_path / "tables")
    for table in TABLES:
        read = parquet.read_table(folder / f"{table.table}.parquet")
        assert read.schema.names == [column.name for column in columns(table)]
        assert read.to_pylist() == expected(table, "python")
    meetings = parquet.read_table(folder / "meetings.parquet")
    assert meetings["date_from"].to_pylist()[-1] == dt.date(2024, 3, 4)
    assert b"EDTF" in meetings.schema.field("date").metadata[b"note"]


def test_without_pyarrow_parquet_is_a_sentence_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ReadoutError, match=r"pip install 'readout\[parquet\]'"):
        exported(Format.PARQUET, tmp_path / "tables")
    assert list(tmp_path.rglob("*.parquet")) == []


def test_a_line_holds_an_article_with_all_that_belongs_to_it(tmp_path):
    file = exported(Format.JSONL, tmp_path / "meetings.jsonl")
    lines = [json.loads(line) for line in file.read_text("utf-8").split("\n")[:-1]]
    assert [line["id"] for line in lines] == ["=1+1", "grain", "tin"]
    (meeting,) = lines[1]["meetings"]
    assert meeting["parties"] == ["NOR", "ZMB"]
    assert [person["name"] for person in meeting["participants"]] == ["Chanda Mwila", "Ida Berg"]
    assert meeting["agreements"][0]["evidence"][0]["sentence"] == 3
    assert lines[0]["flags"][0]["meeting_id"] == lines[0]["meetings"][0]["id"]
    assert lines[2]["meetings"] == []


# -- whole files ----------------------------------------------------------------------------


def broken() -> Any:
    yield Chosen(record(), (0,))
    raise ArchiveError("The next record is torn.")


@pytest.mark.parametrize("to", Format)
def test_an_export_that_breaks_off_leaves_what_was_there(tmp_path, to):
    if to is Format.PARQUET:
        pytest.importorskip("pyarrow")
    target = tmp_path / "out" / "meetings"
    exported(to, target)
    before = {file: file.read_bytes() for file in target.parent.rglob("*") if file.is_file()}
    with pytest.raises(ArchiveError, match="torn"):
        export(broken(), to, target)
    assert before == {f: f.read_bytes() for f in target.parent.rglob("*") if f.is_file()}
    assert before


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match="Choose another place"):
        exported(Format.CSV, tmp_path / "file" / "tables")


def test_the_counts_are_those_of_the_rows(tmp_path):
    counts = export(choose(RECORDS, Filters()), Format.JSONL, tmp_path / "x.jsonl")
    assert (counts["articles"], counts["meetings"]) == (3, 2)
