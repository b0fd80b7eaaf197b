"""What the benchmark of quality compares: systems that make values of an article, or an error.

| system             | what answers                                                             |
| ------------------ | ------------------------------------------------------------------------ |
| `readout`          | our pipeline and the embedded model with its adapter                     |
| `base`             | the same pipeline, prompt and schema, and the weights as they come       |
| `langextract`      | langextract on the model with the adapter, through its OpenAI provider   |
| `langextract-base` | the same without the adapter, which was taught our prompt and no other   |

Each has a server of its own, and is asked one question at a time. Knows neither
references nor scores.
"""

import asyncio
import bisect
import contextlib
import datetime as dt
import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import aclosing, closing
from pathlib import Path
from typing import Any, NamedTuple

from langextract_mapping import Found, mapped

from pipeline import endpoint, ways
from pipeline.ask import Client
from pipeline.distil import distil
from pipeline.embedded import weights
from pipeline.embedded.server import Server
from pipeline.errors import ModelError
from pipeline.evaluate import flatten
from pipeline.intake import maker
from pipeline.run import Answers, Mode, summarise
from pipeline.settings import Settings
from pipeline.store import Responses, Store
from schemas.article import Article
from schemas.exchange import Reply, Request, Tokens
from schemas.record import Made, Record
from schemas.reference import FlatArticle
from schemas.way import Way


class Answer(NamedTuple):
    """What a system made of one article: values, or the kind of error that it ended with."""

    flat: FlatArticle | None
    error: str | None
    seconds: float  # of the model's server and of what waits for it
    dropped: int = 0  # items that our form cannot hold


System = Callable[[Article], Answer]


class Timed:
    """A store that adds up how long the replies took that were taken out of it or put into it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.seconds = 0.0

    def get(self, key: str) -> Reply | None:
        """The stored reply, and its seconds."""
        reply = self._store.get(key)
        self.seconds += reply.seconds if reply else 0.0
        return reply

    def append(self, request: Request, reply: Reply, article: str) -> None:
        """Keep a new reply, and its seconds."""
        self.seconds += reply.seconds
        self._store.append(request, reply, article)


def through_readout(article: Article, way: Way, url: str, store: Store) -> Answer:
    """Our pipeline over a server; replies that are stored are not asked for again."""
    timed = Timed(store)

    async def one() -> Answer:
        async with aclosing(Client(url, None)) as client:
            result = await summarise(article, way, Answers(timed, Mode.AUTO, client.ask))
        if result.record is None:
            failure = result.failure.outcome if result.failure else "nothing"
            return Answer(None, failure, timed.seconds)
        return Answer(flatten(result.record), None, timed.seconds)

    return asyncio.run(one())


class Peer:
    """langextract in a process of its own; `contextlib.closing` ends it."""

    def __init__(self, python: Path, url: str, way: Way, log: Path) -> None:
        child = Path(__file__).with_name("langextract_child.py")
        command = [str(python), str(child), url, way.model, str(way.max_tokens)]
        self._way, self._log = way, log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as stream:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stream, text=True
            )
        self._line()  # it is ready when all is imported, which no article should pay for

    def __call__(self, article: Article) -> Answer:
        """What it finds. Raises ModelError where the process has ended."""
        shown, starts, text = article.shown, list[int](), ""
        for sentence in shown:
            starts.append(len(text))
            text += article.quote(sentence) + "\n"
        began = dt.datetime.now(dt.UTC)
        told = self._told({"text": text})
        seconds = (dt.datetime.now(dt.UTC) - began).total_seconds()
        if "error" in told:
            return Answer(None, told["error"], seconds)

        def sentence_at(offset: int) -> int | None:
            return shown[bisect.bisect_right(starts, offset) - 1].number if shown else None

        extraction, dropped = mapped((Found(**each) for each in told["found"]), sentence_at)
        made = Made(**maker(self._way), keys=(), tokens=Tokens(), at=began)
        record = Record(article=article, summary=distil(extraction, article), made=made)
        return Answer(flatten(record), None, seconds, dropped)

    def _told(self, asked: dict[str, str]) -> dict[str, Any]:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError, ValueError):  # it ended, and was closed
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
        told: dict[str, Any] = json.loads(self._line())
        return told

    def _line(self) -> str:
        pipe = self._process.stdout
        assert pipe is not None
        line = "" if pipe.closed else pipe.readline()
        if not line:
            self.close()
            raise ModelError(f"langextract's process ended; what it said is in {self._log}.")
        return line

    def close(self) -> None:
        """End it: it leaves when its standard input closes."""
        assert self._process.stdin is not None
        if not self._process.stdin.closed:
            self._process.communicate()


@contextlib.contextmanager
def _serving(settings: Settings, *, adapted: bool) -> Iterator[tuple[Way, str]]:
    """The model on a server, with or without the adapter, and how to ask it."""
    name = weights.model_id()
    model = weights.served(settings.models)
    way = ways.EMBEDDED
    if not adapted:
        model = weights.installed(settings.models)
        name = f"{model.stem}@{weights.SHA256[:12]}"
        # It was never taught rows, so it is asked for objects, whose fields have names.
        way = way.model_copy(update={"response_format": "schema"})
    way = way.model_copy(update={"model": name})
    with closing(Server(model, endpoint.log_path(settings), name=name)) as server:
        yield way, server.base_url


@contextlib.contextmanager
def _readout(settings: Settings, *, adapted: bool) -> Iterator[System]:
    responses = Responses(settings.cache / "responses")
    with closing(responses), _serving(settings, adapted=adapted) as (way, url):
        yield lambda article: through_readout(article, way, url, responses)


@contextlib.contextmanager
def _langextract(settings: Settings, python: Path, *, adapted: bool) -> Iterator[System]:
    with _serving(settings, adapted=adapted) as (way, url):
        peer = Peer(python, url, way, settings.home / "langextract.log")
        with closing(peer):
            yield peer


SYSTEMS: Mapping[str, Callable[[Settings, Path], contextlib.AbstractContextManager[System]]] = {
    "readout": lambda settings, _: _readout(settings, adapted=True),
    "base": lambda settings, _: _readout(settings, adapted=False),
    "langextract": lambda settings, python: _langextract(settings, python, adapted=True),
    "langextract-base": lambda settings, python: _langextract(settings, python, adapted=False),
}
