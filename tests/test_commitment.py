"""What a model took for an agreement, and whether anybody agreed."""

import pytest

from pipeline.distil import PROBLEMS, distil
from pipeline.distil.commitment import is_committed
from schemas.extraction import ExtractedAgreement, Extraction
from tests.samples import article, meeting


@pytest.mark.parametrize(
    ("clause", "sentences", "committed"),
    [
        ("open two wells", ["They agreed to open two wells."], True),
        ("open two wells", ["They talked.", "A decision to open two wells was read out."], True),
        ("open two wells", ["They settled this:", "- to open two wells;"], True),
        ("open two wells", ["They agreed on water.", "Both towns will open two wells."], True),
        ("open two wells", ["They agreed on water.", "She hopes to open two wells."], False),
        ("open two wells", ["He wants to open two wells.", "They agreed on rice."], False),
        ("cost three million", ["The wells cost three million."], False),
        ("Chad", ["They agreed with Chad."], False),
        ("open two wells", ["Chad and the Nile states will open two wells, they said."], True),
        ("open two wells", ["Chad will open two wells, and the Nile states will pay."], False),
        ("open two wells", ["They drew up a list and were unanimous to open two wells."], True),
        ("dig a canal", ["They agreed to open two wells."], True),  # no sentence has it
    ],
)
def test_a_sentence_without_a_word_of_agreeing_commits_nobody(
    clause: str, sentences: list[str], committed: bool
) -> None:
    assert is_committed(clause, sentences) is committed


def extraction(told: tuple[ExtractedAgreement, ...]) -> Extraction:
    return Extraction.model_validate({"meetings": [meeting(agreements=told)]})


TEXT = "The ministers agreed to open two wells.\n\nThe wells cost three million.\n"


def test_what_nobody_agreed_to_is_left_out_and_flagged() -> None:
    told = tuple(ExtractedAgreement(text=text) for text in ("open two wells", "cost three million"))
    found = distil(extraction(told), article(TEXT))
    assert [each.text for each in found.meetings[0].agreements] == ["open two wells"]
    (flag,) = (f for f in found.flags if f.problem == "uncommitted")
    assert flag.where == "meetings[0].agreements"
    assert "“cost three million” is left out" in flag.note


def test_a_model_that_cites_its_sentence_is_believed() -> None:
    told = (ExtractedAgreement(text="cost three million", evidence=(2,)),)
    found = distil(extraction(told), article(TEXT))
    assert [each.text for each in found.meetings[0].agreements] == ["cost three million"]
    assert "uncommitted" in PROBLEMS
