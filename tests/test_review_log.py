"""The log of decisions: nothing saved is lost, nothing is overwritten, whoever else writes."""

import json
import multiprocessing
import os
import re
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from pipeline.errors import ArchiveError
from pipeline.review.log import DECISIONS, Log, UnsavedError
from schemas.decision import Kind
from tests import reviewing
from tests.records import folder, record


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return folder(tmp_path / "out", record())


def _accept(out: Path, kind: Kind) -> None:
    at = reviewing.desk(out)
    reviewing.press(at, {"action": "accept", "row": reviewing.row(at, kind).item.id})


def test_a_decision_is_on_the_disk_before_it_is_called_saved(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bytes] = []
    real = os.fsync

    def fsync(number: int) -> None:
        real(number)
        synced.append((out / DECISIONS).read_bytes())

    monkeypatch.setattr(os, "fsync", fsync)
    _accept(out, Kind.AGENDA)
    line = (out / DECISIONS).read_bytes()
    assert line.endswith(b"\n")
    assert line in synced


def test_a_new_log_has_its_name_made_durable_too(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def fsync(number: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{number}").readlink()))
        real(number)

    monkeypatch.setattr(os, "fsync", fsync)
    _accept(out, Kind.AGENDA)
    assert str(out.resolve()) in synced


def test_what_a_killed_process_left_of_a_line_is_passed_over_and_spoils_nothing_after_it(
    out: Path,
) -> None:
    _accept(out, Kind.AGENDA)
    whole = (out / DECISIONS).read_bytes()
    with (out / DECISIONS).open("ab") as file:
        file.write(whole[: len(whole) // 2])
    assert len(Log(out).read()) == 1
    _accept(out, Kind.AGREEMENT)
    assert [each.item.kind for each in Log(out).read()] == [Kind.AGENDA, Kind.AGREEMENT]
    assert [each.seq for each in Log(out).read()] == [1, 2]


def test_a_step_cut_off_anywhere_leaves_all_of_it_or_nothing(out: Path) -> None:
    reviewing.accept_all(reviewing.desk(out))
    whole = (out / DECISIONS).read_bytes()
    there = len(Log(out).read())
    assert there > 3
    for length in range(0, len(whole), 97):
        (out / DECISIONS).write_bytes(whole[:length])
        assert len(Log(out).read()) == 0


def test_a_line_of_another_program_is_an_error_that_names_it(out: Path) -> None:
    _accept(out, Kind.AGENDA)
    with (out / DECISIONS).open("ab") as file:
        file.write(b'{"decision": "yes"}\n')
    with pytest.raises(ArchiveError, match=re.escape(f"{DECISIONS}, line 2, holds no decisions")):
        Log(out).read()


def test_an_open_log_hears_of_what_another_process_appends(out: Path) -> None:
    mine = Log(out)
    assert mine.read() == ()
    _accept(out, Kind.AGENDA)
    assert len(mine.read()) == 1


def _write_many(out: Path, kind: str, start: Barrier) -> None:
    at = reviewing.desk(out, kind)
    row = reviewing.row(at, Kind(kind)).item.id
    start.wait()
    for _ in range(20):
        reviewing.press(
            at,
            {"action": "accept", "row": row},
            seen=10**6,
            request=f"{kind}-{os.urandom(6).hex()}",
        )


def test_two_processes_that_write_at_once_lose_nothing_and_number_all(out: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(2)
    writers = [
        context.Process(target=_write_many, args=(out, kind, start))
        for kind in ("agenda", "agreement")
    ]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert [each.exitcode for each in writers] == [0, 0]
    found = Log(out).read()
    assert [each.seq for each in found] == list(range(1, 41))
    assert sorted({each.by for each in found}) == ["agenda", "agreement"]
    assert len({each.id for each in found}) == 40


def test_a_full_disk_says_that_nothing_is_saved_and_the_log_goes_on_afterwards(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _accept(out, Kind.AGENDA)
    real = os.write
    monkeypatch.setattr(os, "write", lambda number, data: real(number, data[:40]))
    with pytest.raises(UnsavedError, match=r"not saved.*No space left"):
        _accept(out, Kind.AGREEMENT)
    monkeypatch.setattr(os, "write", real)
    assert [each.item.kind for each in Log(out).read()] == [Kind.AGENDA]
    _accept(out, Kind.AGREEMENT)
    assert [each.item.kind for each in Log(out).read()] == [Kind.AGENDA, Kind.AGREEMENT]


def test_the_record_stays_as_it_was(out: Path) -> None:
    before = (out / "grain.json").read_bytes()
    reviewing.accept_all(reviewing.desk(out))
    assert (out / "grain.json").read_bytes() == before


def test_a_line_says_who_when_what_and_on_what_basis(out: Path) -> None:
    _accept(out, Kind.AGENDA)
    [decision] = json.loads((out / DECISIONS).read_text())
    assert (decision["by"], decision["at"]) == ("anna", "2026-11-22T08:00:00Z")
    assert decision["old"]["value"] == decision["new"]["value"] == {"topic": "grain exports"}
    assert decision["basis"]["model"] == "test-model"
    assert decision["basis"]["prompt"] == "p" * 64
    assert decision["basis"]["keys"] == ["k"]
