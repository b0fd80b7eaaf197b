"""The same run on two simulated machines as on one, whoever is killed meanwhile."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline import archive, ledger
from pipeline.store import Responses
from tests.faults import Fault, FaultServer, Faulty
from tests.nodes import Nodes

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("ray") is None,
        reason="Ray is an extra that is not installed here: pip install 'readout[ray]'",
    ),
]
ARTICLES, COPIES, AT_ONCE = 60, 5, 8
KILLED = 20  # requests after which somebody is
KEY = "sk-only-workers-may-know-4711"


class Watched(FaultServer):
    """A server that calls `then` once, when it has been asked so often."""

    def __init__(self, behaviour: Faulty, then: Callable[[], Any] = lambda: None) -> None:
        self._then: Callable[[], Any] | None = then
        super().__init__(behaviour)

    async def _answer(self, *connection: Any) -> bool:
        if self._then and len(self.asked) >= KILLED:
            then, self._then = self._then, None
            then()
        return await super()._answer(*connection)


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    with closing(Nodes()) as both:
        yield both


@pytest.fixture
def wire(tmp_path):
    """Articles, the last few of them copies of the first."""
    file = tmp_path / "wire.jsonl"
    texts = [f"Envoys met in Lusaka on day {n}." for n in range(ARTICLES)]
    lines = [{"id": f"a{n}", "text": text} for n, text in enumerate(texts + texts[:COPIES])]
    file.write_text("\n".join(map(json.dumps, lines)))
    return file


def _started(server: FaultServer, wire: Path, out: str, *more: str) -> "subprocess.Popen[str]":
    """The command line, in a process group of its own as a shell would have it."""
    folder = wire.parent
    environment = {
        **os.environ,
        "OPENAI_BASE_URL": server.base_url,
        "OPENAI_API_KEY": KEY,
        "READOUT_MODEL": "hand",
        "READOUT_HOME": str(folder / "home"),
        "READOUT_CACHE": str(folder / f"cache-{out}"),
    }
    command = [sys.executable, "-m", "pipeline.cli", "run", str(wire), "-o", str(folder / out)]
    limits = ["--concurrency", str(AT_ONCE), "--provider", "hand", "--json"]
    return subprocess.Popen(
        [*command, *limits, *more],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _run(server: FaultServer, wire: Path, out: str, *more: str) -> int:
    """The exit code; stdout must hold results and nothing of Ray's."""
    with _started(server, wire, out, *more) as process:
        stdout, stderr = process.communicate()
    ids = [json.loads(line)["id"] for line in stdout.splitlines()]
    assert len(ids) == len(set(ids)), stderr
    assert "Traceback" not in stderr
    assert KEY not in stderr
    return process.returncode


def _records(folder: Path) -> dict[str, Any]:
    """What the records say, but for when, by id."""
    return {
        record.article.id: record.model_dump(mode="json", exclude={"made": {"at"}})
        for record in archive.records(folder)
    }


def _repeated(server: FaultServer, folder: Path) -> int:
    """Requests sent again. One whose reply was stored already would have two replies now."""
    with closing(Responses(folder / "responses")) as store:
        assert len(store) == len(set(server.asked))
    return len(server.asked) - len(set(server.asked))


def test_two_machines_write_what_one_does(nodes, wire, tmp_path):
    """Same records, ledger, sums, exit code and bill; and the key is in no file of Ray's."""
    rates = {Fault.REFUSAL: 0.1, Fault.INVALID: 0.2, Fault.BROKEN: 0.1}
    ended = {}
    for out, more in ("one", ()), ("two", ("--ray", nodes.address)):
        with closing(Watched(Faulty(seed=3, rates=rates, delay=0.02))) as server:
            code = _run(server, wire, out, *more)
        last = ledger.runs(tmp_path / out)[-1]
        failed = ledger.failures(tmp_path / out).values()
        ended[out] = {
            "code": code,
            "records": _records(tmp_path / out),
            "failed": {each.id: (each.outcome, each.reason) for each in failed},
            "outcomes": last.outcomes,
            "spent": (last.requests, last.tokens, last.ending),
            "paid": server.paid,
        }
    assert ended["two"] == ended["one"]
    assert ended["one"]["code"] == 3
    assert ended["one"]["failed"]
    written = {file: file.read_bytes() for file in nodes.session.rglob("*") if file.is_file()}
    assert sum(b":actor_name:Worker" in each for each in written.values()) > 1
    assert [file for file, each in written.items() if KEY.encode() in each] == []


def test_when_a_worker_is_killed_its_articles_are_done_again(nodes, wire, tmp_path):
    died = []
    kill = lambda: died.append(nodes.kill("Worker"))  # noqa: E731
    with closing(Watched(Faulty(delay=0.1), kill)) as server:
        assert _run(server, wire, "out", "--ray", nodes.address) == 0
    assert died
    assert len(_records(tmp_path / "out")) == ARTICLES + COPIES
    repeated = _repeated(server, tmp_path / "cache-out")
    print("repeated after a worker's death:", repeated)  # noqa: T201 - with pytest -s
    assert repeated <= AT_ONCE


def test_when_the_driver_is_killed_the_same_command_asks_only_for_what_is_missing(
    nodes, wire, tmp_path
):
    processes: list[subprocess.Popen[str]] = []
    kill = lambda: processes[0].kill()  # noqa: E731, PLW0108 - it is not there yet
    with closing(Watched(Faulty(delay=0.1), kill)) as server:
        processes.append(_started(server, wire, "out", "--ray", nodes.address))
        processes[0].communicate()
        assert processes[0].returncode == -signal.SIGKILL
        assert len(_records(tmp_path / "out")) < ARTICLES
        assert _run(server, wire, "out", "--ray", nodes.address) == 0
    assert len(_records(tmp_path / "out")) == ARTICLES + COPIES
    repeated = _repeated(server, tmp_path / "cache-out")
    print("repeated after the driver's death:", repeated)  # noqa: T201 - with pytest -s
    assert repeated <= AT_ONCE


def test_when_the_store_actor_is_killed_the_run_ends_in_a_sentence_and_loses_nothing(
    nodes, wire, tmp_path
):
    died = []
    kill = lambda: died.append(nodes.kill("Keeper"))  # noqa: E731
    with closing(Watched(Faulty(delay=0.1), kill)) as server:
        with _started(server, wire, "out", "--ray", nodes.address) as process:
            _, stderr = process.communicate()
        assert died
        assert process.returncode == 1
        assert "Error: Ray has lost an actor that the run needs" in stderr
        assert _run(server, wire, "out") == 0
    assert len(_records(tmp_path / "out")) == ARTICLES + COPIES
    assert ledger.failures(tmp_path / "out") == {}
    assert _repeated(server, tmp_path / "cache-out") <= AT_ONCE


def test_ctrl_c_keeps_what_is_in_flight_and_one_machine_goes_on_from_there(wire, tmp_path):
    """Ray is started by the command itself; the terminal sends Ctrl-C to all of its processes."""
    processes: list[subprocess.Popen[str]] = []
    interrupt = lambda: os.killpg(processes[0].pid, signal.SIGINT)  # noqa: E731
    with closing(Watched(Faulty(delay=0.1), interrupt)) as server:
        processes.append(_started(server, wire, "out", "--ray"))
        processes[0].communicate()
        assert processes[0].returncode == 130
        assert ledger.runs(tmp_path / "out")[-1].ending is ledger.Ending.INTERRUPTED
        assert 0 < len(_records(tmp_path / "out")) < ARTICLES
        assert _run(server, wire, "out") == 0
    assert len(_records(tmp_path / "out")) == ARTICLES + COPIES
    assert _repeated(server, tmp_path / "cache-out") == 0
