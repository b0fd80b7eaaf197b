"""Values and the sentences that say them."""

import pytest

from pipeline.distil.evidence import Sources
from schemas.summary import State
from tests.samples import article

TEXT = (
    "The ministers met in Quito.\n"
    "They discussed “fair trade” in coffee—and cocoa.\n"
    "Later, Prime Minister Duarte welcomed Peru's plan to rebuild the bridge.\n"
    "The bridge fell in May.\n"
)
SOURCES = Sources(article(TEXT))


def numbers(evidence):
    return [quote.sentence for quote in evidence.quotes]


def test_a_cited_sentence_that_has_the_words_is_exact():
    found = SOURCES.tie("met in Quito", [1])
    assert (found.state, numbers(found), found.cited_by) == (State.EXACT, [1], "model")


def test_case_quotes_and_dashes_are_levelled():
    assert SOURCES.tie('"Fair trade" in coffee-and cocoa', [2]).state is State.NORMALISED


def test_words_that_all_stand_in_the_cited_sentences_compose_a_value():
    found = SOURCES.tie("rebuild Peru's bridge in Quito", [1, 3])
    assert (found.state, numbers(found)) == (State.COMPOSED, [1, 3])


def test_a_citation_without_the_value_is_cited_only():
    found = SOURCES.tie("fair trade", [1])
    assert (found.state, numbers(found)) == (State.CITED_ONLY, [1])


def test_what_the_article_does_not_say_is_not_found_whether_cited_or_not():
    assert SOURCES.tie("nuclear weapons", [1]).state is State.NOT_FOUND
    found = SOURCES.tie("nuclear weapons", [])
    assert (found.state, found.quotes) == (State.NOT_FOUND, ())


def test_code_finds_the_sentence_of_an_uncited_value_and_says_so():
    found = SOURCES.tie("plan to rebuild the bridge", [])
    assert (found.state, numbers(found), found.cited_by) == (State.EXACT, [3], "code")


def test_where_code_must_choose_the_nearest_sentence_wins():
    assert numbers(SOURCES.tie("bridge", [], near=[4])) == [4]
    assert numbers(SOURCES.tie("bridge", [], near=[2])) == [3]


def test_a_sentence_that_does_not_exist_proves_nothing():
    assert SOURCES.known([0, 2, 99, 2]) == (2,)
    assert SOURCES.tie("fair trade", [99]).cited_by == "code"


def test_offsets_quote_the_sentence():
    for quote in SOURCES.quotes([1, 2, 3]):
        assert TEXT[quote.start : quote.end] == quote.quote


def test_an_astral_character_does_not_shift_offsets():
    text = "🌾🌾 Grain envoys met.\nThey agreed to trade 🌾.\n"
    found = Sources(article(text)).tie("trade", [])
    assert text[found.quotes[0].start : found.quotes[0].end] == "They agreed to trade 🌾."


@pytest.mark.parametrize("value", [" ", "-", "."])
def test_a_value_without_a_word_is_not_found_though_every_sentence_holds_it(value):
    assert Sources(article()).tie(value, (2,)).state is State.NOT_FOUND


@pytest.mark.parametrize(
    ("value", "text", "state"),
    [
        ("Lee", "The envoys walked through Leeds.", State.NOT_FOUND),
        ("Lee", "Leeds was where Lee spoke.", State.EXACT),
        ("missile", "They counted missiles.", State.EXACT),
        ("art", "The party went on.", State.NOT_FOUND),
        ("Kim", "Kim's aide came.", State.EXACT),
        ("김 장관", "회담에서 김 장관은 말했다.", State.EXACT),  # a particle is no other word
    ],
)
def test_a_value_stands_in_whole_words_only(value, text, state):
    assert Sources(article(text)).tie(value, ()).state is state
