"""Replies are kept, append-only, and a planted row is refused."""

import json
import os
import pickle
import signal
import sqlite3
import subprocess
import sys

import pytest

from pipeline import compose
from pipeline.errors import KeepError, StoreError
from pipeline.store import Recordings, Responses
from tests.samples import HOSTED, article, completion, reply

REQUEST = compose.compose(article(), HOSTED)


def kept(body="{}"):
    return reply(body, key=REQUEST.key)


@pytest.fixture(params=[Responses, Recordings])
def store(request, tmp_path):
    store = request.param(tmp_path / "store")
    yield store
    if isinstance(store, Responses):
        store.close()


def test_a_reply_comes_back_as_it_was(store):
    assert store.get(REQUEST.key) is None
    store.append(REQUEST, kept('{"a": "Zoë 🌾"}'), "grain")
    assert store.get(REQUEST.key) == kept('{"a": "Zoë 🌾"}')


def test_the_latest_reply_answers_and_the_earlier_ones_stay(tmp_path):
    store = Responses(tmp_path)
    store.append(REQUEST, kept("one"), "grain")
    store.append(REQUEST, kept("two"), "grain")
    assert store.get(REQUEST.key) == kept("two")
    assert [r.body for r in store.all(REQUEST.key)] == ["one", "two"]
    store.close()


def test_a_recording_says_which_model_wrote_it_when_and_how_to_make_it_again(tmp_path):
    Recordings(tmp_path).append(REQUEST, kept(), "grain")
    recording = json.loads(next(tmp_path.glob("*.json")).read_text())
    assert recording["model"] == "test-model"
    assert recording["written_by"] == "hand"
    assert recording["recorded"].startswith("2024-03-05")
    assert recording["again"].startswith("readout record")


def test_an_article_can_be_forgotten_alone(tmp_path):
    store = Responses(tmp_path)
    other = compose.compose(article(name="other", text="A b. C d."), HOSTED)
    store.append(REQUEST, kept(), "grain")
    store.append(other, kept(), "other")
    assert store.forget("grain") == 1
    assert store.get(REQUEST.key) is None
    assert store.articles() == {"other"}
    assert store.clear() == 1
    store.close()


@pytest.mark.parametrize("column", ["pickle", "filename"])
def test_a_planted_row_is_refused_and_runs_nothing(tmp_path, column):
    """A pickle would run code, a file name would read or remove any file."""
    victim = tmp_path / "victim"
    victim.write_text("safe")
    store = Responses(tmp_path / "store")
    store.append(REQUEST, kept(), "grain")
    store.close()

    class Bomb:
        def __reduce__(self):
            return (os.remove, (str(victim),))

    with sqlite3.connect(tmp_path / "store" / "cache.db") as db:
        if column == "pickle":
            db.execute("UPDATE Cache SET mode = 4, value = ?", (pickle.dumps(Bomb()),))
        else:
            db.execute("UPDATE Cache SET mode = 3, filename = ?", (str(victim),))
    db.close()
    said: list[str] = []
    store = Responses(tmp_path / "store", said.append)
    assert store.get(REQUEST.key) is None
    assert len(said) == 1
    assert "did not write" in said[0]
    store.append(REQUEST, kept("asked again"), "grain")
    assert store.get(REQUEST.key) == kept("asked again")
    store.clear()
    store.close()
    assert victim.read_text() == "safe"


def test_a_damaged_recording_is_named_with_the_remedy(tmp_path):
    (tmp_path / f"{REQUEST.key}.json").write_text("{")
    with pytest.raises(StoreError, match="readout record"):
        Recordings(tmp_path).get(REQUEST.key)


WRITER = """
import sys
from pathlib import Path
from pipeline.store import Responses
from tests.test_store import REQUEST, kept
store = Responses(Path(sys.argv[1]))
for number in range(10_000):
    request = REQUEST.model_copy(update={"key": str(number)})
    store.append(request, kept(), "grain")
    print(number, flush=True)
"""


@pytest.mark.slow
def test_no_acknowledged_reply_is_lost_to_kill_nine(tmp_path):
    for _ in range(5):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        last = -1
        for line in writer.stdout:
            last = int(line)
            if last >= 40:
                break
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        store = Responses(tmp_path)
        assert all(store.get(str(number)) for number in range(last + 1))
        store.clear()
        store.close()


def test_completion_is_stored_byte_for_byte(tmp_path):
    body = completion({"meetings": []})
    store = Responses(tmp_path)
    store.append(REQUEST, kept(body), "grain")
    assert store.get(REQUEST.key) == kept(body)
    store.close()


def test_a_full_disk_is_a_sentence_when_a_reply_is_to_be_kept(tmp_path, monkeypatch):
    store = Responses(tmp_path / "store")

    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(store._cache, "add", full)
    with pytest.raises(KeepError, match=r"grain.*disk is full.*free some room"):
        store.append(REQUEST, kept(), "grain")
    store.close()
    (tmp_path / "file").write_text("")
    with pytest.raises(KeepError, match="grain"):
        Recordings(tmp_path / "file").append(REQUEST, kept(), "grain")


def test_a_damaged_database_is_a_sentence(tmp_path, monkeypatch):
    store = Responses(tmp_path / "store")

    def damaged(*_):
        raise sqlite3.DatabaseError("database disk image is malformed")

    monkeypatch.setattr(store._cache, "get", damaged)
    with pytest.raises(StoreError, match="cannot be read"):
        store.get(REQUEST.key)
    store.close()


def test_forgetting_reaches_the_replies_after_a_planted_row(tmp_path):
    store = Responses(tmp_path)
    store.append(REQUEST, kept("one"), "grain")
    store.append(REQUEST, kept("two"), "grain")
    with sqlite3.connect(tmp_path / "cache.db") as db:
        db.execute("UPDATE Cache SET mode = 4 WHERE key LIKE '%/1'")
    db.close()
    assert store.forget("grain") == 2
    assert len(store) == 0
    store.close()
