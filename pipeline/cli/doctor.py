"""`readout doctor`: what is configured, what answers, and where things are kept. No secrets.

It asks a configured server for its list of models, and starts the embedded model. Only `--probe`
sends a request that costs something.
"""

import os
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import click
import httpx2

from pipeline import endpoint, ways
from pipeline.cli import exits, options
from pipeline.cli.keep import kept
from pipeline.embedded import weights
from pipeline.embedded.server import Server
from pipeline.errors import ModelError, ReadoutError
from pipeline.intake import version
from pipeline.plain import plain, plain_json
from pipeline.settings import Settings
from schemas.way import Way

_PATIENCE = 5.0  # seconds for a server's list of models
_PROMPT = 2800  # tokens of the prompt for large models, before any article


class Check(NamedTuple):
    """One thing that was looked at. `ok` is None where it can be neither right nor wrong."""

    name: str
    value: str
    ok: bool | None = None


@click.command(epilog="Example: readout doctor --probe")
@options.model
@options.way
@click.option(
    "--probe", is_flag=True, help="Ask the server one small question, of about 3,000 tokens."
)
@options.as_json
@click.pass_obj
def doctor(
    settings: Settings, *, model: str | None, way: str | None, probe: bool, as_json: bool
) -> int:
    """Check what is configured and whether it answers.

    Fails where what is configured does not answer, or the cache folder cannot be written. With
    --probe it also finds out whether the server takes what readout sends, and which --way fits.
    """
    checks = []
    for check in examine(settings, model, way, probe=probe):
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


def examine(
    settings: Settings, model: str | None, way: str | None = None, *, probe: bool = False
) -> Iterator[Check]:
    """Look at one thing after the other; the slow ones come last."""
    yield Check("readout", version())
    yield Check("python", platform.python_version())
    yield Check("key", "set (OPENAI_API_KEY)" if settings.api_key else "not set")
    yield from _cache(settings.cache)
    try:
        endpoint.check_key(settings.api_key)
        target = endpoint.target(settings, model, way=way)
    except ReadoutError as error:
        yield Check("way", str(error), ok=False)
        return
    yield Check("way", f"{target.way.name}, prompt {target.way.prompt}")
    yield Check("model", target.way.model)
    if target.base_url is None:
        yield from _embedded(settings, target.way.model)
    else:
        yield Check("ways", f"{', '.join(ways.NAMES)}; --way or READOUT_WAY chooses")
        yield Check("server", ways.origin(target.base_url))
        yield from _server(target, target.base_url, settings.api_key, probe=probe)


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
        log = endpoint.log_path(settings)
        served = weights.served(settings.models)
        begun = time.perf_counter()
        with closing(Server(served, log, name=model)):
            return f"starts in {time.perf_counter() - begun:.1f} s"

    steps: tuple[tuple[str, Callable[[], str]], ...]
    steps = ("weights", installed), ("adapter", adapted), ("answers", started)
    for name, step in steps:
        try:
            yield Check(name, step(), ok=True)
        except ModelError as error:
            yield Check(name, str(error), ok=False)
            return


def _server(
    target: endpoint.Target, base_url: str, api_key: str | None, *, probe: bool
) -> Iterator[Check]:
    """Whether the server answers, knows our model, and is the kind that we take it for."""
    begun = time.perf_counter()
    try:
        reply = httpx2.get(
            f"{base_url.rstrip('/')}/models",
            headers={"Authorization": f"Bearer {api_key}"} if api_key else {},
            timeout=_PATIENCE,
            trust_env=not ways.on_this_machine(base_url),
        )
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        yield Check("answers", f"no: {error or type(error).__name__}", ok=False)
        return
    models = _models(reply)
    answers = _answers(reply.status_code, time.perf_counter() - begun, models, target.way.model)
    yield answers
    if answers.ok is False:
        return
    yield from _kind(models, target.way)
    if probe:
        yield _probed(target, api_key)


def _answers(status: int, seconds: float, models: Sequence[dict[str, Any]], model: str) -> Check:
    took = f"in {seconds:.2f} s"
    if status in (401, 403):
        return Check("answers", f"{took}, but rejects the key (HTTP {status})", ok=False)
    if status >= 500:
        return Check("answers", f"{took} with HTTP {status}", ok=False)
    if not models:
        return Check("answers", f"{took}, without a list of models", ok=True)
    if not any(each["id"] == model for each in models):
        return Check("answers", f"{took}, but its list of models does not have {model}", ok=True)
    return Check("answers", took, ok=True)


def _kind(models: Sequence[dict[str, Any]], way: Way) -> Iterator[Check]:
    """What the list of models tells of the server, for nothing; and what is to be known of it."""
    # llama.cpp answers to any name of a model, and lists its own.
    listed = next((each for each in models if each["id"] == way.model), models[0] if models else {})
    row = ways.OWNERS.get(str(listed.get("owned_by")))
    if row is not None and not way.name.startswith(row):
        yield Check("kind", f"its list of models is that of {row}; --way {row} may fit better")
    room = listed.get("max_model_len")
    if isinstance(room, int) and room < _PROMPT + way.max_tokens:
        needed = f"{_PROMPT:,} tokens of prompt and {way.max_tokens:,} of answer"
        yield Check("context", f"{room:,} tokens, which do not hold {needed}", ok=False)
    if way.name in ways.ADVICE:
        yield Check("advice", ways.ADVICE[way.name])


def _probed(target: endpoint.Target, api_key: str | None) -> Check:
    from pipeline.cli.probe import probe  # imported late: it brings the prompt and the schema

    finding = probe(target, api_key)
    better = f"; set --way {finding.better} or READOUT_WAY={finding.better}"
    return Check("probe", finding.sentence + (better if finding.better else ""), ok=finding.ok)


def _models(reply: httpx2.Response) -> list[dict[str, Any]]:
    """The entries of a list of models that have an id; none where the answer is no such list."""
    try:
        return [each for each in reply.json()["data"] if each["id"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
