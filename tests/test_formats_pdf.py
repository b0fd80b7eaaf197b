"""PDF: lines become paragraphs again; what holds no text says why."""

from pathlib import Path
from textwrap import wrap

import pytest

from pipeline.read.limits import MOST_PAGES
from tests import story
from tests.reading import failure, one

LONG = [*wrap(story.PARAGRAPHS[0], 88), *wrap(story.PARAGRAPHS[1], 88)]


def lines(tmp_path: Path, *pages: list[str], title: str = "") -> list[str]:
    return one(tmp_path, "x.pdf", story.pdf(pages, title)).text.split("\n")


def test_a_gap_begins_a_paragraph_and_a_line_break_does_not(tmp_path: Path) -> None:
    page = [*wrap(story.PARAGRAPHS[0], 88), "", *wrap(story.PARAGRAPHS[1], 88)]
    assert lines(tmp_path, page) == list(story.PARAGRAPHS[:2])


def test_a_sentence_goes_on_over_the_page(tmp_path: Path) -> None:
    first, second = LONG[:1], LONG[1:]
    joined = " ".join(lines(tmp_path, [*first, "", "- 1 -"], [*second, "", "Page 2 of 2"]))
    assert joined == " ".join(story.PARAGRAPHS[:2])


def test_columns_that_are_written_one_after_the_other_are_read_so(tmp_path: Path) -> None:
    """As word processors, typesetters and browsers do. Lines written across both would mix."""
    columns = [
        f"BT /F1 10 Tf 12 TL {x} 750 Td "
        + "".join(f"({line}) Tj T* " for line in wrap(paragraph, 42))
        + "ET"
        for x, paragraph in ((60, story.PARAGRAPHS[2]), (310, story.PARAGRAPHS[3]))
    ]
    data = story.written(["\n".join(columns).encode()])
    assert one(tmp_path, "x.pdf", data).text.split("\n") == list(story.PARAGRAPHS[2:])


def test_a_word_that_is_broken_is_whole_again_and_a_compound_stays(tmp_path: Path) -> None:
    page = [
        "The foreign ministers of both countries met on Tuesday in the old town and signed a memo-",
        "randum on the ferry line between Port Ansel and Lindmark, which the Estonian-",
        "Latvian commission on the sea had prepared for no less than six years in Port Ansel.",
    ]
    text = " ".join(lines(tmp_path, page))
    assert "a memorandum on" in text
    assert "Estonian- Latvian" in text


def test_what_stands_on_top_of_every_page_is_left_out(tmp_path: Path) -> None:
    pages = [["MINISTRY OF THE SEA", "", *LONG, "", str(number)] for number in (1, 2, 3)]
    assert "MINISTRY" not in " ".join(lines(tmp_path, *pages))


def test_a_title_among_the_properties_counts_only_where_it_is_printed(tmp_path: Path) -> None:
    page = ["Ministers Revive", "Ferry Talks", "", *LONG]
    assert one(tmp_path, "x.pdf", story.pdf([page], "Ministers Revive Ferry Talks")).title == (
        "Ministers Revive Ferry Talks"
    )
    assert "Word" not in (
        one(tmp_path, "x.pdf", story.pdf([page], "Microsoft Word - 3")).title or ""
    )


def test_a_list_keeps_its_lines(tmp_path: Path) -> None:
    page = ["They agreed on:", "1. a ferry line", "2. herring quotas", "3. visas for students"]
    assert lines(tmp_path, page) == page


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF", "is no PDF"),
        (b"<html><body>404", "is no PDF"),
        (b"%PDF-1.4\n", "damaged"),
        (story.written([b"q 100 0 0 100 0 0 cm Q"]), "text recognition"),
        (story.pdf().replace(b"/Kids [5 0 R 7 0 R]", b"/Kids [2 0 R 2 0 R]"), "damaged"),
        (story.written([b"BT " + b"[" * 1_000_000 + b"ET"]), "nested"),
        (story.pdf([["a"]] * (MOST_PAGES + 1)), "1,000 pages"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why(data: bytes, word: str, tmp_path: Path) -> None:
    assert word in failure(tmp_path, "x.pdf", data)


def test_a_pdf_with_a_password_says_so(tmp_path: Path) -> None:
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (%b) /U (%b) /P -1 >> /ID [(a)(b)]"
    locked = lock % (b"0" * 32, b"1" * 32)
    data = story.pdf().replace(b"/Info 4 0 R", b"/Info 4 0 R " + locked)
    assert "password" in failure(tmp_path, "x.pdf", data)
