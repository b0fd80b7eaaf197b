"""`readout batch` as it is called: what it says, and what it refuses."""

import json
from pathlib import Path

import pytest

from tests.batches import KEY, BatchServer, refusal
from tests.conftest import Readout


@pytest.fixture
def sent(article: Path, readout: Readout, batches: BatchServer) -> BatchServer:
    """The server, to which the export of one article in the folder b was submitted."""
    readout("batch", "export", article, "-o", "b")
    readout("batch", "submit", "b")
    return batches


def test_a_refused_batch_says_why_and_what_to_do(sent: BatchServer, readout: Readout) -> None:
    sent.fail("batch_1", "Enqueued token limit reached.", 1)
    for command in ("status", "fetch"):
        done = readout("batch", command, "b")
        assert "was refused (line 1: Enqueued token limit reached.)" in done.stderr
        assert "export again" in done.stderr
    assert done.exit_code == 3
    assert json.loads(readout("batch", "status", "b", "--json").stdout)[0]["state"] == "failed"


def test_fetching_too_early_takes_nothing_and_says_so(sent: BatchServer, readout: Readout) -> None:
    done = readout("batch", "fetch", "b")
    assert done.exit_code == 0
    assert "1 of 1 file not finished; fetch again later." in done.stderr
    assert not list(Path("b").glob("*output*"))
    assert sent.calls["GET content"] == 0


@pytest.mark.usefixtures("batches")
def test_fetching_what_was_never_submitted_says_what_to_do(article: Path, readout: Readout) -> None:
    readout("batch", "export", article, "-o", "b")
    assert "not submitted" in readout("batch", "status", "b").stdout
    done = readout("batch", "fetch", "b")
    assert "1 file not submitted; `readout batch submit b`." in done.stderr
    assert "fetch again later" not in done.stderr


def test_what_is_there_is_not_fetched_again_and_imported_once(
    sent: BatchServer, readout: Readout
) -> None:
    sent.work()
    readout("batch", "fetch", "b")
    again = readout("batch", "fetch", "b")
    assert sent.calls["GET content"] == 1
    assert "0 replies stored from 1 result file, 1 known already; 0 requests" in again.stderr
    assert json.loads(readout("cache", "info", "--json").stdout)["replies"] == 1


def test_the_key_is_in_no_file_whatever_the_server_writes(
    sent: BatchServer, readout: Readout, tmp_path: Path
) -> None:
    sent.work(lambda _: refusal(400, f"Incorrect key {KEY}."))
    fetched = readout("batch", "fetch", "b")
    assert sent.keys == {KEY}
    assert KEY not in fetched.output
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 5
    assert not [path for path in written if KEY.encode() in path.read_bytes()]
    assert b"Incorrect key [key]." in Path("b/requests-0001.errors.jsonl").read_bytes()


def test_another_server_is_not_asked_for_an_export(
    article: Path, readout: Readout, batches: BatchServer
) -> None:
    readout("batch", "export", article, "-o", "b")
    done = readout("batch", "submit", "b", OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    assert done.exit_code == 2
    assert f"are for {batches.base_url.removesuffix('/v1')}" in done.stderr
    done = readout("batch", "submit", "b", OPENAI_BASE_URL="", OPENAI_API_KEY="")
    assert done.exit_code == 2
    assert not batches.calls


def test_openai_needs_a_key(article: Path, readout: Readout) -> None:
    none = {"OPENAI_BASE_URL": "", "OPENAI_API_KEY": ""}
    exported = readout("batch", "export", article, "-o", "b", "--model", "gpt-5-mini", **none)
    assert exported.exit_code == 0, "export needs neither key nor network"
    done = readout("batch", "submit", "b", **none)
    assert (done.exit_code, "export OPENAI_API_KEY" in done.stderr) == (2, True)


def test_the_embedded_model_takes_no_batches(article: Path, readout: Readout) -> None:
    done = readout("batch", "export", article, "-o", "b", "--model", "embedded")
    assert done.exit_code == 2
    assert "--model" in done.stderr


@pytest.mark.parametrize("command", ["submit", "status", "fetch", "import"])
def test_a_folder_without_an_export_is_told_with_the_remedy(
    command: str, readout: Readout, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    done = readout("batch", command, "empty")
    assert done.exit_code == 1
    assert "`readout batch export ARTICLES -o empty` makes one" in done.stderr
