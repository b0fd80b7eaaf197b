"""Records and references are read into one flat form, and faults are said in a sentence."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ArchiveError
from pipeline.evaluate import load, load_run
from schemas.article import Article, Basis, Publication
from schemas.exchange import Tokens
from schemas.extraction import Prominence, Status
from schemas.record import Made, Record
from schemas.reference import FlatAgendaItem, FlatAgreement
from schemas.summary import (
    AgendaItem,
    Agreement,
    DateBasis,
    Evidence,
    Meeting,
    Participant,
    Quote,
    State,
    Summary,
)

REFERENCES = Path(__file__).parents[2] / "shared" / "reference"
FLAT: dict[str, Any] = {
    "id": "harbour",
    "published": "2024-03-06",
    "meetings": [
        {
            "name": "Harbour Dialogue",
            "prominence": "focus",
            "status": "held",
            "format": None,
            "date_text": "Tuesday",
            "date": "2024-03-05",
            "venue": None,
            "city": "Lima",
            "country": "PER",
            "parties": ["NOR", "PER"],
            "participants": [{"name": "Ada Lund", "title": None, "party": "NOR", "evidence": [2]}],
            "agenda": ["fishery quotas", {"topic": "visa rules", "evidence": [3]}],
            "agreements": [{"text": "open a second berth", "evidence": [4, 5]}],
            "evidence": [1],
        }
    ],
}


def said(state: State, *sentences: int) -> Evidence:
    quotes = (Quote(sentence=number, start=0, end=1, quote="x") for number in sentences)
    return Evidence(state=state, quotes=tuple(quotes))


def record() -> Record:
    """The record that holds what FLAT holds."""
    meeting = Meeting(
        name="Harbour Dialogue",
        prominence=Prominence.FOCUS,
        status=Status.HELD,
        format=None,
        date_text="Tuesday",
        date="2024-03-05",
        date_basis=DateBasis.RESOLVED,
        venue=None,
        city="Lima",
        country="PER",
        parties=("NOR", "PER"),
        participants=(
            Participant(
                name="Ada Lund",
                title=None,
                party="NOR",
                party_text="Norway",
                evidence=said(State.EXACT, 2),
            ),
        ),
        agenda=(
            AgendaItem(topic="fishery quotas", evidence=said(State.NOT_FOUND)),
            AgendaItem(topic="visa rules", evidence=said(State.EXACT, 3)),
        ),
        agreements=(Agreement(text="open a second berth", evidence=said(State.COMPOSED, 4, 5)),),
        evidence=said(State.CITED_ONLY, 1),
    )
    day = dt.datetime(2024, 3, 6, tzinfo=dt.UTC)
    return Record(
        article=Article(
            id="harbour",
            text="x",
            sentences=(),
            published=Publication(date=day.date(), basis=Basis.GIVEN),
        ),
        summary=Summary(meetings=(meeting,)),
        made=Made(
            readout="0",
            model="m",
            provider="embedded",
            way="w",
            prompt="0",
            schema_hash="0",
            keys=(),
            tokens=Tokens(),
            at=day,
        ),
    )


def write(path: Path, data: object) -> Path:
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_agenda_and_agreements_may_be_strings_or_objects_with_evidence(tmp_path: Path) -> None:
    meeting = load(write(tmp_path / "a.json", FLAT))["harbour"].meetings[0]
    assert meeting.agenda == (
        FlatAgendaItem(topic="fishery quotas"),
        FlatAgendaItem(topic="visa rules", evidence=(3,)),
    )
    assert meeting.agreements == (FlatAgreement(text="open a second berth", evidence=(4, 5)),)
    assert (meeting.evidence, meeting.participants[0].evidence) == ((1,), (2,))


def test_a_record_flattens_to_the_values_of_its_reference_and_keeps_its_states(
    tmp_path: Path,
) -> None:
    (tmp_path / "record.json").write_text(record().model_dump_json(), encoding="utf-8")
    flat = load(tmp_path)["harbour"]
    assert flat.meetings == load(write(tmp_path / "a.txt", FLAT))["harbour"].meetings
    assert flat.published == dt.date(2024, 3, 6)
    # the meeting's own state, cited_only, tells of its descriptive name and is left out
    assert flat.states == (State.EXACT, State.NOT_FOUND, State.EXACT, State.COMPOSED)


def test_the_flat_form_survives_its_own_json(tmp_path: Path) -> None:
    flat = load(write(tmp_path / "a.json", FLAT))["harbour"]
    again = write(tmp_path / "b.json", json.loads(flat.model_dump_json()))
    assert load(again)["harbour"] == flat


def test_a_folder_gives_every_json_file_by_article_id(tmp_path: Path) -> None:
    write(tmp_path / "1.json", FLAT)
    write(tmp_path / "2.json", {"id": "none", "published": None, "meetings": []})
    (tmp_path / "notes.txt").write_text("not for us", encoding="utf-8")
    assert list(load(tmp_path)) == ["harbour", "none"]


@pytest.mark.skipif(not REFERENCES.is_dir(), reason="the shared references are not here")
def test_the_shared_references_are_read() -> None:
    found = load(REFERENCES)
    assert len(found) == 5
    assert all(name.startswith(f"{number:03}_") for number, name in enumerate(found))


def test_records_are_read_from_lines_and_what_a_run_says_of_itself_is_not(tmp_path: Path) -> None:
    other = record().model_copy(
        update={"article": record().article.model_copy(update={"id": "pier"})}
    )
    lines = (each.model_dump_json() + "\n" for each in (record(), other))
    (tmp_path / "records.jsonl").write_text("".join(lines), encoding="utf-8")
    (tmp_path / "run.json").write_text("[]", encoding="utf-8")
    assert list(load(tmp_path)) == ["harbour", "pier"]
    assert load(tmp_path / "records.jsonl") == load(tmp_path)
    assert load_run(tmp_path)["pier"].made == other.made


def broken(**changes: object) -> dict[str, Any]:
    return {**FLAT, "meetings": [{**FLAT["meetings"][0], **changes}]}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"meetings": []}, "neither a record"),
        ([FLAT], "neither a record"),
        ({**FLAT, "remark": "x"}, "not a valid reference: remark"),
        (broken(country="Peru"), "meetings.0.country"),
        (broken(date="March 5"), "meetings.0.date"),
        (broken(status="done"), "meetings.0.status"),
        (broken(agenda=[""]), "meetings.0.agenda.0"),
        ({"article": {}, "summary": {}, "made": {}}, "not a valid record: article.id"),
    ],
)
def test_a_fault_names_the_file_and_the_field(tmp_path: Path, data: object, says: str) -> None:
    file = write(tmp_path / "faulty.json", data)
    with pytest.raises(ArchiveError, match=says) as caught:
        load(file)
    assert "faulty.json" in str(caught.value)


def test_what_is_not_there_or_no_json_is_an_archive_error(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"no \.json file"):
        load(tmp_path)
    with pytest.raises(ArchiveError, match="no file or folder"):
        load(tmp_path / "absent")
    (tmp_path / "a.json").write_bytes(b"\xff{")
    with pytest.raises(ArchiveError, match="not valid JSON"):
        load(tmp_path)


def test_two_files_about_one_article_are_an_error_that_names_both(tmp_path: Path) -> None:
    write(tmp_path / "a.json", FLAT)
    write(tmp_path / "b.json", FLAT)
    with pytest.raises(ArchiveError, match=r"a\.json and .*b\.json"):
        load(tmp_path)
