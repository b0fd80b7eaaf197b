"""Which requests an export writes, and how they lie in files."""

import hashlib
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline import compose
from pipeline.batch.export import Exported, Failed, export
from pipeline.batch.folder import KEYS, MANIFEST, load
from pipeline.batch.write import Limits, Writer
from pipeline.errors import BatchError, UsageError
from pipeline.estimate import estimate
from pipeline.read import Unreadable
from pipeline.store import Responses
from schemas.article import Article
from schemas.exchange import Request
from tests.samples import HOSTED, TEXT, article, completion, meeting, reply

SERVER = "http://127.0.0.1:9"
GOOD = completion({"meetings": [meeting()]})


@pytest.fixture
def store(tmp_path: Path) -> Responses:
    return Responses(tmp_path / "store")


def exported(
    store: Responses, out: Path, *items: Article | Unreadable, limits: Limits | None = None
) -> Exported:
    with closing(Writer(out, limits or Limits())) as writer:
        return export(items, HOSTED, SERVER, store, writer)


def written(out: Path) -> list[list[dict[str, Any]]]:
    """The lines of each request file."""
    return [
        [json.loads(line) for line in file.read_bytes().splitlines()]
        for file in sorted(out.glob("requests-*.jsonl"))
    ]


def five() -> list[Article]:
    return [article(f"{TEXT}\nNumber {n}.", name=f"a{n}") for n in range(5)]


def first(of: Article) -> Request:
    return compose.compose(of, HOSTED)


def test_a_line_is_the_request_in_the_batch_format(store: Responses, tmp_path: Path) -> None:
    exported(store, tmp_path / "b", article())
    request = first(article())
    assert written(tmp_path / "b") == [
        [
            {
                "custom_id": request.key,
                "method": "POST",
                "url": "/v1/chat/completions",
                "body": request.body,
            }
        ]
    ]
    assert len(request.key) <= 64, "OpenAI takes no longer ids"


def test_the_manifest_says_who_is_asked_and_what_the_files_are(
    store: Responses, tmp_path: Path
) -> None:
    exported(store, tmp_path / "b", article())
    manifest = load(tmp_path / "b").manifest
    assert (manifest.way, manifest.model) == ("compatible", "test-model")
    assert (manifest.provider, manifest.server) == (HOSTED.provider, SERVER)
    [file] = manifest.files
    content = (tmp_path / "b" / file.name).read_bytes()
    assert (file.bytes, file.requests) == (len(content), 1)
    assert file.sha256 == hashlib.sha256(content).hexdigest()


def test_files_are_split_at_so_many_requests(store: Responses, tmp_path: Path) -> None:
    done = exported(store, tmp_path / "b", *five(), limits=Limits(requests=2))
    assert [len(lines) for lines in written(tmp_path / "b")] == [2, 2, 1]
    assert done.manifest is not None
    assert [file.requests for file in done.manifest.files] == [2, 2, 1]


def test_files_are_split_before_so_many_bytes(store: Responses, tmp_path: Path) -> None:
    exported(store, tmp_path / "whole", *five())
    size = (tmp_path / "whole" / "requests-0001.jsonl").stat().st_size
    exported(store, tmp_path / "b", *five(), limits=Limits(bytes=size // 2))
    files = list((tmp_path / "b").glob("requests-*"))
    assert len(files) == 3
    assert all(file.stat().st_size <= size // 2 for file in files)


def test_by_default_a_file_holds_as_many_requests_as_openai_takes(tmp_path: Path) -> None:
    with closing(Writer(tmp_path / "b", Limits())) as writer:
        for number in range(50_001):
            writer.add(Request(key=f"{number}", provider=SERVER, body={}), "grain")
        manifest = writer.finish(HOSTED, SERVER, "0")
    assert manifest is not None
    assert [file.requests for file in manifest.files] == [50_000, 1]
    assert Limits().bytes == 200_000_000, "the other limit would need as many bytes"


def test_a_request_is_found_by_its_key_in_whatever_file(store: Responses, tmp_path: Path) -> None:
    exported(store, tmp_path / "b", *five(), limits=Limits(requests=2))
    found = load(tmp_path / "b")
    entries = found.entries()
    assert {entry.article: found.request(key, entry) for key, entry in entries.items()} == {
        each.id: first(each) for each in five()
    }


def test_copies_of_an_article_have_one_line(store: Responses, tmp_path: Path) -> None:
    done = exported(store, tmp_path / "b", article(name="one"), article(name="two"))
    assert (done.asked, done.copies) == (1, 1)
    assert len(written(tmp_path / "b")[0]) == 1


def test_what_is_answered_is_counted_and_nothing_is_made(store: Responses, tmp_path: Path) -> None:
    store.append(first(article()), reply(GOOD, key=first(article()).key), "grain")
    done = exported(store, tmp_path / "b", article())
    assert (done.answered, done.asked, done.manifest) == (1, 0, None)
    assert not (tmp_path / "b").exists()


def test_an_invalid_answer_gets_its_re_ask_with_the_place_in_its_chain(
    store: Responses, tmp_path: Path
) -> None:
    parent = first(article())
    store.append(parent, reply(completion("no JSON"), key=parent.key), "grain")
    exported(store, tmp_path / "b", article())
    found = load(tmp_path / "b")
    [(key, entry)] = found.entries().items()
    request = found.request(key, entry)
    assert (request.ordinal, request.parent, entry.article) == (2, parent.key, "grain")
    assert "no JSON" in json.dumps(request.body)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "<html>"),
        (429, '{"error": {"message": "slow down"}}'),
        (500, ""),
        (400, '{"error": {"message": "no such field"}}'),  # may be mended on the server
    ],
)
def test_a_stored_reply_that_a_run_would_not_use_is_asked_again(
    status: int, body: str, store: Responses, tmp_path: Path
) -> None:
    request = first(article())
    store.append(request, reply(body, key=request.key, status=status), "grain")
    exported(store, tmp_path / "b", article())
    assert [line["custom_id"] for [line] in written(tmp_path / "b")] == [request.key]
    assert estimate([article()], HOSTED, store, None, None).requests == 1


def test_an_article_that_is_too_long_is_asked_in_halves(store: Responses, tmp_path: Path) -> None:
    request = first(article())
    body = '{"error": {"message": "maximum context length is 9 tokens"}}'
    store.append(request, reply(body, key=request.key, status=400), "grain")
    exported(store, tmp_path / "b", article())
    assert len(written(tmp_path / "b")[0]) == 2


def test_a_refused_longer_answer_is_not_asked_again_but_leads_to_halves(
    store: Responses, tmp_path: Path
) -> None:
    """Else an article whose answer was cut would go out in every batch, to be refused."""
    plan = compose.Plan(article(), HOSTED)
    [part] = plan.parts
    short, roomy = plan.request(part), plan.request(part, roomy=True)
    store.append(short, reply(completion("{", finish_reason="length"), key=short.key), "grain")
    store.append(roomy, reply('{"error": "limit"}', key=roomy.key, status=400), "grain")
    exported(store, tmp_path / "b", article())
    keys = {line["custom_id"] for line in written(tmp_path / "b")[0]}
    assert len(keys) == 2
    assert not keys & {short.key, roomy.key}


def test_an_article_that_has_failed_for_good_is_told(store: Responses, tmp_path: Path) -> None:
    request = first(article())
    refused = reply(completion(None, refusal="I would rather not."), key=request.key)
    store.append(request, refused, "grain")
    done = exported(store, tmp_path / "b", article(), Unreadable(id="x", reason="It is empty."))
    assert done.failed == (
        Failed("grain", "The model refused to read the article."),
        Failed("x", "It is empty."),
    )
    assert done.manifest is None


def test_a_folder_with_an_export_is_left_alone(store: Responses, tmp_path: Path) -> None:
    exported(store, tmp_path / "b", article())
    before = (tmp_path / "b" / MANIFEST).read_bytes()
    with pytest.raises(UsageError, match="choose another folder"):
        exported(store, tmp_path / "b", *five())
    assert (tmp_path / "b" / MANIFEST).read_bytes() == before


def test_an_export_that_was_cut_short_is_none_and_the_next_replaces_it(
    store: Responses, tmp_path: Path
) -> None:
    with closing(Writer(tmp_path / "b", Limits(requests=1))) as writer:
        for each in five():
            writer.add(first(each), each.id)
    (tmp_path / "b" / "notes.jsonl").write_text("mine")
    with pytest.raises(BatchError, match="no finished export"):
        load(tmp_path / "b")
    exported(store, tmp_path / "b", article())
    assert sorted(file.name for file in (tmp_path / "b").iterdir()) == [
        KEYS,
        MANIFEST,
        "notes.jsonl",
        "requests-0001.jsonl",
    ]


def test_a_line_is_ascii_so_that_every_reader_ends_it_where_we_do(
    store: Responses, tmp_path: Path
) -> None:
    odd = article(f"{TEXT}\nA line\u2028separator and 한국어.")
    exported(store, tmp_path / "b", odd)
    content = (tmp_path / "b" / "requests-0001.jsonl").read_text("ascii")
    assert len(content.splitlines()) == 1
    assert json.loads(content)["body"] == first(odd).body


def test_another_programs_request_files_are_left_alone(store: Responses, tmp_path: Path) -> None:
    folder = tmp_path / "b"
    folder.mkdir()
    (folder / "requests-0001.jsonl").write_text("somebody's\n")
    with pytest.raises(BatchError, match="choose another folder"):
        exported(store, folder, article())
    assert (folder / "requests-0001.jsonl").read_text() == "somebody's\n"


def test_a_folder_that_cannot_be_written_is_told(store: Responses, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BatchError, match="cannot be written"):
        exported(store, tmp_path / "file" / "b", article())


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (MANIFEST, '"requests-0001.jsonl"', '"../secrets.jsonl"'),
        (MANIFEST, "{", "["),
        (KEYS, '"requests-0001.jsonl"', '"../secrets.jsonl"'),
        (KEYS, "{", ""),
        ("requests-0001.jsonl", '{"custom_id":"', '{"custom_id":"0'),
    ],
)
def test_a_damaged_folder_is_told_and_leads_nowhere_else(
    name: str, old: str, new: str, store: Responses, tmp_path: Path
) -> None:
    exported(store, tmp_path / "b", article())
    file = tmp_path / "b" / name
    file.write_text(file.read_text().replace(old, new, 1))
    with pytest.raises(BatchError, match=r"no manifest|damaged in line 1|not as it was exported"):
        _read_all(tmp_path / "b")


def _read_all(folder: Path) -> None:
    found = load(folder)
    for key, entry in found.entries().items():
        found.request(key, entry)
