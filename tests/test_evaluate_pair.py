"""Which meetings pair, with likenesses worked out by hand."""

from typing import Any

import pytest

from pipeline.evaluate.pair import date_likeness, meeting_likeness, pair_meetings
from schemas.reference import FlatMeeting
from tests import scoring


def meeting(*people: str, name: str = "talks", **facts: Any) -> FlatMeeting:
    """A meeting of these people; all that is not given is null or empty."""
    named = [scoring.person(each, None, None) for each in people]
    return scoring.meeting(name, participants=named, **facts)


def pairs(reference: list[FlatMeeting], summary: list[FlatMeeting]) -> list[tuple[int, int]]:
    return [(match.reference, match.summary) for match in pair_meetings(reference, summary)]


def test_likeness_is_a_weighted_mean_of_what_can_be_compared() -> None:
    one = meeting(
        "Ada Lund",
        "Ivo Brand",
        name="Harbour Dialogue",
        parties=["NOR", "PER"],
        date="2024-03-05",
        city="Lima",
        country="PER",
    )
    other = meeting(
        "Ada Lund", name="talks on ports", parties=["NOR"], date="2024-03", country="PER"
    )
    # people 2*1/(2+1) = 2/3, name 0, date .5, parties 2*1/(2+1) = 2/3, place: country only, 1
    expected = (0.40 * 2 / 3 + 0.25 * 0 + 0.15 * 0.5 + 0.10 * 2 / 3 + 0.10 * 1) / 1.0
    assert meeting_likeness(one, other) == pytest.approx(expected)
    assert meeting_likeness(other, one) == pytest.approx(expected)


def test_people_on_one_side_only_weigh_half() -> None:
    one, other = meeting("Ada Lund", parties=["NOR"]), meeting(parties=["NOR"])
    # people 0 at .20, name 1 at .25, parties 1 at .10
    assert meeting_likeness(one, other) == pytest.approx((0.25 + 0.10) / (0.20 + 0.25 + 0.10))


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ("2024-03-05", "2024-03-05", 1.0),
        ("2024-03", "2024-03-05", 0.5),
        ("2024", "2024-03/2024-04", 0.5),
        ("2024-03-05/2024-03-07", "2024-03-06", 0.5),
        ("202X", "2024", 0.5),
        ("2024-03-05/..", "2031", 0.5),
        ("2024-03-05", "2024-03-06", 0.0),
        ("2024-03", "2024-04-01", 0.0),
        ("2024-03-31", "2024-04", 0.0),
    ],
)
def test_dates_agree_by_their_spans(one: str, other: str, value: float) -> None:
    assert date_likeness(one, other) == date_likeness(other, one) == value


def test_meetings_that_share_nothing_do_not_pair() -> None:
    one = meeting("Ada Lund", name="Harbour Dialogue", parties=["NOR", "PER"], city="Lima")
    other = meeting("Kim Bo-ra", name="summit", parties=["KOR", "FJI"], city="Suva")
    assert pairs([one], [other]) == []


def test_the_same_parties_on_the_same_day_are_no_identity_where_both_name_other_people() -> None:
    day = {"parties": ["NOR", "PER"], "date": "2024-03-05", "city": "Lima"}
    one = meeting("Ada Lund", "Ivo Brand", name="courtesy call on Brand", **day)
    other = meeting("Jo Hart", "Ana Cruz", name="talks between Hart and Cruz", **day)
    assert pairs([one], [other]) == []


def test_party_and_day_identify_a_meeting_where_one_side_names_nobody() -> None:
    day = {"parties": ["NOR", "PER"], "date": "2024-03-05", "city": "Lima"}
    one = meeting("Ada Lund", name="courtesy call on Lund", **day)
    # (.15 + .10 + .10) / (.20 + .25 + .15 + .10 + .10) = .4375, above .40
    assert pairs([one], [meeting(name="port talks", **day)]) == [(0, 0)]
    # without the city (.15 + .10) / .70 = .357
    assert pairs([one], [meeting(name="port talks", **{**day, "city": None})]) == []


def test_another_counterpart_on_another_day_in_the_same_city_is_another_meeting() -> None:
    place = {"parties": ["NOR", "PER"], "city": "Lima"}
    one = meeting("Ada Lund", "Ivo Brand", name="dinner", date="2024-03-05", **place)
    other = meeting("Ada Lund", "Ana Cruz", name="call", date="2024-03-06", **place)
    # people 2*1/4 = .5: .40*.5 + .10 + .10 = .40, which is not above the floor
    assert meeting_likeness(one, other) == pytest.approx(0.40)
    assert pairs([one], [other]) == []


def test_a_proper_name_identifies_a_meeting_with_the_wrong_people() -> None:
    one = meeting("Ada Lund", name="4th Harbour Dialogue", parties=["NOR", "PER"])
    other = meeting("Jo Hart", name="4th Harbour Dialogue", parties=["NOR", "PER"])
    # (.25 + .10) / (.40 + .25 + .10) = .467
    assert pairs([one], [other]) == [(0, 0)]
    third = other.model_copy(update={"name": "3rd Harbour Dialogue"})
    assert pairs([one], [third]) == []


def test_the_whole_assignment_is_best_not_each_pair_in_turn() -> None:
    lund_brand = meeting("Ada Lund", "Ivo Brand", name="a")
    lund = meeting("Ada Lund", name="b")
    summary = [meeting("Ada Lund", "Ivo Brand", name="c"), meeting("Ivo Brand", name="d")]
    # Likeness over people .40 and name .25: (0,0) .615, (0,1) .410, (1,0) .410, (1,1) none.
    # The greedy choice (0,0) alone has .615; the two others together have .821.
    assert pairs([lund_brand, lund], summary) == [(0, 1), (1, 0)]


def test_between_twins_the_one_with_the_same_agenda_is_the_partner() -> None:
    first = meeting("Ada Lund", agenda=["fishery quotas"])
    second = meeting("Ada Lund", agenda=["visa rules"])
    assert pairs([first, second], [second, first]) == [(0, 1), (1, 0)]


def test_summits_of_different_states_are_not_one_meeting() -> None:
    """States don't count in a name's likeness, so "summit" alone would be the same name."""
    one = meeting(name="US-China summit", parties=["CHN", "USA"], date="2018-06")
    other = meeting(name="Japan-Korea summit", parties=["JPN", "KOR"], date="2019-11")
    assert pairs([one], [other]) == []
    same = meeting(name="US-China summit", parties=["PRK"])  # its parties are all wrong
    assert pairs([one], [same]) == [(0, 0)]
