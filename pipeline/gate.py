"""The gate that every request passes on its way out: no faster than the pace, within the budget.

A run that must ask for nothing more closes it, and so does the gate itself where going on makes
no sense. Knows how to wait; knows neither HTTP nor what is asked.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from pipeline.budget import Budget, Leave, size
from pipeline.errors import StoppedError
from pipeline.pace import Heard, Pace
from schemas.exchange import Request, Tokens

_AT_ONCE = 1000  # where nobody sets a pace, as for one question of `readout doctor`


class Ticket(NamedTuple):
    """One request's way through the gate."""

    number: int
    tokens: int  # that its prompt is thought to have
    worst: float  # US dollars


class _Waiting(NamedTuple):
    """A request that stands before the gate, and what it would be let in with."""

    tokens: int
    worst: float
    ticket: "asyncio.Future[Ticket]"


class Sent(NamedTuple):
    """What became of the requests of a run."""

    requests: int = 0  # sent, those that had to be sent again included
    turned_away: int = 0  # of them, with HTTP 429
    lost: int = 0  # of them, answered with HTTP 5xx or not at all


class Gate:
    """Lets requests out in the order in which they come.

    `stop` closes it: what waits, and what comes, gets a StoppedError; what is in flight is not
    touched. `clock` and `sleep` are arguments so that tests need no time.
    """

    def __init__(
        self,
        pace: Pace | None = None,
        budget: Budget | None = None,
        *,
        stop: asyncio.Event | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.pace, self.budget = pace or Pace(_AT_ONCE), budget or Budget()
        self.stop = stop or asyncio.Event()
        self.reason: str | None = None  # why the gate closed itself, as a sentence
        self._clock, self._sleep = clock, sleep
        self._queue: deque[_Waiting] = deque()
        self._attendant: asyncio.Task[None] | None = None  # while anybody waits
        self._ended = asyncio.Event()  # something that was in flight

    async def enter(self, request: Request) -> Ticket:
        """Wait until the request may be sent. Raises StoppedError where it may not be."""
        sized = self.pace.metered or self.budget.max_cost is not None
        tokens = size(request).likely if sized else 0
        worst = self.budget.worst(request)
        if not self._queue and self._wait(worst) == 0:
            return self._ticket(tokens, worst)
        ticket: asyncio.Future[Ticket] = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(tokens, worst, ticket))
        if self._attendant is None or self._attendant.done():
            self._attendant = asyncio.create_task(self._attend())
        try:
            await ticket
            self._check()  # it may have closed since
        except (asyncio.CancelledError, StoppedError):
            if not ticket.cancelled() and not ticket.exception():
                self._give_back(ticket.result())
            raise
        return ticket.result()

    def leave(self, ticket: Ticket, heard: Heard | None, tokens: Tokens | None) -> None:
        """What was sent has ended. `tokens` None: it may have been paid for, nobody knows."""
        self.pace.end(ticket.number, self._clock(), heard, ticket.tokens)
        self.budget.end(ticket.worst, tokens)
        if heard is not None and self.pace.hopeless:
            self.close(heard.said)
        self._next()

    @property
    def sent(self) -> Sent:
        """What went through, and what became of it."""
        return Sent(self.budget.requests, self.pace.turned_away, self.pace.lost)

    def state(self) -> str:
        """What a person would want to know while nothing seems to move; else nothing."""
        return self.pace.state(self._clock())

    def close(self, reason: str) -> None:
        """Let nothing more out, because of `reason`; the first one counts."""
        self.reason = self.reason or reason
        self.stop.set()

    async def rest(self, seconds: float) -> None:
        """Wait so long before another attempt, and no longer than the gate is open."""
        await self._first(self._sleep(seconds), self.stop.wait())

    def _give_back(self, ticket: Ticket) -> None:
        """Nothing was sent with it."""
        self.pace.end(ticket.number, self._clock(), None, ticket.tokens)
        self.budget.undo(ticket.worst)
        self._next()

    def _next(self) -> None:
        """Let in all who may go, and at once: a turn of a busy loop takes a while."""
        wait = self._admit()
        if wait is not None or not self._queue:
            self._ended.set()

    def _ticket(self, tokens: int, worst: float) -> Ticket:
        number = self.pace.begin(self._clock(), tokens)
        self.budget.begin(worst)
        return Ticket(number, tokens, worst)

    def _admit(self) -> float | None:
        """Let in all who may go; seconds until the next one may, None as for `_wait`."""
        while self._queue:
            first = self._queue[0]
            if not first.ticket.done():  # whoever was cancelled has gone
                try:
                    if (wait := self._wait(first.worst)) != 0:
                        return wait
                    first.ticket.set_result(self._ticket(first.tokens, first.worst))
                except StoppedError as stopped:
                    first.ticket.set_exception(stopped)
            self._queue.popleft()
        return None

    async def _attend(self) -> None:
        """Let in, as their time comes, all who wait."""
        while self._queue:
            wait = self._admit()
            if self._queue:
                await self._rest(wait)

    def _check(self) -> None:
        """Raises StoppedError where the gate is closed."""
        if self.stop.is_set():
            raise StoppedError(self.reason or "The run was stopped.")

    def _wait(self, worst: float) -> float | None:
        """Seconds to wait; None: until something that is in flight ends."""
        self._check()
        leave = self.budget.leave(worst)
        if leave is Leave.STOP:
            self.close(self.budget.said())
            self._check()
        return None if leave is Leave.WAIT else self.pace.wait(self._clock())

    async def _rest(self, seconds: float | None) -> None:
        self._ended.clear()
        timer = () if seconds is None else (self._sleep(seconds),)
        await self._first(self._ended.wait(), self.stop.wait(), *timer)

    @staticmethod
    async def _first(*waits: Awaitable[object]) -> None:
        """Wait for whichever comes first, and forget the others."""
        tasks = [asyncio.ensure_future(wait) for wait in waits]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
