"""What each row of the table sends is what the provider takes."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing, contextmanager

import pytest

from pipeline import compose, ways
from pipeline.ask import Client
from pipeline.step import step
from schemas.article import Article
from schemas.exchange import Failure, Outcome, Reply
from schemas.extraction import Extraction
from schemas.way import Way
from tests import dialects, samples
from tests.dialects import Dialect, Provider

ROWS = [
    ("https://api.openai.com", "gpt-5-mini", "openai-reasoning", dialects.REASONING),
    ("https://api.openai.com", "o4-mini", "openai-reasoning", dialects.REASONING),
    ("https://api.openai.com", "gpt-4.1", "openai", dialects.OPENAI),
    ("https://api.openai.com", "gpt-4o-mini", "openai", dialects.OPENAI),
    ("https://api.openai.com", "gpt-3.5-turbo", "openai-json", dialects.OLD),
    ("https://api.openai.com", "gpt-4-turbo", "openai-json", dialects.OLD),
    ("https://api.openai.com", "gpt-4", "openai-plain", dialects.OLDEST),
    ("https://api.openai.com", "gpt-4-0613", "openai-plain", dialects.OLDEST),
    ("https://api.openai.com", "ft:gpt-4o-mini-2024-07-18:org::id", "openai", dialects.OPENAI),
    ("https://ours.openai.azure.com", "gpt-35-turbo", "openai-json", dialects.OLD),
    ("https://ours.openai.azure.com", "gpt-5", "openai-reasoning", dialects.REASONING),
    ("https://ours.openai.azure.com", "our-deployment", "openai", dialects.OPENAI),
    ("https://ours.services.ai.azure.com", "gpt-4.1", "openai", dialects.OPENAI),
    ("http://127.0.0.1:8000", "Qwen/Qwen3-8B", "vllm", dialects.VLLM),
    ("http://gpu.example:8000", "Qwen/Qwen3-8B", "vllm", dialects.VLLM),
    ("http://127.0.0.1:8080", "any", "llama.cpp", dialects.LLAMA_CPP),
    ("http://localhost:11434", "qwen3:8b", "ollama", dialects.OLLAMA),
    ("http://localhost:1234", "qwen/qwen3-8b", "lmstudio", dialects.LM_STUDIO),
    ("https://openrouter.ai", "mistralai/mistral-large", "openrouter", dialects.STRICT),
    ("https://openrouter.ai", "openai/gpt-5-mini", "openrouter-reasoning", dialects.OPENROUTER),
    ("https://api.groq.com", "openai/gpt-oss-120b", "groq", dialects.GROQ),
    ("https://api.groq.com", "llama-3.3-70b-versatile", "groq-json", dialects.GROQ_JSON),
    ("https://api.mistral.ai", "mistral-large-latest", "mistral", dialects.MISTRAL),
    ("https://api.deepseek.com", "deepseek-chat", "deepseek", dialects.DEEPSEEK),
    ("https://api.anthropic.com", "claude-opus-4-8", "anthropic", dialects.ANTHROPIC),
    ("https://generativelanguage.googleapis.com", "gemini-3-pro", "gemini", dialects.GEMINI),
    ("https://gateway.example", "openai/gpt-4.1", "compatible", dialects.OPENAI),
]
BY_HAND = [
    ("ollama-16k", dialects.OLLAMA_16K),
    ("json-mode", dialects.DEEPSEEK),
    ("json-mode", dialects.OPENAI),
    ("plain", dialects.Dialect((), holds=False)),
    ("plain", dialects.MISTRAL),
    ("plain", dialects.LM_STUDIO),
]


@contextmanager
def serving(dialect: Dialect) -> Iterator[Provider]:
    server = Provider(dialect)
    try:
        yield server
    finally:
        server.close()


def asked(dialect: Dialect, way: Way, article: Article) -> Extraction | Failure:
    """How one article ends: composed, asked, judged, as often as it takes."""
    plan, replies = compose.Plan(article, way), dict[str, Reply]()

    async def until_done(base_url: str) -> Extraction | Failure:
        async with aclosing(Client(base_url, "a-key-of-nobody")) as client:
            while isinstance(verdict := step(plan, way, replies), tuple):
                for request in verdict:
                    answer = await client.ask(request)
                    assert isinstance(answer, Reply), answer
                    replies[request.key] = answer
            return verdict

    with serving(dialect) as server:
        return asyncio.run(until_done(server.base_url))


@pytest.mark.parametrize(("address", "model", "row", "dialect"), ROWS)
def test_a_provider_takes_what_its_row_sends(address, model, row, dialect):
    """Compose, ask and step give the extraction; whatever it does not take, it would refuse."""
    way = ways.choose(model, address)
    assert way.name == row
    [met] = _extraction(asked(dialect, way, samples.article())).meetings
    assert met.name == samples.MEETING["name"]


@pytest.mark.parametrize(("name", "dialect"), BY_HAND)
def test_a_row_that_is_named_by_hand_is_taken_too(name, dialect):
    way = ways.choose("any", "https://gateway.example", name=name)
    assert len(_extraction(asked(dialect, way, samples.article())).meetings) == 1


def test_every_row_is_asked_of_some_provider():
    assert {row for _, _, row, _ in ROWS} | {name for name, _ in BY_HAND} == set(ways.NAMES)


@pytest.mark.parametrize(
    ("name", "dialect"),
    [
        ("openai", dialects.REASONING),
        ("openai", dialects.OLD),
        ("vllm", dialects.REASONING),
        ("json-mode", dialects.LM_STUDIO),
        ("compatible", dialects.GROQ_JSON),
        ("compatible", dialects.DEEPSEEK),
        ("compatible", dialects.ANTHROPIC),
        ("openai-reasoning", dialects.MISTRAL),
        ("ollama", dialects.GEMINI),
    ],
)
def test_the_wrong_row_is_refused(name, dialect):
    """So the tests above would notice."""
    way = ways.choose("any", "https://gateway.example", name=name)
    ended = asked(dialect, way, samples.article())
    assert isinstance(ended, Failure)
    assert ended.outcome is Outcome.BAD_REPLY


def test_nothing_of_a_long_article_is_lost_to_ollamas_small_context():
    """It cuts silently, so every part has to fit, prompt and answer included."""
    long = samples.article("A line about the weather in the north of the country.\n\n" * 200)
    long = samples.article(long.text + samples.TEXT)
    careless = ways.choose("any", "https://gateway.example")
    assert _extraction(asked(dialects.OLLAMA, careless, long)).meetings == ()
    careful = ways.choose("any", "http://localhost:11434")
    assert len(_extraction(asked(dialects.OLLAMA, careful, long)).meetings) == 1


def test_no_part_of_a_long_article_is_beyond_the_oldest_models_context():
    """What it refused would be asked about in halves: a request wasted for each part."""
    way = ways.choose("gpt-4", "https://api.openai.com")
    long = samples.article("A line about the weather in the north of the country.\n\n" * 500)
    plan = compose.Plan(long, way)
    asked = [plan.request(part).body for part in plan.parts]
    assert len(asked) > 2
    assert max(map(dialects.tokens, asked)) + way.max_tokens <= 8192


@pytest.mark.parametrize("name", ["json-mode", "plain"])
def test_where_no_field_carries_the_schema_the_prompt_does(name):
    way = ways.choose("any", "https://gateway.example", name=name)
    usual = compose.compose(samples.article(), ways.choose("any", "https://gateway.example")).body
    body = compose.compose(samples.article(), way).body
    system = body["messages"][0]["content"]
    assert system.startswith(usual["messages"][0]["content"])
    assert "json" in system.casefold()
    for field in ("prominence", "date_text", "evidence", "additionalProperties"):
        assert f'"{field}"' in system
    assert body["messages"][1:] == usual["messages"][1:]  # the worked example stays
    assert body.get("response_format") == ({"type": "json_object"} if name != "plain" else None)


@pytest.mark.parametrize("name", ["json-mode", "plain", "vllm"])
def test_a_re_ask_is_asked_in_the_same_way(name):
    way = ways.choose("any", "https://gateway.example", name=name)
    first = compose.compose(samples.article(), way)
    bad = samples.reply(samples.completion({"meetings": [samples.meeting(status="over")]}))
    again = step(compose.Plan(samples.article(), way), way, {first.key: bad})
    assert isinstance(again, tuple)
    body = again[0].body
    assert body["messages"][: len(first.body["messages"])] == first.body["messages"]
    assert {**body, "messages": None} == {**first.body, "messages": None}


def _extraction(ended: Extraction | Failure) -> Extraction:
    assert isinstance(ended, Extraction), ended
    return ended
