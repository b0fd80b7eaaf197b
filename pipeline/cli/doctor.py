"""`readout doctor`: what is configured, what answers, and where things are kept. No secrets.

It asks a configured server for its list of models, and starts the embedded model; it sends no
article and pays for nothing.
"""

import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import click
import httpx2

from pipeline import endpoint, ways
from pipeline.cli import exits, options
from pipeline.cli.keep import kept
from pipeline.embedded import weights
from pipeline.embedded.server import Server
from pipeline.errors import ModelError, ReadoutError
from pipeline.plain import plain, plain_json
from pipeline.settings import Settings

_PATIENCE = 5.0  # seconds for a server's list of models


class Check(NamedTuple):
    """One thing that was looked at. `ok` is None where it can be neither right nor wrong."""

    name: str
    value: str
    ok: bool | None = None


@click.command(epilog="Example: readout doctor --json")
@options.model
@options.as_json
@click.pass_obj
def doctor(settings: Settings, *, model: str | None, as_json: bool) -> int:
    """Check what is configured and whether it answers.

    Fails where what is configured does not answer, or the cache folder cannot be written.
    """
    checks = []
    for check in examine(settings, model):
        checks.append(check)
        if not as_json:
            mark = {True: "ok", False: "FAILS", None: ""}[check.ok]
            value = exits.redacted(check.value, settings)
            click.echo(f"{mark:<6}{check.name:<14}{plain(value)}")
    well = all(check.ok is not False for check in checks)
    if as_json:
        found = [check._asdict() for check in checks]
        click.echo(exits.redacted(plain_json({"ok": well, "checks": found}), settings))
    return exits.DONE if well else exits.ERROR


def examine(settings: Settings, model: str | None) -> Iterator[Check]:
    """Look at one thing after the other; the slow ones come last."""
    yield Check("readout", metadata.version("readout"))
    yield Check("python", platform.python_version())
    yield Check("key", "set (OPENAI_API_KEY)" if settings.api_key else "not set")
    yield from _cache(settings.cache)
    try:
        endpoint.check_key(settings.api_key)
        target = endpoint.target(settings, model)
    except ReadoutError as error:
        yield Check("way", str(error), ok=False)
        return
    yield Check("way", f"{target.way.name}, prompt {target.way.prompt}")
    yield Check("model", target.way.model)
    if target.base_url is None:
        yield from _embedded(settings, target.way.model)
    else:
        yield Check("server", ways.origin(target.base_url))
        yield _server(target.base_url, settings.api_key, target.way.model)


def _cache(folder: Path) -> Iterator[Check]:
    existing = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    writable = existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
    yield Check("cache", f"{folder}, {'writable' if writable else 'not writable'}", ok=writable)
    try:
        found = kept(folder)
    except ReadoutError as error:
        yield Check("stored", str(error), ok=False)
        return
    size = f"{found.replies:,} replies, {found.bytes / 1e3:,.0f} kB"
    yield Check("stored", f"{size}, {found.recordings:,} recordings")


def _embedded(settings: Settings, model: str) -> Iterator[Check]:
    """The three things that the embedded model needs; the next is tried when the last is well."""

    def installed() -> str:
        return f"{weights.checked(settings.models)}, SHA-256 checked"

    def adapted() -> str:
        return f"{weights.adapter().stat().st_size / 1e6:.1f} MB, travels with readout"

    def started() -> str:
        begun = time.perf_counter()
        log = endpoint.log_path(settings)
        files = weights.installed(settings.models), weights.adapter()
        with closing(Server(*files, log, name=model)):
            return f"starts in {time.perf_counter() - begun:.1f} s"

    steps: tuple[tuple[str, Callable[[], str]], ...]
    steps = ("weights", installed), ("adapter", adapted), ("answers", started)
    for name, step in steps:
        try:
            yield Check(name, step(), ok=True)
        except ModelError as error:
            yield Check(name, str(error), ok=False)
            return


def _server(base_url: str, api_key: str | None, model: str) -> Check:
    """Whether the server answers a request for its list of models, and knows ours."""
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    begun = time.perf_counter()
    try:
        reply = httpx2.get(
            f"{base_url.rstrip('/')}/models",
            headers=headers,
            timeout=_PATIENCE,
            trust_env=not ways.on_this_machine(base_url),
        )
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return Check("answers", f"no: {error or type(error).__name__}", ok=False)
    took = f"in {time.perf_counter() - begun:.2f} s"
    if reply.status_code in (401, 403):
        return Check("answers", f"{took}, but rejects the key (HTTP {reply.status_code})", ok=False)
    if reply.status_code >= 500:
        return Check("answers", f"{took} with HTTP {reply.status_code}", ok=False)
    listed = _listed(reply)
    if listed and model not in listed:
        return Check("answers", f"{took}, but its list of models does not have {model}", ok=True)
    return Check("answers", took if listed else f"{took}, without a list of models", ok=True)


def _listed(reply: httpx2.Response) -> set[str]:
    """The ids in a list of models; empty where the answer is no such list."""
    try:
        return {str(each["id"]) for each in reply.json()["data"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        return set()
