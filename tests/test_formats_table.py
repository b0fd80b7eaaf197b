"""CSV and TSV: a row an article, whatever separates its cells; a broken row is never guessed."""

import csv
from pathlib import Path

import pytest

from pipeline.read import Unreadable
from schemas.article import Article
from tests import story
from tests.reading import everything, failure, one


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_seen(separator: str, tmp_path: Path) -> None:
    assert one(tmp_path, "x.csv", story.table(separator)).title == story.TITLE


@pytest.mark.parametrize(
    "header", [b'"one, two, three";text\n', b"a,b,c;text\n", b"text\tone, two, three\n"]
)
def test_the_separator_is_the_one_that_shows_the_text(header: bytes, tmp_path: Path) -> None:
    between = b"\t" if b"\t" in header else b";"
    data = header + between.join([b"They met."] * 2) + b"\n"
    for name in ("x.csv", "x.tsv"):
        assert one(tmp_path, name, data).text == "They met."
    assert one(tmp_path, "y.tsv", b"a,text,b\ttext\n1\tThey met.\n").text == "They met."


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_table_without_a_suffix_is_told_by_its_names(separator: str, tmp_path: Path) -> None:
    assert one(tmp_path, "x", story.table(separator)).title == story.TITLE
    named = story.table(separator, "Wort laut")
    assert one(tmp_path, "x", named, "Wort laut").title == story.TITLE


@pytest.mark.parametrize(
    "line",
    [
        "They met, and the text says so, in short",
        "Talks: text and body",
        "text",
        "a" * 50 + ",text",
    ],
)
def test_prose_without_a_suffix_is_no_table(line: str, tmp_path: Path) -> None:
    data = f"{line}\n\nThey met, and left.\n"
    assert one(tmp_path, "x", data.encode()).text == data


def test_excel_may_say_its_separator(tmp_path: Path) -> None:
    article = one(tmp_path, "x.csv", b"\xef\xbb\xbfsep=;\r\nid;text\r\n1;They met, and left.\r\n")
    assert article.text == "They met, and left."


@pytest.mark.parametrize("name", ["text", "Text", "body", "CONTENT", "article", "Full Text"])
def test_the_column_of_the_text_is_found(name: str, tmp_path: Path) -> None:
    data = story.table(column=name)
    assert "Torsen" in one(tmp_path, "x.csv", data).text


def test_a_named_column_is_taken_before_one_called_text(tmp_path: Path) -> None:
    data = b"id,text,Wort laut\n1,short,They met.\n"
    assert one(tmp_path, "x.csv", data, "Wort laut").text == "They met."
    assert one(tmp_path, "x.csv", data, "wort_laut").text == "They met."


def test_a_missing_column_is_named_beside_those_that_are_there(tmp_path: Path) -> None:
    reason = failure(tmp_path, "x.csv", b"a,b\x1b[31m,c\n1,2,3\n", "Story")
    assert "no column Story; it has a, b<U+001B>[31m, c" in reason
    assert "--text-column" in failure(tmp_path, "x.csv", b"a,b\n1,2\n")


def test_a_row_without_an_id_is_called_by_its_number_in_the_spreadsheet(tmp_path: Path) -> None:
    items = everything(tmp_path, "x.csv", b"text\nThey met.\n\nThey left.\n")
    assert [item.id for item in items] == ["x-row-2", "x-row-4"]


def test_a_cell_may_hold_lines_and_quotation_marks(tmp_path: Path) -> None:
    article = one(tmp_path, "x.csv", b'id,text\r\n1,"They met.\r\n\r\n""Good,"" they said."\r\n')
    assert article.text == 'They met.\n\n"Good," they said.'


def test_a_row_with_too_many_cells_is_its_own_failure(tmp_path: Path) -> None:
    bad, good = everything(tmp_path, "x.csv", b"id,text\n1,They met, and left.\n2,They met.\n")
    assert isinstance(bad, Unreadable)
    assert "row 2, has 3 cells under 2 names" in bad.reason
    assert isinstance(good, Article)


def test_a_quotation_mark_that_nothing_closes_is_told(tmp_path: Path) -> None:
    good, bad = everything(tmp_path, "x.csv", b'id,text\n1,They met.\n2,"They\n3,They\n')
    assert isinstance(good, Article)
    assert isinstance(bad, Unreadable)
    assert "row 3, opens a quotation mark" in bad.reason


@pytest.mark.parametrize("cell", ["a" * 10_000_000, ("a" * 999 + "\n") * 10_000])
def test_a_cell_too_large_ends_the_table_and_says_so(cell: str, tmp_path: Path) -> None:
    good, bad = everything(tmp_path, "x.csv", f'id,text\n1,They met.\n2,"{cell}"\n'.encode())
    assert isinstance(good, Article)
    assert isinstance(bad, Unreadable)
    assert "8 MB" in bad.reason


def test_a_long_article_fits_and_nobody_elses_limit_changes(tmp_path: Path) -> None:
    """Python's own limit is 131,072 characters a cell, for the whole process."""
    before = csv.field_size_limit()
    text = "They met. " * 50_000
    assert one(tmp_path, "x.csv", f"id,text\n1,{text}\n".encode()).text == text
    assert csv.field_size_limit() == before


@pytest.mark.parametrize("data", [b"", b"\n", b"text\n"])
def test_a_table_without_rows_gives_no_article(data: bytes, tmp_path: Path) -> None:
    assert "holds no" in failure(tmp_path, "x.csv", data) or data == b"\n"
    assert not any(isinstance(item, Article) for item in everything(tmp_path, "x.csv", data))


def test_old_line_ends_are_known(tmp_path: Path) -> None:
    items = everything(tmp_path, "x.csv", b"id,text\r1,They met.\r2,They left.\r")
    assert [item.id for item in items] == ["1", "2"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_tables_come_in_the_encodings_of_spreadsheets(encoding: str, tmp_path: Path) -> None:
    data = "id,text\r\n1,They met in a café.\r\n".encode(encoding)
    assert one(tmp_path, "x.csv", data).text == "They met in a café."
