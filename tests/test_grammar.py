"""What the grammar lets a decoder write, asked of llguidance itself."""

import copy
import json
from typing import Any

import llguidance
import pytest

from pipeline import compose, ways
from schemas.extraction import Extraction
from tests.samples import article

TEXT = (
    "Zambian Foreign Minister Chanda Mwila met Norway's envoy Ida Berg in Lusaka on Monday.\n\n"
    'They discussed grain exports and "seed banks", energy ministers said.\n'
)
ANSWER: dict[str, Any] = {
    "name": "talks between Chanda Mwila and Ida Berg",
    "prominence": "focus",
    "status": "held",
    "parties": ["Zambian", "Norway"],
    "participants": [{"name": "Ida Berg", "title": "envoy", "party": "Norway"}],
    "format": "in_person",
    "date_text": "Monday",
    "city": "Lusaka",
    "agenda": [{"topic": 'grain exports and "seed banks"'}],
}


def grammar(text: str) -> str:
    found: str = compose.compose(article(text), ways.EMBEDDED).body["grammar"]
    return found


def takes(answer: Any, text: str = TEXT) -> bool:
    """Whether a decoder held to the grammar of `text` can write `answer`, and stop there."""
    matcher = llguidance.LLMatcher(llguidance.LLTokenizer("byte"), grammar(text))
    assert not matcher.is_error(), matcher.get_error()
    written = answer if isinstance(answer, str) else compact(answer)
    return bool(matcher.try_consume_tokens(list(written.encode())) and matcher.is_accepting())


def compact(answer: Any) -> str:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def changed(field: str, value: Any) -> dict[str, Any]:
    return {"meetings": [{**copy.deepcopy(ANSWER), field: value}]}


def test_what_copies_the_article_can_be_written_and_is_valid() -> None:
    assert takes({"meetings": [ANSWER]})
    assert takes({"meetings": []})
    Extraction.model_validate({"meetings": [ANSWER]})


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
    assert takes(changed("agenda", [{"topic": topic}])) is possible


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date_text", "Tuesday"),
        ("city", "Oslo"),
        ("venue", "State House"),
        ("participants", [{"name": "Ola Nord"}]),
        ("participants", [{"name": "Ida Berg", "title": "ambassador"}]),
        ("parties", ["Chad"]),
        ("status", "over"),
        ("agreements", []),
        ("unknown", "Monday"),
    ],
)
def test_words_that_the_article_does_not_have_cannot_be_written(field: str, value: Any) -> None:
    assert not takes(changed(field, value))


def test_a_name_may_describe_the_meeting_in_words_of_its_own() -> None:
    assert takes(changed("name", "courtesy call on the President"))


def test_a_list_ends_where_the_schema_ends_it() -> None:
    most = ways.EMBEDDED.most_meetings
    assert most is not None
    assert takes({"meetings": [ANSWER] * most})
    assert not takes({"meetings": [ANSWER] * (most + 1)})


def test_blanks_of_the_layout_are_levelled_as_the_model_is_shown_them() -> None:
    assert takes(
        changed("agenda", [{"topic": "grain exports"}]), TEXT.replace(" exp", "\u00a0 exp")
    )


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
    assert takes({"meetings": [ANSWER]}, f"{TEXT}\n{line}\n")
    assert not takes(changed("unknown", "x"), f"{TEXT}\n{line}\n")
