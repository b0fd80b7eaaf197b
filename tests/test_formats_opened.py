"""Opening: what is no file never blocks, gzip is unpacked with care, limits are said."""

import gzip
import json
import os
import socket
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import UsageError
from pipeline.read import Unreadable, expected, read_paths
from pipeline.read.limits import MOST_FILE
from schemas.article import Article
from tests import story
from tests.conftest import Readout
from tests.reading import everything, failure, one


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe.txt")
    return tmp_path / "pipe.txt"


def test_a_pipe_that_is_named_is_refused_at_once(pipe: Path) -> None:
    with pytest.raises(UsageError, match="is a pipe"):
        read_paths([pipe])


def test_a_pipe_in_a_folder_is_that_articles_failure(pipe: Path) -> None:
    (item,) = read_paths([pipe.parent])
    assert isinstance(item, Unreadable)
    assert "is a pipe" in item.reason


def test_a_bar_does_not_wait_for_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    assert expected(tmp_path / "pipe.jsonl") == 1


def test_a_socket_and_a_device_are_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path has to be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.txt")
        with pytest.raises(UsageError, match="is a socket"):
            read_paths([Path("s.txt")])
    with pytest.raises(UsageError, match="is a device"):
        read_paths([Path("/dev/zero")])


def test_a_file_that_may_not_be_read_is_that_articles_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.txt"
    file.write_text("They met.")

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr(os, "open", refuse)
    (item,) = read_paths([file])
    assert isinstance(item, Unreadable)
    assert "Permission denied" in item.reason


@pytest.mark.parametrize("name", ["x.txt", "x.html", "x.json", "x.md", "x"])
def test_a_file_too_large_says_the_limit(name: str, tmp_path: Path) -> None:
    data = b"They met.\n" * (MOST_FILE // 10 + 1)
    assert "larger than 20 MB" in failure(tmp_path, name, data)


def test_a_text_too_long_says_the_limit(tmp_path: Path) -> None:
    assert "1,000,000 characters" in failure(tmp_path, "x.txt", b"They met. " * 100_001)


def test_gzip_is_told_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    assert one(tmp_path, "x.txt", gzip.compress(b"They met.")).text == "They met."
    assert one(tmp_path, "y.txt.gz", b"They met.").id == "y"


def test_gzip_cut_short_gives_what_was_whole_and_says_so(tmp_path: Path) -> None:
    rows = [json.dumps({"id": n, "text": os.urandom(40).hex()}) for n in range(5_000)]
    zipped = gzip.compress("\n".join(rows).encode())
    *good, last = everything(tmp_path, "x.jsonl.gz", zipped[:-2_000])
    assert len(good) > 2_000
    assert all(isinstance(item, Article) for item in good)
    assert isinstance(last, Unreadable)
    assert "cut short" in last.reason
    assert "cut short" in failure(tmp_path, "y.txt.gz", gzip.compress(b"They met.")[:-5])


def test_gzip_in_several_members_is_one_file(tmp_path: Path) -> None:
    both = gzip.compress(b"They met.\n") + gzip.compress(b"They left.\n")
    assert one(tmp_path, "x.txt.gz", both).text == "They met.\nThey left.\n"


def test_a_bomb_of_lines_is_read_only_so_far(tmp_path: Path) -> None:
    bomb = gzip.compress(b" " * 19 + b"\n" + b"\0" * 40_000_000)
    *_, last = everything(tmp_path, "x.jsonl.gz", bomb)
    assert isinstance(last, Unreadable)
    assert "200 times its size" in last.reason


@pytest.mark.parametrize("name", ["x.jsonl", "x.csv"])
def test_memory_does_not_grow_with_the_rows(name: str, tmp_path: Path) -> None:
    text = "they met and agreed " * 1_000
    with (tmp_path / name).open("w") as out:
        out.write("id,text\n" if name == "x.csv" else "")
        for number in range(300):
            row = (
                f"{number},{text}" if name == "x.csv" else json.dumps({"id": number, "text": text})
            )
            out.write(f"{row}\n")
    items = read_paths([tmp_path / name])
    next(items)
    tracemalloc.start()
    assert sum(isinstance(item, Article) for item in items) == 299
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000  # of 6,000,000 in the file


def test_the_bar_counts_lines_without_reading_them(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(b"{}\n" * 70_000)
    (tmp_path / "y.jsonl.gz").write_bytes(gzip.compress(b"{}\n" * 12))
    (tmp_path / "z.txt").write_bytes(b"a\nb\n")
    assert [expected(tmp_path / name) for name in ("x.jsonl", "y.jsonl.gz", "z.txt")] == [
        70_000,
        12,
        1,
    ]


def test_a_locked_file_that_is_named_stops_no_other(
    readout: Readout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a shell names them for articles/*; the permissions of root would hide the lock."""
    locked, opens, access = "locked.txt", os.open, os.access

    def guarded(file: Any, *arguments: Any, **named: Any) -> int:
        if Path(file).name == locked:
            raise PermissionError(13, "Permission denied", locked)
        return opens(file, *arguments, **named)

    monkeypatch.setattr(os, "open", guarded)
    monkeypatch.setattr(
        os, "access", lambda file, mode: Path(file).name != locked and access(file, mode)
    )
    for name in (locked, "open.txt"):
        (tmp_path / name).write_bytes(story.TEXT.encode())
    readout.server.answer()
    done = readout("run", locked, "open.txt", "-o", "out")
    assert done.exit_code == 3
    assert "locked.txt cannot be read (Permission denied); check the file." in " ".join(
        done.stderr.split()
    )
    assert Path("out/open.json").exists()
