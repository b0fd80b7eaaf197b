"""Limits, going on, and `readout status`, over real HTTP on loopback."""

import json
import os
from pathlib import Path

import pytest

from pipeline import archive, ledger
from tests import samples
from tests.conftest import Readout
from tests.resuming import SECRET, five_in, last_run, names, refuse, told


@pytest.fixture
def five(tmp_path: Path) -> Path:
    """Five articles in one file, a0 to a4."""
    return five_in(tmp_path)


def test_so_many_requests_and_the_same_command_goes_on(five: Path, readout: Readout) -> None:
    readout.server.answer()
    done = readout("run", five, "-o", "out", "--max-requests", "2", "--concurrency", "1")
    assert done.exit_code == 1
    assert "--max-requests 2 is reached" in done.stderr
    assert "About 3 articles were not begun" in done.stderr
    assert len(readout.server.asked) == len(names()) == 2
    assert not Path("out", archive.FAILURES).exists()
    assert last_run().ending == "stopped"
    again = readout("run", five, "-o", "out")
    assert again.exit_code == 0
    assert "3 done, 2 done before" in again.stderr
    assert len(readout.server.asked) == len(names()) == 5


def test_a_last_line_without_an_end_is_counted(five: Path, readout: Readout) -> None:
    five.write_text(five.read_text().removesuffix("\n"))
    readout.server.answer()
    done = readout("run", five, "-o", "out", "--max-requests", "2", "--concurrency", "1")
    assert "About 3 articles were not begun" in done.stderr


def test_the_next_run_sweeps_what_a_killed_one_left(five: Path, readout: Readout) -> None:
    Path("out").mkdir()
    left = Path("out", f".a0.json.{2**22 + 1}.part")
    left.write_text("{")
    readout.server.answer()
    readout("run", five, "-o", "out")
    assert not left.exists()


def test_a_rejected_key_ends_the_run_at_once(five: Path, readout: Readout) -> None:
    readout.server.fail(401, "no such key")
    done = readout("run", five, "-o", "out", "--concurrency", "1")
    assert done.exit_code == 1
    assert "rejected the key (HTTP 401); check OPENAI_API_KEY" in done.stderr
    assert len(readout.server.asked) == 1
    assert ledger.failures(Path("out")).keys() == {"a0"}


def test_what_is_done_is_skipped_until_text_or_model_change(five: Path, readout: Readout) -> None:
    readout.server.answer()
    readout("run", five, "-o", "out")
    second = readout("run", five, "-o", "out", "--json")
    assert all(json.loads(line)["archived"] for line in second.stdout.splitlines())
    five.write_text(five.read_text().replace("Day 3.", "Day 33."))
    assert "1 done, 4 done before" in readout("run", five, "-o", "out").stderr
    assert "5 done\n" in squeezed(readout("run", five, "-o", "out", "--model", "other").stderr)
    assert "5 done\n" in squeezed(readout("run", five, "-o", "out", "--mode", "replay").stderr)


def squeezed(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def test_a_new_edition_before_them_relinks_what_is_done(readout: Readout, tmp_path: Path) -> None:
    """As an undisturbed run would have linked them; nothing is asked again."""
    wire = tmp_path / "wire"
    wire.mkdir()
    (wire / "2-update.txt").write_text(f"(LEAD) {samples.TEXT}\nTalks go on on Friday.\n")
    readout.server.answer()
    readout("run", wire, "-o", "out")
    (wire / "1-first.txt").write_text(samples.TEXT)
    assert "2 done" in readout("run", wire, "-o", "out").stderr
    assert archive.read(Path("out/2-update.json")).edition.replaces == "1-first"
    assert len(readout.server.asked) == 2


def test_run_json_says_what_was_asked_and_what_it_took(five: Path, readout: Readout) -> None:
    readout.server.answer()
    readout("run", five, "-o", "out", "--rpm", "600000", OPENAI_API_KEY=SECRET)
    run = last_run()
    assert (run.ending, run.outcomes, run.requests) == ("done", {"done": 5}, 5)
    assert (run.tokens.prompt, run.cost, run.model) == (500, 0.0, "hand")
    assert run.asked.limits.rpm == 600000
    assert run.asked.paths == (str(five),)
    assert run.ended is not None
    assert SECRET not in Path("out/run.json").read_text()


def test_what_the_server_turned_away_is_said_alike_everywhere(five: Path, readout: Readout) -> None:
    for _ in range(2):
        readout.server.fail(429, "slow down", retry_after="0")
    readout.server.answer()
    done = readout("run", five, "-o", "out", "--concurrency", "1")
    words = "7 sent, of which 2 turned away (HTTP 429)"
    assert words in done.stderr
    run = last_run()
    assert (run.requests, run.turned_away, run.lost) == (7, 2, 0)
    assert words in readout("status", "out").stdout
    facts = told(readout, "status", "out")
    assert (facts["requests"], facts["turned_away"], facts["lost"]) == (7, 2, 0)


def test_half_a_surrogate_in_an_error_fits_into_the_ledger(five: Path, readout: Readout) -> None:
    readout.server.fail(400, "no \ud800 way")
    done = readout("run", five, "-o", "out", "--concurrency", "1")
    assert done.exit_code == 3, done.output
    assert "no ? way" in (ledger.failures(Path("out"))["a0"].reason or "")


def test_a_strange_run_json_is_told_once(five: Path, readout: Readout) -> None:
    Path("out").mkdir()
    Path("out/run.json").write_text("{")
    done = readout("run", five, "-o", "out")
    assert done.exit_code == 1
    assert done.stderr.count("was not written by this version") == 1


def test_status_says_how_far_it_came_and_what_to_do(five: Path, readout: Readout) -> None:
    readout.server.answer()
    refuse(readout)
    readout("run", five, "-o", "out", "--max-requests", "3", "--concurrency", "1")
    facts = told(readout, "status", "out")
    assert (facts["ending"], facts["records"], facts["failed"]) == ("stopped", 1, {"refused": 2})
    assert facts["tokens"]["prompt"] == 300
    shown = readout("status", "out").stdout
    assert "was stopped: --max-requests 3" in shown
    assert "the same `readout run` goes on" in shown
    readout("run", five, "-o", "out")
    assert "readout retry out" in readout("status", "out").stdout


def test_status_of_a_killed_run_says_so(five: Path, readout: Readout) -> None:
    readout.server.answer()
    readout("run", five, "-o", "out")
    gone = last_run().model_copy(update={"ending": ledger.Ending.RUNNING, "process": 2**22 + 1})
    ledger.write(Path("out"), gone)
    assert "was killed" in readout("status", "out").stdout


@pytest.mark.parametrize("command", ["status", "retry"])
def test_a_folder_that_no_run_wrote_to_is_a_sentence(command: str, readout: Readout) -> None:
    done = readout(command, "nowhere")
    assert done.exit_code == 1
    assert "holds no run.json" in done.stderr


def test_records_as_lines_are_read_by_show_and_evaluate(five: Path, readout: Readout) -> None:
    readout.server.answer()
    done = readout("run", five, "-o", "out", "--format", "jsonl", "--json")
    assert json.loads(done.stdout.splitlines()[0])["path"] == "out/records.jsonl"
    assert not list(Path("out").glob("a*.json"))
    assert "5 done before" in readout("run", five, "-o", "out", "--format", "jsonl").stderr
    assert readout("show", "out").stdout == readout("show", "out/records.jsonl").stdout
    assert readout("show", "out").stdout.count("tokens") == 5
    readout("run", five, "-o", "files")
    assert readout("evaluate", "files", "out", "--min", "focus=1").exit_code == 0
    assert readout("run", five, "-o", "out", "--format", "files").exit_code == 2


def test_an_output_folder_that_fills_up_loses_nothing_that_was_paid_for(
    five: Path, readout: Readout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    readout.server.answer()
    with monkeypatch.context() as disk:
        disk.setattr(archive, "replace", full)
        done = readout("run", five, "-o", "out")
    assert done.exit_code == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.output
    again = readout("run", five, "-o", "out")
    assert again.exit_code == 0
    assert len(readout.server.asked) == 5


def test_a_ledger_that_cannot_be_written_is_said_once_and_stops_no_article(
    five: Path, readout: Readout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full, but for what is cached; the next run notes what this one could not."""
    write = os.write

    def full(number: int, data: bytes) -> int:
        if os.readlink(f"/proc/self/fd/{number}").endswith(archive.FAILURES):  # noqa: PTH115
            raise OSError(28, "No space left on device")
        return write(number, data)

    refuse(readout)
    refuse(readout)
    readout.server.answer()
    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full)
        done = readout("run", five, "-o", "out", "--concurrency", "1")
    assert done.exit_code == 3
    assert done.stderr.count("failures.jsonl cannot be written (No space left on device)") == 1
    assert names() == {"a2", "a3", "a4"}
    assert last_run().outcomes == {"refused": 2, "done": 3}
    assert readout("run", five, "-o", "out").exit_code == 3
    assert ledger.failures(Path("out")).keys() == {"a0", "a1"}


def test_a_run_that_cannot_say_how_it_ended_is_an_error(
    five: Path, readout: Readout, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = archive.replace

    def full(target: Path, text: str) -> None:
        if target.name == archive.RUN and '"ending": "done"' in text:
            raise OSError(28, "No space left on device")
        replace(target, text)

    readout.server.answer()
    monkeypatch.setattr(archive, "replace", full)
    done = readout("run", five, "-o", "out")
    assert done.exit_code == 1
    assert "5 done" in done.stderr
    assert "run.json cannot be written (No space left on device)" in done.stderr


@pytest.mark.parametrize("command", ["run", "record"])
@pytest.mark.parametrize("quiet", [["--quiet"], []])
def test_more_failures_than_are_listed_are_counted_and_where_they_are_is_true(
    command: str, quiet: list[str], readout: Readout
) -> None:
    Path("bad.jsonl").write_text("{}\n" * 60)
    out = ["-o", "out"] if command == "run" else []
    done = readout(command, "bad.jsonl", *out, *quiet)
    assert done.exit_code == 3
    where = "out/failures.jsonl has them all" if out else "--json lists them all"
    assert f"10 more failures; {where}" in done.stderr
