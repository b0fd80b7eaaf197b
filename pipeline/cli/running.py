"""A job while it goes on: its sums, its ledger, its entry in run.json.

Knows who answers, and within which limits; neither shows anything nor chooses an exit code.
"""

import asyncio
import contextlib
import datetime as dt
import functools
import os
import time
from collections.abc import Callable, Iterator

from pipeline import budget, ledger, progress
from pipeline.budget import Budget, Spent
from pipeline.cli import exits
from pipeline.cli.answering import answering
from pipeline.cli.job import Job, articles
from pipeline.errors import ArchiveError
from pipeline.fleet import Orders
from pipeline.gate import Gate, Sent
from pipeline.intake import maker
from pipeline.ledger import Ending, Ledger
from pipeline.pace import Pace
from pipeline.run import Result
from pipeline.run import run as run_all
from pipeline.settings import Settings

_OPEN = 2  # articles for each slot: while one waits to be asked again, another takes its place
_SAVED = 10.0  # seconds between two looks of run.json


class Running:
    """A job that has begun; `close` it. Raises ArchiveError where run.json cannot be written."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.tally = progress.Tally()
        self._began = time.monotonic()
        started = {"process": os.getpid(), "started": dt.datetime.now(dt.UTC)}
        made = maker(job.target.way)
        self._run = ledger.Run.model_validate({"asked": job.asked, **made, **started})
        self._ledger = Ledger(job.output.folder, self._run.terms) if job.output else None
        ceilings = job.asked.limits
        # Looked up now only where a ceiling needs it.
        price = self._price if ceilings.max_cost is not None else None
        self._budget = Budget(
            price,
            max_cost=ceilings.max_cost,
            max_requests=ceilings.max_requests,
            before=job.before,
        )
        self._gate: Gate | None = None
        self._unwritten: set[str] = set()  # what cannot be written, as sentences
        self._save(Ending.RUNNING)

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._began

    @property
    def stopped(self) -> str | None:
        """Why it ended itself early, if it did."""
        return self._gate.reason if self._gate else None

    @property
    def written(self) -> bool:
        """Whether all that a run says of itself is in its folder."""
        return not self._unwritten

    @property
    def sent(self) -> Sent:
        """What was sent, whether or not its article came to an end."""
        return self._gate.sent if self._gate else Sent()

    @property
    def spent(self) -> Spent:
        """What counts towards the ceilings of the command."""
        return self._budget.spent

    def state(self) -> str:
        """Why it is slow, if it is."""
        return self._gate.state() if self._gate else ""

    async def work(
        self,
        settings: Settings,
        say: Callable[[str], None],
        done: Callable[[Result], None],
        stop: asyncio.Event,
    ) -> None:
        """Do the job, until it is done or `stop` is set. `done` hears each result."""
        job, ceilings = self._job, self._job.asked.limits
        again = [n for n, f in (job.wanted or {}).items() if f.outcome in ledger.KEPT]

        def ended(result: Result) -> None:
            self._add(result)
            done(result)

        pace = Pace(job.concurrency, rpm=ceilings.rpm, tpm=ceilings.tpm)
        self._gate = Gate(pace, self._budget, stop=stop)
        way = job.target.way.model_copy(update={"concurrency": job.concurrency})
        target = job.target._replace(way=way)
        orders = Orders(target, settings, job.asked.mode, frozenset(again))
        async with answering(job.store, orders, self._gate, say) as answers:
            await run_all(
                articles(job.asked, job.files),
                way,
                answers,
                out=job.output and job.output.shelf,
                concurrency=_OPEN * job.concurrency,
                done=ended,
                stop=stop,
                wanted=job.wanted,
            )

    def close(self, ending: Ending, reason: str | None) -> None:
        """Close the ledger, and write how it ended."""
        if self._ledger is not None:
            self._ledger.close()
        with self._saying():
            self._save(ending, reason)

    def cost(self) -> str | None:
        """What was spent, for a person; nothing where it costs nothing."""
        if self._cost is None:
            return f"not known for {self._job.target.way.model}"
        return f"{self._cost:.4f} USD at list prices" if self._cost else None

    def _add(self, result: Result) -> None:
        self.tally.add(result)
        with self._saying():
            if self._ledger is not None:
                self._ledger.add(result)
            if time.monotonic() - self._saved > _SAVED:
                self._save(Ending.RUNNING)

    @contextlib.contextmanager
    def _saying(self) -> Iterator[None]:
        """Say once what cannot be written; that ends no run, since replies are stored."""
        try:
            yield
        except ArchiveError as error:
            if str(error) not in self._unwritten:
                exits.say(str(error))
            self._unwritten.add(str(error))

    def _save(self, ending: Ending, reason: str | None = None) -> None:
        """Write run.json."""
        self._saved = time.monotonic()
        if self._job.output is None:
            return
        over = ending is not Ending.RUNNING
        said = {
            "ended": dt.datetime.now(dt.UTC) if over else None,
            "ending": ending,
            "reason": reason,
            "outcomes": dict(self.tally.outcomes),
            "archived": self.tally.archived,
            **self.sent._asdict(),
            "stored": self.tally.stored,
            "tokens": self._budget.tokens,
            "cost": self._cost,
        }
        ledger.write(self._job.output.folder, self._run.model_copy(update=said))

    @property
    def _cost(self) -> float | None:
        """US dollars at list prices; None where they are not known."""
        if not self._budget.requests:
            return 0.0
        if self._budget.price is not None:
            return self._budget.cost
        return self._price and self._price.of(self._budget.tokens)

    @functools.cached_property
    def _price(self) -> budget.Price | None:
        return budget.price(self._job.target.way.model, self._job.target.base_url)
