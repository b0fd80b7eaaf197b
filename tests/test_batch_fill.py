"""Result files into the store: OpenAI's, vLLM's, torn ones, and those of somebody else."""

import datetime as dt
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline import compose
from pipeline.batch.export import Failed, export
from pipeline.batch.fill import Filled, fill, gather
from pipeline.batch.folder import Export, load
from pipeline.batch.write import Limits, Writer
from pipeline.errors import UsageError
from pipeline.store import Responses
from schemas.exchange import Request
from tests.conftest import Readout
from tests.samples import HOSTED, TEXT, article, completion, meeting, reply

GOOD = json.loads(completion({"meetings": [meeting()]}, created=1_709_600_000))
NAMES = ("one", "two", "three")
REQUESTS = {name: compose.compose(article(f"{TEXT}\n{name}."), HOSTED) for name in NAMES}


@pytest.fixture
def store(tmp_path: Path) -> Responses:
    return Responses(tmp_path / "store")


@pytest.fixture
def found(store: Responses, tmp_path: Path) -> Export:
    """An export of three articles."""
    articles = [article(f"{TEXT}\n{name}.", name=name) for name in NAMES]
    with closing(Writer(tmp_path / "b", Limits(requests=2))) as writer:
        export(articles, HOSTED, "http://127.0.0.1:9", store, writer)
    return load(tmp_path / "b")


def line(name: str, status: int = 200, body: Any = GOOD, error: Any = None) -> dict[str, Any]:
    """A line as OpenAI and vLLM write it."""
    response = {"status_code": status, "request_id": "r", "body": body}
    return {"id": "x", "custom_id": REQUESTS[name].key, "response": response, "error": error}


def never_run(name: str, code: str) -> dict[str, Any]:
    """A line about a request that its batch did not come to."""
    error = {"code": code, "message": "This request could not be executed."}
    return {"id": "x", "custom_id": REQUESTS[name].key, "response": None, "error": error}


def filled(found: Export, store: Responses, *rows: dict[str, Any], end: str = "\n") -> Filled:
    """What comes of a result file with these lines."""
    file = found.folder / "results.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)) + end)
    return fill([found], [file], store)


def kept(store: Responses, name: str) -> list[int]:
    return [each.status for each in store.all(REQUESTS[name].key)]


def test_a_reply_is_kept_as_a_live_one_would_be(found: Export, store: Responses) -> None:
    filled(found, store, line("two"))
    [stored] = store.all(REQUESTS["two"].key)
    assert json.loads(stored.body) == GOOD
    assert (stored.key, stored.status, stored.sends) == (REQUESTS["two"].key, 200, 1)
    assert stored.written_by == "test-model"
    assert stored.at == dt.datetime.fromtimestamp(1_709_600_000, dt.UTC)
    assert store.articles() == {"two"}


@pytest.mark.parametrize("created", [0, -1, 10**30, "now", None, 1.5])
def test_an_answer_without_a_date_is_dated_now(
    created: Any, found: Export, store: Responses
) -> None:
    filled(found, store, line("two", body={**GOOD, "created": created}))
    [stored] = store.all(REQUESTS["two"].key)
    assert abs(stored.at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)


def test_lines_come_in_any_order(found: Export, store: Responses) -> None:
    rows = [line(name, body={**GOOD, "id": name}) for name in ("three", "one", "two")]
    assert filled(found, store, *rows).stored == 3
    for name in NAMES:
        [stored] = store.all(REQUESTS[name].key)
        assert json.loads(stored.body)["id"] == name


def test_the_same_line_is_appended_once(found: Export, store: Responses) -> None:
    assert filled(found, store, line("one"), line("one")).stored == 1
    again = filled(found, store, line("one"))
    assert (again.stored, again.known) == (0, 1)
    assert kept(store, "one") == [200]


def test_another_answer_to_the_same_request_is_appended(found: Export, store: Responses) -> None:
    filled(found, store, line("one"), line("one", body={**GOOD, "id": "second"}))
    assert kept(store, "one") == [200, 200]


@pytest.mark.parametrize("status", [400, 413])
def test_what_the_server_refused_is_kept_as_live_and_told_since_it_is_asked_again(
    status: int, found: Export, store: Responses
) -> None:
    row = line("one", status, {"error": {"message": "no"}})
    for stored in (1, 0):  # imported again, it is still open
        done = filled(found, store, row)
        assert (done.stored, done.open) == (stored, 3)
        assert done.failed == (Failed("one", f"HTTP {status}: no"),)
        assert kept(store, "one") == [status]


def test_that_an_article_is_too_long_is_an_answer(found: Export, store: Responses) -> None:
    done = filled(found, store, line("one", 400, {"error": {"message": TOO_LONG}}))
    assert (done.stored, done.failed, done.open) == (1, (), 2)
    again = filled(found, store, line("one", 400, {"error": {"message": "no"}}))
    assert (again.stored, again.failed, again.open) == (0, (), 2)
    assert kept(store, "one") == [400]


def test_a_refusal_never_hides_an_answer(found: Export, store: Responses) -> None:
    done = filled(found, store, line("one"), line("one", 400, {"error": {"message": "no"}}))
    assert (done.stored, done.known) == (1, 1)
    assert kept(store, "one") == [200]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (line("one", 429, {"error": {"message": "slow down"}}), "HTTP 429: slow down"),
        (line("one", 500, None), "HTTP 500"),
        (line("one", 500, GOOD), "HTTP 500"),
        (line("one", 0, None), "the line holds neither an answer nor an error"),
        (line("one", 200, {"object": "list"}), "no chat completion"),
        (line("one", 200, {**GOOD, "choices": []}), "no chat completion"),
        (line("one", 200, "<html>"), "no chat completion"),
        (never_run("one", "batch_expired"), "This request could not be executed."),
        (never_run("one", "batch_cancelled"), "This request could not be executed."),
        ({"custom_id": REQUESTS["one"].key}, "neither an answer nor an error"),
    ],
)
def test_what_is_no_answer_is_told_by_its_article_and_asked_again(
    row: dict[str, Any], told: str, found: Export, store: Responses
) -> None:
    done = filled(found, store, row, line("two"))
    [failed] = done.failed
    assert failed.article == "one"
    assert told in failed.reason
    assert (done.stored, done.open) == (1, 2)
    assert kept(store, "one") == []


def test_a_failed_line_is_forgotten_once_another_brought_the_answer(
    found: Export, store: Responses
) -> None:
    assert filled(found, store, never_run("one", "batch_expired"), line("one")).failed == ()
    assert filled(found, store, never_run("one", "batch_expired")).failed == ()


VLLM_ERROR = {"error": {"message": "max_tokens is too large", "type": "BadRequest", "code": 400}}
TOO_LONG = "This model's maximum context length is 8192 tokens."


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (VLLM_ERROR, "max_tokens is too large"),
        (VLLM_ERROR["error"], "max_tokens is too large"),
        (TOO_LONG, TOO_LONG),
    ],
)
def test_vllms_inline_refusal_is_kept_in_the_form_of_a_live_one(
    error: Any, message: str, found: Export, store: Responses
) -> None:
    assert filled(found, store, line("one", 400, None, error)).stored == 1
    [stored] = store.all(REQUESTS["one"].key)
    assert json.loads(stored.body)["error"]["message"] == message


def test_what_went_wrong_in_vllms_runner_is_asked_again(found: Export, store: Responses) -> None:
    """It writes 400 beside the bare text of any exception."""
    done = filled(found, store, line("one", 400, None, "EngineDeadError"))
    assert [each.reason for each in done.failed] == ["HTTP 400: EngineDeadError"]
    assert kept(store, "one") == []


def test_unknown_ids_are_told_with_file_and_line(found: Export, store: Responses) -> None:
    stranger = {**line("one"), "custom_id": "my-own-\x1b[31m"}
    done = filled(found, store, line("two"), stranger)
    [told] = done.unread
    assert told.startswith(f"{found.folder / 'results.jsonl'}, line 2: ")
    assert "not in this export (my-own-" in told
    assert done.stored == 1


@pytest.mark.parametrize(
    "rest", [json.dumps(line("one"))[:-9], "[]", "{}", '"x"', "\0", "[" * 9999]
)
def test_a_torn_line_is_told_with_file_and_line_and_the_others_are_kept(
    rest: str, found: Export, store: Responses
) -> None:
    done = filled(found, store, line("two"), {}, end="")
    file = found.folder / "results.jsonl"
    file.write_text(f"{json.dumps(line('two'))}\n\n{rest}")
    done = fill([found], [file], store)
    assert done.unread == (
        f"{file}, line 3: torn, or no line of a result file; its request is asked again.",
    )
    assert kept(store, "two") == [200]


def test_a_folder_stands_for_what_came_back_and_not_for_what_was_sent(
    found: Export, store: Responses
) -> None:
    (found.folder / "results.jsonl").write_text(json.dumps(line("one")))
    (found.folder / "journal.jsonl").write_text("{}\n")
    exports, files = gather([found.folder])
    assert [file.name for file in files] == ["results.jsonl"]
    assert fill(exports, files, store).stored == 1


def test_a_file_belongs_to_the_export_beside_it_or_the_one_that_is_named(
    found: Export, store: Responses, tmp_path: Path
) -> None:
    beside, elsewhere = found.folder / "vllm.out", tmp_path / "vllm.jsonl"
    beside.write_text(json.dumps(line("one")))
    elsewhere.write_text(json.dumps(line("two")))
    assert fill(*gather([beside]), store).stored == 1
    assert fill(*gather([found.folder, elsewhere]), store).stored == 1
    with pytest.raises(UsageError, match="name that folder too"):
        gather([elsewhere])
    with pytest.raises(UsageError, match="no file or folder"):
        gather([tmp_path / "absent"])


def test_vllms_results_end_in_records(article: Path, readout: Readout) -> None:
    """`vllm run-batch` needs no server: export, the runner's file, import, run."""
    given = ("--model", "Qwen/Qwen3-8B", "--way", "vllm", "--provider", "fleet")
    assert readout("batch", "export", article, "-o", "b", *given).exit_code == 0
    sent = json.loads(Path("b/requests-0001.jsonl").read_text())
    answer = {"id": "vllm-1", "custom_id": sent["custom_id"], "error": None}
    answer["response"] = {"status_code": 200, "request_id": "r", "body": GOOD}
    Path("results.jsonl").write_text(json.dumps(answer) + "\n")
    done = readout("batch", "import", "b", "results.jsonl", "--json")
    assert (done.exit_code, json.loads(done.stdout)["stored"]) == (0, 1)
    assert readout("run", article, "-o", "out", "--mode", "replay", *given).exit_code == 0
    assert json.loads(Path("out/grain.json").read_text())["made"]["provider"] == "fleet"


def test_many_sentences_are_cut_on_the_terminal_and_whole_in_json(
    article: Path, readout: Readout
) -> None:
    readout("batch", "export", article, "-o", "b", "--model", "x")
    Path("b/results.jsonl").write_text("torn\n" * 30)
    done = readout("batch", "import", "b")
    assert done.exit_code == 3
    assert "… and 10 more like these; --json has all of them." in done.stderr
    assert len(json.loads(readout("batch", "import", "b", "--json").stdout)["unread"]) == 30


def test_a_live_reply_and_an_imported_one_stand_side_by_side(
    found: Export, store: Responses
) -> None:
    request: Request = REQUESTS["one"]
    store.append(request, reply(completion({"meetings": []}), key=request.key), "one")
    assert filled(found, store, line("one")).stored == 1
    assert kept(store, "one") == [200, 200]
