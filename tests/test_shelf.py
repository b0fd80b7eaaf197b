"""Where records are put, and what is recalled of them."""

from contextlib import closing
from pathlib import Path

import pytest

from pipeline import archive, shelf
from pipeline.errors import ArchiveError, UsageError
from pipeline.shelf import Kind
from schemas.record import Record
from tests.test_run import replayed


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return replayed(tmp_path)


def named(record: Record, name: str) -> Record:
    return record.model_copy(update={"article": record.article.model_copy(update={"id": name})})


@pytest.mark.parametrize("kind", Kind)
def test_what_is_put_is_read_counted_and_recalled(kind: Kind, record: Record, tmp_path: Path):
    out = tmp_path / "out"
    with closing(shelf.opened(out, kind)) as files:
        for name in ("b", "a"):
            place = files.put(named(record, name))
            assert place == files.place(name)
            files.note(name, f"note\tof {name}")
    assert shelf.count(out) == 2
    assert {each.article.id for each in archive.records(out)} == {"a", "b"}
    with closing(shelf.opened(out)) as again:
        assert again.recall("a") == "note\tof a"
        assert again.recall("c") is None


@pytest.mark.parametrize("kind", Kind)
def test_a_record_that_was_deleted_is_not_recalled(kind: Kind, record: Record, tmp_path: Path):
    out = tmp_path / "out"
    with closing(shelf.opened(out, kind)) as files:
        files.put(record)
        files.note("grain", "note")
        files.place("grain").unlink()
    with closing(shelf.opened(out, kind)) as again:
        assert again.recall("grain") is None


def test_of_two_lines_about_one_article_the_later_one_counts(record: Record, tmp_path: Path):
    later = record.model_copy(update={"made": record.made.model_copy(update={"model": "new"})})
    with closing(shelf.opened(tmp_path / "out", Kind.JSONL)) as lines:
        for each in (record, named(record, "b"), later):
            lines.put(each)
    found = [(each.article.id, each.made.model) for each in archive.records(tmp_path / "out")]
    assert found == [("b", "test-model"), ("grain", "new")]
    assert shelf.count(tmp_path / "out") == 2


def test_a_torn_line_is_no_record(record: Record, tmp_path: Path):
    file = tmp_path / "out" / archive.RECORDS
    with closing(shelf.opened(tmp_path / "out", Kind.JSONL)) as lines:
        lines.put(record)
    whole = file.read_bytes()
    file.write_bytes(whole + whole[: len(whole) // 2])
    with closing(shelf.opened(tmp_path / "out")) as lines:
        lines.put(named(record, "b"))
    assert [each.article.id for each in archive.records(tmp_path / "out")] == ["grain", "b"]


def test_a_torn_index_costs_nothing_but_time(record: Record, tmp_path: Path):
    with closing(shelf.opened(tmp_path / "out")) as files:
        files.put(record)
        files.note("grain", "note")
    index = tmp_path / "out" / ".index"
    index.write_bytes(index.read_bytes()[:-3])
    with closing(shelf.opened(tmp_path / "out")) as files:
        assert files.recall("grain") is None


def test_one_folder_holds_records_of_one_kind(record: Record, tmp_path: Path):
    with closing(shelf.opened(tmp_path / "out")) as files:
        files.put(record)
    with pytest.raises(UsageError, match="holds records as files"):
        shelf.opened(tmp_path / "out", Kind.JSONL)


def test_what_a_run_says_of_itself_is_no_record(record: Record, tmp_path: Path):
    """Even where an article has the name of that file."""
    out = tmp_path / "out"
    with closing(shelf.opened(out)) as files:
        files.put(named(record, "run"))
        (out / archive.RUN).write_text('{"runs": []}')
        (out / archive.FAILURES).write_text("{}\n")
        assert files.place("run") == out / "run..json"
    assert [each.article.id for each in archive.records(out)] == ["run"]
    assert shelf.count(out) == 1


def test_looking_writes_nothing(tmp_path: Path):
    (tmp_path / "out").mkdir()
    shelf.opened(tmp_path / "out").close()
    assert list((tmp_path / "out").iterdir()) == []


def test_a_full_disk_is_a_sentence_that_says_what_is_safe(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.lines.os.write", full)
    with (
        closing(shelf.opened(tmp_path / "out", Kind.JSONL)) as lines,
        pytest.raises(ArchiveError, match=r"No space left.*reply is stored"),
    ):
        lines.put(record)
