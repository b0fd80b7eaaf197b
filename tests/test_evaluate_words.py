"""When two names, titles, cities and topics count as the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.words import (
    level,
    likeness,
    name_likeness,
    same_city,
    same_person,
    same_title,
    stem,
)


@pytest.mark.parametrize(
    "other",
    ["YOO Dae-hyun", "Yoo Daehyun", "Yoo Dae Hyun", "Dae-hyun Yoo", "Yoo Dae\u2010hyun"],
)
def test_a_name_is_the_same_in_any_case_order_and_hyphenation(other: str) -> None:
    assert same_person("Yoo Dae-hyun", other)


def test_accents_and_apostrophes_do_not_change_a_name() -> None:
    assert same_person("Zoë O\u2019Çelik", "Zoe O'Celik")


@pytest.mark.parametrize("other", ["Yoo Dae-hyeon", "Yoo", "Yoo Dae", "Minister Yoo Dae-hyun"])
def test_nothing_is_fuzzy_about_a_name(other: str) -> None:
    assert not same_person("Yoo Dae-hyun", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Foreign Minister", "foreign minister"),
        ("the Japanese Defense Minister", "Defense Minister"),
        ("Japan's Minister of Defense", "Minister of Defense"),
        ("U.S. special envoy", "special envoy"),
        ("Minister of Trade of the Republic of Kenya", "Minister of Trade"),
        ("President of Chile", "Chilean President"),
        ("Secretary of Defense", "Defense Secretary"),
        (None, None),
    ],
)
def test_titles_agree_without_the_state_and_in_any_word_order(
    one: str | None, other: str | None
) -> None:
    assert same_title(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Foreign Minister", "Vice Foreign Minister"),
        ("ambassador to Japan", "ambassador to China"),  # neither is what he acts for
        ("Speaker of the Senate", "Speaker"),
        ("Foreign Minister", None),
    ],
)
def test_titles_differ_by_any_other_word(one: str, other: str | None) -> None:
    assert not same_title(one, other)


def test_a_city_is_compared_up_to_its_comma() -> None:
    assert same_city("Washington, D.C.", "washington")
    assert not same_city("Washington", "Arlington")
    assert not same_city("Geneva", None)


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        # fishery|quota and fishery|quota|dispute share 2: 2*2/(2+3)
        ("fishery quotas", "the dispute over fishery quotas", 4 / 5),
        # bilateral|relation and bilateral|issue share 1: 2*1/(2+2), under the threshold
        ("bilateral relations", "bilateral issues", 1 / 2),
        # deepen|port|cooperation either way
        ("deepening port cooperation", "deepen cooperation in ports", 1.0),
        ("fishery quotas", "visa rules", 0.0),
        ("!?", "!?", 1.0),
        ("!?", "...", 0.0),
    ],
)
def test_likeness_is_the_f1_of_content_words(one: str, other: str, value: float) -> None:
    assert likeness(one, other) == pytest.approx(value)


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ("talks between Oslo and Lima", "talks between Oslo and Lima", 1.0),
        # nothing but states and "talks": no distinctive word on either side
        ("South Korea-Japan talks", "meeting between Seoul and Tokyo", 0.0),
        ("3rd Harbour Dialogue", "4th Harbour Dialogue", 0.0),  # ordinals split a series
        ("inaugural Harbour Dialogue", "first Harbour Dialogue", 2 * 2 / (3 + 3)),
        ("Harbour Dialogue", "4th Harbour Dialogue", 2 * 2 / (2 + 3)),
    ],
)
def test_names_of_meetings_agree_by_their_distinctive_words(
    one: str, other: str, value: float
) -> None:
    assert name_likeness(one, other) == pytest.approx(value)


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("countries", "country"),
        ("missiles", "missil"),
        ("missile", "missil"),
        ("planned", "plan"),
        ("sharing", "shar"),
        ("share", "shar"),
        ("calling", "call"),
        ("process", "process"),
        ("string", "string"),
    ],
)
def test_stems_drop_plurals_and_verb_endings(word: str, base: str) -> None:
    assert stem(word) == base


def test_dotted_abbreviations_become_one_word() -> None:
    assert level("ROK-U.S. talks in Washington, D.C.") == (
        *("rok", "us", "talks", "in", "washington", "dc"),
    )


@given(st.text(min_size=1), st.text(min_size=1))
def test_every_comparison_is_symmetrical_and_reflexive(one: str, other: str) -> None:
    assert same_person(one, one)
    assert same_title(one, one)
    assert same_city(one, one)
    assert likeness(one, one) == name_likeness(one, one) == 1.0
    assert same_person(one, other) == same_person(other, one)
    assert likeness(one, other) == likeness(other, one)
    assert name_likeness(one, other) == name_likeness(other, one)
