"""A run against a server that misbehaves: every article is done, or in the ledger with a reason."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing, closing
from pathlib import Path

import pytest

from pipeline import archive, ledger
from pipeline.ask import Client
from pipeline.gate import Gate
from pipeline.ledger import Ledger
from pipeline.pace import Pace
from pipeline.run import Answers, Mode, Result, run
from pipeline.shelf import Files
from pipeline.store import Responses
from schemas.article import Article
from schemas.exchange import Outcome
from schemas.way import Way
from tests import samples
from tests.clock import Clock
from tests.faults import Fault, FaultServer, Faulty

ARTICLES = 300
EACH = dict.fromkeys(Fault, 0.1)


@pytest.fixture
def faulty() -> Iterator[FaultServer]:
    server = FaultServer(Faulty(seed=5, rates=EACH, retry_after="3"))
    yield server
    server.close()


def articles(count: int) -> Iterator[Article]:
    for number in range(count):
        yield samples.article(f"Envoys met in Lusaka on day {number}.", f"a{number}")


def gone_through(
    base_url: str, folder: Path, items: Iterator[Article], clock: Clock
) -> list[Result]:
    """One run over the articles; no wait is waited."""
    way = Way(name="compatible", model="hand", provider=base_url)
    gate = Gate(Pace(32), clock=clock, sleep=clock.sleep)
    results: list[Result] = []

    async def go(store: Responses, shelf: Files, failures: Ledger) -> None:
        def done(result: Result) -> None:
            failures.add(result)
            results.append(result)

        async with aclosing(Client(base_url, None, gate=gate)) as client:
            answers = Answers(store, Mode.AUTO, client.ask)
            await run(items, way, answers, out=shelf, concurrency=64, done=done)

    out = folder / "out"
    failures = Ledger(out, "")
    with (
        closing(Responses(folder / "responses")) as store,
        closing(Files(out)) as shelf,
        closing(failures),
    ):
        asyncio.run(go(store, shelf, failures))
    assert gate.reason is None
    return results


@pytest.mark.parametrize("count", [ARTICLES, pytest.param(1000, marks=pytest.mark.slow)])
def test_every_article_is_done_or_in_the_ledger_and_none_twice(
    faulty: FaultServer, tmp_path: Path, count: int
) -> None:
    """A tenth of all answers is each kind of fault, so hardly any goes well."""
    clock = Clock()
    results = gone_through(faulty.base_url, tmp_path, articles(count), clock)
    assert {fault for fault, count in faulty.met.items() if count} == set(Fault)
    assert 3.0 in clock.waits  # the server's own time, and more where it is away
    assert len(results) == len({result.id for result in results}) == count
    done = {record.article.id for record in archive.records(tmp_path / "out")}
    failed = ledger.failures(tmp_path / "out")
    assert done.isdisjoint(failed)
    assert len(done) + len(failed) == count
    assert all(f.reason and f.attempts for f in failed.values())
    # What was never answered, and what was answered badly to the end; nothing unexpected.
    assert {f.outcome for f in failed.values()} <= {
        *(Outcome.REFUSED, Outcome.INVALID, Outcome.TRUNCATED),
        *(Outcome.RATE_LIMITED, Outcome.SERVER_ERROR, Outcome.UNREACHABLE),
    }
    assert set(faulty.paid.values()) == {1}, "an answer was paid for twice"


def test_a_second_run_asks_only_for_what_never_came(faulty: FaultServer, tmp_path: Path) -> None:
    gone_through(faulty.base_url, tmp_path, articles(ARTICLES // 3), Clock())
    silent = {Outcome.RATE_LIMITED, Outcome.SERVER_ERROR, Outcome.UNREACHABLE}
    before = ledger.failures(tmp_path / "out")
    results = gone_through(faulty.base_url, tmp_path, articles(ARTICLES // 3), Clock())
    asked = {result.id for result in results if result.asked}
    assert asked == {name for name, f in before.items() if f.outcome in silent}
    assert set(faulty.paid.values()) == {1}
    after = ledger.failures(tmp_path / "out")
    assert after.keys() <= before.keys()
