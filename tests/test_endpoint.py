"""Who answers, and what happens when nobody can."""

import asyncio
from contextlib import aclosing
from types import SimpleNamespace

import pytest

from pipeline import compose, endpoint
from pipeline.embedded import weights
from pipeline.errors import UsageError
from tests.samples import HOSTED, article, reply

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


class Processes:
    """In place of the embedded model's child processes and of the clients that ask them."""

    def __init__(self, needed: int) -> None:
        self.running: list[str] = []
        self.answering: list[str] = []
        self.most_at_once = 0
        self._needed, self._enough = needed, asyncio.Event()  # before, nobody answers

    def server(self, _model, log, *, name):  # noqa: ARG002 - called as `Server` is
        self.running.append(log.name)
        return SimpleNamespace(base_url=log.name, close=lambda: self.running.remove(log.name))

    def client(self, url, _key, **_):
        async def ask(_request):
            assert url not in self.answering, "a process was asked two questions at a time"
            self.answering.append(url)
            self.most_at_once = max(self.most_at_once, len(self.answering))
            if self.most_at_once == self._needed:
                self._enough.set()
            await self._enough.wait()
            self.answering.remove(url)
            return reply("{}")

        async def aclose():
            pass

        return SimpleNamespace(ask=ask, aclose=aclose)


@pytest.mark.parametrize(("questions", "processes"), [(1, 1), (2, 2), (7, 3)])
def test_the_embedded_model_runs_in_as_many_processes_as_questions_are_open(
    settings, monkeypatch, questions, processes
):
    fake = Processes(needed=processes)
    monkeypatch.setattr(weights, "served", lambda *_: settings.home / "model.gguf")
    monkeypatch.setattr(endpoint, "Server", fake.server)
    monkeypatch.setattr(endpoint, "_client", lambda: fake.client)
    target = endpoint.target(settings, "embedded")
    three = target._replace(way=target.way.model_copy(update={"concurrency": 3}))

    async def ask():
        async with aclosing(endpoint.Endpoint(three, settings)) as asked:
            async with asyncio.timeout(20):
                await asyncio.gather(*(asked.ask(REQUEST) for _ in range(questions)))
            return list(fake.running)

    names = ["embedded.log", "embedded-2.log", "embedded-3.log"]
    assert asyncio.run(ask()) == names[:processes]
    assert fake.most_at_once == processes
    assert not fake.running
