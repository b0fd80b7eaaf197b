"""A background meeting that a model took out of an article, and whether the article has it."""

import pytest

from pipeline.distil import distil
from pipeline.distil.background import is_told
from schemas.extraction import ExtractedMeeting, Extraction
from tests.samples import article, meeting

LINES = [
    "Ida Berg met Chanda Mwila in Lusaka on Monday.",
    "Berg was in Oslo in May.",
    "The harvest of March was poor, and Accra bought rice.",
]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"date_text": "May", "city": "Oslo"}, True),
        ({"date_text": "May", "city": "Accra"}, True),  # she stands beside the day
        ({"date_text": "May", "city": "Accra", "participants": []}, False),
        ({"date_text": "March", "city": "Oslo"}, False),
        ({"date_text": "March", "city": "Oslo", "prominence": "focus"}, True),
        ({"date_text": "March", "city": "Oslo", "evidence": [3]}, True),
        ({"date_text": "March", "city": None}, True),
        ({"date_text": None, "city": "Oslo"}, True),
    ],
)
def test_a_sentence_has_the_day_with_the_city_or_with_somebody(changes, told: bool) -> None:
    berg = [{"name": "Ida Berg", "title": None, "party": "Norway"}]
    usual = {"prominence": "background", "participants": berg, "evidence": []}
    fields = meeting(**(usual | changes))
    assert is_told(ExtractedMeeting.model_validate(fields), LINES) is told


def test_what_no_sentence_tells_of_is_left_out_and_flagged() -> None:
    apart = {"prominence": "background", "date_text": "March", "city": "Oslo"}
    made_up = meeting(**apart, participants=[], name=None, evidence=[])
    extraction = Extraction.model_validate({"meetings": [meeting(), made_up]})
    found = distil(extraction, article("\n\n".join(LINES)))
    assert len(found.meetings) == 1
    (flag,) = (each for each in found.flags if each.problem == "untold")
    assert "no sentence has “March” together with “Oslo”" in flag.note
