"""The whole round: run, review over HTTP, accept, evaluate, gate, agreement, and every export.

A server scripted by hand answers about the examples what their references say, and the reviewer
makes her corrections out of what she finds: the test knows no article's words.
"""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from openai.types.chat import ChatCompletionMessageParam
from pydantic import TypeAdapter

from pipeline.compose import compose, read_answer
from pipeline.evaluate import load
from pipeline.export.wire import taught
from pipeline.read import read_paths
from schemas.article import Article
from schemas.reference import FlatArticle
from tests import asking, reviewing, samples
from tests.analyst import MANY, WAYS, Corrections, Reviewer, review
from tests.conftest import ROOT, Readout
from tests.loopback import Loopback, Received, Scripted
from tests.samples import HOSTED

pytestmark = pytest.mark.slow

EXAMPLES = ROOT / "examples"
CLIENTS = ("csv", "sqlite", "datasette", "parquet", "jsonl", "finetune")  # of exports


class Knowing(Loopback):
    """A server that has read the references: it answers by the article that it is asked about."""

    def __init__(self) -> None:
        super().__init__()
        references = load(EXAMPLES / "reference")
        read = [a for a in read_paths([EXAMPLES / "articles"]) if isinstance(a, Article)]
        self._knows = {
            compose(article, HOSTED).body["messages"][-1]["content"]: taught(
                article, references[article.id], HOSTED
            )
            for article in read
        }

    def _answer(self, request: Received) -> Scripted:
        if request.path == "/v1/models":
            return super()._answer(request)
        told = self._knows[request.body["messages"][-1]["content"]]
        return Scripted(200, samples.completion(told), {})


@pytest.fixture
def server() -> Iterator[Loopback]:
    """In place of the one that says the same to everybody."""
    knowing = Knowing()
    yield knowing
    knowing.close()


@pytest.fixture
def out(readout: Readout, tmp_path: Path) -> Path:
    """The run."""
    done = readout("run", EXAMPLES / "articles", "-o", tmp_path / "out")
    assert done.exit_code == 0, done.stderr
    return tmp_path / "out"


def reviewed(out: Path, reviewer: str) -> dict[str, Corrections]:
    with asking.admitted(reviewing.desk(out, reviewer)) as client:
        return review(Reviewer(client))


def topics(summary: FlatArticle) -> dict[str, tuple[int, ...]]:
    """What was talked about, and the sentences that say so."""
    return {item.topic: item.evidence for each in summary.meetings for item in each.agenda}


def test_what_a_reviewer_decides_is_the_reference_and_what_runs_are_held_to(
    readout: Readout, out: Path, tmp_path: Path
) -> None:
    made = reviewed(out, "anna")
    done = readout("accept", out, "-o", tmp_path / "gold")
    assert f"Wrote {MANY} of" in done.stderr
    gold, run = load(tmp_path / "gold"), load(out)

    corrected = {each.article for each in made.values()}
    for name in gold.keys() - corrected:
        assert gold[name] == run[name].model_copy(update={"states": ()})
    assert len(gold.keys() - corrected) == MANY - len(WAYS)
    value, evidence, gone, added = (made[way.__name__] for way in WAYS)
    assert value.there in topics(gold[value.article])
    assert value.gone not in topics(gold[value.article])
    assert int(evidence.there) in topics(gold[evidence.article])[evidence.gone]
    people = {p.name for each in gold[gone.article].meetings for p in each.participants}
    assert gone.gone not in people
    assert added.there in topics(gold[added.article])

    report = json.loads(readout("evaluate", tmp_path / "gold", out, "--json").stdout)
    assert (report["articles"], report["missing"]) == (MANY, [])
    scores = {name: score["f1"] for name, score in report["scores"].items()}
    assert scores["meetings"] == scores["agreements"] == 1.0
    assert scores["participants"] < 1.0
    reached = scores["agenda"]
    for bar, code in ((reached + 0.001, 4), (reached - 0.001, 0), (1.0, 4)):
        done = readout("evaluate", tmp_path / "gold", out, "--min", f"agenda={bar:.6f}")
        assert (done.exit_code, "agenda" in done.stderr) == (code, code == 4)


def test_two_reviewers_agree_but_for_what_one_of_them_corrected(
    readout: Readout, out: Path, tmp_path: Path
) -> None:
    ben = shutil.copytree(out, tmp_path / "ben")
    reviewed(out, "anna")
    with asking.admitted(reviewing.desk(ben, "ben")) as client:
        by = Reviewer(client)
        for article in by.open():
            by.accept_the_rest(article)
    told = json.loads(readout("agreement", out, ben, "--json").stdout)
    assert told["articles"] == MANY
    differing = {f["name"]: round((1 - f["raw"]) * f["pairs"]) for f in told["fields"]}
    assert {name: count for name, count in differing.items() if count} == {
        "topic": 1,  # corrected
        "participant": 1,  # rejected
        "agenda": 1,  # added
    }


def opened(to: str, file: Path) -> set[str]:
    """The subjects in an export, read with what people read it with."""
    if to == "csv":
        pandas = pytest.importorskip("pandas")
        return set(pandas.read_csv(file / "agenda.csv", encoding="utf-8")["topic"])
    if to == "parquet":
        parquet = pytest.importorskip("pyarrow.parquet")
        return set(parquet.read_table(file / "agenda.parquet")["topic"].to_pylist())
    if to == "sqlite":
        with closing(sqlite3.connect(file)) as database:
            return {topic for (topic,) in database.execute("SELECT topic FROM agenda")}
    if to == "datasette":
        return {row["topic"] for row in browsed(file)}
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    if to == "finetune":
        for line in lines:
            TypeAdapter(list[ChatCompletionMessageParam]).validate_python(line["messages"])
        answers = [read_answer(line["messages"][-1]["content"], HOSTED) for line in lines]
        return {item.topic for told in answers for each in told.meetings for item in each.agenda}
    return {item["topic"] for line in lines for each in line["meetings"] for item in each["agenda"]}


def browsed(file: Path) -> list[dict[str, Any]]:
    """The subjects as Datasette gives them."""
    datasette = pytest.importorskip("datasette.app").Datasette([str(file)])

    async def ask() -> list[dict[str, Any]]:
        answer = await datasette.client.get(f"/{file.stem}/agenda.json?_shape=array&_size=max")
        return list(answer.json())

    found = asyncio.run(ask())
    for database in datasette.databases.values():
        database.close()
    return found


def test_every_export_has_what_the_reviewer_left_and_its_client_opens_it(
    readout: Readout, out: Path, tmp_path: Path
) -> None:
    made = reviewed(out, "anna")
    value, _, _, added = (made[way.__name__] for way in WAYS)
    found = {}
    for to in CLIENTS:
        file = tmp_path / "exports" / f"{to}.db"
        kind = "sqlite" if to == "datasette" else to
        done = readout("export", out, "--to", kind, "--reviewed", "-o", file)
        assert done.exit_code == 0, done.stderr
        found[to] = opened(to, file)
        assert {value.there, added.there} <= found[to], to
    gold = tmp_path / "gold"
    assert readout("accept", out, "-o", gold).exit_code == 0
    assert found["csv"] == {topic for each in load(gold).values() for topic in topics(each)}
    assert len(set(map(frozenset, found.values()))) == 1
