"""Prices and sizes."""

import pytest

from pipeline import compose
from pipeline.budget import FREE, Budget, Leave, Price, Spent, longest_answer, price, size
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


@pytest.mark.parametrize("text", ["외교장관이 만났다. ", "𓂀𓃒 ", "Oslo#~%&*; "])
def test_no_prompt_is_thought_to_have_fewer_tokens_than_it_may(text: str):
    """A vocabulary spells what it has no word for, byte by byte."""
    odd = compose.compose(article(text=text * 1000), HOSTED)
    plain = compose.compose(article(text="."), HOSTED)
    assert size(odd).most - size(plain).most > len(text.strip().encode()) * 1000


def test_the_longest_answer_is_what_the_body_allows():
    assert longest_answer(compose.compose(article(), HOSTED)) == HOSTED.max_tokens


def test_without_a_price_no_cost_is_counted():
    budget = Budget()
    budget.begin(0.0)
    budget.end(0.0, Tokens(prompt=10))
    assert (budget.requests, budget.tokens.prompt, budget.cost) == (1, 10, None)


def test_what_was_spent_before_counts_towards_the_ceilings_and_in_no_sum():
    """`readout retry` may ask several servers, one after the other, under one ceiling."""
    before = Spent(requests=3, cost=0.5)
    few = Budget(max_requests=4, before=before)
    few.begin(0.0)
    assert few.leave(0.0) is Leave.STOP
    assert few.said() == "--max-requests 4 is reached."
    cheap = Budget(Price(1.0, 1.0), max_cost=1.0, before=before)
    assert cheap.leave(0.4) is Leave.GO
    assert cheap.leave(0.6) is Leave.STOP
    assert "0.5000 USD are spent" in cheap.said()
    assert (cheap.requests, cheap.cost) == (0, 0.0)
