"""The whole way through the command line: export, submit, status, fetch, run."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import archive
from tests import samples
from tests.batches import KEY, BatchServer, good, refusal
from tests.conftest import Readout

INVALID = 200, json.loads(samples.completion({"meetings": [samples.meeting(status="finished")]}))


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    """Four articles of which the last is a copy of the first."""
    file = tmp_path / "wire.jsonl"
    texts = {name: f"{samples.TEXT}\n{name}." for name in ("one", "two", "three")}
    rows = [{"id": name, "text": text} for name, text in {**texts, "copy": texts["one"]}.items()]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def about(line: dict[str, Any], article: str) -> bool:
    """Whether a line asks about the article that ends with this word."""
    return f"{article}." in json.dumps(line["body"]["messages"])


def outcomes(readout: Readout, wire: Path) -> dict[str, str]:
    """How each article ends in a run that asks nobody."""
    done = readout("run", wire, "-o", "out", "--mode", "replay", "--json")
    rows = map(json.loads, done.stdout.splitlines())
    return {row["id"]: row["outcome"] for row in rows}


def exchange(readout: Readout, folder: str) -> None:
    """Submit an export and have the server see it."""
    done = readout("batch", "submit", folder)
    assert done.exit_code == 0, done.stderr


def test_a_round_trip_ends_in_records_without_a_live_request(
    wire: Path, readout: Readout, batches: BatchServer, tmp_path: Path
) -> None:
    exported = readout("batch", "export", wire, "-o", "b")
    assert exported.exit_code == 0
    assert exported.stderr == (
        "3 requests about 3 articles in 1 file, in b; 1 article asked about as another's copy.\n"
    )
    exchange(readout, "b")
    assert "batch_1  validating          0       0      3" in readout("batch", "status", "b").stdout
    batches.work()
    rows = json.loads(readout("batch", "status", "b", "--json").stdout)
    assert [(row["state"], row["completed"], row["total"]) for row in rows] == [("completed", 3, 3)]
    fetched = readout("batch", "fetch", "b")
    assert fetched.exit_code == 0
    assert "3 replies stored from 1 result file" in fetched.stderr
    assert outcomes(readout, wire) == dict.fromkeys(("one", "two", "three", "copy"), "done")
    live = readout("run", wire, "-o", "live", "--json")
    assert [json.loads(row)["asked"] for row in live.stdout.splitlines()] == [0, 0, 0, 0]
    record = archive.read(tmp_path / "out" / "one.json")
    assert (record.made.model, record.made.tokens.prompt) == ("hand", 100)
    again = readout("batch", "export", wire, "-o", "c")
    assert "nothing is left to ask; 4 articles answered already." in again.stderr
    assert not Path("c").exists()


def test_what_was_exported_is_what_run_would_send(
    wire: Path, readout: Readout, batches: BatchServer
) -> None:
    """Same body, same key: the store serves the live run and the batch alike."""
    readout("batch", "export", wire, "-o", "b")
    exchange(readout, "b")
    prompts: dict[str, Any] = {}
    for name in ("one", "two", "three"):
        file = Path(f"{name}.txt")
        file.write_text(f"{samples.TEXT}\n{name}.")
        printed = json.loads(readout("prompt", file, "--json").stdout)
        prompts[printed["key"]] = printed["body"]
    sent = {line["custom_id"]: line["body"] for line in batches.lines("batch_1")}
    assert sent == prompts


def test_an_expired_half_is_asked_in_the_next_batch(
    wire: Path, readout: Readout, batches: BatchServer
) -> None:
    readout("batch", "export", wire, "-o", "b")
    exchange(readout, "b")
    batches.work(lambda line: good(line) if about(line, "two") else None, state="expired")
    fetched = readout("batch", "fetch", "b")
    assert fetched.exit_code == 3
    assert "three, one: The batch expired before this ran.\n" in fetched.stderr
    assert "1 reply stored from 2 result files, 0 known already; 2 requests without" in (
        fetched.stderr
    )
    readout("batch", "export", wire, "-o", "c")
    exchange(readout, "c")
    assert len(batches.lines("batch_2")) == 2
    assert not any(about(line, "two") for line in batches.lines("batch_2"))
    batches.work()
    assert readout("batch", "fetch", "c").exit_code == 0
    assert set(outcomes(readout, wire).values()) == {"done"}
    late = readout("batch", "fetch", "b")
    assert late.exit_code == 0, "what expired in one batch was answered in another"
    assert "0 replies stored" in late.stderr


def test_a_cancelled_batch_gives_what_it_had_answered(
    wire: Path, readout: Readout, batches: BatchServer
) -> None:
    readout("batch", "export", wire, "-o", "b")
    exchange(readout, "b")
    batches.work(lambda line: INVALID if about(line, "two") else None, state="cancelled")
    fetched = readout("batch", "fetch", "b", "--json")
    assert json.loads(fetched.stdout)["stored"] == 1
    assert json.loads(fetched.stdout)["open"] == 2


def test_invalid_answers_are_re_asked_in_the_next_batch_until_attempts_are_used_up(
    wire: Path, readout: Readout, batches: BatchServer
) -> None:
    for number in range(3):
        readout("batch", "export", wire, "-o", f"b{number}")
        exchange(readout, f"b{number}")
        batches.work(lambda line: INVALID if about(line, "two") else good(line))
        assert readout("batch", "fetch", f"b{number}").exit_code == 0
    assert [len(batches.lines(name)) for name in batches.batches] == [3, 1, 1]
    re_ask = batches.lines("batch_2")[0]["body"]["messages"]
    assert "finished" in json.dumps(re_ask), "the re-ask quotes the invalid answer"
    last = readout("batch", "export", wire, "-o", "b3")
    assert last.exit_code == 3
    assert "two: After 3 attempts the answer still broke the schema" in last.stderr
    ended = outcomes(readout, wire)
    assert ended == {"one": "done", "two": "invalid", "three": "done", "copy": "done"}


def test_an_article_that_is_too_long_is_asked_in_halves_in_the_next_batch(
    article: Path, readout: Readout, batches: BatchServer
) -> None:
    readout("batch", "export", article, "-o", "b")
    exchange(readout, "b")
    batches.work(lambda _: refusal(400, "This model's maximum context length is 9 tokens."))
    fetched = readout("batch", "fetch", "b")
    assert fetched.exit_code == 0, "that it is too long is an answer"
    assert [path.name for path in Path("b").glob("*.errors.jsonl")] == [
        "requests-0001.errors.jsonl"
    ]
    exported = readout("batch", "export", article, "-o", "c")
    assert "2 requests about 1 article" in exported.stderr
    exchange(readout, "c")
    batches.work()
    assert readout("batch", "fetch", "c").exit_code == 0
    assert outcomes(readout, article) == {"grain": "done"}


def test_a_refused_batch_says_why_and_what_to_do(
    article: Path, readout: Readout, batches: BatchServer
) -> None:
    readout("batch", "export", article, "-o", "b")
    exchange(readout, "b")
    batches.fail("batch_1", "Enqueued token limit reached.", 1)
    for command in ("status", "fetch"):
        done = readout("batch", command, "b")
        assert "was refused (line 1: Enqueued token limit reached.)" in done.stderr
        assert "export again" in done.stderr
    assert done.exit_code == 3
    assert json.loads(readout("batch", "status", "b", "--json").stdout)[0]["state"] == "failed"


def test_fetching_too_early_takes_nothing_and_says_so(
    article: Path, readout: Readout, batches: BatchServer
) -> None:
    readout("batch", "export", article, "-o", "b")
    assert "not submitted" in readout("batch", "status", "b").stdout
    exchange(readout, "b")
    done = readout("batch", "fetch", "b")
    assert done.exit_code == 0
    assert "1 of 1 file not finished; fetch again later." in done.stderr
    assert not list(Path("b").glob("*output*"))
    assert batches.calls["GET content"] == 0


def test_fetching_what_was_never_submitted_says_what_to_do(
    wire: Path,
    readout: Readout,
    batches: BatchServer,  # noqa: ARG001 - whose address is configured
) -> None:
    readout("batch", "export", wire, "-o", "b")
    done = readout("batch", "fetch", "b")
    assert "1 file not submitted; `readout batch submit b`." in done.stderr
    assert "fetch again later" not in done.stderr


def test_what_is_there_is_not_fetched_again_and_imported_once(
    article: Path, readout: Readout, batches: BatchServer
) -> None:
    readout("batch", "export", article, "-o", "b")
    exchange(readout, "b")
    batches.work()
    readout("batch", "fetch", "b")
    again = readout("batch", "fetch", "b")
    assert batches.calls["GET content"] == 1
    assert "0 replies stored from 1 result file, 1 known already; 0 requests" in again.stderr
    assert json.loads(readout("cache", "info", "--json").stdout)["replies"] == 1


def test_the_key_is_in_no_file_whatever_the_server_writes(
    article: Path, readout: Readout, batches: BatchServer, tmp_path: Path
) -> None:
    readout("batch", "export", article, "-o", "b")
    exchange(readout, "b")
    batches.work(lambda _: refusal(400, f"Incorrect key {KEY}."))
    fetched = readout("batch", "fetch", "b")
    assert batches.keys == {KEY}
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
