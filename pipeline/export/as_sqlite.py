"""One SQLite database with keys, indexes, views and full-text search, and its description.

`datasette x.db -m x.metadata.json` opens it with titles, notes on columns, facets and search.
"""

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from pipeline.export.datasette import metadata
from pipeline.export.tables import TABLES, Row, columns

_KINDS = {str: "TEXT", int: "INTEGER", dt.date: "TEXT", dt.datetime: "TEXT"}
_BATCH = 10_000  # rows between commits

# Beside those on every column that refers to a row.
_INDEXES = (
    ("articles", "published"),
    ("meetings", "date_from"),
    ("meetings", "status"),
    ("parties", "party"),
    ("participants", "name"),
    ("flags", "problem"),
)

_VIEWS = """
CREATE VIEW meetings_wide AS
SELECT m.rowid AS number, m.id, m.article_id, a.title, a.source, a.published, m.name,
  m.prominence, m.status, m.format, m.date, m.date_from, m.date_to, m.venue, m.city, m.country,
  (SELECT group_concat(party, ', ') FROM
    (SELECT party FROM parties WHERE meeting_id = m.id ORDER BY party)) AS parties,
  (SELECT group_concat(person, '; ') FROM
    (SELECT name || coalesce(', ' || title, '') || coalesce(' (' || party || ')', '') AS person
     FROM participants WHERE meeting_id = m.id ORDER BY position)) AS participants,
  (SELECT group_concat(topic, '; ') FROM
    (SELECT topic FROM agenda WHERE meeting_id = m.id ORDER BY position)) AS agenda,
  (SELECT group_concat(text, '; ') FROM
    (SELECT text FROM agreements WHERE meeting_id = m.id ORDER BY position)) AS agreements,
  m.evidence_state,
  (SELECT count(*) FROM flags WHERE meeting_id = m.id) AS flags
FROM meetings m JOIN articles a ON a.id = m.article_id;

CREATE VIEW who_met_whom AS
SELECT one.party AS party, other.party AS other, count(*) AS meetings,
  min(m.date_from) AS first, max(m.date_to) AS last
FROM parties one JOIN parties other
  ON other.meeting_id = one.meeting_id AND other.party > one.party
JOIN meetings m ON m.id = one.meeting_id
GROUP BY one.party, other.party;

CREATE VIEW doubtful_items AS
SELECT 'participant' AS kind, i.id, i.name AS value, i.evidence_state, i.meeting_id
FROM participants i WHERE i.evidence_state IN ('cited_only', 'not_found')
UNION ALL
SELECT 'agenda', i.id, i.topic, i.evidence_state, i.meeting_id
FROM agenda i WHERE i.evidence_state IN ('cited_only', 'not_found')
UNION ALL
SELECT 'agreement', i.id, i.text, i.evidence_state, i.meeting_id
FROM agreements i WHERE i.evidence_state IN ('cited_only', 'not_found');
"""

_SEARCH = """
CREATE VIRTUAL TABLE articles_fts USING fts5(
  title, text, content="articles", tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE evidence_fts USING fts5(
  quote, content="evidence", tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE meetings_fts USING fts5(
  name, venue, city, participants, agenda, agreements,
  content="meetings_wide", content_rowid="number", tokenize="unicode61 remove_diacritics 2");
INSERT INTO articles_fts (articles_fts) VALUES ('rebuild');
INSERT INTO evidence_fts (evidence_fts) VALUES ('rebuild');
INSERT INTO meetings_fts (meetings_fts) VALUES ('rebuild');
"""


def files(target: Path) -> tuple[Path, ...]:
    """The database, and the description that Datasette is given with it."""
    return target, target.with_suffix(".metadata.json")


def write(rows: Iterable[Row], parts: tuple[Path, ...]) -> None:
    """Write all rows, then what is made from them."""
    database, description = parts
    with closing(sqlite3.connect(database)) as connection:
        # Nobody sees this file before it is complete, so it needs no journal of its own.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        for table in TABLES:
            connection.execute(_definition(table))
        _insert(connection, rows)
        for name, column in _indexed():
            connection.execute(f"CREATE INDEX {name}_{column} ON {name} ({column})")
        connection.executescript(_VIEWS + _SEARCH + "ANALYZE;")
        connection.commit()
    description.write_text(json.dumps(metadata(database.stem), indent=1) + "\n", "utf-8")


def _insert(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    names = {table: [column.name for column in columns(table)] for table in TABLES}
    statements = {
        table: f"INSERT INTO {table.table} VALUES ({', '.join('?' * len(names[table]))})"  # noqa: S608 - our own names
        for table in TABLES
    }
    for number, row in enumerate(rows, start=1):
        table = type(row)
        connection.execute(statements[table], [_value(getattr(row, n)) for n in names[table]])
        if number % _BATCH == 0:
            connection.commit()
    connection.commit()


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _definition(table: type[Row]) -> str:
    lines = []
    for column in columns(table):
        line = f"{column.name} {_KINDS[column.kind]}"
        if column.name == "id":
            line += " PRIMARY KEY"
        if not column.optional:
            line += " NOT NULL"
        if column.refers:
            line += f" REFERENCES {column.refers} (id)"
        lines.append(line)
    body = ",\n  ".join(lines)
    return f"CREATE TABLE {table.table} (\n  {body}\n)"


def _indexed() -> list[tuple[str, str]]:
    refers = [(t.table, c.name) for t in TABLES for c in columns(t) if c.refers]
    return [*refers, *_INDEXES]
