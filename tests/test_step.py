"""What follows from the replies so far."""

import json

import pytest

from pipeline import compose
from pipeline.step import judge, step, tokens
from schemas.exchange import Failure, Outcome, Request
from schemas.extraction import Extraction
from tests.samples import HOSTED, article, completion, meeting, reply

FIRST = compose.compose(article(), HOSTED)
GOOD = completion({"meetings": [meeting()]})


def test_without_replies_the_first_request_is_next():
    assert step(FIRST, HOSTED, []) == FIRST


def test_a_valid_answer_is_the_extraction():
    verdict = step(FIRST, HOSTED, [reply(GOOD)])
    assert isinstance(verdict, Extraction)
    assert verdict.meetings[0].participants[1].name == "Ida Berg"


def test_an_empty_list_of_meetings_is_an_answer():
    assert step(FIRST, HOSTED, [reply(completion({"meetings": []}))]) == Extraction(meetings=())


def test_a_code_fence_around_the_answer_costs_no_second_request():
    fenced = completion("```json\n" + json.dumps({"meetings": []}) + "\n```")
    assert step(FIRST, HOSTED, [reply(fenced)]) == Extraction(meetings=())


def test_an_invalid_answer_is_asked_again_with_what_was_wrong():
    """The second request carries the bad answer and the complaint, and a key of its own."""
    bad = completion({"meetings": [meeting(status="finished")]})
    again = step(FIRST, HOSTED, [reply(bad)])
    assert isinstance(again, Request)
    assert (again.ordinal, again.parent) == (2, FIRST.key)
    assert again.key != FIRST.key
    sent = json.dumps(again.body)
    assert "finished" in sent
    assert "meetings.0.status" in sent
    assert again.body["response_format"] == FIRST.body["response_format"]
    assert again.body["messages"][: len(FIRST.body["messages"])] == FIRST.body["messages"]


def test_a_two_attempt_chain_replays_to_the_second_answer():
    bad = completion({"meetings": [meeting(prominence="high")]})
    verdict = step(FIRST, HOSTED, [reply(bad), reply(GOOD)])
    assert isinstance(verdict, Extraction)


def test_a_re_asks_key_derives_from_the_chain_and_not_from_its_wording():
    """A library upgrade that words the complaint differently never buys the reply again."""
    bad = reply(completion("no JSON at all"))
    again = step(FIRST, HOSTED, [bad])
    assert isinstance(again, Request)
    assert FIRST.again(bad, {"other": "words"}).key == again.key


def test_after_the_last_attempt_the_answer_is_invalid():
    bad = reply(completion({"meetings": "none"}))
    verdict = step(FIRST, HOSTED, [bad] * HOSTED.attempts)
    assert isinstance(verdict, Failure)
    assert verdict.outcome is Outcome.INVALID
    assert "meetings" in verdict.reason


@pytest.mark.parametrize(
    ("body", "status", "outcome"),
    [
        (completion(None, refusal="I cannot help"), 200, Outcome.REFUSED),
        (completion(None, finish_reason="content_filter"), 200, Outcome.FILTERED),
        (completion('{"meetings": [', finish_reason="length"), 200, Outcome.TRUNCATED),
        (completion("{}", choices=[]), 200, Outcome.BAD_REPLY),
        ("<html>login</html>", 200, Outcome.BAD_REPLY),
        ('{"error": {"message": "no such model"}}', 404, Outcome.BAD_REPLY),
        ('{"error": {"message": "maximum context length is 8192"}}', 400, Outcome.TOO_LONG),
        ('{"error": {"message": "bad key"}}', 401, Outcome.UNAUTHORISED),
        ("{}", 429, Outcome.RATE_LIMITED),
        ("oops", 503, Outcome.SERVER_ERROR),
    ],
)
def test_no_failure_looks_like_no_meetings(body, status, outcome):
    verdict = step(FIRST, HOSTED, [reply(body, status=status)])
    assert isinstance(verdict, Failure)
    assert verdict.outcome is outcome
    assert verdict.reason.endswith(".")


def test_tokens_of_failed_attempts_are_counted():
    spent = tokens([reply(completion("no")), reply(GOOD), reply("<html>", status=502)])
    assert (spent.prompt, spent.completion) == (200, 40)


def test_an_odd_count_of_tokens_or_a_deep_error_spoils_nothing():
    odd = completion({"meetings": []}, usage={"prompt_tokens": 7, "completion_tokens": None})
    assert judge(reply(odd)) == Extraction(meetings=())
    assert tokens([reply(odd)]).prompt == 7
    deep = judge(reply('{"error":' + "[" * 100_000, status=400))
    assert isinstance(deep, Failure)
