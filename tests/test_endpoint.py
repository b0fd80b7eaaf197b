"""Who answers, and what happens when nobody can."""

import asyncio

import pytest

from pipeline import compose, endpoint
from pipeline.errors import UsageError
from tests.samples import HOSTED, article

REQUEST = compose.compose(article(), HOSTED)


def test_what_cannot_start_is_tried_once_and_every_question_hears_why(settings, monkeypatch):
    """An embedded model that does not come up takes a minute to say so."""
    starts = []

    def refuses(key):
        starts.append(key)
        raise UsageError("No key.")

    monkeypatch.setattr(endpoint, "check_key", refuses)
    asked = endpoint.Endpoint(endpoint.target(settings, "gpt-5-mini"), settings)

    async def ask_thrice():
        return await asyncio.gather(*(asked.ask(REQUEST) for _ in "abc"), return_exceptions=True)

    assert [type(each) for each in asyncio.run(ask_thrice())] == [UsageError] * 3
    assert len(starts) == 1


@pytest.mark.parametrize("key", [None, "x", "sk-0123456789"])
def test_an_ordinary_key_and_none_pass(key):
    endpoint.check_key(key)


def test_the_way_is_the_flags_else_the_settings_else_the_addresses(settings):
    ours = settings._replace(base_url="http://127.0.0.1:8000/v1", model="m")
    assert endpoint.target(ours).way.name == "vllm"
    assert endpoint.target(ours._replace(way="json-mode")).way.name == "json-mode"
    assert endpoint.target(ours._replace(way="json-mode"), way="plain").way.name == "plain"


def test_the_embedded_model_has_one_way(settings):
    assert endpoint.target(settings._replace(way="vllm")).way.name == "embedded"
    with pytest.raises(UsageError, match="leave --way out"):
        endpoint.target(settings, way="vllm")
