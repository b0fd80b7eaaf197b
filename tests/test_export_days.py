"""From EDTF dates to days."""

import datetime as dt

import pytest

from pipeline.export.days import span


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("edtf", "first", "last"),
    [
        ("2024-03-05", "2024-03-05", "2024-03-05"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("202X", "2020-01-01", "2029-12-31"),
        ("2024-1X", "2024-10-01", "2024-12-31"),
        ("2024-02-XX", "2024-02-01", "2024-02-29"),
        ("2024-03-05~", "2024-03-05", "2024-03-05"),
        ("2023-11-13/2023-12", "2023-11-13", "2023-12-31"),
        ("2024-03/..", "2024-03-01", None),
        ("/2024", None, "2024-12-31"),
    ],
)
def test_a_date_means_all_days_that_it_may_be(edtf, first, last):
    assert span(edtf) == (day(first), day(last))


@pytest.mark.parametrize("text", [None, "", "Monday", "2024-13", "2024-02-31x", "2024-3-5"])
def test_what_is_no_date_means_no_day(text):
    found = span(text)
    assert found is None or found == (None, None)
