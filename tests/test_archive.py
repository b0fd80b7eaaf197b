"""Records are written whole or not at all."""

import datetime as dt
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import archive
from pipeline.errors import ArchiveError
from schemas.record import Record
from tests.test_run import replayed


def test_a_record_comes_back_as_it_was(tmp_path):
    record = replayed(tmp_path)
    path = archive.write(record, tmp_path / "out")
    assert path == tmp_path / "out" / "grain.json"
    assert archive.read(path) == record


def test_writing_again_replaces_and_leaves_no_scraps(tmp_path):
    record = replayed(tmp_path)
    for _ in range(2):
        archive.write(record, tmp_path / "out")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["grain.json"]


def test_what_a_killed_process_left_half_written_is_swept(tmp_path):
    """What another one is just writing is left to it, and so is everything else."""
    ours, nobody = os.getpid(), 2**22 + 1
    files = {f".{name}.json.{n}.part" for name, n in (("a", ours), ("b", ours), ("c", nobody))}
    for name in (*files, "d.json", ".e.part"):
        (tmp_path / name).write_text("{")
    os.utime(tmp_path / f".b.json.{ours}.part", (0, 0))
    archive.sweep(tmp_path)
    left = {file.name for file in tmp_path.iterdir()}
    assert left == {f".a.json.{ours}.part", "d.json", ".e.part"}


def test_a_folder_that_cannot_be_written_is_named_with_the_remedy(tmp_path):
    (tmp_path / "out").write_text("a file, no folder")
    with pytest.raises(ArchiveError, match="running again costs nothing"):
        archive.write(replayed(tmp_path), tmp_path / "out")


def test_a_file_that_is_no_record_is_named(tmp_path):
    file = tmp_path / "x.json"
    file.write_text("{}")
    with pytest.raises(ArchiveError, match="no record"):
        archive.read(file)
    with pytest.raises(ArchiveError, match="cannot be read"):
        archive.read(tmp_path / "absent.json")


def test_a_folder_that_is_closed_to_us_is_a_sentence_with_its_remedy(tmp_path, monkeypatch):
    def closed(_: Path) -> Iterator[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", closed)  # root, as CI is, may read any folder
    with pytest.raises(ArchiveError, match=r"cannot be read \(Permission denied\); check"):
        list(archive.documents(tmp_path))


@pytest.mark.parametrize(("file_minute", "line_minute", "wins"), [(0, 1, "line"), (1, 0, "file")])
def test_of_a_file_and_a_line_about_one_article_the_newer_one_counts(
    tmp_path, file_minute, line_minute, wins
):
    """As where somebody put the records of two runs together."""
    record = replayed(tmp_path)

    def made(model: str, minute: int) -> Record:
        at = dt.datetime(2026, 11, 20, 22, minute, tzinfo=dt.UTC)
        return record.model_copy(
            update={"made": record.made.model_copy(update={"model": model, "at": at})}
        )

    out = tmp_path / "out"
    archive.write(made("file", file_minute), out)
    other = record.article.model_copy(update={"id": "other"})
    rows = [made("line", line_minute), record.model_copy(update={"article": other})]
    lines = "".join(f"{row.model_dump_json()}\n" for row in rows)
    (out / archive.RECORDS).write_text(lines)
    found = {each.article.id: each.made.model for each in archive.records(out)}
    assert len(list(archive.records(out))) == 2
    assert found["grain"] == wins


def test_where_a_drive_knows_no_locks_a_folder_is_written_all_the_same(tmp_path, monkeypatch):
    def unknown(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", unknown)
    with archive.alone(tmp_path / "out"):
        assert (tmp_path / "out").is_dir()
