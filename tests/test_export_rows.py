"""Records as rows, and what their ids stand up to."""

from collections import Counter
from typing import Any

from pipeline.export import Filters, choose
from pipeline.export.rows import rows
from pipeline.export.tables import TABLES, Row, columns
from schemas.extraction import Status
from schemas.record import Record
from tests.records import hostile, record, without_meetings
from tests.samples import meeting

FOLLOW_UP = meeting(name="seed talks", status="planned", date_text="next month", agreements=[])


def told(made: Record, **filters: Any) -> list[Row]:
    return [row for each in choose([made], Filters(**filters)) for row in rows(each)]


def ids(made: Record, **filters: Any) -> set[Any]:
    return {getattr(row, "id", None) for row in told(made, **filters)}


def test_every_item_is_a_row_with_its_evidence():
    found = Counter(row.table for row in told(record()))
    assert found == Counter(
        {"articles": 1, "meetings": 1, "parties": 2, "participants": 2, "agenda": 1}
        | {"agreements": 1, "evidence": 6}
    )


def test_a_row_refers_only_to_rows_before_it():
    seen: set[Any] = set()
    for row in told(hostile()):
        for column in columns(type(row)):
            value = getattr(row, column.name)
            assert column.refers is None or value is None or value in seen
        seen.add(getattr(row, "id", None))


def test_a_quote_is_where_the_row_says():
    for made in (record(), hostile()):
        for row in told(made):
            if row.table == "evidence":
                told_of = row.model_dump()
                start, end = told_of["start_offset"], told_of["end_offset"]
                assert made.article.text[start:end] == told_of["quote"]


def test_ids_are_the_same_in_every_export():
    assert ids(record()) == ids(record())


def test_ids_outlive_another_meeting_before_them():
    """And with it every change of position."""
    assert ids(record("grain", meeting())) < ids(record("grain", FOLLOW_UP, meeting()))


def test_ids_outlive_a_filter():
    both = record("grain", meeting(), FOLLOW_UP)
    chosen = ids(both, statuses={Status.PLANNED})
    assert chosen < ids(both)


def test_ids_outlive_other_values_of_the_row_and_of_its_meeting():
    changed = meeting(status="postponed", city="Oslo", format=None, agenda=[], country=None)
    kept = {row.id for row in told(record()) if row.table in ("meetings", "participants")}  # type: ignore[attr-defined]
    assert len(kept) == 3
    assert kept < ids(record("grain", changed))


def test_another_article_has_other_ids():
    assert not ids(record("grain")) & ids(record("seed"))


def test_two_meetings_of_the_same_words_have_two_ids():
    made = record("grain", meeting(), FOLLOW_UP)
    twice = made.summary.meetings[:1] * 2
    made = made.model_copy(update={"summary": made.summary.model_copy(update={"meetings": twice})})
    found = [row for row in told(made) if row.table != "flags"]
    assert len({getattr(row, "id", None) for row in found}) == len(found)


def test_a_flag_goes_with_its_meeting():
    made = record("grain", meeting(city="Oslo"), FOLLOW_UP)

    def flagged(status: Status) -> set[str]:
        flags = (row.model_dump() for row in told(made, statuses={status}) if row.table == "flags")
        return {flag["path"] for flag in flags}

    assert flagged(Status.HELD) == {"meetings[0].city", "meetings[0].country"}
    assert flagged(Status.PLANNED) == {"meetings[1].date_text"}


def test_an_article_without_a_meeting_is_one_row():
    assert [row.table for row in told(without_meetings())] == ["articles"]


def test_every_column_says_what_it_holds():
    for table in TABLES:
        assert all(column.note for column in columns(table))
        assert columns(table)[0].name == "id"
