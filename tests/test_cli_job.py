"""What a run is asked to read, and what it leaves alone."""

from pathlib import Path

import pytest

from tests import samples
from tests.conftest import Readout
from tests.resuming import five_in, last_run, names, refuse


@pytest.fixture
def five(tmp_path: Path) -> Path:
    """Five articles in one file, a0 to a4."""
    return five_in(tmp_path)


@pytest.mark.parametrize("out", ["wire", "wire/out"])
def test_records_are_not_put_where_articles_are_read(out: str, readout: Readout) -> None:
    """The ledger would be read as articles while it is written: a run without an end."""
    Path("wire").mkdir()
    Path("wire/one.txt").write_text(samples.TEXT)
    done = readout("run", "wire", "-o", out)
    assert done.exit_code == 2
    assert "choose a folder beside it" in done.stderr
    assert [each.name for each in Path("wire").iterdir()] == ["one.txt"]


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


@pytest.mark.usefixtures("five")
def test_a_pattern_leaves_out_what_readout_wrote_and_says_so(readout: Readout) -> None:
    """The first run makes records.jsonl and failures.jsonl, which the second would match."""
    refuse(readout)
    readout.server.answer()
    command = ("run", "**/*.json*", "-o", "out", "--format", "jsonl", "--concurrency", "1")
    assert readout(*command).exit_code == 3
    Path("out/by-hand").mkdir()
    Path("out/by-hand/one.json").write_text("{}")  # as a review of a failure leaves it
    again = readout(*command)
    assert "Not read as articles: 4 of readout's own files in out." in again.stderr
    assert "1 refused, 4 done before" in again.stderr
    assert last_run().outcomes == {"refused": 1}


def test_a_record_never_takes_the_place_of_the_article_that_it_is_about(readout: Readout) -> None:
    article = Path("wire/grain.json")
    article.parent.mkdir()
    article.write_text('{"id": "grain", "text": "Envoys met in Lusaka."}')
    before = article.read_bytes()
    for given in (article, "wire/*"):
        done = readout("run", given, "-o", "wire")
        assert done.exit_code == 2
        assert "another folder with -o" in done.stderr
    assert article.read_bytes() == before
    assert readout.server.asked == []


def test_other_articles_may_lie_where_records_go(readout: Readout) -> None:
    wire = Path("wire")
    wire.mkdir()
    (wire / "grain.txt").write_text(samples.TEXT)
    readout.server.answer()
    for done in ("1 done", "1 done before"):
        assert done in readout("run", "wire/*", "-o", "wire").stderr
    assert names("wire") == {"grain"}
