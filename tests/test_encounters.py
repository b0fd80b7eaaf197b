"""Which meetings that a model wrote down are one encounter."""

from typing import Any

import pytest

from pipeline.distil.encounters import merge
from schemas.extraction import ExtractedMeeting, Extraction
from tests.samples import MEETING, meeting

BERG = MEETING["participants"][1]


def merged(*meetings: dict[str, Any]) -> list[tuple[ExtractedMeeting, int]]:
    return merge(Extraction.model_validate({"meetings": meetings}).meetings)


def test_a_meeting_told_again_by_the_same_two_people_is_one_with_what_both_say() -> None:
    dinner = meeting(
        name="dinner",
        prominence="background",
        date_text=None,
        venue="State House",
        agenda=[
            {"topic": "railways", "evidence": [3]},
            {"topic": "Grain exports", "evidence": [3]},
        ],
        agreements=[],
        evidence=[3],
    )
    [(found, times)] = merged(MEETING, dinner)
    assert times == 2
    assert (found.prominence, found.date_text, found.venue) == ("focus", "Monday", "State House")
    assert [(item.topic, item.evidence) for item in found.agenda] == [
        ("grain exports", (2, 3)),
        ("railways", (3,)),
    ]
    assert found.evidence == (2, 3)


def test_what_one_leaves_out_about_a_person_the_other_fills_in() -> None:
    bare = [{**person, "title": None} for person in MEETING["participants"]]
    [(found, _)] = merged(meeting(participants=bare), MEETING)
    assert [person.title for person in found.participants] == [
        "Foreign Minister",
        "special envoy for food security",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"date_text": "Tuesday"},
        {"city": "Oslo"},
        {"status": "planned"},
        {"format": "phone"},
        {"participants": [BERG, {**BERG, "name": "Ola Nord"}]},
        {"participants": [*MEETING["participants"], {**BERG, "name": "Ola Nord"}]},
        {"participants": [MEETING["participants"][0], {**BERG, "party": "Chad"}]},
        {"parties": ["Zambian", "Chad"]},
        {"name": "second round of talks", "date_text": None},
        {"name": "55th Grain Dialogue", "date_text": "Tuesday"},
    ],
)
def test_two_that_contradict_each_other_stay_two(change: dict[str, Any]) -> None:
    assert [times for _, times in merged(MEETING, meeting(**{"name": "again", **change}))] == [1, 1]


def test_a_session_and_the_talks_of_the_same_two_on_the_same_day_are_one_under_its_number() -> None:
    session = meeting(name="55th Grain Dialogue")
    for order in ((MEETING, session), (session, MEETING)):
        assert [(m.name, times) for m, times in merged(*order)] == [("55th Grain Dialogue", 2)]
    assert len(merged(session, meeting(name="54th Grain Dialogue"))) == 2


def test_one_shared_person_makes_no_encounter() -> None:
    """The envoy who meets the minister and then, alone in the text, somebody unnamed."""
    assert len(merged(MEETING, meeting(name="courtesy call", participants=[BERG]))) == 2


def test_a_meeting_of_states_is_known_by_its_name() -> None:
    states = meeting(name="Second Grain Dialogue", participants=[])
    assert len(merged(states, {**states, "city": None})) == 1
    assert len(merged(states, {**states, "name": "Third Grain Dialogue"})) == 2
    assert len(merged(states, {**states, "parties": ["Chad", "Oman"]})) == 2


def test_no_meetings_are_none() -> None:
    assert merged() == []
