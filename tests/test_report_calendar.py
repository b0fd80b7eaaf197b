"""Which months or years the page's chart spans."""

from pipeline.report.calendar import axis
from pipeline.report.survey import UNDATED, Count


def counts(**months: int) -> dict[str, Count]:
    """`counts(y2024_03=2)`: so many meetings by month, or year."""
    return {k[1:].replace("_", "-"): Count(total=v) for k, v in months.items()}


def spanned(months: dict[str, Count]) -> tuple[str, list[str]]:
    years: dict[str, Count] = {}
    for key, count in months.items():
        year = years.setdefault(key if key == UNDATED else key[:4], Count())
        year.total += count.total
    found = axis(months, years)
    return found.kind, [step.label for step in found.steps]


def test_months_without_a_meeting_have_their_place():
    assert spanned(counts(y2023_12=1, y2024_02=1)) == (
        "month",
        ["Dec 2023", "Jan 2024", "Feb 2024"],
    )


def test_every_meeting_with_a_month_is_in_one_step():
    months = counts(y1985_06=1, y2024_01=30, y2024_02=30, y2031=2)
    years = counts(y1985=1, y2024=60, y2031=2)
    steps = axis(months, years).steps
    assert [step.label for step in steps] == ["earlier", "Jan 2024", "Feb 2024"]
    assert [key for step in steps for key in step.keys] == ["1985-06", "2024-01", "2024-02"]


def test_the_few_at_one_end_do_not_cut_the_other():
    months = counts(y1985_06=2, y2024_01=30, y2024_02=30, y2024_03=1)
    assert spanned(months)[1][-1] == "Mar 2024"


def test_what_is_spread_over_years_is_shown_by_year():
    kind, labels = spanned(counts(y2010_01=5, y2015_01=5, y2020_01=5))
    assert (kind, labels[0], labels[-1], len(labels)) == ("year", "2010", "2020", 11)


def test_centuries_fit_too():
    kind, labels = spanned(counts(y1815=5, y1945=5, y2024=5))
    assert (kind, labels[0], labels[-1], len(labels)) == ("year", "earlier", "2024", 41)


def test_the_year_stands_below_its_first_month_only():
    months = counts(y2023_11=1, y2024_02=1)
    steps = axis(months, counts(y2023=1, y2024=1)).steps
    assert [step.below for step in steps] == ["2023", "", "2024", ""]


def test_without_any_date_there_is_no_axis():
    assert axis({UNDATED: Count(total=3)}, {UNDATED: Count(total=3)}).steps == ()
