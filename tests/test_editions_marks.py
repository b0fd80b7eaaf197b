"""What a story says of its own edition: the marks in its headline, and the notes below it."""

import pytest

from pipeline.editions.marks import LAST, Rank, rank, without_marks


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("Envoys meet in Pellin", Rank(0, 0)),
        ("(URGENT) Envoys meet", Rank(0, -1)),
        ("URGENT-Envoys meet", Rank(0, -1)),
        ("(LEAD) Envoys meet", Rank(1, 0)),
        ("# **(LEAD) Envoys meet**", Rank(1, 0)),
        ("LEAD: Envoys meet", Rank(1, 0)),
        ("(3rd LD) (URGENT) Envoys meet", Rank(3, 0)),
        ("2ND LD: Envoys meet", Rank(2, 0)),
        ("1st LD-Writethru: Envoys meet", Rank(1, 0)),
        ("UPDATE 4-Envoys meet", Rank(4, 0)),
        ("Update1: Envoys meet", Rank(1, 0)),
        ("WRAPUP 2-Envoys meet", Rank(2, 0)),
        ("RPT-UPDATE 2-Envoys meet", Rank(2, 0)),
        ("Envoys meet (Update)", Rank(1, 0)),
        ("Envoys meet (update 3)", Rank(3, 0)),
        ("Correction: Envoys meet", Rank(LAST, 1)),
        ("Envoys meet (corrected)", Rank(LAST, 1)),
        ("CORRECTED-Envoys meet", Rank(0, 1)),
        ("REFILE-Envoys meet", Rank(0, 1)),
        ("CORRECTED-UPDATE 2-Envoys meet", Rank(2, 1)),
        ("Envoys meet\n(ATTN: ADDS photo)", Rank(0, 1)),
        ("(LEAD) Envoys meet\n(ATTN: ADDS photo)", Rank(1, 0)),
        ("(LEAD) Envoys meet\n(ATTN: CORRECTS title in 2nd para)", Rank(1, 1)),
        ("(2nd LD) (ATTN: ADDS more details; CHANGES slug)", Rank(2, 0)),
        ("Envoys meet\n* Adds details on ferry", Rank(0, 1)),
        ("Envoys meet\nAdds quotes, background", Rank(0, 1)),
        ("Envoys meet\nEds: With photos.", Rank(0, 1)),
        ("Envoys meet\n(This May 6 story has been refiled to fix a typo)", Rank(0, 1)),
        ("Lead: prices fall in Pellin", Rank(0, 0)),
        ("Urgent-care clinics open", Rank(0, 0)),
        ("Update on talks in Pellin", Rank(0, 0)),
        ("Ministry corrects itself on ferry", Rank(0, 0)),
        ("Adds up to nothing, says minister", Rank(0, 0)),
    ],
)
def test_a_mark_gives_its_rank(head: str, expected: Rank):
    assert rank(f"{head}\n\nPELLIN -- Envoys met.\n") == expected


def test_a_headline_loses_its_marks_and_nothing_else():
    assert without_marks("# (2nd LD) (URGENT) Envoys meet (update)") == "Envoys meet"
    assert without_marks("Lead (Pb) talks open") == "Lead (Pb) talks open"


def test_a_headline_of_nothing_but_marks_costs_no_more_than_another():
    assert without_marks("(LEAD)" * 1_000_000) == ""
