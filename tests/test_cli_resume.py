"""Limits, plans, `readout status` and `readout retry`, over real HTTP on loopback."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import archive, ledger
from tests import samples
from tests.conftest import Readout

SECRET = "a-key-of-nobody"  # noqa: S105 - as it says


@pytest.fixture
def five(tmp_path: Path) -> Path:
    """Five articles in one file, a0 to a4."""
    file = tmp_path / "five.jsonl"
    lines = [{"id": f"a{n}", "text": f"{samples.TEXT}\nDay {n}."} for n in range(5)]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def refuse(readout: Readout) -> None:
    readout.server.say("", refusal="No.")


def last_run(folder: str = "out") -> ledger.Run:
    return ledger.runs(Path(folder))[-1]


def names(folder: str = "out") -> set[str]:
    return {record.article.id for record in archive.records(Path(folder))}


def told(readout: Readout, *arguments: object) -> Any:
    done = readout(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_dry_run_says_what_would_be_sent_and_sends_nothing(five: Path, readout: Readout) -> None:
    copy = json.dumps({"id": "copy", "text": f"{samples.TEXT}\nDay 0."})
    five.write_text(f"{five.read_text()}{copy}\n{{}}\n")
    plan = told(readout, "run", five, "-o", "out", "--dry-run")
    counts = ("articles", "copies", "unreadable", "archived", "stored", "requests")
    assert [plan[name] for name in counts] == [7, 1, 1, 0, 0, 5]
    assert plan["most"]["completion"] == 5 * 8000
    assert plan["cost"] == {"least": 0.0, "most": 0.0}
    assert readout.server.received == []
    assert not Path("out").exists()


def test_a_dry_run_knows_what_is_stored_and_what_is_done(five: Path, readout: Readout) -> None:
    readout.server.answer()
    refuse(readout)
    readout.server.answer()
    readout("run", five, "-o", "out", "--max-requests", "3", "--concurrency", "1")
    plan = told(readout, "run", five, "-o", "out", "--dry-run")
    assert [plan[name] for name in ("archived", "stored", "requests")] == [2, 1, 2]
    plan = told(readout, "run", five, "-o", "other", "--dry-run", "--mode", "refresh")
    assert [plan[name] for name in ("archived", "stored", "requests")] == [0, 0, 5]


def test_a_dry_run_of_a_hosted_model_gives_a_range_or_says_that_it_cannot(
    five: Path, readout: Readout
) -> None:
    hosted = {"OPENAI_BASE_URL": "https://api.openai.com/v1", "OPENAI_API_KEY": SECRET}
    known = readout("run", five, "-o", "out", "--dry-run", "--model", "gpt-5-mini", **hosted)
    assert "USD at list prices" in known.stdout
    unknown = readout("run", five, "-o", "out", "--dry-run", "--model", "nobodys", **hosted)
    assert "not known" in unknown.stdout
    vain = readout("run", five, "-o", "out", "--max-cost", "1", "--model", "nobodys", **hosted)
    assert vain.exit_code == 2
    assert "use --max-requests" in vain.stderr


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


def test_what_is_too_long_is_asked_again_by_retry_alone(five: Path, readout: Readout) -> None:
    readout.server.fail(413, "context length exceeded")
    assert readout("run", five, "-o", "out").exit_code == 3
    asked = len(readout.server.asked)
    assert {each.outcome for each in ledger.failures(Path("out")).values()} == {"too_long"}
    readout("run", five, "-o", "out")
    assert len(readout.server.asked) == asked
    readout.server._script.clear()
    readout.server.answer()
    assert readout("retry", "out").exit_code == 0
    assert len(readout.server.asked) == asked + 5


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


def test_retry_asks_again_for_what_failed_and_for_nothing_else(
    five: Path, readout: Readout
) -> None:
    readout.server.answer()
    refuse(readout)
    readout.server.fail(400, "no")
    readout.server.answer()
    assert readout("run", five, "-o", "out", "--concurrency", "1").exit_code == 3
    failed = ledger.failures(Path("out"))
    assert {name: f.outcome for name, f in failed.items()} == {"a1": "refused", "a2": "bad_reply"}
    assert readout("run", five, "-o", "out", "--quiet").exit_code == 3  # a refusal stays
    done = readout("retry", "out")
    assert done.exit_code == 0, done.output
    assert ledger.failures(Path("out")) == {}
    assert len(readout.server.asked) == 5 + 1 + 1
    assert names() == {f"a{n}" for n in range(5)}
    assert "Nothing in out is waiting" in readout("retry", "out").stderr


def test_retry_of_one_outcome_leaves_the_others(five: Path, readout: Readout) -> None:
    refuse(readout)
    readout.server.fail(413, "context length exceeded")
    readout.server.answer()
    readout("run", five, "-o", "out", "--concurrency", "1")
    asked = len(readout.server.asked)
    assert readout("retry", "out", "--only", "refused").exit_code == 0
    assert len(readout.server.asked) == asked + 1
    assert last_run().asked.retried == ("refused",)
    assert "a0" in names()


def test_retry_says_what_is_no_longer_there(five: Path, readout: Readout) -> None:
    refuse(readout)
    readout("run", five, "-o", "out")
    five.write_text("".join(five.read_text().splitlines(keepends=True)[:4]))
    readout.server._script.clear()
    readout.server.answer()
    assert "1 of the articles that failed are no longer" in readout("retry", "out").stderr


def test_retry_of_standard_input_says_that_it_cannot(five: Path, readout: Readout) -> None:
    refuse(readout)
    readout("run", five, "-o", "out")
    run = last_run()
    asked = run.asked.model_copy(update={"paths": ("-",)})
    ledger.write(Path("out"), run.model_copy(update={"asked": asked}))
    done = readout("retry", "out")
    assert done.exit_code == 2
    assert "standard input, which cannot be read again" in done.stderr


def test_retry_asks_no_other_server(five: Path, readout: Readout) -> None:
    refuse(readout)
    readout("run", five, "-o", "out")
    done = readout("retry", "out", OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    assert done.exit_code == 2
    assert "set OPENAI_BASE_URL back" in done.stderr


def test_a_mistyped_path_leaves_no_trace_so_that_retry_still_knows_the_articles(
    five: Path, readout: Readout
) -> None:
    refuse(readout)
    readout("run", five, "-o", "out")
    before = last_run()
    assert readout("run", "fvie.jsonl", "-o", "out").exit_code == 2
    assert last_run() == before
    assert readout("run", "fvie.jsonl", "-o", "new").exit_code == 2
    assert not Path("new").exists()


@pytest.mark.parametrize("out", ["wire", "wire/out"])
def test_records_are_not_put_where_articles_are_read(out: str, readout: Readout) -> None:
    """The ledger would be read as articles while it is written: a run without an end."""
    Path("wire").mkdir()
    Path("wire/one.txt").write_text(samples.TEXT)
    done = readout("run", "wire", "-o", out)
    assert done.exit_code == 2
    assert "choose a folder beside it" in done.stderr
    assert [each.name for each in Path("wire").iterdir()] == ["one.txt"]


def test_retry_promises_no_ceiling_that_it_cannot_keep(five: Path, readout: Readout) -> None:
    refuse(readout)
    readout("run", five, "-o", "out")
    run = last_run()
    asked = run.asked.model_copy(update={"endpoint": "https://llm.example"})
    ledger.write(Path("out"), run.model_copy(update={"asked": asked}))
    hosted = {"OPENAI_BASE_URL": "https://llm.example/v1", "OPENAI_API_KEY": SECRET}
    done = readout("retry", "out", "--max-cost", "1", **hosted)
    assert done.exit_code == 2
    assert "use --max-requests" in done.stderr


def test_a_retry_that_stops_early_counts_what_it_was_to_ask(five: Path, readout: Readout) -> None:
    readout.server.answer()
    readout.server.answer()
    refuse(readout)
    readout("run", five, "-o", "out", "--concurrency", "1")
    done = readout("retry", "out", "--max-requests", "1", "--concurrency", "1")
    assert done.exit_code == 1
    assert "About 2 articles were not begun" in done.stderr
    assert "readout retry out" in readout("status", "out").stdout


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
