"""What the benchmark of the embedded model sends and counts, over a server that is scripted."""

import asyncio
import importlib
from pathlib import Path
from typing import Any

import pytest

from pipeline import ways
from tests import samples
from tests.loopback import Loopback

ROOT = Path(__file__).parent.parent
WAY = ways.EMBEDDED.model_copy(update={"model": "hand"})
TIMINGS = {"prompt_n": 100, "prompt_ms": 500.0, "predicted_n": 20, "predicted_ms": 1000.0}


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The benchmark as a module; it is a script, and its folder no package."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    return importlib.import_module("embedded")


def laps(embedded: Any, server: Loopback, servers: int) -> dict[str, Any]:
    articles = [samples.article(name=name) for name in ("one", "two", "three")]
    found: dict[str, Any] = asyncio.run(
        embedded.laps(articles, WAY, [server.base_url] * servers, 1)
    )
    return found


def test_llama_cpp_alone_gets_the_same_prompts_without_a_grammar_and_the_same_lengths(
    embedded: Any, server: Loopback
) -> None:
    server.say("[]", timings=TIMINGS)
    laps(embedded, server, servers=2)
    *warm, _, _, _, _, _, _ = server.asked
    asked = server.asked[len(warm) :]
    assert warm == [asked[0]] * 2
    ours, alone = asked[:3], asked[3:]
    for body, bare in zip(ours, alone, strict=True):
        assert body.pop("grammar")
        # 20 tokens were written, by the reply's usage
        assert bare == {**body, "max_tokens": 20, "ignore_eos": True}


def test_speeds_are_llama_cpps_own_and_seconds_are_the_wall_clocks(
    embedded: Any, server: Loopback
) -> None:
    server.say("[]", timings=TIMINGS)
    found = laps(embedded, server, servers=1)
    for path in ("readout", "alone"):
        figures = found[path]
        assert figures["seconds_per_article"] > 0
        assert figures["requests_per_article"] == 1
        assert figures["prompt_tokens_per_article"] == 100
        assert figures["written_tokens_per_article"] == 20
        speeds = figures["tokens_per_second"]
        assert (speeds["read"], speeds["written"]) == (200.0, 20.0)
    assert found["failed"] == {}
    assert "times llama.cpp alone; not done: none" in embedded.table(
        {
            "articles": 3,
            "characters_per_article": 9,
            "cores": 2,
            "model": "hand",
            "servers": {"1": found},
        }
    )


def test_articles_that_are_not_done_are_counted_by_outcome(embedded: Any, server: Loopback) -> None:
    server.say("[[", finish_reason="length")
    found = laps(embedded, server, servers=1)
    assert found["failed"] == {"truncated": 3}
    assert found["readout"]["tokens_per_second"]["read"] is None  # this server tells no timings
