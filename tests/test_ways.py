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


@pytest.mark.parametrize(
    ("tuned", "base"),
    [
        ("ft:gpt-4o-mini-2024-07-18:our-org::abc123", "gpt-4o-mini-2024-07-18"),
        ("ft:gpt-4.1-nano-2025-04-14:our-org:o4:abc123:ckpt-step-90", "gpt-4.1-nano-2025-04-14"),
        ("ft:gpt-4-0613:our-org:gpt-5:abc123", "gpt-4-0613"),
        ("ft:o4-mini-2025-04-16:our-org::abc123", "o4-mini-2025-04-16"),
    ],
)
def test_a_fine_tuned_model_is_asked_as_its_base_is(tuned, base):
    way = ways.choose(tuned, "https://api.openai.com")
    assert way.model == tuned
    assert way.name == ways.choose(base, "https://api.openai.com").name


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


@pytest.mark.parametrize(
    "address",
    ["localhost:8000", "ftp://x/v1", "http://", "http://[::1/v1", "http://a b/v1", "http://x:y/v1"],
)
def test_what_is_no_web_address_is_refused_before_anything_is_asked(address):
    with pytest.raises(UsageError, match="is no web address"):
        ways.origin(address)


def test_an_address_keeps_its_port_where_the_scheme_does_not_say_it():
    assert ways.origin("http://[::1]:8000/v1") == "http://[::1]:8000"
    assert ways.origin("https://bücher.example:443/v1") == "https://bücher.example"
