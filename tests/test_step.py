"""What follows from the replies so far."""

import json
import sys

import pytest

from pipeline import compose
from pipeline.step import Verdict, judge, step, tokens
from schemas.exchange import Failure, Outcome, Reply, Request
from schemas.extraction import Extraction
from schemas.way import Way
from tests.samples import HOSTED, TEXT, article, completion, meeting, reply

FIRST = compose.compose(article(), HOSTED)
GOOD = completion({"meetings": [meeting()]})
CUT = completion('{"meetings": [', finish_reason="length")
# Two paragraphs beside the headline: what does not fit can be halved once.
NO_MORE_ROOM = HOSTED.model_copy(update={"retry_tokens": None})


def after(*replies: Reply, text: str = TEXT, way: Way = HOSTED) -> Verdict:
    """The verdict once `replies` have come, each to the first request that was open then."""
    plan, given = compose.Plan(article(text), way), dict[str, Reply]()
    for each in replies:
        asked = step(plan, way, given)
        assert isinstance(asked, tuple)
        given[asked[0].key] = each
    return step(plan, way, given)


def requests(verdict: Verdict) -> tuple[Request, ...]:
    assert isinstance(verdict, tuple)
    return verdict


def shown(request: Request) -> str:
    return str(request.body["messages"][-1]["content"])


def test_without_replies_the_first_request_is_next():
    assert after() == (FIRST,)


def test_a_valid_answer_is_the_extraction():
    verdict = after(reply(GOOD))
    assert isinstance(verdict, Extraction)
    assert verdict.meetings[0].participants[1].name == "Ida Berg"


def test_an_empty_list_of_meetings_is_an_answer():
    assert after(reply(completion({"meetings": []}))) == Extraction(meetings=())


def test_a_code_fence_around_the_answer_costs_no_second_request():
    fenced = completion("```json\n" + json.dumps({"meetings": []}) + "\n```")
    assert after(reply(fenced)) == Extraction(meetings=())


def test_an_invalid_answer_is_asked_again_with_what_was_wrong():
    """The second request carries the bad answer and the complaint, and a key of its own."""
    bad = completion({"meetings": [meeting(status="finished")]})
    [again] = requests(after(reply(bad)))
    assert (again.ordinal, again.parent) == (2, FIRST.key)
    assert again.key != FIRST.key
    sent = json.dumps(again.body)
    assert "finished" in sent
    assert "meetings.0.status" in sent
    assert again.body["response_format"] == FIRST.body["response_format"]
    assert again.body["messages"][: len(FIRST.body["messages"])] == FIRST.body["messages"]


def test_a_two_attempt_chain_replays_to_the_second_answer():
    bad = completion({"meetings": [meeting(prominence="high")]})
    verdict = after(reply(bad), reply(GOOD))
    assert isinstance(verdict, Extraction)


def test_a_chain_whose_replies_are_all_stored_needs_no_instructor(monkeypatch):
    """It takes a second to import: a replay of what was once asked again must not."""
    bad, other = (reply(completion(words)) for words in ("no JSON", "no JSON either"))
    first = compose.compose(article(), HOSTED)
    second = first.again(bad, {})
    third = second.again(other, {})
    replies = {first.key: bad, second.key: other, third.key: reply(GOOD)}
    monkeypatch.setitem(sys.modules, "instructor", None)  # importing it would raise
    assert isinstance(step(compose.Plan(article(), HOSTED), HOSTED, replies), Extraction)


def test_a_re_asks_key_derives_from_the_chain_and_not_from_its_wording():
    """A library upgrade that words the complaint differently never buys the reply again."""
    bad = reply(completion("no JSON at all"))
    [again] = requests(after(bad))
    assert FIRST.again(bad, {"other": "words"}).key == again.key


def test_after_the_last_attempt_the_answer_is_invalid():
    bad = reply(completion({"meetings": "none"}))
    verdict = after(*[bad] * HOSTED.attempts)
    assert isinstance(verdict, Failure)
    assert verdict.outcome is Outcome.INVALID
    assert "meetings" in verdict.reason


@pytest.mark.parametrize(
    ("body", "status", "outcome"),
    [
        (completion(None, refusal="I cannot help"), 200, Outcome.REFUSED),
        (completion(None, finish_reason="content_filter"), 200, Outcome.FILTERED),
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
    verdict = after(reply(body, status=status), text="Envoys met.")
    assert isinstance(verdict, Failure)
    assert verdict.outcome is outcome
    assert verdict.reason.endswith(".")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": {"message": "no such\nmodel", "code": 404}}, "no such model"),
        ([{"error": {"code": 400, "message": "Unknown name"}}], "Unknown name"),
        ({"error": "'type' must be 'json_schema'"}, "'type' must be 'json_schema'"),
        (
            {"object": "error", "message": "Invalid model: x", "type": "invalid", "code": "1500"},
            "Invalid model: x",
        ),
        (
            {
                "object": "error",
                "message": {"detail": [{"loc": ["body", "n"], "msg": "Not permitted"}]},
            },
            "body.n: Not permitted",
        ),
        ({"detail": [{"loc": ["body", "messages", 0], "msg": "Wrong"}]}, "body.messages.0: Wrong"),
        ({"detail": "Not Found"}, "Not Found"),
        ({"error": None, "message": "No credit"}, "No credit"),
        ({"error": {"message": ""}}, '{"message": ""}'),
        ({"code": 7}, '{"code": 7}'),
    ],
)
def test_a_server_is_quoted_whatever_form_its_errors_have(body, words):
    verdict = judge(reply(json.dumps(body), status=400), HOSTED)
    assert isinstance(verdict, Failure)
    assert verdict.reason == f"The server refused the request (HTTP 400: {words})."


@pytest.mark.parametrize("body", ["", "{}", "[]", "null", "oops", "<html>", '{"error": {}}'])
def test_a_server_that_says_nothing_is_not_quoted(body):
    verdict = judge(reply(body, status=400), HOSTED)
    assert isinstance(verdict, Failure)
    assert "HTTP 400" in verdict.reason
    assert "<" not in verdict.reason


def test_mistrals_words_for_an_article_too_long_are_understood():
    said = "Prompt contains 40960 tokens, too large for model with 32768 maximum context length"
    body = {"object": "error", "message": said, "type": "invalid_request_error", "code": "3051"}
    assert len(requests(after(reply(json.dumps(body), status=400)))) == 2


def test_tokens_of_failed_attempts_are_counted():
    spent = tokens([reply(completion("no")), reply(GOOD), reply("<html>", status=502)])
    assert (spent.prompt, spent.completion) == (200, 40)


def test_an_odd_count_of_tokens_or_a_deep_error_spoils_nothing():
    odd = completion({"meetings": []}, usage={"prompt_tokens": 7, "completion_tokens": None})
    assert judge(reply(odd), HOSTED) == Extraction(meetings=())
    assert tokens([reply(odd)]).prompt == 7
    deep = judge(reply('{"error":' + "[" * 100_000, status=400), HOSTED)
    assert isinstance(deep, Failure)


# -- answers that were cut, articles that are too long --------------------------------------


def test_a_cut_answer_is_asked_for_once_more_with_more_room():
    [again] = requests(after(reply(CUT)))
    assert again.body == {**FIRST.body, "max_tokens": HOSTED.retry_tokens}
    assert isinstance(after(reply(CUT), reply(GOOD)), Extraction)


def test_an_answer_cut_twice_is_asked_for_in_halves_under_the_same_headline():
    """Both halves are open at once, and sentences keep their numbers."""
    halves = requests(after(reply(CUT), reply(CUT)))
    assert [shown(half).splitlines()[2:-1] for half in halves] == [
        [line for line in shown(FIRST).splitlines() if line.startswith(("[1]", "[2]"))],
        [line for line in shown(FIRST).splitlines() if line.startswith(("[1]", "[3]"))],
    ]


def test_the_meetings_of_all_halves_are_the_articles():
    verdict = after(reply(CUT), reply(GOOD), reply(GOOD), way=NO_MORE_ROOM)
    assert isinstance(verdict, Extraction)
    assert len(verdict.meetings) == 2


def test_one_lost_half_is_a_lost_article():
    refused = reply(completion(None, refusal="no"))
    verdict = after(reply(CUT), reply(GOOD), refused, way=NO_MORE_ROOM)
    assert isinstance(verdict, Failure)
    assert verdict.outcome is Outcome.REFUSED


def test_what_cannot_be_halved_any_more_is_truncated():
    verdict = after(reply(CUT), reply(CUT), text="Envoys met.")
    assert isinstance(verdict, Failure)
    assert verdict.outcome is Outcome.TRUNCATED


def test_a_server_that_has_no_more_room_is_asked_in_halves():
    beyond = reply('{"error": {"message": "max_tokens is at most 8192"}}', status=400)
    assert len(requests(after(reply(CUT), beyond))) == 2


def test_an_article_beyond_the_models_context_is_asked_about_in_halves():
    too_long = reply('{"error": {"message": "maximum context length is 512"}}', status=400)
    assert len(requests(after(too_long))) == 2


def test_an_article_longer_than_the_way_takes_is_cut_where_paragraphs_end():
    """Nothing is lost, nothing shown twice but the headline, and each part fits."""
    paragraphs = [f"Envoy {n} met the minister. They spoke of grain." for n in range(20)]
    text = "Envoys meet all day\n\n" + "\n\n".join(paragraphs)
    short = HOSTED.model_copy(update={"longest": 50})
    parts = requests(after(text=text, way=short))
    told = [line for part in parts for line in shown(part).splitlines()[2:-1]]
    whole = shown(compose.compose(article(text), HOSTED)).splitlines()[2:-1]
    assert [line for line in told if "(title)" not in line] == whole[1:]
    assert told.count(whole[0]) == len(parts) > 5
    assert all(shown(part).splitlines()[-2].endswith("They spoke of grain.") for part in parts)


def test_a_model_that_always_loops_is_asked_a_bounded_number_of_times():
    text = "\n\n".join(f"Envoy {n} met the minister." for n in range(64))
    verdict, asked = after(text=text, way=NO_MORE_ROOM), 0
    replies: list[Reply] = []
    while isinstance(verdict, tuple):
        replies.append(reply(CUT))
        verdict, asked = after(*replies, text=text, way=NO_MORE_ROOM), asked + 1
    assert isinstance(verdict, Failure)
    assert verdict.outcome is Outcome.TRUNCATED
    assert asked <= 7


def test_a_schema_that_a_server_refuses_is_not_an_article_too_long():
    said = "Invalid schema for response_format: In context=('properties',), 'required' is missing"
    verdict = after(reply(json.dumps({"error": {"message": said}}), status=400))
    assert isinstance(verdict, Failure)
    assert verdict.outcome is Outcome.BAD_REPLY
