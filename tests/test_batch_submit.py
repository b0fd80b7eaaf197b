"""Submitting: each file once, whatever happens in between; and what a server may answer."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.batch import journal
from pipeline.batch.api import Api
from pipeline.batch.export import export
from pipeline.batch.fetch import fetch, states
from pipeline.batch.folder import JOURNAL, Export, load
from pipeline.batch.submit import submit
from pipeline.batch.write import Limits, Writer
from pipeline.errors import BatchError, GoneError
from pipeline.store import Responses
from tests.batches import KEY, BatchServer, Uploaded
from tests.samples import HOSTED, TEXT, article


@pytest.fixture
def server() -> Iterator[BatchServer]:
    found = BatchServer()
    yield found
    found.close()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def api(server: BatchServer, slept: list[float]) -> Iterator[Api]:
    with closing(Api(server.base_url, KEY, sleep=slept.append)) as found:
        yield found


@pytest.fixture
def three(tmp_path: Path) -> Export:
    """An export of three files."""
    articles = [article(f"{TEXT}\nNumber {n}.", name=f"a{n}") for n in range(3)]
    store = Responses(tmp_path / "store")
    with closing(Writer(tmp_path / "b", Limits(requests=1))) as writer:
        export(articles, HOSTED, "http://127.0.0.1:9", store, writer)
    return load(tmp_path / "b")


def submitted(found: Export, api: Api) -> tuple[int, list[str]]:
    """How many batches were made, and what was said."""
    said: list[str] = []
    return submit(found, api, said.append), said


def inputs(server: BatchServer) -> list[str]:
    return [batch["input_file_id"] for batch in server.batches.values()]


def test_a_second_submit_does_nothing(three: Export, api: Api, server: BatchServer) -> None:
    assert submitted(three, api)[0] == 3
    assert submitted(three, api) == (0, [])
    assert server.calls == {"POST /v1/files": 3, "POST /v1/batches": 3}
    assert server.keys == {KEY}


def test_what_is_uploaded_is_the_file_as_it_was_exported(
    three: Export, api: Api, server: BatchServer
) -> None:
    submitted(three, api)
    for number, uploaded in enumerate(server.files.values(), start=1):
        exported = three.folder / f"requests-000{number}.jsonl"
        assert uploaded.content == exported.read_bytes()


def test_where_the_server_refuses_one_the_next_submit_goes_on(
    three: Export, api: Api, server: BatchServer
) -> None:
    server.faults["POST /v1/batches"] = [429]
    with pytest.raises(BatchError, match=r"HTTP 429: not now.*goes on where it was"):
        submitted(three, api)
    assert submitted(three, api)[0] == 3
    assert sorted(inputs(server)) == sorted(server.files), "each uploaded file has one batch"


def cut_off(found: Export, api: Api, server: BatchServer, call: str) -> None:
    """Submit; the server does what `call` asks, and the line drops before it can say so."""
    server.most = 1  # so that a later submit has to turn pages to find what was done
    server.silent = {call}
    with pytest.raises(BatchError, match="cannot be reached"):
        submitted(found, api)
    server.silent = set()


def test_a_batch_that_was_made_behind_our_back_is_found(
    three: Export, api: Api, server: BatchServer
) -> None:
    cut_off(three, api, server, "POST /v1/batches")
    assert len(server.batches) == 1
    server.create({"input_file_id": "x", "endpoint": "", "completion_window": "", "metadata": {}})
    made, said = submitted(three, api)
    assert made == 3
    assert said[0] == (
        "An earlier submit ended while requests-0001.jsonl got its batch; the server has it."
    )
    assert len(set(inputs(server))) == len(server.batches) == 4
    assert journal.sent(three.folder)["requests-0001.jsonl"].batch == "batch_1"


def test_an_upload_that_arrived_behind_our_back_is_found_by_its_name(
    three: Export, api: Api, server: BatchServer
) -> None:
    cut_off(three, api, server, "POST /v1/files")
    server.keep(Uploaded("another.jsonl", b""))
    _, said = submitted(three, api)
    assert said[0] == (
        "An earlier submit ended while requests-0001.jsonl was being uploaded; the server has it."
    )
    assert len(server.files) == 4
    assert inputs(server)[0] == "file-1"


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (1, "was being uploaded; the server lacks it, so it is sent now."),
        (2, "when requests-0001.jsonl was uploaded; its batch is next."),
        (3, "got its batch; the server has none, so it is made now."),
    ],
)
def test_a_submit_that_died_after_so_many_journal_lines_is_told_and_healed(
    kept: int, told: str, three: Export, api: Api, server: BatchServer
) -> None:
    """Whatever the journal ends with, even a torn line, each file gets one batch."""
    server.faults["POST /v1/batches"] = [500]
    with pytest.raises(BatchError):
        submitted(three, api)
    path = three.folder / JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:kept]) + b'{"at": "2026-11-')
    if kept == 1:  # then the file had not arrived either
        server.files.clear()
    made, said = submitted(three, api)
    assert made == 3
    assert told in said[0]
    assert sorted(inputs(server)) == sorted(server.files)
    assert len(server.files) == 3
    assert submitted(three, api) == (0, [])


def test_one_process_submits_a_folder_at_a_time(three: Export, api: Api) -> None:
    with (
        journal.opened(three.folder),
        pytest.raises(BatchError, match="Another process submits"),
    ):
        submitted(three, api)


def test_a_file_that_was_changed_is_not_submitted(
    three: Export, api: Api, server: BatchServer
) -> None:
    with (three.folder / "requests-0002.jsonl").open("ab") as stream:
        stream.write(b"{}\n")
    with pytest.raises(BatchError, match=r"requests-0002.jsonl has changed"):
        submitted(three, api)
    assert len(server.batches) == 1


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_server_without_the_batch_api_is_told_with_vllms_way(
    status: int, three: Export, api: Api, server: BatchServer
) -> None:
    server.faults["POST /v1/files"] = [status]
    with pytest.raises(BatchError, match=rf"no Batch API \(HTTP {status}\).*vllm run-batch"):
        submitted(three, api)


@pytest.mark.parametrize("status", [401, 403])
def test_a_rejected_key_is_told_without_it(
    status: int, three: Export, api: Api, server: BatchServer
) -> None:
    server.faults["POST /v1/files"] = [status]
    with pytest.raises(BatchError, match=r"rejects the key.*OPENAI_API_KEY") as raised:
        submitted(three, api)
    assert KEY not in str(raised.value)


@pytest.mark.parametrize("call", ["POST /v1/files", "POST /v1/batches"])
def test_a_web_page_for_an_answer_is_told(
    call: str, three: Export, api: Api, server: BatchServer
) -> None:
    server.pages = {call}
    with pytest.raises(BatchError, match="ends in the API's path, such as /v1"):
        submitted(three, api)


def test_what_only_reads_is_tried_again_and_what_makes_something_is_not(
    three: Export, api: Api, server: BatchServer, slept: list[float]
) -> None:
    submitted(three, api)
    server.work()
    server.faults = {"GET /v1/batches/id": [503, 429], "GET content": [502]}
    assert [state.state for state in fetch(three, api, lambda _: None)] == ["completed"] * 3
    assert len(slept) == 3
    assert len(list(three.folder.glob("*.output.jsonl"))) == 3


def test_a_server_that_stays_broken_leaves_no_half_file(
    three: Export, api: Api, server: BatchServer
) -> None:
    submitted(three, api)
    server.work()
    server.silent = {"GET content"}
    with pytest.raises(BatchError, match="cannot be reached"):
        list(fetch(three, api, lambda _: None))
    assert not [file for file in three.folder.iterdir() if "output" in file.name]


def test_a_batch_that_the_server_lost_stops_no_other(
    three: Export, api: Api, server: BatchServer
) -> None:
    submitted(three, api)
    server.work()
    del server.batches["batch_1"]
    del server.files[server.batches["batch_2"]["output_file_id"]]
    one, two, three_ = fetch(three, api, lambda _: None)
    assert "knows no batch batch_1" in one.errors[0]
    assert "export again" in two.errors[0]
    assert (one.state, two.state, three_.state) == ("gone", "gone", "completed")
    with pytest.raises(GoneError):
        api.batch("batch_1")


def test_the_states_of_what_was_not_submitted(three: Export, api: Api, server: BatchServer) -> None:
    server.faults["POST /v1/batches"] = [500]
    with pytest.raises(BatchError):
        submitted(three, api)
    found = list(states(three, api))
    assert [each.state for each in found] == ["interrupted", "not submitted", "not submitted"]
    assert server.calls["GET /v1/batches/id"] == 0
