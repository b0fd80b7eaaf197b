"""CPU per article beside the model: from a stored reply to a written record.

Four paths over the same articles and the same replies, each one attempt:

- `cpu_ms_per_article`: ours from the stored reply on: the store's get, step, tokens, distil, the
  record as JSON, written with fsync. compose is not inside: it comes before the reply.
- `cpu_ms_per_article_run`: what `readout run --mode replay` does with an article that was read:
  compose and its key, all of the above, and the run's own bookkeeping.
- `cpu_ms_per_article_stack`: through instructor over openai over an in-process httpx2 transport
  that serves the stored reply, then distil and the written record as above.
- `cpu_ms_per_article_openai` and `…_pydantic`, by hand: openai's typed call with one validation of
  the answer, and that validation alone. Neither resolves, checks or writes anything.

The replies are built from examples/reference, evidence included, as a hosted model would answer:
they say the same whichever adapter is in use. `--recordings` takes what the embedded model really
answered. CPU is the process's, system time included; the median of the rounds counts, and `best`
has the calmest one. `calibration_ms` is a fixed loop: it tells a busy machine from a slow one.
"""

import argparse
import asyncio
import functools
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import instructor
import openai
from ending import printed
from openai.types.chat import ChatCompletion
from replies import BASE_URL, Case, examples, recorded, referenced

from pipeline import archive, compose
from pipeline.distil import distil
from pipeline.run import Answers, Mode, Result, run
from pipeline.shelf import Files
from pipeline.step import step, tokens
from pipeline.store import Responses
from schemas.article import Article
from schemas.exchange import Request
from schemas.extraction import Extraction
from schemas.record import Made, Record
from schemas.way import Way

JSON = {"content-type": "application/json"}


class Bench(NamedTuple):
    """What the paths walk over: stored replies, and a folder to write to."""

    way: Way
    cases: Sequence[Case]
    store: Responses
    out: Path
    made: dict[str, Made]  # by article; who wrote a record costs nothing that is measured here


def main() -> int:
    """Measure, print, and say how it went."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--rounds", type=int, default=30, help="rounds of each path (30)")
    parser.add_argument("--recordings", action="store_true", help="the embedded model's replies")
    given = parser.parse_args()

    def found() -> dict[str, Any]:
        way, cases = recorded() if given.recordings else referenced()
        with tempfile.TemporaryDirectory() as scratch, _filled(Path(scratch), cases) as store:
            return measure(Bench(way, cases, store, Path(scratch, "out"), {}), given.rounds)

    return printed(found, table, as_json=given.json)


def _filled(folder: Path, cases: Sequence[Case]) -> closing[Responses]:
    store = Responses(folder / "responses")
    for article, request, reply in cases:
        store.append(request, reply, article.id)
    return closing(store)


def replay(bench: Bench, case: Case) -> None:
    """Ours, from the stored reply to the written record."""
    reply = bench.store.get(case.request.key)
    assert reply is not None
    plan = compose.Plan(case.article, bench.way)
    extraction = step(plan, bench.way, {case.request.key: reply})
    assert isinstance(extraction, Extraction)
    tokens([reply])
    _write(bench, case.article, extraction)


def _write(bench: Bench, article: Article, extraction: Extraction) -> None:
    summary, made = distil(extraction, article), bench.made[article.id]
    archive.write(Record(article=article, summary=summary, made=made), bench.out)


class Answer(instructor.ResponseSchema):
    """What instructor sees of the extraction: its validation, but no fields to walk through."""

    @classmethod
    def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
        """Nothing: the composed body carries the schema."""
        return {}

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **_: Any) -> Any:
        """The extraction itself."""
        return Extraction.model_validate_json(json_data)


class Stored(httpx2.BaseTransport):
    """A transport whose server is the store; it checks that what is sent is what was composed."""

    def __init__(self, store: Responses) -> None:
        self.store = store
        self.request: Request | None = None
        self.checked = False

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The stored reply to the request at hand."""
        assert self.request is not None
        assert self.checked or json.loads(request.content) == self.request.body
        reply = self.store.get(self.request.key)
        assert reply is not None
        return httpx2.Response(200, text=reply.body, headers=JSON)


class Clients:
    """openai, and instructor over openai, over one transport."""

    def __init__(self, store: Responses) -> None:
        self.transport = Stored(store)
        self.openai = openai.OpenAI(
            api_key="unused",
            base_url=BASE_URL,
            max_retries=0,
            http_client=httpx2.Client(transport=self.transport),
        )
        self._instructor = instructor.patch(create=self._post, mode=instructor.Mode.JSON_SCHEMA)

    def _post(self, *, messages: list[Any], **_: Any) -> ChatCompletion:
        """The composed body with instructor's messages, past openai's walk over typed arguments."""
        assert self.transport.request is not None
        body = {**self.transport.request.body, "messages": messages}
        return self.openai.post("/chat/completions", cast_to=ChatCompletion, body=body)

    def stack(self, bench: Bench, case: Case) -> None:
        """The whole stack, then what we do with an extraction."""
        self.transport.request = case.request
        messages = case.request.body["messages"]
        found: Any = self._instructor(response_model=Answer, messages=messages, max_retries=1)
        _write(bench, case.article, found)

    def by_hand(self, bench: Bench, case: Case) -> None:
        """The typed call of openai, and one validation."""
        self.transport.request = case.request
        extra = bench.way.extra
        body: dict[str, Any] = {k: v for k, v in case.request.body.items() if k not in extra}
        found = self.openai.chat.completions.create(**body, extra_body=extra)
        Extraction.model_validate_json(found.choices[0].message.content or "")


def pydantic_alone(_: Bench, case: Case) -> None:
    """The answer out of the reply's body, and one validation."""
    message = json.loads(case.reply.body)["choices"][0]["message"]
    Extraction.model_validate_json(message["content"])


def run_all(bench: Bench, done: Callable[[Result], None]) -> None:
    """The real run, in replay mode, over articles that were read."""
    answers, articles = Answers(bench.store, Mode.REPLAY, None), (c.article for c in bench.cases)
    with closing(Files(bench.out)) as shelf:
        asyncio.run(run(articles, bench.way, answers, out=shelf, concurrency=1, done=done))


def measure(bench: Bench, rounds: int) -> dict[str, Any]:
    """Every figure, in milliseconds of CPU per article."""

    def keep(result: Result) -> None:
        if result.record is None:
            raise SystemExit(f"{result.id} was not done: {result.failure}")
        bench.made[result.id] = result.record.made

    run_all(bench, keep)
    clients = Clients(bench.store)
    steps: dict[str, Callable[[Bench, Case], object]] = {
        "cpu_ms_per_article": replay,
        "cpu_ms_per_article_stack": clients.stack,
        "cpu_ms_per_article_openai": clients.by_hand,
        "cpu_ms_per_article_pydantic": pydantic_alone,
        "cpu_ms_compose": lambda bench, case: compose.compose(case.article, bench.way),
    }
    works: dict[str, Callable[[], object]] = {
        **{name: functools.partial(_each, bench, path) for name, path in steps.items()},
        "cpu_ms_per_article_run": lambda: run_all(bench, lambda _: None),
        "cpu_ms_read": examples,
        "calibration_ms": lambda: [sum(range(5_000)) for _ in bench.cases],
    }
    for work in works.values():
        work()  # warm: imports, caches, files that exist
    clients.transport.checked = True
    taken = {name: _rounds(work, rounds, len(bench.cases)) for name, work in works.items()}
    characters = statistics.mean(len(case.article.text) for case in bench.cases)
    return {
        **{name: round(statistics.median(each), 3) for name, each in taken.items()},
        "best": {name: round(min(each), 3) for name, each in taken.items()},
        "articles": len(bench.cases),
        "characters_per_article": round(characters),
        "rounds": rounds,
        "way": bench.way.name,
    }


def _each(bench: Bench, path: Callable[[Bench, Case], object]) -> None:
    for case in bench.cases:
        path(bench, case)


def _rounds(work: Callable[[], object], rounds: int, articles: int) -> list[float]:
    taken = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        taken.append((time.process_time() - started) * 1000 / articles)
    return taken


def table(report: dict[str, Any]) -> str:
    """The figures for human eyes."""
    lines = [f"{'':30}{'median':>9}{'best':>9}"]
    lines += [f"{name:30}{report[name]:9.3f}{best:9.3f}" for name, best in report["best"].items()]
    facts = f"{report['articles']} articles of {report['characters_per_article']:,} characters"
    return "\n".join([*lines, f"{facts}, {report['rounds']} rounds, way {report['way']}"])


if __name__ == "__main__":
    sys.exit(main())
