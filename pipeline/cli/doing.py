"""Does a job: shows how it goes on, sums it up, and says how it ended.

Does not know which command it was.
"""

import asyncio
import functools
import sys
from collections.abc import Callable
from typing import NamedTuple

import click
from rich.console import Console

from pipeline import archive, progress
from pipeline.budget import Spent
from pipeline.cli import exits
from pipeline.cli.interrupt import until_interrupted
from pipeline.cli.job import Job
from pipeline.cli.running import Running
from pipeline.cli.watching import Bar, Lines, Silence, animates
from pipeline.ledger import Ending
from pipeline.plain import plain_json
from pipeline.run import Result
from pipeline.settings import Settings
from pipeline.shelf import Shelf


class Ended(NamedTuple):
    """How a job ended."""

    code: int  # for the shell
    articles: int  # that ended, one way or another
    spent: Spent  # by the whole command so far


def do(job: Job, settings: Settings) -> Ended:
    """Do the job, sum it up, and say how it ended."""
    console = Console(stderr=True)
    if job.output:
        archive.sweep(job.output.folder)
    run = Running(job)
    shown = _watcher(job, console, run)
    ending, reason = Ending.BROKEN, None
    try:
        with shown:
            work = functools.partial(run.work, settings, shown.say, _hearing(job, shown))
            interrupted = asyncio.run(until_interrupted(work, shown.say))
        reason = run.stopped
        ending = Ending.STOPPED if reason else Ending.DONE
        ending = Ending.INTERRUPTED if interrupted else ending
    finally:
        run.close(ending, reason)
        _sum_up(job, run, console)
    return Ended(_code(job, run, ending), run.tally.articles, run.spent)


def _code(job: Job, run: Running, ending: Ending) -> int:
    """The exit code, after saying why it is not another."""
    if ending is Ending.INTERRUPTED:
        exits.say("Interrupted; replies are stored, so the same command goes on from here.")
        return exits.INTERRUPTED
    if run.stopped is not None:
        exits.say(f"Stopped early: {run.stopped} {_left(job, run.tally)}")
        return exits.ERROR
    if run.tally.failed:
        return exits.SOME_FAILED
    return exits.DONE if run.written else exits.ERROR


def _left(job: Job, tally: progress.Tally) -> str:
    """How many articles were not begun, and what to do."""
    left = job.total - tally.articles
    rest = f"About {left:,} articles were not begun" if left > 0 else "The rest was not begun"
    return f"{rest}; the same command goes on from here."


def _watcher(job: Job, console: Console, run: Running) -> Silence:
    if job.quiet or (job.as_json and sys.stdout.isatty()):  # there, the JSON lines show it
        return Silence()
    if animates(console):
        return Bar(console, job.total, run.state)
    return Lines(sys.stderr)


def _sum_up(job: Job, run: Running, console: Console) -> None:
    ledger = job.output.folder / archive.FAILURES if job.output and run.written else None
    if job.quiet:
        for failure in progress.listed(run.tally, ledger):
            exits.say(failure)
    elif run.tally.articles:
        console.print(progress.closing(run.tally, run.seconds, run.sent, run.cost(), ledger))


def _hearing(job: Job, shown: Silence) -> Callable[[Result], None]:
    """What is to be done with each result as it comes."""

    def done(result: Result) -> None:
        shown.done(result)
        if job.as_json:
            click.echo(_json_line(result, job.output and job.output.shelf))

    return done


def _json_line(result: Result, shelf: Shelf | None) -> str:
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
