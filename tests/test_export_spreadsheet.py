"""Cells that no spreadsheet executes, and that lose nothing."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.export.spreadsheet import guarded, unguarded

FORMULA = re.compile(r"[=+\-@＝＋－＠]")
NASTY = st.text(st.sampled_from("=+-@'\";,\t\r\n \u200b\ufeffa1＝")) | st.text()


@given(NASTY)
@example("';'=1")
@example("''")
@example("\t'=1")
def test_the_text_comes_back_as_it_was(text):
    assert unguarded(guarded(text)) == text


@given(NASTY)
def test_no_cell_begins_with_a_formula_however_the_line_is_cut(text):
    """Cut at the separators of other editions, and read as a spreadsheet does: blanks aside."""
    cell = guarded(text)
    pieces = re.split(r"[;\t\r\n]", cell)
    assert not any(FORMULA.match(piece.strip().lstrip("\u200b\ufeff")) for piece in pieces)
    assert not FORMULA.match(cell.strip().lstrip("\u200b\ufeff"))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("-5 percent", "'-5 percent"),
        ("'quoted'", "''quoted'"),
        ("a;=1+1", "a;'=1+1"),
        ("Kim; Lee - both", "Kim; Lee - both"),
        ("one\n- two", "one\n'- two"),
        ("a; \u200b=1+1", "a;' \u200b=1+1"),
    ],
)
def test_a_guard_stands_only_where_it_is_needed(text, cell):
    assert guarded(text) == cell
