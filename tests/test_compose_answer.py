"""An answer in each form, written and read back."""

import json

import pytest
from pydantic import ValidationError

from pipeline import ways
from pipeline.compose import read_answer, write_answer
from schemas.extraction import Extraction
from tests.samples import HOSTED, meeting

MEETING = meeting()
EXTRACTION = Extraction.model_validate({"meetings": [MEETING, MEETING]})


def test_a_row_holds_values_by_their_place_and_ends_where_nothing_follows() -> None:
    told = Extraction.model_validate(
        {
            "meetings": [
                {
                    "name": None,
                    "participants": [
                        {"name": "Ida Berg", "title": "envoy", "party": "Norway"},
                        {"name": "Ola Nord"},
                    ],
                    "parties": ["Norway", "Zambia"],
                    "status": "held",
                    "prominence": "focus",
                    "date_text": "Monday",
                    "agreements": [{"text": "meet again", "evidence": [3]}],
                }
            ]
        }
    )
    assert json.loads(write_answer(told, ways.EMBEDDED)) == [
        [
            None,
            [["Ida Berg", "envoy", "Norway"], ["Ola Nord"]],
            ["Zambia"],  # for Norway, Ida Berg is there
            "held",
            "focus",
            None,
            "Monday",
            None,
            [],
            ["meet again"],
        ]
    ]


@pytest.mark.parametrize("way", [HOSTED, ways.EMBEDDED], ids=lambda way: way.name)
def test_what_is_written_is_read_back(way) -> None:
    back = read_answer(write_answer(EXTRACTION, way), way)
    if way.cites:
        assert back == EXTRACTION
    assert [m.agenda[0].topic for m in back.meetings] == [
        m.agenda[0].topic for m in EXTRACTION.meetings
    ]
    assert [[p.name for p in m.participants] for m in back.meetings] == [
        [p.name for p in m.participants] for m in EXTRACTION.meetings
    ]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[[",
        "{}",
        "null",
        "[1]",
        "[[]]",
        "[" * 100_000,
        '[[null,[],[],"held","focus",1,2,3,4,5,6,7,8]]',
    ],
)
def test_what_is_no_answer_raises_the_validator_s_error(content: str) -> None:
    with pytest.raises(ValidationError):
        read_answer(content, ways.EMBEDDED)
