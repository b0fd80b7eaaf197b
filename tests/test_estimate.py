"""What a run would send, found out without sending."""

import pytest

from pipeline import compose
from pipeline.budget import Price
from pipeline.estimate import estimate
from pipeline.intake import Item
from pipeline.read import Unreadable
from pipeline.store import Responses
from tests.samples import HOSTED, article, completion, reply

PRICE = Price(1e-6, 1e-5)


def test_the_range_goes_from_short_answers_to_the_longest(store):
    plan = estimate([article()], HOSTED, store, None, PRICE)
    assert (plan.requests, plan.most.completion) == (1, HOSTED.max_tokens)
    assert plan.least.prompt < plan.most.prompt
    assert plan.cost is not None
    assert plan.cost.most == pytest.approx(plan.most.prompt * 1e-6 + plan.most.completion * 1e-5)
    assert 0 < plan.cost.least < plan.cost.most


def test_a_re_ask_that_is_next_is_counted(store):
    """The first answer is stored and invalid: one more request is to come."""
    request = compose.compose(article(), HOSTED)
    store.append(request, reply(completion({"meetings": "none"}), key=request.key), "grain")
    plan = estimate([article()], HOSTED, store, None, None)
    assert (plan.requests, plan.stored, plan.cost) == (1, 0, None)


def test_every_article_is_counted_and_none_twice(store):
    """One of each kind; what the model cannot read needs nothing, and nothing of it is stored."""
    english = HOSTED.model_copy(update={"english_only": True})
    stored, asked = article(name="stored"), article("Envoys met in Oslo.", "asked")
    request = compose.compose(stored, english)
    store.append(request, reply(completion({"meetings": []}), key=request.key), "stored")
    items: list[Item] = [
        *(stored, article(name="its copy")),
        *(asked, article("Envoys met in Oslo.", "its copy too")),
        article("외교장관이 서울에서 만나 곡물 수출을 논의했다.", "foreign"),
        Unreadable(id="bad", reason="bad is empty; delete it."),
    ]
    plan = estimate(items, english, store, None, None)
    kinds = (plan.to_ask, plan.copies, plan.stored, plan.archived, plan.unreadable)
    assert (plan.articles, *kinds, plan.requests) == (6, 1, 2, 1, 0, 2, 1)


def test_each_part_of_a_long_article_is_a_request(store):
    way = HOSTED.model_copy(update={"longest": 200})
    long = article("\n\n".join(f"Envoys met in Lusaka on day {n}." for n in range(60)))
    plan = estimate([long], way, store, None, None)
    assert plan.requests == len(compose.Plan(long, way).parts) > 1


def test_looking_into_the_store_does_not_count_it(store, monkeypatch):
    """Counting reads every key: with 200,000 of them, each request would take a second."""
    monkeypatch.delattr(Responses, "__len__")
    monkeypatch.setattr(Responses, "__bool__", lambda _: pytest.fail("counted"), raising=False)
    assert estimate([article()], HOSTED, store, None, None).requests == 1


def test_a_stored_answer_is_not_asked_for_unless_afresh(store):
    request = compose.compose(article(), HOSTED)
    store.append(request, reply(completion({"meetings": []}), key=request.key), "grain")
    plan = estimate([article()], HOSTED, store, None, None)
    assert (plan.requests, plan.stored) == (0, 1)
    assert estimate([article()], HOSTED, None, None, None).requests == 1
