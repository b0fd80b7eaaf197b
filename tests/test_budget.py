"""Prices and sizes."""

import pytest

from pipeline import compose
from pipeline.budget import FREE, Budget, longest_answer, price, size
from schemas.exchange import Tokens
from tests.samples import HOSTED, article

OPENAI = "https://api.openai.com/v1"


def test_a_known_model_has_a_list_price():
    found = price("gpt-5-mini", OPENAI)
    assert found is not None
    assert 0 < found.prompt < found.completion < 1e-4
    assert found.of(Tokens(prompt=1000, completion=10)) == pytest.approx(
        1000 * found.prompt + 10 * found.completion
    )


@pytest.mark.parametrize(
    ("model", "base_url"), [("nobody-knows-it", OPENAI), ("gpt-5-mini", "https://llm.example/v1")]
)
def test_an_unknown_model_or_address_has_none(model: str, base_url: str):
    assert price(model, base_url) is None


@pytest.mark.parametrize("base_url", [None, "http://127.0.0.1:8000/v1", "http://localhost/v1"])
def test_what_runs_on_this_machine_costs_nothing(base_url: str | None):
    assert price("gpt-5-mini", base_url) == FREE


def test_a_prompt_is_estimated_from_below_and_from_above():
    request = compose.compose(article(), HOSTED)
    likely, most = size(request)
    assert 2000 < likely < most
    longer = compose.compose(article(text="Envoys met in Lusaka. " * 1000), HOSTED)
    assert size(longer).likely - likely == pytest.approx(29_000 / 4, rel=0.1)  # with the numbers


def test_letters_of_three_bytes_are_tokens_of_their_own_at_most():
    korean = compose.compose(article(text="외교장관이 만났다. " * 1000), HOSTED)
    plain = compose.compose(article(text="."), HOSTED)
    assert size(korean).most - size(plain).most > 8000


def test_the_longest_answer_is_what_the_body_allows():
    assert longest_answer(compose.compose(article(), HOSTED)) == HOSTED.max_tokens


def test_without_a_price_no_cost_is_counted():
    budget = Budget()
    budget.begin(0.0)
    budget.end(0.0, Tokens(prompt=10))
    assert (budget.requests, budget.tokens.prompt, budget.cost) == (1, 10, None)
