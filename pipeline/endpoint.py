"""Whoever answers: a configured server, or the embedded model, started when first needed."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline import ways
from pipeline.embedded import weights
from pipeline.embedded.server import Server
from pipeline.errors import ReadoutError, UsageError
from pipeline.gate import Gate
from pipeline.settings import Settings
from schemas.exchange import Failure, Reply, Request
from schemas.way import Way

if TYPE_CHECKING:
    from pipeline.ask import Client


_MOST = 4  # processes of the embedded model, of 0.8 GB each, unless told otherwise


class Target(NamedTuple):
    """Which way to ask, and where. `base_url` is None for the embedded model."""

    way: Way
    base_url: str | None


def target(
    settings: Settings,
    model: str | None = None,
    provider: str | None = None,
    way: str | None = None,
) -> Target:
    """Who is to answer: the model named, else the configured server, else the embedded model.

    `way` is a row of the table of ways; without one the settings or the address choose it. Raises
    UsageError for what makes no sense.
    """
    model = model or settings.model
    if model == "embedded" or (not model and not settings.api_key and not settings.base_url):
        if way:
            raise UsageError("The embedded model is asked in its own way; leave --way out.")
        known = {"model": weights.model_id(), "concurrency": min(os.cpu_count() or 1, _MOST)}
        return Target(ways.EMBEDDED.model_copy(update=known), None)
    base_url = settings.base_url or ways.OPENAI_URL
    if not model and base_url != ways.OPENAI_URL:
        raise UsageError(
            f"OPENAI_BASE_URL points at {ways.origin(base_url)}, but no model is named; add "
            "--model NAME (the server's own list is at /v1/models)."
        )
    chosen = ways.choose(
        model or ways.OPENAI_MODEL,
        ways.origin(base_url),
        provider=provider,
        name=way or settings.way,
    )
    return Target(chosen, base_url)


class Endpoint:
    """Asks the target; `contextlib.aclosing` closes it. Nothing starts before a question.

    A configured server is asked as often as the caller likes. The embedded model runs in as many
    processes as questions are open at a time, up to the way's `concurrency`.
    """

    def __init__(
        self,
        target: Target,
        settings: Settings,
        say: Callable[[str], None] = lambda _: None,
        gate: Gate | None = None,
    ) -> None:
        self._target = target
        self._gate = gate
        self._settings = settings
        self._say = say
        self._servers: list[Server] = []
        self._clients: list[Client] = []
        self._idle: list[Client] = []
        self._turns = asyncio.Semaphore(target.way.concurrency)
        self._starting = asyncio.Lock()
        self._failed: ReadoutError | None = None

    async def ask(self, request: Request) -> Reply | Failure:
        """The reply to one request. Raises ModelError where the embedded model cannot start."""
        if self._target.base_url is not None:
            return await (await self._shared(self._target.base_url)).ask(request)
        async with self._turns:
            client = self._idle.pop() if self._idle else await self._another()
            try:
                return await client.ask(request)
            finally:
                self._idle.append(client)

    async def _shared(self, base_url: str) -> "Client":
        """The one client of a configured server."""
        async with self._starting:
            if self._clients:
                return self._clients[0]
            return await self._begun(lambda: self._configured(base_url))

    async def _another(self) -> "Client":
        """The client of one more process."""
        async with self._starting:
            return await self._begun(self._embedded)

    async def _begun(self, begin: Callable[[], "Client"]) -> "Client":
        if self._failed is not None:
            raise self._failed  # a second start would fail as the first, a minute later
        try:
            client = await asyncio.to_thread(begin)
        except ReadoutError as error:
            self._failed = error
            raise
        self._clients.append(client)
        return client

    def _configured(self, base_url: str) -> "Client":
        check_access(self._target, self._settings.api_key)
        settings = self._settings
        return _client()(base_url, settings.api_key, gate=self._gate, account=settings.account)

    def _embedded(self) -> "Client":
        model = weights.served(self._settings.models, self._say)
        if not self._servers:
            self._say("Starting the embedded model …")
        log = log_path(self._settings, len(self._servers) + 1)
        server = Server(model, log, name=self._target.way.model)
        self._servers.append(server)
        # On two cores a long article takes a while; nobody else waits for this server.
        remedy = f"run again; the embedded model's log is {log}"
        return _client()(server.base_url, None, remedy=remedy, gate=self._gate)

    async def aclose(self) -> None:
        """Close the connections and end the child processes."""
        for client in self._clients:
            await client.aclose()
        for server in self._servers:
            await asyncio.to_thread(server.close)


def check_access(target: Target, api_key: str | None) -> None:
    """Raises UsageError where the server cannot be asked with this key, or without one."""
    check_key(api_key)
    if target.base_url == ways.OPENAI_URL and not api_key:
        raise UsageError(
            f"No key is set for {target.way.model}; export OPENAI_API_KEY, point "
            "OPENAI_BASE_URL at your server, or use --model embedded."
        )


def check_key(api_key: str | None) -> None:
    """Raises UsageError for a key that no HTTP header can hold; the key itself is not shown."""
    if api_key and not (api_key.isascii() and api_key.isprintable()):
        raise UsageError(
            "OPENAI_API_KEY holds a character that no key has (a line break, or a letter beyond "
            "ASCII such as “…”); set it again."
        )


def _client() -> "type[Client]":
    # Imported late: stored replies need no HTTP.
    from pipeline.ask import Client

    return Client


def log_path(settings: Settings, number: int = 1) -> Path:
    """Where the log of the embedded model's first, second … process goes."""
    return settings.home / ("embedded.log" if number == 1 else f"embedded-{number}.log")
