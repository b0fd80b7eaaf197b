"""`readout export` as it is called."""

import json
import sqlite3
from contextlib import closing

import pytest
from openai.types.chat import ChatCompletionMessageParam
from pydantic import TypeAdapter

from pipeline.compose import read_answer
from pipeline.evaluate import flatten
from pipeline.ways import EMBEDDED
from schemas.decision import Kind
from tests import reviewing
from tests.conftest import Readout
from tests.records import folder, record, without_meetings
from tests.samples import TEXT, meeting

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


def opened(to: str, file) -> set[str]:
    """The names of the meetings in an export, read with what people read it with."""
    pandas = pytest.importorskip("pandas")
    if to == "csv":
        return set(pandas.read_csv(file / "meetings.csv", encoding="utf-8")["name"])
    if to == "parquet":
        pytest.importorskip("pyarrow")
        return set(pandas.read_parquet(file / "meetings.parquet")["name"])
    if to == "sqlite":
        with closing(sqlite3.connect(file)) as database:
            return set(pandas.read_sql("SELECT name FROM meetings", database)["name"])
    lines = pandas.read_json(file, lines=True)
    if to == "finetune":
        answers = [json.loads(messages[-1]["content"]) for messages in lines["messages"]]
        # Neither name is the article's, so neither is taught: they are known by how they stand.
        names = {"held": meeting()["name"], "planned": "seed talks"}
        return {names[each["status"]] for answer in answers for each in answer["meetings"]}
    return {each["name"] for listed in lines["meetings"] for each in listed}


@pytest.mark.parametrize("to", ["csv", "sqlite", "parquet", "jsonl", "finetune"])
def test_every_filter_applies_to_every_format(readout: Readout, tmp_path, to):
    with_fiji = {**PLANNED, "parties": ["Norway", "Fiji"]}
    planned = record("seed", with_fiji, text=f"{TEXT}\nFiji looked on.\n")
    out = folder(tmp_path / "out", record("grain"), planned)
    reviewing.accept_all(reviewing.desk(out))  # grain
    answers = ("--reference", out) if to == "finetune" else ()
    for number, (filters, names) in enumerate(
        (
            ((), {meeting()["name"], "seed talks"}),
            (("--status", "planned"), {"seed talks"}),
            (("--party", "Fiji"), {"seed talks"}),
            (("--since", "2024-03-31"), {"seed talks"}),
            (("--reviewed",), {meeting()["name"]}),
        )
    ):
        file = tmp_path / f"export{number}"
        done = readout("export", out, "--to", to, "-o", file, *filters, *answers)
        assert done.exit_code == 0, done.stderr
        assert opened(to, file) == names, filters


@pytest.fixture
def filled_in(tmp_path):
    """A folder in which one article failed and was filled in by hand, and one is not looked at."""
    at = reviewing.desk(reviewing.failing(folder(tmp_path / "out", without_meetings()), "grain"))
    reviewing.fill_in(at)
    return at


@pytest.mark.parametrize("to", ["csv", "sqlite", "parquet", "jsonl", "finetune"])
def test_what_was_filled_in_by_hand_is_exported_once_it_is_reviewed(
    readout: Readout, filled_in, tmp_path, to
):
    out = filled_in.shelf.source.folder
    asked = ("export", out, "--to", to, "--reviewed", "-o", tmp_path / "export")
    assert "is reviewed" in readout(*asked).stderr  # nobody has said that nothing is missing
    reviewing.accept_all(filled_in)
    for filters in ((), ("--party", "Zambia")):
        done = readout(*asked, *filters)
        assert done.exit_code == 0, done.stderr
        assert opened(to, tmp_path / "export") == {meeting()["name"]}
    (out / "tin.json").unlink()
    assert readout(*asked).exit_code == 0  # though no article came to a record


def test_what_was_filled_in_is_taught_with_its_reference_too(readout: Readout, filled_in, tmp_path):
    out = filled_in.shelf.source.folder
    reviewing.accept_all(filled_in)
    assert readout("accept", out, "-o", tmp_path / "gold").exit_code == 0
    asked = ("--to", "finetune", "--reference", tmp_path / "gold", "-o", tmp_path / "f.jsonl")
    for filters in ((), ("--status", "held")):
        done = readout("export", out, *asked, *filters)
        assert "Wrote 1 line" in done.stderr
        assert opened("finetune", tmp_path / "f.jsonl") == {meeting()["name"]}
    assert "nothing to learn from" in readout("export", out / "tin.json", *asked).stderr


def test_what_failed_is_in_no_table_of_everything_nor_twice_once_a_model_writes_it(
    readout: Readout, filled_in, tmp_path
):
    out = filled_in.shelf.source.folder
    asked = ("export", out, "--to", "jsonl", "-o", tmp_path / "m.jsonl")
    assert "Wrote 1 article, 0 meetings" in readout(*asked).stderr
    folder(out, record("grain"))
    reviewing.accept_all(filled_in)
    assert "Wrote 1 article, 1 meeting " in readout(*asked, "--reviewed").stderr


def test_reviewed_records_become_lines_with_what_their_reviewers_made_of_them(
    readout: Readout, run, tmp_path
):
    at = reviewing.desk(run)
    row = reviewing.row(at, Kind.AGENDA).item.id
    reviewing.press(at, {"action": "edit", "row": row, "value": {"topic": "grain"}})
    reviewing.accept_all(at)
    done = readout("export", run, "--to", "finetune", "-o", tmp_path / "f.jsonl")
    assert done.stderr == f"Wrote 1 line to {tmp_path / 'f.jsonl'}.\n"
    (line,) = (tmp_path / "f.jsonl").read_text().splitlines()
    messages = json.loads(line)["messages"]
    TypeAdapter(list[ChatCompletionMessageParam]).validate_python(messages)
    told = json.loads(messages[-1]["content"])["meetings"]
    assert [item["topic"] for item in told[0]["agenda"]] == ["grain"]
    asked = ("--to", "finetune", "-o", tmp_path / "f.jsonl", "--model", "embedded")
    assert readout("export", run, *asked).exit_code == 0
    ours = json.loads((tmp_path / "f.jsonl").read_text())
    assert set(ours) == {"id", "messages", "answer"}
    assert [item.topic for item in read_answer(ours["answer"], EMBEDDED).meetings[0].agenda] == [
        "grain"
    ]


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
