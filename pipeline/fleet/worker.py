"""An actor on any machine: takes an article to its record, and sends requests when it is told to.

Has the key, and connections to the endpoint; knows neither store nor gate.
"""

import functools
from collections.abc import Mapping
from typing import Any

from pipeline.ask import Answer, Client
from pipeline.endpoint import Target, check_access
from pipeline.fleet.cluster import myself, only, told
from pipeline.intake import maker
from pipeline.run import Result, summarise
from pipeline.settings import Headers
from schemas.article import Article
from schemas.exchange import Failure, Reply, Request
from schemas.record import Edition


class Worker:
    """One of many. The key comes as an argument, which Ray writes into no log."""

    def __init__(self, target: Target, api_key: str | None, account: Headers = ()) -> None:
        self._target, self._api_key, self._account = target, api_key, account
        # Not an argument: Ray might lose that until it starts the worker anew.
        self._answers = _Kept(only("Keeper"))

    async def maker(self) -> dict[str, str]:
        """What records made here would say of their making."""
        return maker(self._target.way)

    async def summarise(self, article: Article, edition: Edition) -> Result:
        """One article from its text to its record. Raises what `run.summarise` does."""
        return await summarise(article, self._target.way, self._answers, edition)

    async def post(self, request: Request) -> tuple[Answer, Mapping[str, str]]:
        """Send a request once: what came, and its headers by their names in lower case."""
        answer, headers = await self._client.post(request)
        return answer, dict(headers)

    @functools.cached_property
    def _client(self) -> Client:
        """Made when something is to be sent: stored replies need no key."""
        check_access(self._target, self._api_key)
        return Client(self._target.base_url or "", self._api_key, account=self._account)


class _Kept:
    """Answers that the keeper has, or has this worker ask for."""

    def __init__(self, keeper: Any) -> None:
        self._keeper = keeper

    async def to(self, request: Request, article: str) -> tuple[Reply | Failure, bool]:
        """The answer, and whether the endpoint was asked."""
        answer: tuple[Reply | Failure, bool] = await told(
            self._keeper.to.remote(request, article, myself())
        )
        return answer
