"""`readout run` and `readout record`, over real HTTP on loopback with replies written by hand."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from pipeline import archive, compose, ways
from pipeline.embedded import weights
from pipeline.read import read_paths
from pipeline.store import Responses
from schemas.article import Article
from schemas.record import Edition
from tests import samples
from tests.conftest import Readout


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """Three articles in one file, called one, two and three."""
    file = tmp_path / "three.jsonl"
    rows = [{"id": name, "text": f"{samples.TEXT}\n{name}."} for name in ("one", "two", "three")]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def records(folder: str) -> list[Path]:
    return sorted(each for each in Path(folder).glob("*.json") if each.name != archive.RUN)


def rows(stdout: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stdout.splitlines()]


def test_an_article_becomes_a_record(article: Path, readout: Readout, tmp_path: Path) -> None:
    readout.server.answer()
    done = readout("run", article, "-o", "out", "--published", "2024-03-05")
    assert done.exit_code == 0
    assert done.stdout == ""
    assert "1 done" in done.stderr
    assert "1 sent; 0 stored" in done.stderr
    assert "100 in, 20 out" in done.stderr
    record = archive.read(tmp_path / "out" / "grain.json")
    assert record.summary.meetings[0].date == "2024-03-04"
    assert record.made.model == "hand"


def test_what_prompt_prints_is_what_run_sends(article: Path, readout: Readout) -> None:
    printed = json.loads(readout("prompt", article, "--json").stdout)
    assert readout.server.asked == []
    readout.server.answer()
    assert readout("run", article, "-o", "out").exit_code == 0
    assert readout.server.asked == [printed["body"]]
    record = archive.read(Path("out/grain.json"))
    assert record.made.keys == (printed["key"],)


def test_a_second_run_asks_nothing_and_needs_no_server(article: Path, readout: Readout) -> None:
    readout.server.answer()
    readout("run", article, "-o", "out")
    readout.server.close()
    done = readout("run", article, "-o", "again", "--json")
    assert done.exit_code == 0
    (row,) = rows(done.stdout)
    assert (row["asked"], row["stored"]) == (0, 1)
    assert Path("out/grain.json").read_bytes() == Path("again/grain.json").read_bytes()


def test_refresh_asks_again(article: Path, readout: Readout) -> None:
    readout.server.answer()
    for mode in ("auto", "refresh"):
        assert readout("run", article, "-o", "out", "--mode", mode).exit_code == 0
    assert len(readout.server.asked) == 2


def test_replay_never_asks_and_says_how_to_record(article: Path, readout: Readout) -> None:
    done = readout("run", article, "-o", "out", "--mode", "replay")
    assert done.exit_code == 3
    assert "No reply is recorded for grain" in done.stderr
    assert "readout record" in done.stderr
    assert readout.server.received == []


def test_stored_replies_need_no_key(article: Path, readout: Readout) -> None:
    done = readout("run", article, "-o", "out", "--mode", "replay", OPENAI_BASE_URL="")
    assert done.exit_code == 3  # nothing is stored; but nobody asked for a key
    assert "OPENAI_API_KEY" not in done.stderr


def test_json_is_a_line_per_article_and_nothing_else(three: Path, readout: Readout) -> None:
    readout.server.answer()
    readout.server.fail(404, "no such model")
    readout.server.answer()
    done = readout("run", three, "-o", "out", "--json", "--concurrency", "1")
    assert done.exit_code == 3
    told = {row["id"]: row for row in rows(done.stdout)}  # in the order in which they ended
    first, second, third = (told[name] for name in ("one", "two", "three"))
    assert first == {
        "id": "one",
        "outcome": "done",
        "archived": False,
        "path": "out/one.json",
        "reason": None,
        "tokens": {"prompt": 100, "completion": 20},
        "asked": 1,
        "stored": 0,
        "seconds": first["seconds"],
    }
    assert (second["outcome"], second["path"]) == ("bad_reply", None)
    assert "HTTP 404" in second["reason"]
    assert third["outcome"] == "done"


@pytest.mark.parametrize("concurrency", [1, 4])
def test_copies_cost_one_request_and_an_update_is_linked(
    readout: Readout, tmp_path: Path, concurrency: int
) -> None:
    """One text under four names, with its headline in it or beside it; and its second update."""
    headline, body = samples.TEXT.split("\n\n", 1)
    folder = tmp_path / "wire"
    folder.mkdir()
    (folder / "1-first.txt").write_text(samples.TEXT)
    (folder / "2-again.txt").write_text(samples.TEXT)
    (folder / "3-site.md").write_text(f"---\ntitle: {headline}\nid: site\n---\n{body}")
    row = {"id": "row", "title": headline, "text": body, "url": "https://example.org/1"}
    (folder / "4-rows.jsonl").write_text(json.dumps(row))
    (folder / "5-update.txt").write_text(f"(2nd LD) {samples.TEXT}\nTalks go on on Friday.\n")
    readout.server.answer()
    done = readout("run", folder, "-o", "out", "--concurrency", concurrency)
    assert done.exit_code == 0
    assert len(readout.server.asked) == 2
    assert "1 update linked, 3 copies" in done.stderr
    editions = {file.stem: archive.read(file).edition for file in records("out")}
    assert editions["1-first"] == Edition()
    copies = {name for name, edition in editions.items() if edition.copy_of == "1-first"}
    assert copies == {"2-again", "site", "row"}
    assert editions["5-update"] == Edition(rank=2, replaces="1-first")
    shown = readout("show", "out/5-update.json")
    assert "update 2 · replaces 1-first" in shown.stdout


def test_one_failure_touches_no_other_article(three: Path, readout: Readout) -> None:
    three.write_text(three.read_text().replace('"id": "two"', '"name": "two"'))
    readout.server.answer()
    done = readout("run", three, "-o", "out")
    assert done.exit_code == 3
    assert [file.name for file in records("out")] == ["one.json", "three.json"]
    assert "1 unreadable" in done.stderr
    assert "has no id" in done.stderr


def test_quiet_says_only_what_failed(three: Path, readout: Readout) -> None:
    readout.server.answer()
    assert readout("run", three, "-o", "out", "--quiet").output == ""
    done = readout("run", three, "-o", "out", "--quiet", "--mode", "replay", "--model", "other")
    assert done.stderr.count("\n") == 3


def test_nothing_foreign_reaches_the_terminal_raw(article: Path, readout: Readout) -> None:
    readout.server.fail(400, "context \x1b[31m\u202e\x9b too long")
    for flag in ("--json", "--quiet", "--mode=auto"):
        done = readout("run", article, "-o", "out", flag)
        assert "context" in done.output
        assert not set("\x1b\u202e\x9b") & set(done.output)


def test_the_key_goes_to_the_server_and_nowhere_else(
    article: Path, readout: Readout, tmp_path: Path
) -> None:
    secret = "a-key-of-nobody"  # noqa: S105 - as it says
    readout.server.fail(400, f"{secret} is wrong")
    readout.server.answer()
    shown = [
        readout(*arguments, OPENAI_API_KEY=secret).output
        for arguments in (
            ("run", article, "-o", "out", "--json"),
            ("run", article, "-o", "out"),
            ("record", article),
            ("prompt", article),
            ("doctor",),
        )
    ]
    received = readout.server.received
    assert {each.headers["authorization"] for each in received} == {f"Bearer {secret}"}
    assert secret not in "".join(shown)
    for file in tmp_path.rglob("*"):
        assert file.is_dir() or secret.encode() not in file.read_bytes(), file


def test_record_keeps_files_that_run_replays(article: Path, readout: Readout) -> None:
    readout.server.answer()
    done = readout("record", article, "--json")
    assert done.exit_code == 0
    assert rows(done.stdout)[0]["path"] is None
    (file,) = Path("cache/recordings").iterdir()
    assert "Chanda Mwila" in file.read_text()
    assert readout("record", article).exit_code == 0
    assert len(readout.server.asked) == 1
    readout.server.close()
    assert readout("run", article, "-o", "out", "--recordings").exit_code == 0
    assert Path("out/grain.json").exists()


def test_recordings_that_cannot_be_written_are_told_before_anything_is_asked(
    article: Path, readout: Readout
) -> None:
    Path("mine").write_text("a file, no folder")
    done = readout("record", article, "--recordings", "mine/recordings")
    assert done.exit_code == 2
    assert "another with --recordings" in done.stderr
    assert readout.server.asked == []


def test_record_asks_again_when_told_to(article: Path, readout: Readout) -> None:
    readout.server.answer()
    for _ in range(2):
        done = readout("record", article, "--refresh", "--recordings", "mine")
        assert done.exit_code == 0
    (file,) = Path("mine").iterdir()
    assert len(json.loads(file.read_text())["replies"]) == 2


@pytest.fixture
def adapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file in place of the adapter that travels with readout."""
    file = tmp_path / "adapter.gguf"
    file.write_bytes(b"no weights")
    monkeypatch.setattr(weights, "adapter", lambda: file)
    return file


@pytest.mark.usefixtures("adapter")
def test_absent_weights_are_one_sentence(three: Path, readout: Readout) -> None:
    done = readout("run", three, "-o", "out", "--model", "embedded")
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert "readout model install" in done.stderr


@pytest.mark.usefixtures("adapter")
def test_stored_replies_of_the_embedded_model_need_no_weights(
    article: Path, readout: Readout, tmp_path: Path
) -> None:
    way = ways.EMBEDDED.model_copy(update={"model": weights.model_id()})
    (read,) = read_paths([article])
    assert isinstance(read, Article)
    request = compose.compose(read, way)
    store = Responses(tmp_path / "cache" / "responses")
    reply = samples.reply(samples.completion("[]"), key=request.key)
    store.append(request, reply, "grain")
    store.close()
    done = readout("run", article, "-o", "out", READOUT_MODEL="", OPENAI_BASE_URL="")
    assert done.exit_code == 0
    assert "0 sent; 1 stored" in done.stderr


def test_an_adapter_that_is_missing_is_a_sentence(
    article: Path, readout: Readout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "files", lambda _: tmp_path)
    done = readout("run", article, "-o", "out", "--model", "embedded")
    assert done.exit_code == 1
    assert "adapter is missing" in done.stderr
