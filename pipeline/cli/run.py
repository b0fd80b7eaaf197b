"""`readout run` and `readout record`: articles in; records, or recordings, out."""

import asyncio
import datetime as dt
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import aclosing, closing
from pathlib import Path
from typing import NamedTuple

import click
from rich.console import Console

from pipeline import archive, endpoint, progress
from pipeline.cli import exits, options
from pipeline.cli.interrupt import until_interrupted
from pipeline.errors import UsageError
from pipeline.plain import plain_json
from pipeline.read import Unreadable, expected, find_files, read_paths
from pipeline.run import Answers, Mode, Result
from pipeline.run import run as run_all
from pipeline.settings import Settings
from pipeline.store import Recordings, Responses, Store
from schemas.article import Article


class Job(NamedTuple):
    """What the two commands have in common."""

    paths: Sequence[Path]
    articles: Iterator[Article | Unreadable]
    target: endpoint.Target
    store: Store
    mode: Mode
    out: Path | None
    as_json: bool
    quiet: bool


@click.command(epilog="Example: readout run articles/ -o summaries --published 2026-11-20")
@options.articles
@click.option(
    "-o", "--out", type=options.FOLDER, required=True, help="Folder for the records, one a file."
)
@options.model
@options.provider
@options.way
@options.published
@options.text_column
@click.option(
    "--mode",
    type=click.Choice(Mode, case_sensitive=False),
    default=Mode.AUTO,
    show_default=True,
    help="auto: stored replies, else ask. refresh: ask again. replay: never ask.",
)
@options.cache
@click.option("--recordings", is_flag=True, help="Replay the recordings in the cache folder.")
@options.concurrency
@options.as_json
@options.quiet
@click.pass_obj
def run(
    settings: Settings,
    *,
    paths: Sequence[Path],
    out: Path,
    model: str | None,
    provider: str | None,
    way: str | None,
    published: dt.date | None,
    text_column: str | None,
    mode: Mode,
    cache: Path | None,
    recordings: bool,
    concurrency: int | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Summarise articles: who met whom, when, where, about what.

    PATH is a file, a folder, a pattern in quotes, or - for standard input: text, Markdown, HTML,
    PDF, JSON, JSON lines, CSV, TSV, RSS or Atom, also gzipped. Records go to the output folder;
    what failed is told on stderr, and with --json on stdout, one line per article.
    """
    if recordings and mode is Mode.REFRESH:
        raise UsageError("--recordings replays what is recorded, so it excludes --mode refresh.")
    settings = settings._replace(cache=cache or settings.cache)
    articles = read_paths(paths, published, text_column=text_column)
    target = _target(endpoint.target(settings, model, provider, way), concurrency)
    _make(out)
    common = (paths, articles, target)
    if recordings:
        stored = Recordings(settings.cache / "recordings")
        return _do(Job(*common, stored, Mode.REPLAY, out, as_json, quiet), settings)
    with closing(Responses(settings.cache / "responses", exits.say)) as store:
        return _do(Job(*common, store, mode, out, as_json, quiet), settings)


@click.command(epilog="Example: readout record examples/articles --model embedded")
@options.articles
@options.model
@options.provider
@options.way
@options.published
@options.text_column
@click.option("--recordings", type=options.FOLDER, help="Folder for them, if not in the cache.")
@click.option("--refresh", is_flag=True, help="Ask again for what is recorded already.")
@options.cache
@options.concurrency
@options.as_json
@options.quiet
@click.pass_obj
def record(
    settings: Settings,
    *,
    paths: Sequence[Path],
    model: str | None,
    provider: str | None,
    way: str | None,
    published: dt.date | None,
    text_column: str | None,
    recordings: Path | None,
    refresh: bool,
    cache: Path | None,
    concurrency: int | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Ask, and keep the replies as readable recordings.

    Each request gets one JSON file that tests and `readout run --recordings` replay. Articles
    that are recorded already are left alone.
    """
    settings = settings._replace(cache=cache or settings.cache)
    articles = read_paths(paths, published, text_column=text_column)
    target = _target(endpoint.target(settings, model, provider, way), concurrency)
    store = Recordings(recordings or settings.cache / "recordings")
    mode = Mode.REFRESH if refresh else Mode.AUTO
    return _do(Job(paths, articles, target, store, mode, None, as_json, quiet), settings)


def _target(target: endpoint.Target, concurrency: int | None) -> endpoint.Target:
    if concurrency is None:
        return target
    return target._replace(way=target.way.model_copy(update={"concurrency": concurrency}))


def _make(out: Path) -> None:
    """Make the output folder now: before an answer is paid for that cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise UsageError(
            f"The output folder {out} cannot be made or written to ({error.strerror}); choose "
            "another with -o."
        ) from error


def _do(job: Job, settings: Settings) -> int:
    """Run the job, sum it up, and say how it ended."""
    console = Console(stderr=True)
    tally = progress.Tally()
    started = time.monotonic()
    try:
        interrupted = _watched(job, settings, console, tally)
    finally:
        if not job.quiet and tally.articles:
            console.print(progress.closing(tally, time.monotonic() - started))
        for failure in tally.failures if job.quiet else ():
            exits.say(progress.line(failure))
    if interrupted:
        exits.say("Interrupted; replies are stored, so the same command goes on from here.")
        return exits.INTERRUPTED
    return exits.SOME_FAILED if tally.failed else exits.DONE


def _watched(job: Job, settings: Settings, console: Console, tally: progress.Tally) -> bool:
    """Run the job under a bar, or lines, or nothing; returns whether it was interrupted."""
    with _watcher(job, console) as shown:

        def done(result: Result) -> None:
            tally.add(result)
            shown.done(result)
            if job.as_json:
                click.echo(json_line(result, job.out))

        async def work(stop: asyncio.Event) -> None:
            async with aclosing(endpoint.Endpoint(job.target, settings, shown.say)) as asked:
                await run_all(
                    job.articles,
                    job.target.way,
                    Answers(job.store, job.mode, asked.ask),
                    out=job.out,
                    concurrency=job.target.way.concurrency,
                    done=done,
                    stop=stop,
                )

        return asyncio.run(until_interrupted(work, shown.say))


def _watcher(job: Job, console: Console) -> progress.Silence:
    if job.quiet or (job.as_json and sys.stdout.isatty()):  # there, the JSON lines show it
        return progress.Silence()
    if progress.animates(console):
        return progress.Bar(console, sum(map(expected, find_files(job.paths))))
    return progress.Lines(sys.stderr)


def json_line(result: Result, out: Path | None) -> str:
    """One result as one line of JSON; `path` is the record's file."""
    written = archive.path(out, result.id) if out is not None and result.record else None
    return plain_json(
        {
            "id": result.id,
            "outcome": progress.outcome(result),
            "path": str(written) if written else None,
            "reason": result.failure.reason if result.failure else None,
            "tokens": result.tokens.model_dump(),
            "asked": result.asked,
            "stored": result.stored,
            "seconds": round(result.seconds, 3),
        }
    )
