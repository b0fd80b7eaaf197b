"""Takes articles in as they are found, and says of each whether it is to be summarised.

A thread reads them, a few ahead, so that a slow pipe holds nobody up. An article whose record is
on the shelf, made from the same text by the same model, prompt and schema, is neither split nor
composed again. All are linked with those before them, so that a run that was stopped and goes on
links them as one that was not. Asks nobody.
"""

import asyncio
import contextlib
import functools
import threading
from collections.abc import AsyncIterator, Collection, Iterable
from importlib import metadata
from typing import NamedTuple

from pipeline import compose
from pipeline.editions import Editions, fingerprint, unpacked
from pipeline.read import Found, Unreadable
from pipeline.shelf import Shelf
from schemas.article import Article
from schemas.exchange import digest
from schemas.record import Edition
from schemas.way import Way

Item = Article | Found | Unreadable
_AHEAD = 16  # articles: each may have a million characters


class Feed:
    """The articles that a thread reads, one after the other, and a few ahead.

    The thread is a daemon: a pipe that says nothing more cannot keep the process from ending.
    """

    def __init__(self, items: Iterable[Item]) -> None:
        self._loop = asyncio.get_running_loop()
        self._found: asyncio.Queue[Item | BaseException | None] = asyncio.Queue()
        self._room = threading.Semaphore(_AHEAD)
        self._ended = False
        threading.Thread(target=self._read, args=(items,), name="feed", daemon=True).start()

    async def next(self) -> Item | None:
        """The next article; None after the last, and once the feed was ended.

        Raises what reading them raised.
        """
        await asyncio.sleep(0)  # a queue that is never empty would keep Ctrl-C waiting
        item = await self._found.get()
        if self._ended or item is None:
            self._found.put_nowait(None)  # for the next one who waits
            return None
        if isinstance(item, BaseException):
            raise item
        self._room.release()
        return item

    def end(self) -> None:
        """Hand out nothing more, whoever waits for it."""
        self._ended = True
        self._found.put_nowait(None)
        self._room.release()  # so that the thread wakes and ends, too

    def _read(self, items: Iterable[Item]) -> None:
        try:
            for item in items:
                self._room.acquire()
                if self._ended:
                    return
                self._hand(item)
            self._hand(None)
        except BaseException as error:  # noqa: BLE001 - raised where somebody waits
            self._hand(error)

    def _hand(self, found: Item | BaseException | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._found.put_nowait, found)


@contextlib.asynccontextmanager
async def feed(items: Iterable[Item], stop: asyncio.Event) -> AsyncIterator[Feed]:
    """A feed that ends when `stop` is set, or when it is left."""
    fed = Feed(items)

    async def watch() -> None:
        await stop.wait()
        fed.end()

    watching = asyncio.create_task(watch())
    try:
        yield fed
    finally:
        watching.cancel()
        fed.end()


class Begun(NamedTuple):
    """An article that is to be summarised, and the note to be left about its record."""

    article: Article
    edition: Edition
    note: str


class Archived(NamedTuple):
    """An article whose record is there and would be the same again."""

    id: str


class Desk:
    """Takes what was read, one after the other, and says what is to be done about it.

    `shelf` has the records that need not be made again.
    """

    def __init__(
        self, way: Way, shelf: Shelf | None, wanted: Collection[str] | None = None
    ) -> None:
        self._shelf, self._wanted = shelf, wanted
        self._editions = Editions()
        self._made = digest(maker(way))

    def begin(self, item: Item) -> Begun | Archived | Unreadable | None:
        """The article that is to be summarised, or why it is not; None: it is not wanted."""
        if isinstance(item, Unreadable):
            return item if self._wants(item.id) else None
        basis = f"{item.digest} {self._made}" if isinstance(item, Found) else ""
        edition, kept = self._recalled(item.id, basis) if basis else (None, "")
        if edition is not None and edition.model_dump_json() == kept:
            return Archived(item.id) if self._wants(item.id) else None
        article = item.article() if isinstance(item, Found) else item
        print_ = fingerprint(article)
        edition = edition or self._editions.link(print_)
        note = f"{basis}\t{edition.model_dump_json()}\t{print_.packed()}"
        return Begun(article, edition, note) if self._wants(item.id) else None

    def _wants(self, article: str) -> bool:
        return self._wanted is None or article in self._wanted

    def _recalled(self, article: str, basis: str) -> tuple[Edition | None, str]:
        """Where an article with a record stands now, and, as JSON, where it stood then.

        None unless the record was made from the same text by the same model, prompt and schema.
        """
        note = self._shelf.recall(article) if self._shelf else None
        with contextlib.suppress(ValueError):  # it is none of ours
            was, edition, packed = (note or "").split("\t")
            if was == basis:
                return self._editions.link(unpacked(packed)), edition
        return None, ""


@functools.cache  # reading a distribution's metadata takes a quarter of a millisecond
def version() -> str:
    """The version of readout that runs."""
    return metadata.version("readout")


def maker(way: Way) -> dict[str, str]:
    """Who writes: what `Made` says of every record of a run alike."""
    return {
        "readout": version(),
        "model": way.model,
        "provider": way.provider,
        "way": way.name,
        "prompt": compose.prompt_hash(way),
        "schema_hash": compose.schema_hash(way),
    }
