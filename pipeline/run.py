"""The one place that joins the stages: read → compose → step → store or ask → distil → archive."""

import asyncio
import datetime as dt
import time
import weakref
from collections.abc import Awaitable, Callable, Collection, Iterable
from enum import StrEnum
from typing import Protocol

from pipeline import compose
from pipeline.distil import distil
from pipeline.errors import ArchiveError, KeepError, MissError, StoppedError, StoreError
from pipeline.intake import Archived, Begun, Desk, Feed, Item, feed, maker
from pipeline.read import Unreadable
from pipeline.shelf import Shelf
from pipeline.step import is_final, step, tokens
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
    """How one article ended: a record, now or in an earlier run, or a failure that says why."""

    id: str
    record: Record | None = None
    archived: bool = False  # the record was there, so nothing was done
    failure: Failure | None = None
    status: int | None = None  # HTTP, of the last reply
    tokens: Tokens = Tokens()
    asked: int = 0  # requests sent to the endpoint, those it made us send again included
    stored: int = 0  # requests whose reply was there already
    seconds: float = 0.0


class Answering(Protocol):
    """What summarise needs."""

    async def to(self, request: Request, article: str) -> tuple[Reply | Failure, bool]:
        """The answer, and whether the endpoint was asked."""


class Elsewhere(Protocol):
    """Summarises articles in other processes than this one."""

    mode: Mode

    async def summarise(self, article: Article, edition: Edition) -> Result:
        """As the function of that name."""


class Answers:
    """Replies to requests, from the store or the endpoint, as `mode` has it.

    About the articles in `again`, by id, the endpoint is asked as if the mode were REFRESH.
    """

    def __init__(
        self, store: Store, mode: Mode, ask: Ask | None, again: Collection[str] = ()
    ) -> None:
        self.mode = mode
        self._store = store
        self._ask = ask
        self._again = again
        # Asked again in this run; once is enough for all copies. Half a key, as a number, is small.
        self._refreshed: set[int] = set()
        self._turns: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    async def to(self, request: Request, article: str) -> tuple[Reply | Failure, bool]:
        """The answer, and whether the endpoint was asked. A good reply is stored before it is used.

        Raises MissError in replay mode where nothing is stored.
        """
        turn = self._turns.setdefault(request.key, asyncio.Lock())
        async with turn:  # of two copies of one article in flight, the second waits and is free
            return await self._answer(request, article)

    async def _answer(self, request: Request, article: str) -> tuple[Reply | Failure, bool]:
        fresh = self.mode is Mode.REFRESH or article in self._again
        short = int(request.key[:16], 16)
        stored = None if fresh and short not in self._refreshed else self._store.get(request.key)
        if stored and (self.mode is Mode.REPLAY or is_final(stored)):
            return stored, False
        if self.mode is Mode.REPLAY or self._ask is None:
            raise MissError(
                f"No reply is recorded for {article} with this prompt, schema and model; "
                "`readout record` on the article makes one."
            )
        answer = await self._ask(request)
        # What the server did not answer cost nothing and is asked again next time. That an article
        # is too long is kept: without it, the answers to its halves could not be replayed.
        if isinstance(answer, Reply) and answer.status in (200, 400, 413):
            self._store.append(request, answer, article)
            if fresh:
                self._refreshed.add(short)
        return answer, True


async def summarise(
    article: Article, way: Way, answers: Answering, edition: Edition = _ALONE
) -> Result:
    """One article from its text to its record.

    Raises MissError, StoreError, and StoppedError where the endpoint may be asked no more.
    """
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
        status=next((reply.status for reply in reversed(replies.values())), None),
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
    items: Iterable[Item],
    way: Way,
    answers: Answers | Elsewhere,
    *,
    out: Shelf | None,
    concurrency: int,
    done: Callable[[Result], None],
    stop: asyncio.Event | None = None,
    wanted: Collection[str] | None = None,
) -> None:
    """Summarise a stream of articles, `concurrency` of them open at a time, as they come.

    Each record is put on `out` as its article ends; in mode AUTO what is there already is left
    alone. `done` hears every result. Only the articles that are `wanted`, by id, are begun, if any
    are named. When `stop` is set no further article is begun, and one that may ask no more ends
    without a result: nothing is wrong with it. One article's failure never touches another's.

    What would meet every article (no key, no room for replies, a fault of ours) is raised, once
    those in flight are finished and kept.
    """
    desk = Desk(way, out if answers.mode is Mode.AUTO else None, wanted)
    broken: list[Exception] = []

    async def work(articles: Feed) -> None:
        try:
            while (item := await articles.next()) is not None:
                # Placed at once, while no other is taken: the links follow the order of reading.
                begun = desk.begin(item)
                if begun is not None:
                    done(await _ended(begun, way, answers, out))
        except StoppedError:
            return
        except Exception as error:  # noqa: BLE001 - raised below, when the others are safe
            broken.append(error)
            articles.end()

    async with feed(items, stop or asyncio.Event()) as articles, asyncio.TaskGroup() as group:
        for _ in range(concurrency):
            group.create_task(work(articles))
    if broken:
        raise broken[0]


async def _ended(
    begun: Begun | Archived | Unreadable, way: Way, answers: Answers | Elsewhere, out: Shelf | None
) -> Result:
    """How one article ends, its record put away."""
    if isinstance(begun, Archived):
        return Result(id=begun.id, archived=True)
    if isinstance(begun, Unreadable):
        return _failed(begun.id, Outcome.UNREADABLE, begun.reason)
    article, edition, note = begun
    try:
        if isinstance(answers, Answers):
            result = await summarise(article, way, answers, edition)
        else:
            result = await answers.summarise(article, edition)
    except KeepError:
        raise
    except MissError as miss:
        return _failed(article.id, Outcome.UNREACHABLE, str(miss))
    except StoreError as error:
        return _failed(article.id, Outcome.UNSAVED, str(error))
    if result.record is not None and out is not None:
        try:
            # The disk takes milliseconds, in which others can be asked.
            await asyncio.to_thread(out.put, result.record)
            out.note(article.id, note)
        except ArchiveError as error:
            failure = Failure(outcome=Outcome.UNSAVED, reason=str(error))
            return result.model_copy(update={"record": None, "failure": failure})
    return result


def _failed(name: str, outcome: Outcome, reason: str) -> Result:
    return Result(id=name, failure=Failure(outcome=outcome, reason=reason))


def _made(way: Way, keys: tuple[str, ...], spent: Tokens, at: dt.datetime) -> Made:
    return Made(**maker(way), keys=keys, tokens=spent, at=at)
