"""Words for when become EDTF dates the way the annotation guide says."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.distil.dates import resolve, whole
from schemas.extraction import Status
from schemas.summary import DateBasis

HELD, PLANNED, CANCELLED = Status.HELD, Status.PLANNED, Status.CANCELLED
MON = "2020-09-28"  # a Monday whose week runs into October
THU = "2023-11-09"
SAT = "2017-08-26"
WED = "2017-01-25"
OCT = "2021-10-28"  # a Thursday

PHRASES = [
    # weekdays: the nearest in the direction of the tense, today included
    ("Monday", MON, HELD, "2020-09-28"),
    ("Monday", MON, PLANNED, "2020-09-28"),
    ("Monday", SAT, PLANNED, "2017-08-28"),
    ("on Wednesday", SAT, PLANNED, "2017-08-30"),
    ("Wednesday", SAT, HELD, "2017-08-23"),
    ("Tuesday", THU, PLANNED, "2023-11-14"),
    ("Tuesday", THU, Status.PROPOSED, "2023-11-14"),
    ("Tuesday", THU, Status.ONGOING, "2023-11-07"),
    ("Tuesday", THU, CANCELLED, "2023-11-14"),
    ("Thursday afternoon", THU, HELD, "2023-11-09"),
    ("late Wednesday", THU, HELD, "2023-11-08"),
    ("Monday (local time)", THU, HELD, "2023-11-06"),
    ("Monday morning, Washington time", THU, HELD, "2023-11-06"),
    ("last Friday", THU, HELD, "2023-11-03"),
    ("last Thursday", THU, HELD, "2023-11-02"),
    ("last Friday", THU, CANCELLED, "2023-11-03"),
    ("next Tuesday", THU, PLANNED, "2023-11-14"),
    ("next Thursday", THU, PLANNED, "2023-11-16"),
    ("this coming Sunday", THU, PLANNED, "2023-11-12"),
    ("Tuesday next week", THU, PLANNED, "2023-11-14"),
    ("Friday of last week", THU, HELD, "2023-11-03"),
    ("Monday and Tuesday", THU, PLANNED, "2023-11-13/2023-11-14"),
    ("Monday and Tuesday", THU, HELD, "2023-11-06/2023-11-07"),
    ("from Friday to Sunday", THU, PLANNED, "2023-11-10/2023-11-12"),
    ("Wednesday-Friday", SAT, HELD, "2017-08-23/2017-08-25"),
    # days of a month
    ("October 26", OCT, HELD, "2021-10-26"),
    ("Oct. 26, 2021", None, HELD, "2021-10-26"),
    ("2021-10-26 to 2021-10-28", None, HELD, "2021-10-26/2021-10-28"),
    ("26 October", OCT, HELD, "2021-10-26"),
    ("26th October", OCT, HELD, "2021-10-26"),
    ("the 26th of October 2021", None, HELD, "2021-10-26"),
    ("on Tuesday, Oct. 26", OCT, HELD, "2021-10-26"),
    ("Monday (Sept. 28)", MON, HELD, "2020-09-28"),
    ("Sept. 3", OCT, PLANNED, "2022-09-03"),
    ("December 30", OCT, HELD, "2020-12-30"),
    ("October 30", OCT, HELD, "2021-10-30"),
    ("October 26", OCT, PLANNED, "2021-10-26"),
    ("Dec. 28", "2022-01-03", HELD, "2021-12-28"),
    ("Jan. 4", "2021-12-29", PLANNED, "2022-01-04"),
    ("2021-10-26", None, HELD, "2021-10-26"),
    ("2021.10.26", None, HELD, "2021-10-26"),
    ("October 26 last year", "2022-03-01", HELD, "2021-10-26"),
    ("June 12, 2018 at 9 a.m.", None, HELD, "2018-06-12"),
    ("May 3, 10 a.m.", "2021-05-10", HELD, "2021-05-03"),
    ("Feb. 29", "2023-05-01", HELD, "2020-02-29"),
    ("November 11 and 12", OCT, PLANNED, "2021-11-11/2021-11-12"),
    ("Nov. 13-15", THU, PLANNED, "2023-11-13/2023-11-15"),
    ("Nov. 13–15, 2023", None, PLANNED, "2023-11-13/2023-11-15"),
    ("from March 3 to 5", "2022-03-10", HELD, "2022-03-03/2022-03-05"),
    ("Nov. 11, 12 and 13", OCT, PLANNED, "2021-11-11/2021-11-13"),
    ("3-5 March 2021", None, HELD, "2021-03-03/2021-03-05"),
    ("from 30 August to 2 September", "2021-09-10", HELD, "2021-08-30/2021-09-02"),
    ("Aug. 30 to Sept. 2", "2021-08-01", PLANNED, "2021-08-30/2021-09-02"),
    ("Dec. 30 to Jan. 2, 2022", None, HELD, "2021-12-30/2022-01-02"),
    ("Dec. 30, 2021 to Jan. 2, 2022", None, HELD, "2021-12-30/2022-01-02"),
    ("on the 15th", THU, PLANNED, "2023-11-15"),
    ("on the 15th", THU, HELD, "2023-10-15"),
    ("the 3rd of next month", THU, PLANNED, "2023-12-03"),
    ("from the 13th to the 15th", THU, PLANNED, "2023-11-13/2023-11-15"),
    # days by another word
    ("today", THU, HELD, "2023-11-09"),
    ("tomorrow", THU, PLANNED, "2023-11-10"),
    ("yesterday", THU, HELD, "2023-11-08"),
    ("the day after tomorrow", THU, PLANNED, "2023-11-11"),
    ("today and tomorrow", THU, PLANNED, "2023-11-09/2023-11-10"),
    ("this morning", THU, HELD, "2023-11-09"),
    ("last night", THU, HELD, "2023-11-08"),
    ("two days ago", THU, HELD, "2023-11-07"),
    ("later in the day", THU, PLANNED, "2023-11-09"),
    # weeks: the month that the week lies in, else both
    ("last week", THU, HELD, "2023-10/2023-11"),
    ("next week", THU, PLANNED, "2023-11"),
    ("this week", MON, HELD, "2020-09/2020-10"),
    ("early next week", SAT, PLANNED, "2017-08/2017-09"),
    ("two weeks ago", THU, HELD, "2023-10"),
    ("the week after next", THU, PLANNED, "2023-11"),
    ("the week of Nov. 13", THU, PLANNED, "2023-11"),
    ("this weekend", SAT, PLANNED, "2017-08-26/2017-08-27"),
    ("over the weekend", MON, HELD, "2020-09-26/2020-09-27"),
    # months
    ("next month", WED, Status.PROPOSED, "2017-02"),
    ("early next month", WED, PLANNED, "2017-02"),
    ("next month", "2021-12-05", PLANNED, "2022-01"),
    ("last month", "2021-01-05", HELD, "2020-12"),
    ("later this month", THU, PLANNED, "2023-11"),
    ("the end of the month", THU, PLANNED, "2023-11"),
    ("this May", OCT, HELD, "2021-05"),
    ("last May", OCT, HELD, "2021-05"),
    ("last December", OCT, HELD, "2020-12"),
    ("next May", OCT, PLANNED, "2022-05"),
    ("May", OCT, HELD, "2021-05"),
    ("April", THU, HELD, "2023-04"),
    ("in April", THU, PLANNED, "2024-04"),
    ("late October", THU, PLANNED, "2024-10"),
    ("the second Monday of December", THU, PLANNED, "2023-12"),
    ("in November", THU, HELD, "2023-11"),
    ("April last year", THU, HELD, "2022-04"),
    ("in June of next year", THU, PLANNED, "2024-06"),
    ("January 2022", None, PLANNED, "2022-01"),
    ("the first half of October", OCT, HELD, "2021-10"),
    ("from January to March 2022", None, PLANNED, "2022-01/2022-03"),
    ("December or January", OCT, PLANNED, "2021-12/2022-01"),
    ("a month ago", THU, HELD, "2023-10"),
    # years and their parts
    ("next year", OCT, PLANNED, "2022"),
    ("last year", OCT, HELD, "2020"),
    ("later this year", OCT, PLANNED, "2021"),
    ("by the end of the year", OCT, PLANNED, "2021"),
    ("2019", None, HELD, "2019"),
    ("the first half of 2024", None, PLANNED, "2024"),
    ("the second quarter", "2024-02-01", PLANNED, "2024"),
    ("the second half of next year", OCT, PLANNED, "2022"),
    ("spring 2022", None, PLANNED, "2022"),
    ("this spring", OCT, HELD, "2021"),
    ("next spring", OCT, PLANNED, "2022"),
    ("last fall", "2022-01-10", HELD, "2021"),
    ("three years ago", OCT, HELD, "2018"),
    ("from 2018 to 2020", None, HELD, "2018/2020"),
    ("the 1990s", None, HELD, "199X"),
]


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(("words", "published", "status", "expected"), PHRASES)
def test_words_resolve_as_precisely_as_they_are(
    words: str, published: str | None, status: Status, expected: str
) -> None:
    assert resolve(words, day(published), status)[0] == expected


@pytest.mark.parametrize(
    "words",
    [
        "at an early date",
        "soon",
        "in the near future",
        "in the coming weeks",
        "recently",
        "at 10 a.m.",
        "at the 55th Security Consultative Meeting",
        "every Monday and Feb. 30",
        "Nov. 31, 2023",
        "Nov. 15-13",
        "the same day",
        "after the talks",
        "the following day",
    ],
)
def test_open_impossible_and_ungoverned_words_stay_unresolved(words: str) -> None:
    assert resolve(words, day(THU), PLANNED) == (None, DateBasis.UNRESOLVED)


@pytest.mark.parametrize("words", ["Monday", "October 26", "next month", "May", "today", "15th"])
def test_without_a_publication_date_a_year_is_never_made_up(words: str) -> None:
    assert resolve(words, None, HELD) == (None, DateBasis.UNRESOLVED)


@pytest.mark.parametrize("words", [None, "", "  "])
def test_no_words_are_no_date(words: str | None) -> None:
    assert resolve(words, day(THU), HELD) == (None, DateBasis.NONE)


@pytest.mark.parametrize(
    ("words", "basis"),
    [
        ("Oct. 26, 2021", DateBasis.WRITTEN),
        ("January 2022", DateBasis.WRITTEN),
        ("2019", DateBasis.WRITTEN),
        ("October 26", DateBasis.RESOLVED),
        ("next year", DateBasis.RESOLVED),
    ],
)
def test_the_basis_says_whether_the_year_stood_in_the_text(words: str, basis: DateBasis) -> None:
    assert resolve(words, day(OCT), HELD)[1] is basis


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("later in the day", "2023-11-13"),
        ("the same day", "2023-11-13"),
        ("after the talks", "2023-11-13"),
        ("the following day", "2023-11-14"),
        ("a day earlier", "2023-11-12"),
    ],
)
def test_the_governing_day_carries_words_that_lean_on_it(words: str, expected: str) -> None:
    assert resolve(words, day(THU), PLANNED, anchor="2023-11-13")[0] == expected


EDTF = re.compile(r"\d{4}(-\d\d(-\d\d)?)?(/\d{4}(-\d\d(-\d\d)?)?)?|\d{3}X")
PIECES = "last next this Monday Friday week month year Nov. 30 31 2 15th - to and 2021 , day May in"


@given(
    st.lists(st.sampled_from(PIECES.split(" ")), min_size=1, max_size=7).map(" ".join),
    st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2040, 1, 1)) | st.none(),
    st.sampled_from(Status),
)
def test_any_words_give_a_well_formed_date_or_none(
    words: str, published: dt.date | None, status: Status
) -> None:
    date, basis = resolve(words, published, status)
    assert (date is None) == (basis is DateBasis.UNRESOLVED)
    if date is None:
        return
    assert EDTF.fullmatch(date), date
    start, _, end = date.partition("/")
    assert not end or start < end
    for part in (start, end):
        if len(part) == 10:
            dt.date.fromisoformat(part)


@given(st.text(max_size=60))
def test_hostile_words_never_raise(words: str) -> None:
    resolve(words, dt.date(2024, 2, 29), HELD, anchor="not a date")


@pytest.mark.parametrize(
    ("words", "told", "widened"),
    [
        ("morning", "They met this morning in Lusaka.", "this morning"),
        ("evening", "On Tuesday evening they dined.", "Tuesday evening"),
        ("morning", "They met in the morning; this morning it rained.", "morning"),
        ("morning", "This morning it rained; Monday morning it did not.", "morning"),
        ("Monday", "They met last Monday.", "Monday"),
        (None, "They met this morning.", None),
    ],
)
def test_a_part_of_a_day_takes_the_word_that_says_which(
    words: str | None, told: str, widened: str | None
) -> None:
    assert whole(words, [told]) == widened
