"""What the grammar lets a decoder write, asked of llguidance itself."""

from typing import Any

import llguidance
import pytest

from pipeline import compose, ways
from schemas.extraction import (
    ExtractedAgendaItem,
    ExtractedMeeting,
    ExtractedParticipant,
    Extraction,
    Format,
    Prominence,
    Status,
)
from tests.samples import article

TEXT = (
    "Zambian Foreign Minister Chanda Mwila met Norway's envoy Ida Berg in Lusaka on Monday.\n\n"
    'They discussed grain exports and "seed banks", energy ministers said.\n'
)
MEETING = ExtractedMeeting(
    name=None,
    participants=(ExtractedParticipant(name="Ida Berg", title="envoy", party="Norway"),),
    parties=("Zambian",),
    status=Status.HELD,
    prominence=Prominence.FOCUS,
    format=Format.IN_PERSON,
    date_text="Monday",
    city="Lusaka",
    agenda=(ExtractedAgendaItem(topic='grain exports and "seed banks"'),),
)


def grammar(text: str) -> str:
    found: str = compose.compose(article(text), ways.EMBEDDED).body["grammar"]
    return found


def takes(written: str, text: str = TEXT) -> bool:
    """Whether a decoder held to the grammar of `text` can write this, and stop there."""
    matcher = llguidance.LLMatcher(llguidance.LLTokenizer("byte"), grammar(text))
    assert not matcher.is_error(), matcher.get_error()
    return bool(matcher.try_consume_tokens(list(written.encode())) and matcher.is_accepting())


def told(*meetings: ExtractedMeeting) -> str:
    return compose.write_answer(Extraction(meetings=meetings), ways.EMBEDDED)


def changed(**fields: Any) -> str:
    return told(MEETING.model_copy(update=fields))


def about(topic: str) -> str:
    return changed(agenda=(ExtractedAgendaItem.model_construct(topic=topic, evidence=()),))


def test_what_copies_the_article_can_be_written() -> None:
    assert takes(told(MEETING))
    assert takes(told())


@pytest.mark.parametrize(
    ("topic", "possible"),
    [
        ("grain exports", True),
        ("grain export", True),  # what a singular names stands in its plural
        ("energy minister", True),
        ("Chanda Mwila met Norway's envoy", True),
        ('"seed banks"', True),
        ("grain imports", False),
        ("rain exports", False),
        ("Monday They discussed", False),  # over the end of a line
        ("grain  exports", False),
        (" grain exports", False),
        ("", False),
    ],
)
def test_a_topic_is_an_unbroken_run_of_words_of_one_line(topic: str, possible: bool) -> None:
    assert takes(about(topic)) is possible


@pytest.mark.parametrize(
    "fields",
    [
        {"date_text": "Tuesday"},
        {"city": "Oslo"},
        {"venue": "State House"},
        {"participants": (ExtractedParticipant(name="Ola Nord"),)},
        {"participants": (ExtractedParticipant(name="Ida Berg", title="ambassador"),)},
        {"parties": ("Chad",)},
        {"name": "grain summit"},
        {"name": "talks between Chanda Mwila and Ida Berg"},
        {"name": "courtesy call on Ola Nord"},
    ],
)
def test_words_that_the_article_does_not_have_cannot_be_written(fields: dict[str, Any]) -> None:
    assert not takes(changed(**fields))


@pytest.mark.parametrize(
    "written",
    [
        told(MEETING).replace('"held"', '"over"'),
        told(MEETING).replace('"held",', ""),
        told(MEETING)[:-2] + ',[],null,null,"Monday"]]',  # one value more than there are fields
        '{"meetings":[]}',
        "[[]]",
    ],
)
def test_what_is_no_row_of_the_schema_cannot_be_written(written: str) -> None:
    assert written != told(MEETING)
    assert not takes(written)


@pytest.mark.parametrize("name", ["grain exports", "courtesy call on Ida Berg"])
def test_a_name_is_the_article_s_or_a_courtesy_call(name: str) -> None:
    assert takes(changed(name=name))


@pytest.mark.parametrize(("words", "possible"), [(24, True), (25, False)])
def test_a_quotation_is_no_longer_than_its_field(words: int, possible: bool) -> None:
    """A model that copies on and on would lose the whole article: 120 code points for a day."""
    line = "days " * 40
    copied = ExtractedMeeting.model_construct(
        **dict(MEETING) | {"date_text": line[: 5 * words - 1]}
    )
    assert takes(told(copied), f"{TEXT}\n{line}\n") is possible


def test_a_list_ends_where_the_schema_ends_it() -> None:
    most = ways.EMBEDDED.most_meetings
    assert most is not None
    assert takes(told(*[MEETING] * most))
    assert not takes(told(*[MEETING] * (most + 1)))


def test_blanks_of_the_layout_are_levelled_as_the_model_is_shown_them() -> None:
    assert takes(about("grain exports"), TEXT.replace(" exp", "\u00a0 exp"))


@pytest.mark.parametrize(
    "line",
    [
        'He said "yes \\ no" {{ x }} %regex { } # /a/ // b',
        "start: SPAN | LINE0 & %json {}",
        "\u202e \u2028 \u0085 漢字 😀 \x01 é",
        "a " * 3000,
    ],
)
def test_no_line_of_an_article_can_break_out_of_the_grammar(line: str) -> None:
    assert takes(told(MEETING), f"{TEXT}\n{line}\n")
    assert not takes(changed(city="Oslo"), f"{TEXT}\n{line}\n")
