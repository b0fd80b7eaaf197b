"""`readout run` and `readout record`: articles in; records, or recordings, out."""

import datetime as dt
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

import click

from pipeline import endpoint
from pipeline.budget import Limits
from pipeline.cli import exits, job, options, planned
from pipeline.cli.doing import do
from pipeline.cli.job import Job, Output
from pipeline.errors import UsageError
from pipeline.fleet import fleet
from pipeline.run import Mode
from pipeline.settings import Settings
from pipeline.shelf import Kind, opened
from pipeline.store import Recordings, Responses, Store


@click.command(epilog="Example: readout run articles/ -o summaries --published 2026-11-20")
@options.articles
@click.option("-o", "--out", type=options.FOLDER, required=True, help="Folder for the records.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(Kind, case_sensitive=False),
    help="files: one JSON file a record, the default. jsonl: all in one, a line each.",
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
@options.ray
@click.option("--dry-run", is_flag=True, help="Say what it would send and cost; send nothing.")
@job.limits
@options.as_json
@options.quiet
@click.pass_obj
def run(
    settings: Settings,
    *,
    paths: tuple[Path, ...],
    out: Path,
    kind: Kind | None,
    model: str | None,
    provider: str | None,
    way: str | None,
    published: dt.date | None,
    text_column: str | None,
    mode: Mode,
    cache: Path | None,
    recordings: bool,
    ray: str | None,
    dry_run: bool,
    limits: Limits,
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
    if recordings and ray:
        raise UsageError("--recordings replays what is recorded here, so it excludes --ray.")
    _check_apart(out, paths)
    settings = settings._replace(cache=cache or settings.cache)
    target = endpoint.target(settings, model, provider, way)
    asked = job.asked_for(
        *(settings, target, paths, limits),
        published=published,
        text_column=text_column,
        mode=Mode.REPLAY if recordings else mode,
    )
    workers = fleet(ray, settings.cache / "responses", target) if ray else None
    files = job.files(asked, out)
    if dry_run:
        with _store(settings, recordings=recordings) as store:
            return planned.show(asked, files, target, store, out, as_json=as_json)
    _make(out, "-o")
    # A fleet's store is opened by one actor, and by nobody else.
    open_store = nullcontext(workers) if workers else _store(settings, recordings=recordings)
    with open_store as store, closing(opened(out, kind)) as shelf:
        output = Output(out, shelf)
        return do(Job(asked, files, target, store, output, as_json, quiet), settings).code


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
@job.limits
@options.as_json
@options.quiet
@click.pass_obj
def record(
    settings: Settings,
    *,
    paths: tuple[Path, ...],
    model: str | None,
    provider: str | None,
    way: str | None,
    published: dt.date | None,
    text_column: str | None,
    recordings: Path | None,
    refresh: bool,
    cache: Path | None,
    limits: Limits,
    as_json: bool,
    quiet: bool,
) -> int:
    """Ask, and keep the replies as readable recordings.

    Each request gets one JSON file that tests and `readout run --recordings` replay. Articles
    that are recorded already are left alone.
    """
    settings = settings._replace(cache=cache or settings.cache)
    target = endpoint.target(settings, model, provider, way)
    asked = job.asked_for(
        *(settings, target, paths, limits),
        published=published,
        text_column=text_column,
        mode=Mode.REFRESH if refresh else Mode.AUTO,
    )
    files = job.files(asked, None)
    folder = recordings or settings.cache / "recordings"
    _make(folder, "--recordings")
    store = Recordings(folder)
    return do(Job(asked, files, target, store, None, as_json, quiet), settings).code


@contextmanager
def _store(settings: Settings, *, recordings: bool) -> Iterator[Store]:
    """The recordings, or the store of all replies."""
    if recordings:
        yield Recordings(settings.cache / "recordings")
        return
    with closing(Responses(settings.cache / "responses", exits.say)) as store:
        yield store


def _check_apart(out: Path, paths: Sequence[Path]) -> None:
    """Raises UsageError where records, and the ledger while it grows, would be read as articles."""
    records = Path(os.path.realpath(out))
    for path in paths:
        if os.path.isdir(path) and records.is_relative_to(os.path.realpath(path)):  # noqa: PTH112
            raise UsageError(
                f"The output folder {out} is inside {path}, where the articles are, so records "
                "would be read as articles; choose a folder beside it with -o."
            )


def _make(out: Path, option: str) -> None:
    """Make the folder now: before an answer is paid for that cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise UsageError(
            f"The output folder {out} cannot be made or written to ({error.strerror}); choose "
            f"another with {option}."
        ) from error
