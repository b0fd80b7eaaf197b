"""What `readout run`, `record` and `retry` have in common: a job, and how it is watched and ended.

Knows the run, its ledger and its bar; does not know which command it was.
"""

import asyncio
import datetime as dt
import functools
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import click
from rich.console import Console

from pipeline import archive, budget, endpoint, ledger, progress, ways
from pipeline.budget import Budget
from pipeline.cli import exits, options
from pipeline.cli.answering import answering
from pipeline.cli.interrupt import until_interrupted
from pipeline.errors import ArchiveError, UsageError
from pipeline.fleet import Fleet, Orders
from pipeline.gate import Gate
from pipeline.intake import Item, maker
from pipeline.ledger import Asked, Ending, Failed, Ledger, Limits
from pipeline.pace import Pace
from pipeline.plain import plain_json
from pipeline.read import expected, find_articles, find_files
from pipeline.run import Result
from pipeline.run import run as run_all
from pipeline.settings import Settings
from pipeline.shelf import Shelf
from pipeline.store import Store

_OPEN = 2  # articles for each slot: while one waits to be asked again, another takes its place
_SAVED = 10.0  # seconds between two looks of run.json


class Output(NamedTuple):
    """Where records go."""

    folder: Path
    shelf: Shelf


class Job(NamedTuple):
    """A run that is about to begin. `wanted`, if not None, are the only articles to ask about."""

    asked: Asked
    items: Iterable[Item]
    target: endpoint.Target
    store: Store | Fleet  # whose store is opened elsewhere
    output: Output | None
    as_json: bool
    quiet: bool
    wanted: Mapping[str, Failed] | None = None

    @property
    def total(self) -> int:
        """How many articles there are to end, as far as that shows without reading them."""
        if self.wanted is not None:
            return len(self.wanted)
        return sum(map(expected, find_files(list(map(Path, self.asked.paths)))))

    @property
    def concurrency(self) -> int:
        """Requests in flight, at most."""
        return self.asked.limits.concurrency or self.target.way.concurrency


def limits(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options that limit a run; it gets them as one argument, `limits`."""

    @functools.wraps(command)
    def limited(*given: Any, **named: Any) -> int:
        said = {name: named.pop(name) for name in Limits.model_fields}
        return command(*given, limits=Limits(**said), **named)

    for name in reversed(Limits.model_fields):
        limited = getattr(options, name)(limited)
    return limited


def asked_for(
    settings: Settings,
    target: endpoint.Target,
    paths: tuple[Path, ...],
    limits: Limits,
    **more: Any,
) -> Asked:
    """What the command was asked, as run.json keeps it. Raises UsageError for a vain --max-cost."""
    check_ceiling(limits, target)
    base_url = target.base_url
    return Asked(
        paths=tuple(str(path) if str(path) == "-" else str(path.absolute()) for path in paths),
        cache=str(settings.cache.absolute()),
        endpoint=base_url and ways.origin(base_url),
        limits=limits,
        **more,
    )


def check_ceiling(limits: Limits, target: endpoint.Target) -> None:
    """Raises UsageError for a --max-cost that cannot be kept."""
    model, base_url = target.way.model, target.base_url
    if limits.max_cost is not None and budget.price(model, base_url) is None:
        raise UsageError(
            f"The price of {model} at {ways.origin(base_url or '')} is not known, so --max-cost "
            "cannot be kept; use --max-requests."
        )


def articles(asked: Asked) -> Iterator[Item]:
    """What there is to read, lazily.

    Raises UsageError at once for a path that makes no sense: before anything is made or written.
    """
    paths = list(map(Path, asked.paths))
    return find_articles(paths, asked.published, text_column=asked.text_column)


def do(job: Job, settings: Settings) -> int:
    """Run the job, sum it up, and say how it ended."""
    console, run = Console(stderr=True), _Running(job)
    shown = _watcher(job, console, run)
    ending, reason = Ending.BROKEN, None
    if job.output:
        archive.sweep(job.output.folder)
    run.save(Ending.RUNNING)
    try:
        with shown:
            interrupted = asyncio.run(until_interrupted(run.work(settings, shown), shown.say))
        reason = run.stopped
        ending = Ending.STOPPED if reason else Ending.DONE
        ending = Ending.INTERRUPTED if interrupted else ending
    finally:
        run.close(ending, reason)
        if not job.quiet and run.tally.articles:
            console.print(progress.closing(run.tally, run.seconds, run.spent()))
        for failure in run.tally.failures if job.quiet else ():
            exits.say(progress.line(failure))
    if ending is Ending.INTERRUPTED:
        exits.say("Interrupted; replies are stored, so the same command goes on from here.")
        return exits.INTERRUPTED
    if reason is not None:
        exits.say(f"Stopped early: {reason} {_left(job, run.tally)}")
        return exits.ERROR
    return exits.SOME_FAILED if run.tally.failed else exits.DONE


class _Running:
    """A job as it goes on: its sums, its ledger, its entry in run.json."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.tally = progress.Tally()
        self._ledger = Ledger(job.output.folder) if job.output else None
        ceilings = job.asked.limits
        # Looked up now only where a ceiling needs it.
        price = self._price if ceilings.max_cost is not None else None
        self._budget = Budget(price, max_cost=ceilings.max_cost, max_requests=ceilings.max_requests)
        self._gate: Gate | None = None
        self._began, self._saved = time.monotonic(), time.monotonic()
        self._started = dt.datetime.now(dt.UTC)

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._began

    @property
    def stopped(self) -> str | None:
        """Why it ended itself early, if it did."""
        return self._gate.reason if self._gate else None

    def state(self) -> str:
        """Why it is slow, if it is."""
        return self._gate.state() if self._gate else ""

    def work(self, settings: Settings, shown: progress.Silence) -> Callable[[asyncio.Event], Any]:
        """What `until_interrupted` is to do."""
        job, asked = self._job, self._job.asked
        wanted = job.wanted
        again = [name for name, f in (wanted or {}).items() if f.outcome in ledger.KEPT]

        def done(result: Result) -> None:
            self._add(result)
            shown.done(result)
            if job.as_json:
                click.echo(json_line(result, job.output and job.output.shelf))

        async def work(stop: asyncio.Event) -> None:
            ceilings = asked.limits
            pace = Pace(job.concurrency, rpm=ceilings.rpm, tpm=ceilings.tpm)
            self._gate = Gate(pace, self._budget, stop=stop)
            way = job.target.way.model_copy(update={"concurrency": job.concurrency})
            target = job.target._replace(way=way)
            orders = Orders(target, settings, asked.mode, frozenset(again))
            async with answering(job.store, orders, self._gate, shown.say) as answers:
                await run_all(
                    job.items,
                    way,
                    answers,
                    out=job.output and job.output.shelf,
                    concurrency=_OPEN * job.concurrency,
                    done=done,
                    stop=stop,
                    wanted=wanted,
                )

        return work

    def _add(self, result: Result) -> None:
        self.tally.add(result)
        if self._ledger is not None:
            self._ledger.add(result)
        if time.monotonic() - self._saved > _SAVED:
            self.save(Ending.RUNNING)

    def save(self, ending: Ending, reason: str | None = None) -> None:
        """Write run.json."""
        job, self._saved = self._job, time.monotonic()
        if job.output is None:
            return
        over = ending is not Ending.RUNNING
        run = ledger.Run(
            asked=job.asked,
            **maker(job.target.way),
            process=os.getpid(),
            started=self._started,
            ended=dt.datetime.now(dt.UTC) if over else None,
            ending=ending,
            reason=reason,
            outcomes=dict(self.tally.outcomes),
            archived=self.tally.archived,
            requests=self._budget.requests,
            stored=self.tally.stored,
            tokens=self._budget.tokens,
            cost=self.cost,
        )
        ledger.write(job.output.folder, run)

    def close(self, ending: Ending, reason: str | None) -> None:
        """Close the ledger, and write how it ended."""
        if self._ledger is not None:
            self._ledger.close()
        try:
            self.save(ending, reason)
        except ArchiveError as error:
            if ending is not Ending.BROKEN:  # else there is an error already, and it says more
                raise
            exits.say(str(error))

    @property
    def cost(self) -> float | None:
        """US dollars at list prices; None where they are not known."""
        if not self._budget.requests:
            return 0.0
        if self._budget.price is not None:
            return self._budget.cost
        return self._price and self._price.of(self._budget.tokens)

    def spent(self) -> str | None:
        """What was spent, for the closing table; nothing where it costs nothing."""
        if self.cost is None:
            return f"not known for {self._job.target.way.model}"
        return f"{self.cost:.4f} USD at list prices" if self.cost else None

    @functools.cached_property
    def _price(self) -> budget.Price | None:
        return budget.price(self._job.target.way.model, self._job.target.base_url)


def _left(job: Job, tally: progress.Tally) -> str:
    """How many articles were not begun, and what to do."""
    try:
        left = job.total - tally.articles
    except UsageError:  # the folder is gone by now
        left = 0
    rest = f"About {left:,} articles were not begun" if left > 0 else "The rest was not begun"
    return f"{rest}; the same command goes on from here."


def _watcher(job: Job, console: Console, run: _Running) -> progress.Silence:
    if job.quiet or (job.as_json and sys.stdout.isatty()):  # there, the JSON lines show it
        return progress.Silence()
    if progress.animates(console):
        return progress.Bar(console, job.total, run.state)
    return progress.Lines(sys.stderr)


def json_line(result: Result, shelf: Shelf | None) -> str:
    """One result as one line of JSON; `path` is the record's file."""
    there = shelf is not None and result.failure is None
    return plain_json(
        {
            "id": result.id,
            "outcome": progress.outcome(result),
            "archived": result.archived,
            "path": str(shelf.place(result.id)) if shelf and there else None,
            "reason": result.failure.reason if result.failure else None,
            "tokens": result.tokens.model_dump(),
            "asked": result.asked,
            "stored": result.stored,
            "seconds": round(result.seconds, 3),
        }
    )
