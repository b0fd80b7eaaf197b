"""Foreign text on its way to a terminal."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.plain import plain, plain_json, without_key, wrapped

HARMLESS = {"\u00ad", "\u200c", "\u200d"}


def dangerous(text: str) -> bool:
    """Whether a terminal might act on it."""
    return any(
        unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and char not in HARMLESS
        for char in text
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "<U+001B>[31mred"),
        ("a\u202eb\u2066c", "a<U+202E>b<U+2066>c"),
        ("one\r\n  two\tthree ", "one two three"),
        ("\x9b\x7f", "<U+009B><U+007F>"),
        ("Cho Tae-yul, 조태열, “quoted” – ○", "Cho Tae-yul, 조태열, “quoted” – ○"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_is_dangerous_becomes_visible_and_the_rest_stays(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text())
def test_nothing_dangerous_comes_out(text: str) -> None:
    assert not dangerous(plain(text))
    assert "\n" not in plain(text)


@given(st.dictionaries(st.text(), st.text() | st.integers()))
def test_json_keeps_its_meaning(value: object) -> None:
    assert json.loads(plain_json(value)) == value
    assert json.loads(plain_json(value, indent=2)) == value
    assert not dangerous(plain_json(value))
    assert not dangerous(plain_json(value, indent=2).replace("\n", ""))


def test_json_stays_readable() -> None:
    assert plain_json({"a": "조태열 \u202e \U000e0041"}) == '{"a": "조태열 \\u202e \\udb40\\udc41"}'


def test_wrapped_text_stands_below_its_first_word_and_within_the_width() -> None:
    lines = wrapped(f"grain exports and rules for a seed-bank, {'x' * 60}", "agreed ", 40).split(
        "\n"
    )
    assert lines[:2] == ["agreed grain exports and rules for a", f"       seed-bank, {'x' * 22}"]
    assert max(map(len, lines)) == 40
    assert wrapped("grain exports", "agreed ", 8) == "agreed grain exports"


@pytest.mark.parametrize(
    ("key", "left"),
    [
        ("sk-01234", "[key] and x, [key]."),
        ("x", "sk-01234 and x, sk-01234."),  # what a local server is given
        ("sk-0123", "sk-01234 and x, sk-01234."),
        ("", "sk-01234 and x, sk-01234."),
        (None, "sk-01234 and x, sk-01234."),
    ],
)
def test_a_key_is_cut_out_wherever_it_stands_unless_it_is_just_a_word(
    key: str | None, left: str
) -> None:
    assert without_key("sk-01234 and x, sk-01234.", key) == left
