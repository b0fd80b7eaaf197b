"""`readout show`, `prompt` and `schema`: commands that look at things and change nothing."""

import datetime as dt
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from pipeline import archive, compose, endpoint
from pipeline.cli import options
from pipeline.errors import ArchiveError, ReadError
from pipeline.plain import plain, plain_json
from pipeline.read import Unreadable, read_paths
from pipeline.settings import Settings
from pipeline.show import WIDTH
from pipeline.show import show as shown
from schemas.exchange import Request
from schemas.extraction import Extraction
from schemas.record import Record

_NARROWEST, _WIDEST = 60, 110  # columns that a page of evidence reads well in


@click.command(epilog="Example: readout show summaries")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=options.FILE)
def show(files: Sequence[Path]) -> None:
    """Show records, with the evidence under each item.

    FILE is a record that `readout run` wrote, a file of them, a line each, or a folder.
    """
    columns = shutil.get_terminal_size((WIDTH, 24)).columns
    width = min(max(columns, _NARROWEST), _WIDEST)
    for number, record in enumerate(_records(files)):
        if number:
            click.echo("─" * width + "\n")
        click.echo(shown(record, width=width))


@click.command(epilog="Example: readout prompt examples/articles/talks.txt --model gpt-5-mini")
@click.argument("article", type=options.FILE)
@options.model
@options.provider
@options.way
@options.published
@options.text_column
@options.as_json
@click.pass_obj
def prompt(
    settings: Settings,
    *,
    article: Path,
    model: str | None,
    provider: str | None,
    way: str | None,
    published: dt.date | None,
    text_column: str | None,
    as_json: bool,
) -> None:
    """Print the exact request for an article. Nothing is sent.

    A long article is asked about in parts, and each has its own.
    """
    target = endpoint.target(settings, model, provider, way)
    for item in read_paths([article], published, text_column=text_column):
        if isinstance(item, Unreadable):
            raise ReadError(item.reason)
        plan = compose.Plan(item, target.way)
        for part in plan.parts:  # a long article has several
            _print_request(item.id, plan.request(part), as_json=as_json)


def _print_request(article: str, request: Request, *, as_json: bool) -> None:
    facts = {
        "article": article,
        "key": request.key,
        "provider": request.provider,
        "model": str(request.body["model"]),
    }
    if as_json:
        click.echo(plain_json({**facts, "body": request.body}))
        return
    for name, value in facts.items():
        click.echo(f"{name:<9}{plain(value)}")
    click.echo(plain_json(request.body, indent=2))


@click.command(epilog="Example: readout schema --wire --model embedded")
@click.option("--record", "kind", flag_value="record", default=True, help="What is written.")
@click.option("--extraction", "kind", flag_value="extraction", help="What a model returns.")
@click.option("--wire", "kind", flag_value="wire", help="What the provider is held to.")
@options.model
@options.provider
@options.way
@click.pass_obj
def schema(
    settings: Settings, *, kind: str, model: str | None, provider: str | None, way: str | None
) -> None:
    """Print a JSON schema: of records, unless told otherwise."""
    if kind == "wire":
        found = compose.wire_schema(endpoint.target(settings, model, provider, way).way)
    else:
        found = (Record if kind == "record" else Extraction).model_json_schema()
    click.echo(plain_json(found, indent=2))


def _records(files: Sequence[Path]) -> Iterator[Record]:
    """The records in the files named, and in the folders named."""
    for file in files:
        found = archive.records(file)
        first = next(found, None)
        if first is None:
            raise ArchiveError(f"{file} holds no record; `readout run -o` writes some.")
        yield first
        yield from found
