"""`readout export` as it is called."""

import json

import pytest

from pipeline.evaluate import flatten
from tests import reviewing
from tests.conftest import Readout
from tests.records import folder, record, without_meetings
from tests.samples import meeting

PLANNED = meeting(name="seed talks", status="planned", date_text="next month")


@pytest.fixture
def run(tmp_path):
    """A folder of records, with what a run says of itself beside them."""
    made = folder(tmp_path / "out", record("grain", meeting(), PLANNED), without_meetings())
    (made / "run.json").write_text("{}")
    (made / "failures.jsonl").write_text("{}\n")
    return made


def meetings(file) -> list[str]:
    told = [json.loads(line) for line in file.read_text().splitlines()]
    return [each["name"] for line in told for each in line["meetings"]]


@pytest.mark.parametrize(("to", "name"), [("csv", "t"), ("sqlite", "m.db"), ("jsonl", "m.jsonl")])
def test_it_says_what_it_wrote_and_where(readout: Readout, run, tmp_path, to, name):
    done = readout("export", run, "--to", to, "-o", tmp_path / name)
    assert done.exit_code == 0
    assert done.stderr == f"Wrote 2 articles, 2 meetings and 12 quotes to {tmp_path / name}.\n"
    assert (tmp_path / name).exists()


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (("--status", "planned"), ["seed talks"]),
        (("--status", "planned", "--status", "held"), [meeting()["name"], "seed talks"]),
        (("--party", "South Korea"), []),
        (("--party", "Norway", "--until", "2024-03-04"), [meeting()["name"]]),
        (("--since", "2024-03-31", "--prominence", "focus"), ["seed talks"]),
    ],
)
def test_filters_take_names_of_countries_and_days(readout: Readout, run, tmp_path, filters, names):
    done = readout("export", run, "--to", "jsonl", "-o", tmp_path / "m.jsonl", *filters)
    assert done.exit_code == 0
    assert meetings(tmp_path / "m.jsonl") == names


def test_while_nothing_is_reviewed_that_is_said(readout: Readout, run, tmp_path):
    done = readout("export", run, "--to", "jsonl", "-o", tmp_path / "m.jsonl", "--reviewed")
    assert done.exit_code == 0
    assert "is reviewed" in done.stderr
    assert meetings(tmp_path / "m.jsonl") == []


def test_answers_that_nobody_looked_at_are_not_taught(readout: Readout, run, tmp_path):
    done = readout("export", run, "--to", "finetune", "-o", tmp_path / "f.jsonl")
    assert done.exit_code == 1
    assert "nothing to learn from" in done.stderr
    assert "--reference" in done.stderr
    assert not (tmp_path / "f.jsonl").exists()


def test_accepted_summaries_become_chat_lines(readout: Readout, run, tmp_path):
    accepted = tmp_path / "reference"
    accepted.mkdir()
    (accepted / "grain.json").write_text(flatten(record()).model_dump_json(exclude={"states"}))
    asked = ("--to", "finetune", "--reference", accepted, "-o", tmp_path / "f.jsonl")
    done = readout("export", run, *asked)
    assert done.exit_code == 0
    assert "Left out 1 article: no accepted summary of it is given." in done.stderr
    (line,) = (tmp_path / "f.jsonl").read_text().splitlines()
    assert json.loads(line)["messages"][-1]["role"] == "assistant"
    ours = readout("export", run, *asked, "--model", "embedded")
    assert ours.exit_code == 0
    assert set(json.loads((tmp_path / "f.jsonl").read_text())) == {"id", "messages", "answer"}


def test_beside_a_single_record_its_folder_counts(readout: Readout, run):
    """Its decisions lie there, and an export there would be taken for records."""
    at = reviewing.desk(run)
    reviewing.accept_all(at)
    one = ("export", run / "grain.json")
    done = readout(*one, "--to", "jsonl", "-o", "m.jsonl", "--reviewed")
    assert "Wrote 1 article, 2 meetings" in done.stderr
    done = readout(*one, "--to", "csv", "-o", run)
    assert (done.exit_code, "among the records" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--to", "csv", "-o", "out"), "among the records"),
        (("--to", "sqlite", "-o", "out/m.db"), "among the records"),
        (("--to", "sqlite", "-o", "."), "is not a file"),
        (("--to", "csv", "-o", "file"), "is not a folder"),
        (("--to", "csv", "-o", "t", "--reference", "out"), "--reference"),
        (("--to", "csv", "-o", "t", "--status", "over"), "over"),
        (("--to", "csv", "-o", "t", "--since", "Monday"), "Monday"),
        (("--to", "xlsx", "-o", "t"), "xlsx"),
    ],
    ids=str,
)
@pytest.mark.usefixtures("run")
def test_what_makes_no_sense_is_usage(readout: Readout, tmp_path, arguments, sentence):
    (tmp_path / "file").write_text("")
    done = readout("export", "out", *arguments)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert not (tmp_path / "t").exists()


def test_a_folder_without_records_is_a_sentence(readout: Readout, tmp_path):
    (tmp_path / "empty").mkdir()
    done = readout("export", "empty", "--to", "csv", "-o", "t")
    assert done.exit_code == 1
    assert "holds no record" in done.stderr
