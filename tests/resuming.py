"""What the tests of long runs share: five articles, a refusal, and what a run left behind."""

import json
from pathlib import Path
from typing import Any

from pipeline import archive, ledger
from tests import samples
from tests.conftest import Readout

SECRET = "a-key-of-nobody"  # noqa: S105 - as it says


def five_in(folder: Path) -> Path:
    """A file with five articles, a0 to a4."""
    file = folder / "five.jsonl"
    lines = [{"id": f"a{n}", "text": f"{samples.TEXT}\nDay {n}."} for n in range(5)]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def refuse(readout: Readout) -> None:
    """Script a refusal."""
    readout.server.say("", refusal="No.")


def last_run(folder: str = "out") -> ledger.Run:
    """What the last run there says of itself."""
    return ledger.runs(Path(folder))[-1]


def names(folder: str = "out") -> set[str]:
    """The articles that have a record there."""
    return {record.article.id for record in archive.records(Path(folder))}


def told(readout: Readout, *arguments: object) -> Any:
    """What a command that goes well prints as JSON."""
    done = readout(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)
