"""Which way a model is asked."""

import pytest

from pipeline import ways
from pipeline.errors import UsageError


def test_the_identity_of_a_provider_changes_nothing_about_its_way():
    way = ways.choose("gpt-5-mini", "https://api.openai.com", provider="twin")
    assert (way.name, way.model, way.provider) == ("openai-reasoning", "gpt-5-mini", "twin")


def test_a_host_that_only_looks_like_a_known_one_gets_no_row_of_its_own():
    for address in ("https://api.openai.com.example", "https://notopenai.azure.com.example"):
        assert ways.choose("gpt-5", address).name == "compatible"


def test_a_row_can_be_named_by_hand_and_an_unknown_name_is_told_the_names():
    way = ways.choose("gpt-5", "https://api.openai.com", name="plain")
    assert (way.name, way.provider) == ("plain", "https://api.openai.com")
    with pytest.raises(UsageError, match="There is no way named best; there are openai, "):
        ways.choose("gpt-5", "https://api.openai.com", name="best")


def test_reasoning_models_get_no_temperature():
    assert ways.choose("gpt-5", "https://api.openai.com").temperature is None


def test_what_stands_beside_the_table_names_rows_of_the_table():
    assert {*ways.OWNERS.values(), *ways.ADVICE} <= set(ways.NAMES)


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
