"""Which way a model is asked."""

import pytest

from pipeline import ways


@pytest.mark.parametrize(
    ("model", "provider", "row", "limit"),
    [
        ("gpt-5-mini", "https://api.openai.com", "openai-reasoning", "max_completion_tokens"),
        ("o4-mini", "https://api.openai.com", "openai-reasoning", "max_completion_tokens"),
        ("gpt-4.1", "https://api.openai.com", "openai", "max_tokens"),
        ("Qwen/Qwen3-8B", "http://127.0.0.1:8000", "compatible", "max_tokens"),
        ("openai/gpt-5-mini", "https://gateway.example", "compatible", "max_tokens"),
    ],
)
def test_the_first_row_that_fits_origin_and_model_is_taken(model, provider, row, limit):
    way = ways.choose(model, provider)
    assert (way.name, way.limit, way.model, way.provider) == (row, limit, model, provider)


def test_reasoning_models_get_no_temperature():
    assert ways.choose("gpt-5", "https://api.openai.com").temperature is None


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://127.0.0.1:8000/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://localhost:11434/v1", True),
        ("http://127.example.com/v1", False),
        ("https://api.openai.com/v1", False),
    ],
)
def test_loopback_is_told_from_the_rest_of_the_world(address, here):
    assert ways.on_this_machine(address) is here
