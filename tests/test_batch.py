"""The whole way through the command line: export, submit, status, fetch, run."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import archive
from pipeline.batch.forms import TERMINAL
from tests import samples
from tests.batches import BatchServer, good, refusal
from tests.conftest import Readout

REFUSED = refusal(400, "Unknown field.")
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


@pytest.mark.parametrize("state", sorted(TERMINAL))
def test_whatever_a_batch_ended_as_its_answers_and_its_errors_are_read(
    state: str, wire: Path, readout: Readout, batches: BatchServer
) -> None:
    readout("batch", "export", wire, "-o", "b")
    exchange(readout, "b")
    batches.work(lambda line: INVALID if about(line, "two") else None, state)
    fetched = json.loads(readout("batch", "fetch", "b", "--json").stdout)
    assert (fetched["stored"], fetched["open"]) == (1, 2)
    assert {row["article"]: row["reason"] for row in fetched["failed"]} == dict.fromkeys(
        ("one", "three"), f"The batch {state} before this ran."
    )


def test_an_export_in_several_files_has_a_batch_for_each(
    wire: Path, readout: Readout, batches: BatchServer
) -> None:
    exported = readout("batch", "export", wire, "-o", "b", "--per-file", 2)
    assert "3 requests about 3 articles in 2 files" in exported.stderr
    exchange(readout, "b")
    assert [len(batches.lines(name)) for name in batches.batches] == [2, 1]
    batches.work()
    fetched = readout("batch", "fetch", "b")
    assert "3 replies stored from 2 result files" in fetched.stderr
    assert set(outcomes(readout, wire).values()) == {"done"}


def test_what_the_server_refused_is_told_and_asked_again_once_it_is_mended(
    wire: Path, readout: Readout, batches: BatchServer
) -> None:
    readout("batch", "export", wire, "-o", "b")
    exchange(readout, "b")
    batches.work(lambda line: REFUSED if about(line, "two") else good(line))
    fetched = readout("batch", "fetch", "b")
    assert fetched.exit_code == 3
    assert "two: HTTP 400: Unknown field.\n" in fetched.stderr
    assert "1 request without an answer, of which the next export asks again" in fetched.stderr
    readout("batch", "export", wire, "-o", "c")
    exchange(readout, "c")
    assert [about(line, "two") for line in batches.lines("batch_2")] == [True]
    batches.work()
    assert readout("batch", "fetch", "c").exit_code == 0
    assert set(outcomes(readout, wire).values()) == {"done"}


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


def test_an_invalid_answer_is_re_asked_live(
    article: Path, readout: Readout, batches: BatchServer
) -> None:
    given = ("--provider", "desk")  # one key for both servers
    readout("batch", "export", article, "-o", "b", *given)
    exchange(readout, "b")
    batches.work(lambda _: INVALID)
    assert readout("batch", "fetch", "b").exit_code == 0
    live = readout.server
    live.answer(samples.meeting())
    done = readout("run", article, "-o", "out", *given, OPENAI_BASE_URL=live.base_url)
    assert done.exit_code == 0, done.stderr
    [asked] = live.asked
    assert "finished" in json.dumps(asked["messages"]), "the re-ask quotes the invalid answer"
    assert len(archive.read(Path("out/grain.json")).made.keys) == 2


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
