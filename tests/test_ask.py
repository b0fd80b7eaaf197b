"""Sending one request, over a transport that behaves badly."""

import asyncio
from contextlib import aclosing

import httpx2
import pytest

from pipeline import compose
from pipeline.ask import ATTEMPTS, Client
from pipeline.budget import Budget, Price
from pipeline.gate import Gate
from pipeline.ways import origin
from schemas.exchange import Failure, Outcome, Reply
from tests.clock import Clock
from tests.samples import HOSTED, article, completion

KEY = "sk-test-0123456789abcdef"
REQUEST = compose.compose(article(), HOSTED)
GOOD = httpx2.Response(200, text=completion({"meetings": []}))


def answered(answer, *, base_url="http://127.0.0.1:9/v1", **settings):
    """What a client says of one question that `answer` takes, whatever else it was given."""

    async def send():
        transport = httpx2.MockTransport(answer)
        async with aclosing(Client(base_url, KEY, transport=transport, **settings)) as client:
            return await client.ask(REQUEST)

    return asyncio.run(send())


def ask(*answers):
    """What the client makes of these answers, one after the other; and how long it waited."""
    clock = Clock()
    left = list(answers)

    def answer(request: httpx2.Request) -> httpx2.Response:
        assert request.headers["authorization"] == f"Bearer {KEY}"
        following = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(following, Exception):
            raise following
        return following  # type: ignore[no-any-return]

    return answered(answer, gate=Gate(clock=clock, sleep=clock.sleep)), clock.waits


def test_the_address_and_the_headers_say_who_asks_and_who_pays():
    sent: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return GOOD

    account = (("openai-project", "proj-2"),)
    answered(answer, base_url="http://127.0.0.1:9/v1/", account=account)
    (request,) = sent
    assert str(request.url) == "http://127.0.0.1:9/v1/chat/completions"
    assert request.headers["openai-project"] == "proj-2"
    assert request.headers["user-agent"] == "readout"


def test_a_reply_is_kept_as_it_came():
    reply, waits = ask(GOOD)
    assert isinstance(reply, Reply)
    assert (reply.key, reply.status, reply.body) == (REQUEST.key, 200, GOOD.text)
    assert reply.written_by == "test-model"
    assert waits == []


@pytest.mark.parametrize(
    ("status", "body", "cost"),
    [(200, '{"choices": []}', 9.0), (200, '{"usage": null}', 9.0), (400, "{}", 0.0)],
)
def test_an_answer_without_a_count_of_tokens_costs_the_most_that_it_can(status, body, cost):
    """A ceiling in dollars holds over a server that does not count, too."""
    budget = Budget(Price(0.0, 9.0 / HOSTED.max_tokens), max_cost=10.0)

    answered(lambda _: httpx2.Response(status, text=body), gate=Gate(budget=budget))
    assert budget.cost == pytest.approx(cost)


def test_a_busy_server_is_asked_again_after_the_time_it_named():
    reply, waits = ask(httpx2.Response(429, headers={"retry-after": "7"}, text="{}"), GOOD)
    assert isinstance(reply, Reply)
    assert reply.status == 200
    assert waits == [7.0]


def test_a_time_that_the_server_named_makes_no_later_wait_longer():
    busy = httpx2.Response(429, headers={"retry-after": "7"}, text="{}")
    _, waits = ask(busy, busy, busy, httpx2.Response(500, text="{}"), GOOD)
    assert waits[:3] == [7.0, 7.0, 7.0]
    assert 0.5 <= waits[3] <= 1.0


@pytest.mark.parametrize("status", [429, 500, 503])
def test_patience_ends_with_the_servers_last_word(status):
    reply, waits = ask(httpx2.Response(status, text="{}"))
    assert isinstance(reply, Reply)
    assert reply.status == status
    assert len(waits) == ATTEMPTS - 1
    assert waits == sorted(waits)


@pytest.mark.parametrize("status", [400, 401, 404])
def test_a_mistake_of_ours_is_not_sent_twice(status):
    reply, waits = ask(httpx2.Response(status, text="{}"))
    assert isinstance(reply, Reply)
    assert (reply.status, waits) == (status, [])


def test_an_endpoint_that_comes_back_is_forgiven():
    reply, _ = ask(httpx2.ConnectError("refused"), GOOD)
    assert isinstance(reply, Reply)


def test_an_address_where_nobody_takes_the_call_is_left_long_before_an_answer_is_due():
    """A packet filter drops what it does not like, while a model may think for ten minutes."""
    patience: list[dict[str, float]] = []
    budget = Budget(Price(9.0, 9.0), max_cost=1e9)

    def answer(request: httpx2.Request) -> httpx2.Response:
        patience.append(request.extensions["timeout"])
        raise httpx2.ConnectTimeout("")

    clock = Clock()
    failure = answered(answer, gate=Gate(budget=budget, clock=clock, sleep=clock.sleep))
    assert isinstance(failure, Failure)
    assert "http://127.0.0.1:9 does not take the call" in failure.reason
    assert patience[0]["connect"] <= 10 < patience[0]["read"]
    assert len(patience) == ATTEMPTS
    assert budget.cost == 0.0  # nobody answered, so nobody is paid


@pytest.mark.parametrize(
    ("location", "moved"),
    [
        ("https://127.0.0.1:9/v1/chat/completions", "https://127.0.0.1:9/v1"),
        ("/api/v1/chat/completions/?k=1", "http://127.0.0.1:9/api/v1"),
    ],
)
def test_an_address_that_has_moved_ends_the_run_and_says_where_to(location, moved):
    """Every other request would be sent on too, and the key goes nowhere by itself."""
    headers = {"location": location}
    gate = Gate()

    reply = answered(lambda _: httpx2.Response(308, headers=headers), gate=gate)
    assert reply.status == 308
    assert gate.reason == (
        f"The endpoint http://127.0.0.1:9 sends requests on to {moved} (HTTP 308); "
        "make that OPENAI_BASE_URL."
    )


@pytest.mark.parametrize("error", [httpx2.ConnectError("refused"), httpx2.ReadTimeout("slow")])
def test_silence_is_unreachable_and_names_the_endpoint(error):
    failure, _ = ask(error)
    assert isinstance(failure, Failure)
    assert failure.outcome is Outcome.UNREACHABLE
    assert "http://127.0.0.1:9" in failure.reason
    assert failure.reason.endswith("check OPENAI_BASE_URL.")


def test_the_key_is_cut_out_of_everything():
    reply, _ = ask(httpx2.Response(401, text=f'{{"error": {{"message": "bad key {KEY}"}}}}'))
    assert isinstance(reply, Reply)
    assert KEY not in reply.model_dump_json()
    failure, _ = ask(httpx2.ConnectError(f"no route with {KEY}"))
    assert KEY not in failure.model_dump_json()


def test_an_origin_holds_no_user_and_no_path():
    assert origin("https://me:secret@llm.example:8443/v1?k=1") == "https://llm.example:8443"


def test_what_stays_on_this_machine_goes_through_no_proxy(server, monkeypatch):
    """The embedded model's articles must not reach whoever runs the proxy."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.answer()

    async def send():
        async with aclosing(Client(server.base_url, None)) as client:
            return await client.ask(REQUEST)

    assert isinstance(asyncio.run(send()), Reply)
