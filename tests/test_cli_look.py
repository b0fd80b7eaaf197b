"""The commands that look: show, prompt, schema, doctor, cache and model."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.conftest import Readout


@pytest.fixture
def records(article: Path, readout: Readout) -> Path:
    """A folder with one record in it, and a store with one reply."""
    readout.server.answer()
    assert readout("run", article, "-o", "out").exit_code == 0
    return Path("out")


def test_show_takes_a_file_or_a_folder(records: Path, readout: Readout) -> None:
    of_folder = readout("show", records)
    assert of_folder.exit_code == 0
    assert "Chanda Mwila" in of_folder.stdout
    assert readout("show", records / "grain.json").stdout == of_folder.stdout


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("absent.json", "cannot be read"),
        ("grain.txt", "is no record"),
        ("empty", "holds no record"),
    ],
)
@pytest.mark.usefixtures("article")
def test_show_says_what_is_no_record(readout: Readout, path: str, sentence: str) -> None:
    Path("empty").mkdir()
    done = readout("show", path)
    assert done.exit_code == 1
    assert sentence in done.stderr


def test_prompt_shows_key_provider_and_model_before_the_body(
    article: Path, readout: Readout
) -> None:
    done = readout("prompt", article, "--provider", "twin")
    assert done.exit_code == 0
    head, body = done.stdout.split("\n{", 1)
    assert [line.split()[0] for line in head.splitlines()] == [
        "article",
        "key",
        "provider",
        "model",
    ]
    assert "twin" in head
    assert json.loads("{" + body)["model"] == "hand"
    assert readout.server.received == []


def test_prompt_says_what_cannot_be_read(article: Path, readout: Readout) -> None:
    article.write_text(" ")
    done = readout("prompt", article)
    assert done.exit_code == 1
    assert "holds no text" in done.stderr


def test_schemas_are_json_schemas(readout: Readout) -> None:
    shown = {
        kind: json.loads(readout("schema", *kind).stdout)
        for kind in ((), ("--record",), ("--extraction",), ("--wire",))
    }
    assert shown[()] == shown["--record",]
    assert set(shown[()]["properties"]) == {"article", "summary", "made", "edition"}
    assert set(shown["--extraction",]["properties"]) == {"meetings"}
    assert shown["--wire",]["additionalProperties"] is False


def test_doctor_says_what_is_configured_and_that_it_answers(readout: Readout) -> None:
    done = readout("doctor", "--json", OPENAI_API_KEY="a-key-of-nobody")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["ok"]
    checks = {each["name"]: each["value"] for each in found["checks"]}
    assert checks["server"] == readout.server.base_url.removesuffix("/v1")
    assert checks["key"] == "set (OPENAI_API_KEY)"
    assert "a-key-of-nobody" not in done.output
    assert not Path("cache").exists()  # it only looks


def test_doctor_shows_only_the_origin_of_the_base_url(readout: Readout) -> None:
    address = readout.server.base_url.replace("//", "//user:pass-word@") + "?token=hidden"
    done = readout("doctor", OPENAI_BASE_URL=address)
    assert "pass-word" not in done.output
    assert "hidden" not in done.output


def test_doctor_fails_where_the_server_is_away(readout: Readout) -> None:
    readout.server.close()
    done = readout("doctor")
    assert done.exit_code == 1
    assert "FAILS answers" in done.stdout


@pytest.mark.parametrize(
    ("status", "sentence", "code"),
    [(401, "rejects the key", 1), (503, "HTTP 503", 1), (404, "answers", 0)],
)
def test_doctor_tells_a_refusal_from_a_server_without_a_list(
    readout: Readout, status: int, sentence: str, code: int
) -> None:
    readout.server.refuses = status
    done = readout("doctor")
    assert (done.exit_code, sentence in done.stdout) == (code, True)


def test_doctor_warns_of_a_model_that_the_server_does_not_list(readout: Readout) -> None:
    done = readout("doctor", "--model", "other")
    assert done.exit_code == 0
    assert "does not have other" in done.stdout


def test_doctor_fails_where_the_configuration_makes_no_sense(readout: Readout) -> None:
    done = readout("doctor", READOUT_MODEL="")
    assert done.exit_code == 1
    assert "no model is named" in done.stdout


def test_doctor_fails_where_the_embedded_model_is_not_installed(
    tmp_path: Path, readout: Readout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.embedded.weights.adapter", lambda: tmp_path / "adapter.gguf")
    (tmp_path / "adapter.gguf").touch()
    done = readout("doctor", "--model", "embedded")
    assert done.exit_code == 1
    assert "readout model install" in done.stdout


def test_the_cache_says_where_it_is_and_how_much(records: Path, readout: Readout) -> None:
    assert records.is_dir()
    assert readout("cache", "where").stdout.strip() == str(Path("cache").absolute())
    found = json.loads(readout("cache", "info", "--json").stdout)
    assert (found["replies"], found["articles"], found["recordings"]) == (1, 1, 0)
    assert "replies     1\n" in readout("cache", "info").stdout


def test_another_cache_is_looked_into(readout: Readout) -> None:
    assert "replies     0\n" in readout("cache", "--cache", "other", "info").stdout
    assert not Path("other").exists()


@pytest.mark.usefixtures("records")
def test_the_cache_forgets_one_article(article: Path, readout: Readout) -> None:
    assert readout("cache", "forget", "grain").exit_code == 0
    unknown = readout("cache", "forget", "grain")
    assert unknown.exit_code == 1
    assert "Nothing is stored about grain" in unknown.stderr
    assert "1 sent" in readout("run", article, "-o", "again").stderr


def test_clearing_keeps_recordings(records: Path, article: Path, readout: Readout) -> None:
    assert records.is_dir()
    assert readout("record", article).exit_code == 0
    assert "Removed 1 " in readout("cache", "clear", "--yes").stderr
    found = json.loads(readout("cache", "info", "--json").stdout)
    assert (found["replies"], found["recordings"]) == (0, 1)


@pytest.mark.parametrize("damage", ["planted", "garbage"])
def test_a_damaged_store_is_a_sentence_and_can_be_cleared(
    records: Path, article: Path, readout: Readout, damage: str
) -> None:
    database = Path("cache/responses/cache.db")
    if damage == "planted":
        with sqlite3.connect(database) as connection:
            connection.execute("UPDATE Cache SET mode = 4, raw = 0")
        connection.close()
    else:
        for file in database.parent.glob("cache.db*"):
            file.write_bytes(b"no database at all" * 100)
    broken = readout("run", article, "-o", records, "--mode", "replay")
    assert broken.exit_code in (1, 3)
    assert "Traceback" not in broken.output
    assert readout("cache", "info").exit_code == 1
    assert readout("cache", "clear", "--yes").exit_code == 0
    assert "replies     0\n" in readout("cache", "info").stdout


def test_weights_that_are_absent_have_no_place(readout: Readout) -> None:
    done = readout("model", "where")
    assert done.exit_code == 1
    assert "readout model install" in done.stderr
