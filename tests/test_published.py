"""The publication date: which line may give it, which wins, and when it stays unknown."""

import datetime as dt

import pytest

from pipeline.read.days import whole_date
from pipeline.read.published import publication
from pipeline.read.sentences import split
from schemas.article import Basis, Publication

BODY = "The ministers of Norland and Sudland met, an aide said Thursday.\nThey agreed.\n"
UNKNOWN = Publication()


def printed_in(text: str) -> Publication:
    return publication(text, split(text), None, None)


def on(year: int, month: int, day: int, basis: Basis) -> Publication:
    return Publication(date=dt.date(year, month, day), basis=basis)


def test_a_given_date_beats_metadata_and_metadata_beats_print() -> None:
    text = f"Published: Jan. 3, 2019\n{BODY}"
    sentences = split(text)
    day = dt.date(2021, 1, 1)
    assert publication(text, sentences, day, "2020-02-02") == on(2021, 1, 1, Basis.GIVEN)
    assert publication(text, sentences, None, "2020-02-02") == on(2020, 2, 2, Basis.METADATA)
    assert publication(text, sentences, None, day) == on(2021, 1, 1, Basis.METADATA)
    assert publication(text, sentences, None, None) == on(2019, 1, 3, Basis.PRINTED)


def test_metadata_without_a_whole_date_count_as_absent() -> None:
    text = f"Published: Jan. 3, 2019\n{BODY}"
    assert publication(text, split(text), None, "last week") == on(2019, 1, 3, Basis.PRINTED)


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Published : Jan. 25, 2017 - 15:45", dt.date(2017, 1, 25)),
        ("Defense 17:14 September 28, 2020", dt.date(2020, 9, 28)),
        ("Geneva, 2 May 2020", dt.date(2020, 5, 2)),
        ("2021-10-27", dt.date(2021, 10, 27)),
        ("Wednesday, 27 October 2021", dt.date(2021, 10, 27)),
        ("2021. 10. 27.", dt.date(2021, 10, 27)),
        ("Ana Lund 6 minutes ago Thu 19th December 2019 | 10:55 PM", dt.date(2019, 12, 19)),
        ("November 6, 2015 / 2:59 PM / 2 years ago", dt.date(2015, 11, 6)),
        ("28-Sep-2020", dt.date(2020, 9, 28)),
        ("Posted on 28 September 2020 by admin", dt.date(2020, 9, 28)),
        ("For immediate release: September 28, 2020", dt.date(2020, 9, 28)),
        ("Press release No. 14 – 28 September 2020", dt.date(2020, 9, 28)),
        ("No. 213/2020, 28 September 2020", dt.date(2020, 9, 28)),
        ("Ministry of Foreign Affairs, Bergstad, 28 September 2020", dt.date(2020, 9, 28)),
        ("Santa Ana de los Ríos, 28 September 2020", dt.date(2020, 9, 28)),
    ],
)
def test_a_date_line_gives_the_date(line: str, date: dt.date) -> None:
    text = f"Ministers of Norland meet\n{line}\n{BODY}"
    assert printed_in(text) == Publication(date=date, basis=Basis.PRINTED)


@pytest.mark.parametrize(
    "line", ["Done in Bergstad, 28 September 2020", "Bergstad, this 28th day of September 2020"]
)
def test_a_line_at_the_foot_gives_the_date(line: str) -> None:
    assert printed_in(f"Joint statement\n{BODY}{line}\n") == on(2020, 9, 28, Basis.PRINTED)


@pytest.mark.parametrize(
    "line",
    [
        "Venue: Congress Hall, 3 May 2030",
        "Ministry officials will gather in Bergstad on 3 May 2030",
        "Third Conference of the Norland River Commission, 3 May 2030",
        "Norland and Sudland meet on 3 May 2030",
    ],
)
def test_a_line_about_a_coming_day_is_no_date_line(line: str) -> None:
    assert printed_in(f"{line}\n{BODY}") == UNKNOWN
    assert printed_in(f"Ministers of Norland meet\n{BODY}{line}\n") == UNKNOWN


def test_the_day_of_publication_beats_the_day_of_an_update() -> None:
    text = f"Updated: 3 Oct 2021 17:25\nPublished: 2 Oct 2021\n{BODY}"
    assert printed_in(text) == on(2021, 10, 2, Basis.PRINTED)


def test_a_date_in_the_body_never_counts() -> None:
    assert printed_in(f"{BODY}The conference opens on May 2, 2030 in Bergstad.") == UNKNOWN
    assert printed_in(f"{BODY}Date and time: 3 May 2025\nThat is all.") == UNKNOWN


@pytest.mark.parametrize(
    "dateline",
    [
        "BERGSTAD, 28 September 2020 (Xinhua) --",
        "New Bergstad [Norland], September 28, 2020 (ANI):",
        "BERGSTAD, September 28, 2020. /TASS/.",
        "BERGSTAD (News Desk / Agency - 28th September, 2020)",
        "BERGSTAD (NNA), September 28, 2020 -",
        "Bergstad (NNA, 28 September 2020) –",
        "BERGSTAD, Norland (NNA) — Sept. 28, 2020 —",
        "BERGSTAD | 28 September 2020 |",
        "Bergstad, Monday, 28 September 2020 –",
        "Santa Ana de los Ríos, 28 September 2020 –",
        "N’Bergstad, September 28, 2020 –",
        "BERGSTAD, 28.09.2020 –",
        "September 28, 2020 –",
        "(Bergstad, 28 September 2020)",
    ],
)
def test_a_dateline_with_a_year_is_printed(dateline: str) -> None:
    assert printed_in(f"{dateline} {BODY}") == on(2020, 9, 28, Basis.PRINTED)


@pytest.mark.parametrize(
    "opening", ["Jakarta, 28 September 2020 –", "New Delhi, September 28, 2020 -"]
)
def test_a_ministry_s_dateline_with_its_year_needs_neither_capitals_nor_an_agency(
    opening: str,
) -> None:
    assert printed_in(f"{opening} {BODY}") == on(2020, 9, 28, Basis.PRINTED)


@pytest.mark.parametrize(
    "opening",
    [
        "They met in Rome, 28 September 2020 – a Monday.",
        "On September 28, 2020 – a Monday – they met in Rome.",
        "The Bergstad accord (signed on 28 September 2020) is dead.",
        "By 28 September 2020: all rails laid.",
    ],
)
def test_a_sentence_that_begins_with_a_day_and_a_place_is_no_dateline(opening: str) -> None:
    assert printed_in(f"{opening} {BODY}") == UNKNOWN


def test_a_dateline_without_a_year_stays_unknown_by_itself() -> None:
    assert printed_in(f"BERGSTAD, Nov. 9 (Yonhap) -- {BODY}") == UNKNOWN


def test_a_year_in_the_body_does_not_complete_a_dateline() -> None:
    text = f"BERGSTAD, Nov. 9 (Yonhap) -- {BODY}The last round was on March 4, 2022.\n"
    assert printed_in(text) == UNKNOWN


def test_a_copyright_year_completes_a_dateline_only_if_the_weekday_fits() -> None:
    text = f"BERGSTAD, Nov. 9 (Yonhap) -- {BODY}(END)\n"
    assert printed_in(f"{text}© 2023 Agency News") == on(2023, 11, 9, Basis.DATELINE)
    assert printed_in(f"{text}© 2022 Agency News") == UNKNOWN


def test_a_caption_completes_a_dateline_across_the_turn_of_the_year() -> None:
    text = (
        f"BERGSTAD, Jan. 2 (Yonhap) -- {BODY}Ola Berg (L) poses in this photo taken Dec. 31, 2019."
    )
    assert printed_in(text) == on(2020, 1, 2, Basis.DATELINE)


def test_an_old_picture_says_nothing() -> None:
    assert printed_in(f"{BODY}Ola Berg (L) is seen in this file photo of Dec. 31, 2009.") == UNKNOWN


def test_without_a_dateline_a_fresh_picture_gives_the_date() -> None:
    text = f"{BODY}Ola Berg (L) speaks in this photo provided by the ministry Dec. 31, 2019."
    assert printed_in(text) == on(2019, 12, 31, Basis.PRINTED)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2020-09-28T17:14:00+09:00", dt.date(2020, 9, 28)),
        ("Mon, 28 Sep 2020 17:14:00 +0900", dt.date(2020, 9, 28)),
        ("28th of September, 2020", dt.date(2020, 9, 28)),
        ("20200928", dt.date(2020, 9, 28)),
        ("2020년 9월 28일", dt.date(2020, 9, 28)),
        ("28.09.2020", dt.date(2020, 9, 28)),
        ("9/28/2020", dt.date(2020, 9, 28)),
        ("28/9/2020", dt.date(2020, 9, 28)),
        ("9/10/2020", None),
        ("2020-02-31", None),
        ("September 2020", None),
        ("", None),
    ],
)
def test_a_whole_date_is_read_and_an_unclear_one_is_not(text: str, date: dt.date | None) -> None:
    assert whole_date(text) == date
