"""What we compose is what the client stacks really send."""

import asyncio
import json
from contextlib import aclosing

import httpx2
import instructor
import openai
import pytest

from pipeline import compose, ways
from pipeline.ask import Client
from pipeline.step import step
from schemas.extraction import Extraction
from tests.samples import HOSTED, article, completion, meeting, reply

BODY = completion({"meetings": [meeting()]})
JSON = {"content-type": "application/json"}
WAYS = [
    HOSTED,
    ways.choose("gpt-5-mini", "https://api.openai.com"),
    ways.choose("gpt-4.1", "https://api.openai.com"),
    ways.EMBEDDED,
]


def serving(*bodies):
    """A server that gives these replies in order, and the list of what it was sent."""
    sent = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(json.loads(request.content))
        return httpx2.Response(200, text=bodies[len(sent) - 1], headers=JSON)

    return sent, answer


def stack(answer):
    """instructor over openai over a transport."""
    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    client = openai.OpenAI(api_key="k", base_url="http://127.0.0.1:9/v1", http_client=http)
    return instructor.from_openai(client, mode=instructor.Mode.JSON_SCHEMA)


def arguments(body, way):
    """What the stack is called with, so that it sends `body`."""
    apart = {"response_format", *way.extra}
    extra = {name: body[name] for name in apart}
    rest = {name: value for name, value in body.items() if name not in apart}
    return {**rest, "extra_body": extra, "response_model": Extraction}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_our_client_sends_the_composed_body(way):
    sent, answer = serving(BODY)
    request = compose.compose(article(), way)

    async def ask():
        transport = httpx2.MockTransport(answer)
        async with aclosing(Client("http://127.0.0.1:9/v1", "k", transport=transport)) as client:
            return await client.ask(request)

    reply = asyncio.run(ask())
    assert sent == [request.body]
    assert reply.body == BODY


@pytest.mark.parametrize("way", [way for way in WAYS if way.attempts > 1], ids=lambda way: way.name)
def test_instructor_over_openai_sends_the_composed_body(way):
    """So a re-ask that the stack makes is a re-ask of the same conversation."""
    sent, answer = serving(BODY)
    body = compose.compose(article(), way).body
    found = stack(answer).chat.completions.create(**arguments(body, way), max_retries=1)
    assert sent == [body]
    expected = Extraction.model_validate({"meetings": [meeting()]})
    assert found.model_dump() == expected.model_dump()  # instructor returns a subclass


def test_a_re_ask_is_what_instructor_over_openai_would_send():
    """step makes it without a client; the real stack, given the same bad answer, sends the same."""
    bad = completion({"meetings": [meeting(status="over")]})
    sent, answer = serving(bad, BODY)
    first = compose.compose(article(), HOSTED)
    stack(answer).chat.completions.create(**arguments(first.body, HOSTED), max_retries=2)
    verdict = step(compose.Plan(article(), HOSTED), HOSTED, {first.key: reply(bad)})
    assert isinstance(verdict, tuple)
    [again] = verdict
    assert sent == [first.body, again.body]
