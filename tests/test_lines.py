"""Files of lines survive whoever is killed while writing them."""

import os
from pathlib import Path

import pytest

from pipeline import lines


def texts(file: Path) -> list[str]:
    return [line.text.decode() for line in lines.read(file)]


def test_what_is_appended_is_read(tmp_path: Path):
    with lines.Appended(tmp_path / "new" / "x") as file:
        file.append("one")
        file.append("two", durable=False)
    assert texts(tmp_path / "new" / "x") == ["one", "two"]
    assert [line.start for line in lines.read(tmp_path / "new" / "x")] == [0, 4]


def test_a_torn_last_line_is_passed_over_and_never_joined_with_the_next(tmp_path: Path):
    file = tmp_path / "x"
    file.write_text('{"a": 1}\n{"a": ')
    assert texts(file) == ['{"a": 1}']
    with lines.Appended(file) as more:
        more.append('{"a": 2}')
    assert texts(file) == ['{"a": 1}', '{"a": ', '{"a": 2}']


def test_no_file_has_no_lines(tmp_path: Path):
    assert texts(tmp_path / "x") == []


def test_two_writers_do_not_mix_their_lines(tmp_path: Path):
    with lines.Appended(tmp_path / "x") as one, lines.Appended(tmp_path / "x") as two:
        for number in range(50):
            one.append(f"one {number}", durable=False)
            two.append(f"two {number}", durable=False)
    assert len(texts(tmp_path / "x")) == 100


def test_a_full_disk_is_an_error_and_the_next_line_stands_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The system writes what has room, and says so by the count."""
    whole = os.write
    with lines.Appended(tmp_path / "x") as file:
        with monkeypatch.context() as full:
            full.setattr(os, "write", lambda number, data: whole(number, data[:3]))
            with pytest.raises(OSError, match="No space left"):
                file.append("a long line")
        file.append("two")
    assert texts(tmp_path / "x") == ["a l", "two"]
