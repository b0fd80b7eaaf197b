"""The one actor that opens the store of replies, and at whose gate every request waits.

It runs on the driver's machine, so that the store's database is never opened across a network.
Knows what is stored and what may be sent; sends nothing itself.
"""

from collections.abc import Collection, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.ask import Answer, Client
from pipeline.budget import Budget
from pipeline.fleet.cluster import once, told
from pipeline.gate import Gate
from pipeline.pace import Pace
from pipeline.run import Answers, Mode
from pipeline.store import Responses
from schemas.exchange import Failure, Reply, Request


class Seen(NamedTuple):
    """How it stands, for the driver."""

    pace: Pace
    budget: Budget
    reason: str | None  # why nothing more may be asked, if so
    said: tuple[str, ...]  # messages for a person, each told once


class Keeper:
    """The store, and the gate, of all workers together."""

    def __init__(self, pace: Pace, budget: Budget) -> None:
        self._said: list[str] = []
        self._gate = Gate(pace, budget)
        self._answers: Answers  # once it is open

    async def open(self, folder: Path, mode: Mode, again: Collection[str], base_url: str) -> None:
        """Open the store in `folder`. Raises StoreError, which __init__ could tell nobody."""
        client = _Far(base_url, None, gate=self._gate)
        self._answers = Answers(Responses(folder, self._said.append), mode, client.ask, again)

    async def to(self, request: Request, article: str, worker: Any) -> tuple[Reply | Failure, bool]:
        """As Answers.to has it; it is `worker` who sends the request, if it is sent."""
        _WORKER.set(worker)
        return await self._answers.to(request, article)

    async def look(self, *, stop: bool) -> Seen:
        """How it stands; with `stop`, nothing more is let out from now on."""
        if stop:
            self._gate.stop.set()
        said, self._said[:] = tuple(self._said), []
        return Seen(self._gate.pace, self._gate.budget, self._gate.reason, said)


_WORKER: ContextVar[Any] = ContextVar("worker")  # on whose behalf this task of the keeper runs


class _Far(Client):
    """Waits and retries here, and has the worker send."""

    async def post(self, request: Request) -> tuple[Answer, Mapping[str, str]]:
        """What came to the worker.

        If it dies meanwhile, nobody waits for the answer: Ray repeats the article, which asks anew
        and passes the gate again, so that the budget counts what may have been paid for.
        """
        answer: tuple[Answer, Mapping[str, str]] = await told(
            once(_WORKER.get().post).remote(request)
        )
        return answer
