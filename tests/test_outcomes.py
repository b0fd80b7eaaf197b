"""The table of outcomes, over real HTTP: how asking ends, what was sent for it, what it cost."""

import asyncio
import datetime as dt
import email.utils
from collections.abc import Callable
from contextlib import aclosing, closing
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.ask import Client
from pipeline.gate import Gate
from pipeline.run import Answers, Mode, Result, summarise
from pipeline.store import Responses
from schemas.exchange import Outcome
from schemas.way import Way
from tests import samples
from tests.clock import Clock
from tests.loopback import Loopback

KEY = "sk-test-0123456789abcdef"
GOOD = {"meetings": [samples.meeting()]}
BAD = {"meetings": [samples.meeting(status="over")]}
CUT = '{"meetings": [{"name": "talks'


Script = Callable[[Loopback], None]


class Case(NamedTuple):
    """What the server does; the outcome, the requests sent, and prompt tokens counted.

    A completion of the test server always costs 100 prompt tokens.
    """

    name: str
    script: Script
    outcome: Outcome
    sent: int
    tokens: int
    says: str = ""  # part of the sentence
    text: str = samples.TEXT
    timeout: float = 60.0  # seconds; only the drip is to run into it


def _in_turn(*steps: Script) -> Script:
    def script(server: Loopback) -> None:
        for step in steps:
            step(server)

    return script


def _then_right(*steps: Script) -> Script:
    return _in_turn(*steps, Loopback.answer)


def _cut(server: Loopback) -> None:
    server.say(CUT, finish_reason="length")


def _beyond_context(server: Loopback) -> None:
    server.fail(400, "maximum context length is 512")


def _busy_until(server: Loopback) -> None:
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=90)
    server.fail(429, "slow down", retry_after=email.utils.format_datetime(soon, usegmt=True))


ONE_SENTENCE = "Envoys met."  # nothing to halve
CASES = [
    Case("right", Loopback.answer, Outcome.DONE, 1, 100),
    Case("no meetings", lambda s: s.say({"meetings": []}), Outcome.DONE, 1, 100),
    Case("code fence", lambda s: s.say('```json\n{"meetings": []}\n```'), Outcome.DONE, 1, 100),
    Case("refused", lambda s: s.say("", refusal="no"), Outcome.REFUSED, 1, 100, "refused"),
    Case(
        "filtered",
        lambda s: s.say("", finish_reason="content_filter"),
        Outcome.FILTERED,
        1,
        100,
        "filter",
    ),
    Case(
        "cut, then right",
        _then_right(_cut),
        Outcome.DONE,
        2,
        200,
    ),
    Case("cut twice, then right in halves", _then_right(_cut, _cut), Outcome.DONE, 4, 400),
    Case(
        "cut to the end",
        _cut,
        Outcome.TRUNCATED,
        2,
        200,
        "token limit",
        ONE_SENTENCE,
    ),
    Case("invalid, then right", _then_right(lambda s: s.say(BAD)), Outcome.DONE, 2, 200),
    Case("invalid to the end", lambda s: s.say(BAD), Outcome.INVALID, 3, 300, "status"),
    Case(
        "429 with seconds",
        _then_right(lambda s: s.fail(429, "slow", retry_after="7")),
        Outcome.DONE,
        2,
        100,
    ),
    Case("429 with a date", _then_right(_busy_until), Outcome.DONE, 2, 100),
    Case("429 without", _then_right(lambda s: s.fail(429, "slow")), Outcome.DONE, 2, 100),
    Case("429 for ever", lambda s: s.fail(429, "slow"), Outcome.RATE_LIMITED, 5, 0, "limiting"),
    Case("500, then right", _then_right(lambda s: s.fail(500, "oops")), Outcome.DONE, 2, 100),
    Case("500 for ever", lambda s: s.fail(500, "oops"), Outcome.SERVER_ERROR, 5, 0, "again later"),
    Case("reset, then right", _then_right(Loopback.reset), Outcome.DONE, 2, 100),
    Case("reset for ever", Loopback.reset, Outcome.UNREACHABLE, 5, 0, "cannot be reached"),
    Case("slow drip", Loopback.drip, Outcome.UNREACHABLE, 2, 0, "no whole answer", timeout=2.0),
    Case("slow drip, then right", _then_right(Loopback.drip), Outcome.DONE, 2, 100, timeout=2.0),
    Case("empty choices", lambda s: s.say("", choices=[]), Outcome.BAD_REPLY, 1, 100, "no choices"),
    Case("HTML at 200", lambda s: s.reply(200, "<html>"), Outcome.BAD_REPLY, 1, 0, "/v1"),
    Case("bad key", lambda s: s.fail(401, f"bad {KEY}"), Outcome.UNAUTHORISED, 1, 0, "rejected"),
    Case("no such model", lambda s: s.fail(404, "none"), Outcome.BAD_REPLY, 1, 0, "--model"),
    Case(
        "beyond the context",
        _beyond_context,
        Outcome.TOO_LONG,
        1,
        0,
        "longer",
        ONE_SENTENCE,
    ),
    Case("beyond the context, then halves", _then_right(_beyond_context), Outcome.DONE, 3, 200),
]


class Asked(NamedTuple):
    """How one article ended, and how long we would have waited."""

    result: Result
    waits: list[float]


def summarised(
    server: Loopback, folder: Path, text: str = samples.TEXT, timeout: float = 60.0
) -> Asked:
    """The article, asked about over HTTP; no wait is waited."""
    way = Way(name="compatible", model="hand", provider=server.base_url)
    clock = Clock()
    gate = Gate(clock=clock, sleep=clock.sleep)

    async def go(store: Responses) -> Result:
        async with aclosing(Client(server.base_url, KEY, timeout=timeout, gate=gate)) as client:
            answers = Answers(store, Mode.AUTO, client.ask)
            return await summarise(samples.article(text), way, answers)

    with closing(Responses(folder)) as store:
        result = asyncio.run(go(store))
    return Asked(result, clock.waits)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_outcome_its_requests_and_its_tokens(
    case: Case, server: Loopback, tmp_path: Path
) -> None:
    case.script(server)
    result, _ = summarised(server, tmp_path, case.text, case.timeout)
    failure = result.failure
    assert (failure.outcome if failure else Outcome.DONE) is case.outcome
    assert result.asked == len(server.asked) == case.sent
    assert result.tokens.prompt == case.tokens
    if failure is not None:
        assert failure.reason.endswith(".")
        assert case.says in failure.reason
        assert KEY not in failure.reason
        assert result.record is None


def test_a_server_that_names_its_time_is_given_it(server: Loopback, tmp_path: Path) -> None:
    server.fail(429, "slow", retry_after="7")
    _busy_until(server)
    server.answer()
    _, waits = summarised(server, tmp_path)
    assert waits[0] == 7
    assert 30 < waits[1] <= 90  # a busy machine may have come to it late


def test_what_was_answered_is_never_paid_for_twice(server: Loopback, tmp_path: Path) -> None:
    """A failed article's replies are stored too: the next run asks only what was missing."""
    server.say(BAD)
    summarised(server, tmp_path)
    again, _ = summarised(server, tmp_path)
    assert (again.asked, again.stored) == (0, 3)
    assert len(server.asked) == 3


def test_an_article_done_in_halves_is_replayed_without_the_server(
    server: Loopback, tmp_path: Path
) -> None:
    _then_right(_beyond_context)(server)
    first, _ = summarised(server, tmp_path)
    server.close()
    way = Way(name="compatible", model="hand", provider=server.base_url)
    with closing(Responses(tmp_path)) as store:
        answers = Answers(store, Mode.REPLAY, None)
        again = asyncio.run(summarise(samples.article(samples.TEXT), way, answers))
    assert again.record is not None
    assert first.record is not None
    assert again.record.summary == first.record.summary
