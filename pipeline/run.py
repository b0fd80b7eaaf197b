"""The one place that joins the stages: read → compose → step → store or ask → distil → archive."""

import asyncio
import datetime as dt
import functools
import time
import weakref
from collections.abc import Awaitable, Callable, Iterable
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from pipeline import archive, compose
from pipeline.distil import distil
from pipeline.editions import Editions
from pipeline.errors import ArchiveError, KeepError, MissError, StoreError
from pipeline.read import Unreadable
from pipeline.step import is_completion, step, tokens
from pipeline.store import Store
from schemas.article import Article
from schemas.base import Value
from schemas.exchange import Failure, Outcome, Reply, Request, Tokens
from schemas.record import Edition, Made, Record
from schemas.way import Way

Ask = Callable[[Request], Awaitable[Reply | Failure]]
_ALONE = Edition()  # linked with no other article


class Mode(StrEnum):
    """Where replies come from."""

    AUTO = "auto"  # stored, else asked
    REFRESH = "refresh"  # asked, and kept beside what is stored
    REPLAY = "replay"  # stored, never the network


class Result(Value):
    """How one article ended: a record, or a failure that says why."""

    id: str
    record: Record | None = None
    failure: Failure | None = None
    tokens: Tokens = Tokens()
    asked: int = 0  # requests sent to the endpoint, those it made us send again included
    stored: int = 0  # requests whose reply was there already
    seconds: float = 0.0


class Answers:
    """Replies to requests, from the store or the endpoint, as `mode` has it."""

    def __init__(self, store: Store, mode: Mode, ask: Ask | None) -> None:
        self._store = store
        self._mode = mode
        self._ask = ask
        self._refreshed: set[str] = set()  # asked again in this run; once is enough for all copies
        self._turns: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    async def to(self, request: Request, article: str) -> tuple[Reply | Failure, bool]:
        """The answer, and whether the endpoint was asked. A good reply is stored before it is used.

        Raises MissError in replay mode where nothing is stored.
        """
        turn = self._turns.setdefault(request.key, asyncio.Lock())
        async with turn:  # of two copies of one article in flight, the second waits and is free
            return await self._answer(request, article)

    async def _answer(self, request: Request, article: str) -> tuple[Reply | Failure, bool]:
        again = self._mode is Mode.REFRESH and request.key not in self._refreshed
        stored = None if again else self._store.get(request.key)
        # A web page sent with 200 cost nothing; it is kept, but it must not answer for ever.
        if stored and (self._mode is Mode.REPLAY or is_completion(stored)):
            return stored, False
        if self._mode is Mode.REPLAY or self._ask is None:
            raise MissError(
                f"No reply is recorded for {article} with this prompt, schema and model; "
                "`readout record` on the article makes one."
            )
        answer = await self._ask(request)
        # What the server did not answer cost nothing and is asked again next time. That an article
        # is too long is kept: without it, the answers to its halves could not be replayed.
        if isinstance(answer, Reply) and answer.status in (200, 400, 413):
            self._store.append(request, answer, article)
            if self._mode is Mode.REFRESH:
                self._refreshed.add(request.key)
        return answer, True


async def summarise(
    article: Article, way: Way, answers: Answers, edition: Edition = _ALONE
) -> Result:
    """One article from its text to its record. Raises MissError and StoreError only."""
    started = time.perf_counter()
    plan, replies, asked, stored = compose.Plan(article, way), dict[str, Reply](), 0, 0
    verdict = step(plan, way, replies)
    while isinstance(verdict, tuple):
        request = verdict[0]  # one by one: a part that fails ends the article
        answer, sent = await answers.to(request, article.id)
        asked, stored = asked + (answer.sends if sent else 0), stored + (not sent)
        if isinstance(answer, Failure):
            verdict = answer
        else:
            replies[request.key] = answer
            verdict = step(plan, way, replies)
    result = Result(
        id=article.id,
        tokens=tokens(replies.values()),
        asked=asked,
        stored=stored,
        seconds=time.perf_counter() - started,
    )
    if isinstance(verdict, Failure):
        return result.model_copy(update={"failure": verdict})
    at = max(reply.at for reply in replies.values())
    record = Record(
        article=article,
        summary=distil(verdict, article),
        made=_made(way, tuple(replies), result.tokens, at),
        edition=edition,
    )
    return result.model_copy(update={"record": record})


async def run(
    articles: Iterable[Article | Unreadable],
    way: Way,
    answers: Answers,
    *,
    out: Path | None,
    concurrency: int,
    done: Callable[[Result], None],
    stop: asyncio.Event | None = None,
) -> None:
    """Summarise a stream of articles, `concurrency` at a time, archiving each as it ends.

    `done` hears every result. When `stop` is set no further article is begun; those in flight
    are finished and kept. One article's failure never touches another's.

    What would meet every article (no key, no room for replies, a fault of ours) is raised, once
    those in flight are finished and kept.
    """
    waiting, editions = iter(articles), Editions()
    broken: list[Exception] = []

    async def work() -> None:
        while not (broken or (stop and stop.is_set())):
            try:
                item = next(waiting, None)
                if item is None:
                    return
                # Placed at once, while no other is read: the links follow the order of reading.
                edition = editions.place(item) if isinstance(item, Article) else _ALONE
                done(await _ended(item, edition, way, answers, out))
            except Exception as error:  # noqa: BLE001 - raised below, when the others are safe
                broken.append(error)

    async with asyncio.TaskGroup() as group:
        for _ in range(concurrency):
            group.create_task(work())
    if broken:
        raise broken[0]


async def _ended(
    item: Article | Unreadable, edition: Edition, way: Way, answers: Answers, out: Path | None
) -> Result:
    """How one article ends, its record archived."""
    if isinstance(item, Unreadable):
        return _failed(item.id, Outcome.UNREADABLE, item.reason)
    try:
        result = await summarise(item, way, answers, edition)
    except KeepError:
        raise
    except MissError as miss:
        return _failed(item.id, Outcome.UNREACHABLE, str(miss))
    except StoreError as error:
        return _failed(item.id, Outcome.UNSAVED, str(error))
    if result.record is not None and out is not None:
        try:
            archive.write(result.record, out)
        except ArchiveError as error:
            failure = Failure(outcome=Outcome.UNSAVED, reason=str(error))
            return result.model_copy(update={"record": None, "failure": failure})
    return result


def _failed(name: str, outcome: Outcome, reason: str) -> Result:
    return Result(id=name, failure=Failure(outcome=outcome, reason=reason))


@functools.cache  # reading a distribution's metadata takes a quarter of a millisecond
def _version() -> str:
    return metadata.version("readout")


def _made(way: Way, keys: tuple[str, ...], spent: Tokens, at: dt.datetime) -> Made:
    return Made(
        readout=_version(),
        model=way.model,
        provider=way.provider,
        way=way.name,
        prompt=compose.prompt_hash(way.prompt),
        schema_hash=compose.schema_hash(cites=way.cites, bounds=way.bounds, sparse=way.sparse),
        keys=keys,
        tokens=spent,
        at=at,
    )
