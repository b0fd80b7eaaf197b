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
from schemas.extraction import Extraction
from tests.samples import HOSTED, article, completion, meeting

BODY = completion({"meetings": [meeting()]})
WAYS = [
    HOSTED,
    ways.choose("gpt-5-mini", "https://api.openai.com"),
    ways.choose("gpt-4.1", "https://api.openai.com"),
    ways.EMBEDDED,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_our_client_sends_the_composed_body(way):
    sent = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(json.loads(request.content))
        return httpx2.Response(200, text=BODY, headers={"content-type": "application/json"})

    request = compose.compose(article(), way)

    async def ask():
        transport = httpx2.MockTransport(answer)
        async with aclosing(Client("http://127.0.0.1:9/v1", "k", transport=transport)) as client:
            return await client.ask(request)

    reply = asyncio.run(ask())
    assert sent == [request.body]
    assert reply.body == BODY


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_instructor_over_openai_sends_the_composed_body(way):
    """So a re-ask that the stack makes is a re-ask of the same conversation."""
    sent = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(json.loads(request.content))
        return httpx2.Response(200, text=BODY, headers={"content-type": "application/json"})

    body = compose.compose(article(), way).body
    arguments = {k: v for k, v in body.items() if k not in {"response_format", *way.extra}}
    client = instructor.from_openai(
        openai.OpenAI(
            api_key="k",
            base_url="http://127.0.0.1:9/v1",
            http_client=httpx2.Client(transport=httpx2.MockTransport(answer)),
        ),
        mode=instructor.Mode.JSON_SCHEMA,
    )
    extra = {"response_format": body["response_format"], **way.extra}
    found = client.chat.completions.create(
        **arguments, extra_body=extra, response_model=Extraction, max_retries=1
    )
    assert sent == [body]
    expected = Extraction.model_validate({"meetings": [meeting()]})
    assert found.model_dump() == expected.model_dump()  # instructor returns a subclass
