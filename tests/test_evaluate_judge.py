"""Whether a change was for the better, by a reference."""

from typing import Any

import pytest

from schemas.reference import FlatArticle
from tests.comparing import BRAND, GALA, LUND, TALKS, changed, flat, talks

REFERENCE = flat(talks(agenda=[{"topic": "fishery quotas", "evidence": [3]}, "visa rules"]))


@pytest.mark.parametrize(
    ("before", "after", "verdicts"),
    [
        ({"status": "planned"}, {}, ["better"]),
        ({}, {"status": "planned"}, ["worse"]),
        ({"city": "Callao"}, {"city": "Cusco"}, ["neither"]),
        ({}, {"city": "Lima, Peru"}, ["neither"]),  # right before and after
        ({"prominence": "background"}, {}, ["better"]),
        ({}, {"venue": None}, [None]),  # the scorer doesn't look at it
        ({"agenda": ["fishery quotas"]}, {}, ["better"]),  # the visa rules are found
        ({}, {"agenda": ["fishery quotas"]}, ["worse"]),  # … and lost
        ({}, {"agenda": ["fishery quotas", "visa rules", "weather"]}, ["worse"]),  # a wrong one
        ({"agreements": ["open a second berth", "sing"]}, {}, ["better"]),  # … and it goes
        ({}, {"participants": [LUND, {**BRAND, "title": "envoy"}]}, ["worse"]),
        ({"participants": [LUND, {**BRAND, "party": None}]}, {}, ["better"]),
    ],
)
def test_a_reference_says_whether_a_change_is_for_the_better(
    before: dict[str, Any], after: dict[str, Any], verdicts: list[str | None]
) -> None:
    found = changed(flat(talks(**before)), flat(talks(**after)), REFERENCE)
    assert [each.verdict for each in found] == verdicts


def test_evidence_is_judged_where_the_reference_names_sentences() -> None:
    def cited(*numbers: int) -> FlatArticle:
        return flat(
            talks(agenda=[{"topic": each, "evidence": numbers} for each in TALKS["agenda"]])
        )

    found = changed(cited(2), cited(3), REFERENCE)
    assert [(each.of, each.verdict) for each in found] == [
        ("fishery quotas", "better"),
        ("visa rules", None),
    ]


def test_a_meeting_found_is_better_and_an_invented_one_worse() -> None:
    reference = flat(TALKS)
    found = changed(flat(), flat(TALKS, GALA), reference)
    verdicts = {(each.field, each.new): each.verdict for each in found}
    assert verdicts["participants", "Ada Lund, Foreign Minister, NOR"] == "better"
    assert verdicts["participants", "Lu Roy, FRA"] == "worse"
    assert [each.verdict for each in found if each.field == "meetings"] == ["better", "worse"]
    gone = changed(flat(TALKS, GALA), flat(), reference)
    assert [each.verdict for each in gone if each.field == "meetings"] == ["worse", "better"]
