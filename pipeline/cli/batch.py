"""`readout batch`: articles to request files, those to a server, its answers into the store."""

import datetime as dt
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import endpoint, ways
from pipeline.batch import show
from pipeline.batch.export import export as export_missing
from pipeline.batch.fetch import fetch as fetch_results
from pipeline.batch.fetch import states
from pipeline.batch.fill import fill, gather
from pipeline.batch.folder import Manifest, load
from pipeline.batch.submit import submit as submit_files
from pipeline.batch.write import Limits, Writer
from pipeline.cli import exits, options
from pipeline.errors import UsageError
from pipeline.plain import plain_json
from pipeline.read import read_paths
from pipeline.settings import Settings
from pipeline.store import Responses

if TYPE_CHECKING:
    from pipeline.batch.api import Api

_SHOWN = 20  # sentences of one kind on a terminal

_folder = click.argument("folder", type=options.FOLDER)


@click.group(epilog="Example: readout batch export articles/ -o batch1")
def batch() -> None:
    """Ask by files, through a server's Batch API or vLLM's batch runner.

    export writes the requests that are missing, submit and fetch exchange them for answers,
    import takes answers that came another way. `readout run` then finishes from what is stored;
    until it is, each export asks what is still open.
    """


@batch.command(epilog="Example: readout batch export articles/ -o batch1 --model gpt-5-mini")
@options.articles
@click.option("-o", "--out", type=options.FOLDER, required=True, help="A new folder for them.")
@options.model
@options.provider
@options.way
@options.published
@options.text_column
@click.option(
    "--per-file",
    metavar="N",
    type=click.IntRange(1, Limits().requests),
    default=Limits().requests,
    show_default=True,
    help="Requests in a file, for accounts that may queue only so many tokens in one batch.",
)
@options.cache
@options.as_json
@click.pass_obj
def export(
    settings: Settings,
    *,
    paths: Sequence[Path],
    out: Path,
    model: str | None,
    provider: str | None,
    way: str | None,
    published: dt.date | None,
    text_column: str | None,
    per_file: int,
    cache: Path | None,
    as_json: bool,
) -> int:
    """Write the requests that articles still need. Nothing is sent.

    PATH and the options are those of `readout run`. What is answered is not asked again; invalid
    answers, and articles that were too long, get the request that follows. What a server refused
    for another reason is asked again, since that may have been mended.
    """
    target = endpoint.target(settings, model, provider, way)
    if target.base_url is None:
        raise UsageError(
            "The embedded model answers on this machine, not in batches; name another with --model."
        )
    articles = read_paths(paths, published, text_column=text_column)
    with (
        closing(Writer(out, Limits(requests=per_file))) as writer,
        closing(_store(settings, cache)) as store,
    ):
        server = ways.origin(target.base_url)
        done = export_missing(articles, target.way, server, store, writer)
    _tell(show.grouped(done.failed), settings)
    if as_json:
        click.echo(plain_json(show.exported(done)))
    else:
        exits.say(show.summary(done, out))
    return exits.SOME_FAILED if done.failed else exits.DONE


@batch.command(epilog="Example: readout batch submit batch1")
@_folder
@click.pass_obj
def submit(settings: Settings, *, folder: Path) -> None:
    """Upload the files of an export and have them answered.

    Goes on where an earlier submit ended; nothing is submitted twice.
    """
    found = load(folder)
    with closing(_api(settings, found.manifest)) as api:
        made = submit_files(found, api, exits.say)
    exits.say(
        f"{show.count(made, 'batch', 'batches')} made, {len(found.manifest.files) - made:,} there "
        f"already; `readout batch status {folder}` says how far they are."
    )


@batch.command(epilog="Example: readout batch status batch1 --json")
@_folder
@options.as_json
@click.pass_obj
def status(settings: Settings, *, folder: Path, as_json: bool) -> None:
    """Show how far the batches of an export are."""
    found = load(folder)
    with closing(_api(settings, found.manifest)) as api:
        seen = list(states(found, api))
    if as_json:
        rows = [{**each._asdict(), "errors": list(each.errors)} for each in seen]
        click.echo(exits.redacted(plain_json(rows), settings))
    else:
        click.echo(show.table(seen))
    _tell(show.refused(seen), settings)


@batch.command(epilog="Example: readout batch fetch batch1")
@_folder
@options.cache
@options.as_json
@click.pass_obj
def fetch(settings: Settings, *, folder: Path, cache: Path | None, as_json: bool) -> int:
    """Bring back what finished batches wrote, and import it.

    Also of batches that expired, failed or were cancelled: what they had answered is paid for.
    """
    found = load(folder)
    with closing(_api(settings, found.manifest)) as api:
        seen = list(fetch_results(found, api, exits.say))
    _tell(show.refused(seen), settings)
    ended = _import([folder], settings, cache, as_json=as_json)
    unsent = sum(each.batch is None for each in seen)
    if unsent:
        exits.say(f"{show.count(unsent, 'file')} not submitted; `readout batch submit {folder}`.")
    if going := sum(not each.over for each in seen) - unsent:
        exits.say(f"{going} of {show.count(len(seen), 'file')} not finished; fetch again later.")
    return exits.SOME_FAILED if show.refused(seen) else ended


@batch.command("import", epilog="Example: readout batch import batch1 results.jsonl")
@click.argument("paths", metavar="FOLDER|FILE…", nargs=-1, required=True, type=options.FILE)
@options.cache
@options.as_json
@click.pass_obj
def import_(settings: Settings, *, paths: Sequence[Path], cache: Path | None, as_json: bool) -> int:
    """Put answers into the store: result files of a Batch API or of `vllm run-batch`.

    A folder stands for the result files in it. A file that is elsewhere needs the folder of its
    export beside it. What is stored already is left alone.
    """
    return _import(paths, settings, cache, as_json=as_json)


def _import(paths: Sequence[Path], settings: Settings, cache: Path | None, *, as_json: bool) -> int:
    exports, files = gather(paths)
    with closing(_store(settings, cache)) as store:
        done = fill(exports, files, store)
    _tell([*done.unread, *show.grouped(done.failed)], settings)
    if as_json:
        rows = {**done._asdict(), "failed": [each._asdict() for each in done.failed]}
        click.echo(exits.redacted(plain_json(rows), settings))
    else:
        exits.say(show.filled(done, len(files)))
    return exits.SOME_FAILED if done.failed or done.unread else exits.DONE


def _store(settings: Settings, cache: Path | None) -> Responses:
    return Responses((cache or settings.cache) / "responses", exits.say)


def _api(settings: Settings, manifest: Manifest) -> "Api":
    """The server that the export is for. Raises UsageError where the settings mean another."""
    from pipeline.batch.api import Api  # imported late: openai takes a second

    endpoint.check_key(settings.api_key)
    base_url = settings.base_url or ways.OPENAI_URL
    server = ways.origin(base_url)
    if server != manifest.server:
        raise UsageError(
            f"These requests are for {manifest.server}, but OPENAI_BASE_URL means {server}; point "
            "it there, or export again to another folder."
        )
    if server == ways.origin(ways.OPENAI_URL) and not settings.api_key:
        raise UsageError(f"No key is set for {server}; export OPENAI_API_KEY.")
    return Api(base_url, settings.api_key)


def _tell(sentences: Sequence[str], settings: Settings) -> None:
    """Say them, but no screen after screen of them."""
    for each in sentences[:_SHOWN]:
        exits.say(exits.redacted(each, settings))
    if len(sentences) > _SHOWN:
        exits.say(f"… and {len(sentences) - _SHOWN:,} more like these; --json has all of them.")
