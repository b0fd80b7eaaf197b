"""How fast a run asks, in a time of its own."""

import pytest

from pipeline.pace import KNOCKS, KNOCKS_AT_FIRST, OUTAGE, Heard, Pace

GOOD, BUSY, SILENT = Heard(200), Heard(429), Heard(None)


def rounds(pace: Pace, heard: Heard, count: int, now: float = 0.0) -> float:
    """Send a roomful and hear the same of each, `count` times; returns the time afterwards."""
    for _ in range(count):
        now += pace.wait(now) or 0.0
        numbers = [pace.begin(now) for _ in range(pace.room)]
        for number in numbers:
            pace.end(number, now, heard)
    return now


def test_as_many_are_in_flight_as_there_is_room_for():
    pace = Pace(2)
    pace.begin(0.0)
    assert pace.wait(0.0) == 0.0
    number = pace.begin(0.0)
    assert pace.wait(0.0) is None
    pace.end(number, 0.0, GOOD)
    assert pace.wait(0.0) == 0.0


def test_those_in_flight_together_make_the_room_fall_once():
    pace = Pace(10)
    rounds(pace, GOOD, 1)
    numbers = [pace.begin(0.0) for _ in range(5)]
    for number in numbers:
        pace.end(number, 0.0, BUSY)
    assert pace.room == 7


def test_the_room_falls_by_a_share_and_grows_by_one_a_round():
    pace = Pace(100)
    rounds(pace, GOOD, 1)
    pace.end(pace.begin(0.0), 0.0, Heard(503))
    assert pace.room == 70
    rounds(pace, GOOD, 10)
    assert 78 <= pace.room <= 80
    rounds(pace, GOOD, 50)
    assert pace.room == 100


def test_nobody_goes_before_the_time_that_the_server_named():
    pace = Pace(8)
    pace.end(pace.begin(0.0), 5.0, Heard(429, pause=30.0))
    assert pace.wait(5.0) == 30.0
    assert pace.wait(35.0) == 0.0
    assert pace.state(5.0) == "server busy, next try in 30 s"


def test_an_article_that_the_server_refuses_slows_nothing():
    pace = Pace(8)
    rounds(pace, GOOD, 1)
    rounds(pace, Heard(400), 20)
    assert pace.room == 8
    assert not pace.hopeless


@pytest.mark.parametrize("status", [None, 404, 400, 503])
def test_a_server_that_never_answered_well_is_given_up_soon(status):
    pace, now, sent = Pace(1), 0.0, 0
    while not pace.hopeless:
        now = rounds(pace, Heard(status), 1, now)
        sent += 1
    assert sent == OUTAGE + KNOCKS_AT_FIRST
    assert now < 10


def test_a_server_that_did_is_knocked_at_ever_more_rarely():
    pace = Pace(16)
    rounds(pace, GOOD, 1)
    now = rounds(pace, SILENT, OUTAGE)
    assert pace.room == 1
    assert not pace.hopeless
    now = rounds(pace, SILENT, KNOCKS, now)
    assert pace.hopeless
    assert 300 < now < 900


def test_a_server_that_comes_back_is_forgiven():
    pace = Pace(16)
    rounds(pace, GOOD, 1)
    now = rounds(pace, SILENT, OUTAGE + 2)
    rounds(pace, GOOD, 3, now)
    assert not pace.hopeless
    assert 1 < pace.room < 16


def test_requests_a_minute_are_spread_evenly():
    pace, now, sent = Pace(100, rpm=60), 0.0, 0
    while now < 120:
        now += pace.wait(now) or 0.0
        pace.end(pace.begin(now), now, GOOD)
        sent += 1
    assert sent == 121


def test_tokens_a_minute_count_what_the_server_counted():
    pace = Pace(100, tpm=6000)  # 100 a second
    number = pace.begin(0.0, 500)
    assert pace.wait(0.0) == 5.0
    pace.end(number, 1.0, Heard(200, tokens=800), 500)
    assert pace.wait(1.0) == 7.0


def test_a_request_that_was_given_up_says_nothing_about_the_server():
    pace = Pace(2)
    pace.end(pace.begin(0.0), 0.0, None)
    assert (pace.room, pace.in_flight) == (2, 0)
