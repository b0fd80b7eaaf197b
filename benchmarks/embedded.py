"""Seconds an article of the embedded model, with one server and two, beside llama.cpp alone.

    python benchmarks/embedded.py [FOLDER] [--limit N] [--rounds N] [--servers N …] [--json]

For each number that many servers are started, of one thread each, as `readout run` starts them,
and warmed. Then two paths take turns, each with as many requests in flight as there are servers:

- `readout`: articles through the pipeline (compose, ask, step, distil), up to the record in memory;
  no reply is stored from before.
- `alone`: every request of the first path once more, straight to the same server by plain HTTP,
  with the same prompt but no schema, and so no grammar, and told to write exactly as many tokens
  as were written before. What is left of the difference is the grammar and all of our own code.

`seconds_per_article` is the wall clock over the articles, the median of the rounds;
`tokens_per_second` has three figures: `answered`, the tokens written over the wall clock, and
`read` and `written`, llama.cpp's own speeds within one request.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, ExitStack, closing
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
from ending import printed

from pipeline import endpoint
from pipeline.ask import Client
from pipeline.embedded import weights
from pipeline.embedded.server import Server
from pipeline.errors import ReadError
from pipeline.read import Unreadable, read_paths
from pipeline.run import Answers, Mode, summarise
from pipeline.settings import from_environment
from schemas.article import Article
from schemas.exchange import Reply, Request
from schemas.way import Way

ROOT = Path(__file__).parent.parent
TIMEOUT = 600.0  # seconds for one answer, as in the pipeline


class Exchange(NamedTuple):
    """A request and what came back, with the figures of llama.cpp where it gives some."""

    request: Request
    reply: Reply

    def figure(self, field: str) -> float:
        """A figure of the reply's `usage` or `timings`, 0 where it has none."""
        body = json.loads(self.reply.body)
        return float({**body.get("timings", {}), **body.get("usage", {})}.get(field, 0))


class Tape:
    """A store that knows no reply and keeps every exchange."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def get(self, key: str) -> Reply | None:  # noqa: ARG002 - a store is asked so
        """Nothing: every article is asked about."""
        return None

    def append(self, request: Request, reply: Reply, article: str) -> None:  # noqa: ARG002
        """Keep what was asked and answered."""
        self.exchanges.append(Exchange(request, reply))


class Lap(NamedTuple):
    """One path over all articles, once."""

    seconds: float
    exchanges: Sequence[Exchange]
    failed: Counter[str]  # articles that were not done, by outcome


async def through_readout(articles: Sequence[Article], way: Way, urls: Sequence[str]) -> Lap:
    """All articles through the pipeline, one at a time to each server."""
    tape, failed = Tape(), Counter[str]()
    async with AsyncExitStack() as stack:
        clients = {url: Client(url, None, timeout=TIMEOUT) for url in urls}
        for client in clients.values():
            stack.push_async_callback(client.aclose)

        async def work(article: Article, url: str) -> None:
            answers = Answers(tape, Mode.REFRESH, clients[url].ask)
            result = await summarise(article, way, answers)
            if result.failure is not None:
                failed[result.failure.outcome] += 1

        seconds = await _in_turns(work, articles, urls)
    return Lap(seconds, tape.exchanges, failed)


async def alone(exchanges: Sequence[Exchange], way: Way, urls: Sequence[str]) -> Lap:
    """The same prompts and lengths without grammar and without us."""
    told: list[Exchange] = []
    async with httpx2.AsyncClient(timeout=TIMEOUT, trust_env=False) as client:

        async def work(asked: Exchange, url: str) -> None:
            body = {k: v for k, v in asked.request.body.items() if k != "grammar"}
            body |= {way.limit: int(asked.figure("completion_tokens")), "ignore_eos": True}
            response = await client.post(f"{url}/chat/completions", json=body)
            response.raise_for_status()
            told.append(
                Exchange(asked.request, asked.reply.model_copy(update={"body": response.text}))
            )

        seconds = await _in_turns(work, exchanges, urls)
    return Lap(seconds, told, Counter())


async def _in_turns(
    work: Callable[[Any, str], Awaitable[None]], items: Iterable[Any], urls: Sequence[str]
) -> float:
    """Seconds that all of it takes."""
    waiting, started = iter(items), time.perf_counter()

    async def worker(url: str) -> None:
        for item in waiting:
            await work(item, url)

    async with asyncio.TaskGroup() as group:
        for url in urls:
            group.create_task(worker(url))
    return time.perf_counter() - started


async def laps(
    articles: Sequence[Article], way: Way, urls: Sequence[str], rounds: int
) -> dict[str, Any]:
    """Both paths by turns, over servers that are running."""
    for url in urls:
        await through_readout(articles[:1], way, [url])  # warm: pages, buffers, imports
    ours, bare = [], []
    for _ in range(rounds):
        ours.append(await through_readout(articles, way, urls))
        bare.append(await alone(ours[-1].exchanges, way, urls))
    first, second = (_figures(each, len(articles)) for each in (ours, bare))
    ratio = first["seconds_per_article"] / second["seconds_per_article"]
    failed = dict(sum((lap.failed for lap in ours), Counter()))
    return {"readout": first, "alone": second, "ratio": round(ratio, 3), "failed": failed}


def _figures(laps: Sequence[Lap], articles: int) -> dict[str, Any]:
    exchanges = [each for lap in laps for each in lap.exchanges]
    total = {
        field: sum(each.figure(field) for each in exchanges)
        for field in (
            *("prompt_tokens", "completion_tokens"),
            *("prompt_n", "prompt_ms", "predicted_n", "predicted_ms"),
        )
    }
    wall = sum(lap.seconds for lap in laps)
    return {
        "seconds_per_article": round(statistics.median(lap.seconds for lap in laps) / articles, 3),
        "requests_per_article": round(len(exchanges) / len(laps) / articles, 2),
        "prompt_tokens_per_article": round(total["prompt_tokens"] / len(laps) / articles),
        "written_tokens_per_article": round(total["completion_tokens"] / len(laps) / articles),
        "tokens_per_second": {
            "answered": round(total["completion_tokens"] / wall, 1),
            "read": _speed(total["prompt_n"], total["prompt_ms"]),
            "written": _speed(total["predicted_n"], total["predicted_ms"]),
        },
    }


def _speed(tokens: float, milliseconds: float) -> float | None:
    return round(1000 * tokens / milliseconds, 1) if milliseconds else None


def measure(articles: Sequence[Article], servers: Sequence[int], rounds: int) -> dict[str, Any]:
    """Every figure, for each number of servers. Raises ModelError where one does not start."""
    settings = from_environment(os.environ, ROOT)
    way = endpoint.target(settings, "embedded").way
    model = weights.served(settings.models)
    found = {}
    for count in servers:
        with ExitStack() as stack:
            urls = []
            for number in range(1, count + 1):
                server = Server(model, endpoint.log_path(settings, number), name=way.model)
                urls.append(stack.enter_context(closing(server)).base_url)
            found[str(count)] = asyncio.run(laps(articles, way, urls, rounds))
    return {
        "model": way.model,
        "cores": os.cpu_count(),
        "articles": len(articles),
        "characters_per_article": round(statistics.mean(len(each.text) for each in articles)),
        "rounds": rounds,
        "servers": found,
    }


def table(report: dict[str, Any]) -> str:
    """The figures for human eyes."""
    size = f"{report['articles']} articles of {report['characters_per_article']:,} characters"
    lines = [
        f"{size}, {report['cores']} cores, {report['model']}",
        f"{'':19}{'s/article':>10}{'tokens/s':>10}{'reading':>9}{'writing':>9}{'written':>9}",
    ]
    for servers, each in report["servers"].items():
        for path in ("readout", "alone"):
            figures = each[path]
            answered, read, written = figures["tokens_per_second"].values()
            lines.append(
                f"{path:<8}{servers:>2} server{' ' if servers == '1' else 's'} "
                f"{figures['seconds_per_article']:>10}{answered:>10}{read or '–':>9}"
                f"{written or '–':>9}{figures['written_tokens_per_article']:>9}"
            )
        failed = ", ".join(f"{count} {why}" for why, count in each["failed"].items()) or "none"
        lines.append(f"  {each['ratio']} times llama.cpp alone; not done: {failed}")
    return "\n".join(lines)


def _articles(folder: Path, limit: int | None) -> list[Article]:
    found = [each for each in read_paths([folder]) if not isinstance(each, Unreadable)]
    if not found:
        raise ReadError(f"{folder} holds no article that can be read; name another folder.")
    return found[:limit]


def main() -> int:
    """Measure, print, and say how it went."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "examples" / "articles")
    parser.add_argument("--limit", type=int, help="articles, first ones first (all)")
    parser.add_argument("--rounds", type=int, default=1, help="rounds of each path (1)")
    parser.add_argument("--servers", type=int, nargs="+", default=[1, 2], help="servers (1 2)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()

    def found() -> dict[str, Any]:
        return measure(_articles(given.folder, given.limit), given.servers, given.rounds)

    return printed(found, table, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
