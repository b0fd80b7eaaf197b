"""What a meeting is called for which the article has no name."""

import pytest

from pipeline.distil.naming import name
from schemas.extraction import ExtractedMeeting

BERG = {"name": "Ida Berg", "party": "Norway"}
AIDE = {"name": "Ola Nord", "party": "Norwegian"}
MWILA = {"name": "Chanda Mwila", "party": "Zambian"}


def made(*participants, parties=(), **fields):
    wire = {"name": None, "status": "held", "prominence": "focus", **fields}
    return name(
        ExtractedMeeting.model_validate(
            {**wire, "participants": list(participants), "parties": list(parties)}
        )
    )


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        (made(MWILA, BERG), "talks between Chanda Mwila and Ida Berg"),
        (made(BERG, AIDE, MWILA), "talks between Ida Berg and Chanda Mwila"),
        (made(BERG, AIDE), "talks between Ida Berg and Ola Nord"),
        (
            made(MWILA, BERG, {"name": "Kofi"}),
            "talks among Chanda Mwila, Ida Berg and Kofi",
        ),
        (made(MWILA, BERG, format="phone"), "phone call between Chanda Mwila and Ida Berg"),
        (made(MWILA, BERG, format="virtual"), "video talks between Chanda Mwila and Ida Berg"),
        (made(MWILA, parties=["Norwegian"]), "talks between Zambia and Norway"),
        (made(parties=["U.S.", "Seoul"]), "talks between the United States and South Korea"),
        (made(parties=["Kenya", "EU", "Chad"]), "talks among Kenya, EU and Chad"),
        (made(parties=["Kenya"]), "talks with Kenya"),
        (made(BERG), "talks with Ida Berg"),
        (made(), "talks"),
        (made(MWILA, BERG, name="seed summit"), "seed summit"),
    ],
)
def test_it_is_called_by_the_first_of_each_side_or_by_the_parties(called, expected):
    assert called == expected
