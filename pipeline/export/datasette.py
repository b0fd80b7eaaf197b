"""What Datasette is told about a database of ours: titles, notes, facets, search, queries."""

from typing import Any

from pipeline.export.tables import TABLES, about, columns

_FACETS = {
    "articles": ["model", "published_basis"],
    "meetings": ["status", "prominence", "format", "country"],
    "meetings_wide": ["status", "prominence", "country"],
    "parties": ["party"],
    "participants": ["party", "evidence_state"],
    "agenda": ["evidence_state"],
    "agreements": ["evidence_state"],
    "flags": ["problem"],
    "doubtful_items": ["kind", "evidence_state"],
}
_LABELS = {"articles": "title", "meetings": "name", "participants": "name", "agenda": "topic"}
_NEWEST_FIRST = {"meetings": "date_from", "meetings_wide": "date_from", "articles": "published"}
_VIEWS = {
    "meetings_wide": "One meeting a row, with everything that belongs to it.",
    "who_met_whom": "How often each two parties met, and when first and last.",
    "doubtful_items": "Items that the sentences cited for them do not contain.",
}
# Whose full-text table is not found by itself, and by which column rows are matched to it.
_SEARCH = {"meetings": "rowid", "meetings_wide": "number"}


def metadata(database: str) -> dict[str, Any]:
    """The contents of `metadata.json` for the database of this name."""
    tables = {table.table: _table(table.table, about(table)) for table in TABLES}
    for table in TABLES:
        tables[table.table]["columns"] = {c.name: c.note for c in columns(table)}
    views = {name: _table(name, note) for name, note in _VIEWS.items()}
    return {
        "title": "Meetings, by readout",
        "description": (
            "Diplomatic meetings in news stories: who met whom, when, where, about what, and the "
            "sentences that say so. A person has not necessarily reviewed them."
        ),
        "databases": {database: {"tables": tables | views, "queries": _QUERIES}},
    }


def _table(name: str, note: str) -> dict[str, Any]:
    told: dict[str, Any] = {"description": note}
    if name in _FACETS:
        told["facets"] = _FACETS[name]
    if name in _LABELS:
        told["label_column"] = _LABELS[name]
    if name in _NEWEST_FIRST:
        told["sort_desc"] = _NEWEST_FIRST[name]
    if name in _SEARCH:
        told |= {"fts_table": "meetings_fts", "fts_pk": _SEARCH[name]}
    return told


_QUERIES = {
    "meetings_of_a_party": {
        "title": "Meetings of one party",
        "sql": (
            "SELECT w.* FROM meetings_wide w JOIN parties p ON p.meeting_id = w.id "
            "WHERE p.party = :party ORDER BY w.date_from DESC"
        ),
    },
    "sentences_that_say": {
        "title": "Cited sentences with a word",
        "sql": (
            "SELECT e.quote, e.sentence, m.name AS meeting, e.article_id FROM evidence_fts f "
            "JOIN evidence e ON e.rowid = f.rowid JOIN meetings m ON m.id = e.meeting_id "
            "WHERE evidence_fts MATCH :word ORDER BY rank"
        ),
    },
}
