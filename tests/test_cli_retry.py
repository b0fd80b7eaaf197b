"""`readout retry`, over real HTTP on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import archive, ledger
from tests import samples
from tests.conftest import Readout
from tests.loopback import Loopback
from tests.resuming import SECRET, five_in, last_run, names, refuse


@pytest.fixture
def five(tmp_path: Path) -> Path:
    """Five articles in one file, a0 to a4."""
    return five_in(tmp_path)


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


@pytest.fixture
def weeks(readout: Readout, tmp_path: Path) -> None:
    """Two runs into one folder, over week1/a.txt and week2/b.txt; both were refused."""
    refuse(readout)
    for week, name in (("1", "a"), ("2", "b")):
        folder = tmp_path / f"week{week}"
        folder.mkdir()
        (folder / f"{name}.txt").write_text(f"{samples.TEXT}\nWeek {week}.")
        given = ("--published", f"2024-03-0{week}", "--model", f"model-{week}")
        assert readout("run", folder, "-o", "out", *given).exit_code == 3
    readout.server._script.clear()
    readout.server.answer()


@pytest.mark.usefixtures("weeks")
def test_retry_asks_about_the_failures_of_each_run_as_that_run_did(readout: Readout) -> None:
    """Where the articles are, the day that was given for them, and the model differ."""
    done = readout("retry", "out")
    assert done.exit_code == 0, done.output
    found = {each.article.id: each for each in archive.records(Path("out"))}
    days = {name: str(each.article.published.date) for name, each in found.items()}
    assert days == {"a": "2024-03-01", "b": "2024-03-02"}
    assert {name: each.made.model for name, each in found.items()} == {
        "a": "model-1",
        "b": "model-2",
    }
    assert ledger.failures(Path("out")) == {}


@pytest.mark.usefixtures("weeks")
def test_one_ceiling_holds_for_the_failures_of_all_runs(readout: Readout) -> None:
    asked = len(readout.server.asked)
    done = readout("retry", "out", "--max-requests", "1")
    assert done.exit_code == 1
    assert "--max-requests 1 is reached" in done.stderr
    assert len(readout.server.asked) == asked + 1
    assert names() == {"a"}


@pytest.fixture
def other() -> Iterator[Loopback]:
    """Another server."""
    server = Loopback()
    server.say("", refusal="No.")
    yield server
    server.close()


def test_what_another_server_refused_is_left_out_and_said(
    five: Path, readout: Readout, other: Loopback, article: Path
) -> None:
    refuse(readout)
    readout("run", five, "-o", "out")
    assert readout("run", article, "-o", "out", OPENAI_BASE_URL=other.base_url).exit_code == 3
    readout.server._script.clear()
    readout.server.answer()
    done = readout("retry", "out")
    assert done.exit_code == 3
    assert "Some are left out. That run asked hand at" in done.stderr
    assert names() == {f"a{n}" for n in range(5)}
    assert len(other.asked) == 1
