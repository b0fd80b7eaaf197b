"""Which meetings are exported."""

import datetime as dt

import pytest

from pipeline.errors import ArchiveError
from pipeline.export import Filters, choose
from schemas.extraction import Prominence, Status
from tests.records import record, without_meetings
from tests.samples import meeting

HELD = meeting()  # on Monday 4 March 2024, NOR and ZMB
PLANNED = meeting(
    name="seed talks", status="planned", date_text="next month", prominence="background"
)
UNDATED = meeting(  # counts with the article, which was published on 5 March
    name="grain forum", date_text=None, participants=[], parties=["Norway", "Japan"]
)


def passed(**filters) -> list[int]:
    made = record("grain", HELD, PLANNED, UNDATED)
    return [index for each in choose([made], Filters(**filters)) for index in each.meetings]


@pytest.mark.parametrize(
    ("filters", "meetings"),
    [
        ({}, [0, 1, 2]),
        ({"statuses": {Status.PLANNED}}, [1]),
        ({"statuses": {Status.PLANNED, Status.HELD}}, [0, 1, 2]),
        ({"prominences": {Prominence.BACKGROUND}}, [1]),
        ({"parties": {"NOR"}}, [0, 1, 2]),
        ({"parties": {"NOR", "ZMB"}}, [0, 1]),
        ({"parties": {"NOR", "USA"}}, []),
        ({"since": dt.date(2024, 3, 5)}, [1, 2]),
        ({"until": dt.date(2024, 3, 4)}, [0]),
        ({"since": dt.date(2024, 4, 30), "until": dt.date(2024, 5, 9)}, [1]),
    ],
)
def test_a_meeting_passes_where_it_is_what_is_asked_for(filters, meetings):
    """Several parties all take part; of several statuses one is enough; "April" is all of it."""
    assert passed(**filters) == meetings


def test_a_record_without_a_meeting_stays_unless_meetings_are_asked_for():
    made = without_meetings()
    assert [each.record for each in choose([made], Filters())] == [made]
    assert list(choose([made], Filters(statuses=frozenset({Status.HELD})))) == []


def test_a_meeting_of_no_known_day_in_an_article_of_no_known_day_is_at_no_time():
    made = record("grain", UNDATED)
    unknown = made.article.published.model_copy(update={"date": None})
    article = made.article.model_copy(update={"published": unknown})
    made = made.model_copy(update={"article": article})
    assert list(choose([made], Filters(since=dt.date(1, 1, 1)))) == []


def test_two_records_about_one_article_are_not_exported_as_two_of_the_same_ids():
    with pytest.raises(ArchiveError, match="Two records are about the article grain"):
        list(choose([record(), record()], Filters()))
