"""The driver's side of a fleet: checks that one makes sense, brings it up, hands out articles."""

import asyncio
import contextlib
import importlib.util
from collections.abc import AsyncIterator, Callable, Collection
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.endpoint import Target
from pipeline.errors import FleetError, UsageError
from pipeline.fleet import cluster
from pipeline.fleet.cluster import AwayError
from pipeline.gate import Gate
from pipeline.intake import maker
from pipeline.run import Mode, Result
from pipeline.settings import Settings
from pipeline.ways import on_this_machine, origin
from schemas.article import Article
from schemas.exchange import Failure, Outcome
from schemas.record import Edition

_ALIKE = "Every machine of it needs the same readout, with its extra ray."
_LOOK = 0.3  # seconds between two looks at the keeper


class Fleet(NamedTuple):
    """Where the workers are, and the folder, on this machine, where their replies are kept."""

    address: str
    store: Path


def fleet(address: str, store: Path, target: Target) -> Fleet:
    """A fleet that could ask `target`. Raises UsageError where it could not; starts nothing."""
    if target.base_url is None:
        raise UsageError(
            "--ray has many machines ask one server, and the embedded model is none; leave --ray "
            "out, or point OPENAI_BASE_URL at a server that all of them reach."
        )
    if address.startswith("ray://"):
        raise UsageError(
            "--ray cannot use Ray's client (ray://…), since replies are kept where the command "
            "runs; run it on a machine of the cluster, with --ray=auto or --ray=HOST:PORT."
        )
    if importlib.util.find_spec("ray") is None:
        raise UsageError("--ray needs Ray, which is not installed; `pip install 'readout[ray]'`.")
    return Fleet(address, store.absolute())  # actors run in folders of their own


class Orders(NamedTuple):
    """What the workers are to do: whom to ask, and when, as Answers has it."""

    target: Target
    settings: Settings
    mode: Mode
    again: Collection[str]


class Crew:
    """All workers of a run: `summarise` in place of this process."""

    def __init__(self, workers: Collection[Any], mode: Mode) -> None:
        self.mode = mode
        self._open = dict.fromkeys(workers, 0)

    async def summarise(self, article: Article, edition: Edition) -> Result:
        """One article, by the worker that has the fewest. Raises what `run.summarise` does."""
        worker = min(self._open, key=self._open.__getitem__)
        self._open[worker] += 1
        try:
            result: Result = await cluster.told(worker.summarise.remote(article, edition))
        except AwayError as error:
            failure = Failure(outcome=Outcome.UNREACHABLE, reason=str(error))
            return Result(id=article.id, failure=failure)
        finally:
            self._open[worker] -= 1
        return result


@contextlib.asynccontextmanager
async def at_work(
    fleet: Fleet, orders: Orders, gate: Gate, say: Callable[[str], None]
) -> AsyncIterator[Crew]:
    """The workers of `fleet`, as long as they are needed.

    `gate` lets nothing out itself. Its pace and its budget become those of the keeper's, and it
    closes when that one does, or makes that one close. Raises FleetError where Ray does not work.
    """
    say("Starting Ray …" if fleet.address == cluster.LOCAL else "Joining the Ray cluster …")
    try:
        await asyncio.to_thread(cluster.join, fleet.address)
        keeper, workers = await _begun(fleet, orders, gate)
        watching = asyncio.create_task(_watched(keeper, gate, say))
        try:
            yield Crew(workers, orders.mode)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            with contextlib.suppress(FleetError):  # it is lost: then the run has said so
                await _look(keeper, gate, say)  # at the final sums
    finally:
        await asyncio.to_thread(cluster.leave)


async def _begun(fleet: Fleet, orders: Orders, gate: Gate) -> tuple[Any, list[Any]]:
    """The keeper and the workers, all of them ready."""
    from pipeline.fleet.keeper import Keeper
    from pipeline.fleet.worker import Worker

    target, url = orders.target, orders.target.base_url or ""
    if on_this_machine(url) and len(cluster.machines()) > 1:
        raise UsageError(
            f"{origin(url)} is another server on each machine of the cluster; set OPENAI_BASE_URL "
            "to the address by which all of them reach the one that you mean."
        )
    keeper = cluster.here(Keeper, gate.pace, gate.budget)
    await cluster.told(keeper.open.remote(fleet.store, orders.mode, orders.again, url), _ALIKE)
    key, account = orders.settings.api_key, orders.settings.account
    count = max(1, min(cluster.cores(), target.way.concurrency))
    workers = [cluster.anywhere(Worker, target, key, account) for _ in range(count)]
    asked = [cluster.told(each.maker.remote(), _ALIKE) for each in workers]
    makers = await asyncio.gather(*asked)
    ours = maker(target.way)
    if strange := [each for each in makers if each != ours]:
        raise FleetError(
            f"A machine of the cluster has readout {strange[0]['readout']} with prompts or schemas "
            f"of its own, and here is {ours['readout']}. {_ALIKE}"
        )
    return keeper, workers


async def _watched(keeper: Any, gate: Gate, say: Callable[[str], None]) -> None:
    while True:
        await _look(keeper, gate, say)
        await asyncio.sleep(_LOOK)


async def _look(keeper: Any, gate: Gate, say: Callable[[str], None]) -> None:
    """Make `gate` a picture of the keeper's, and the keeper's stop where this one was stopped."""
    seen = await cluster.told(keeper.look.remote(stop=gate.stop.is_set()))
    # In place, for others hold on to them. Both clocks are one machine's.
    vars(gate.pace).update(vars(seen.pace))
    vars(gate.budget).update(vars(seen.budget))
    if seen.reason is not None:
        gate.close(seen.reason)
    for message in seen.said:
        say(message)
