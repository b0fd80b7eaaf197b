"""How fast a run asks, in a time of its own."""

import pytest

from pipeline.pace import NEVER, NO_MORE, NOBODY, OUTAGE, Heard, Pace

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


def given_up(pace: Pace, heard: Heard, now: float = 0.0) -> tuple[int, float]:
    """How many requests, and seconds, it takes until a server that only answers so is given up."""
    began, sent = now, 0
    while not pace.hopeless:
        now = rounds(pace, heard, 1, now)
        sent += 1
    return sent, now - began


@pytest.mark.parametrize("status", [None, 404, 400])
def test_where_nobody_ever_worked_a_server_is_given_up_soon(status):
    sent, seconds = given_up(Pace(1), Heard(status))
    assert sent == OUTAGE + NOBODY.knocks
    assert seconds < 10


@pytest.mark.parametrize("pause", [0.0, 1.0, 30.0])
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_begins_busy_gets_minutes_and_many_tries(status, pause):
    """It may load its model, or have had bad luck; eleven failures in a row are no proof."""
    sent, seconds = given_up(Pace(1), Heard(status, pause=pause))
    assert sent >= OUTAGE + NEVER.knocks
    assert seconds >= NEVER.seconds


@pytest.mark.parametrize("heard", [SILENT, BUSY, Heard(429, pause=1.0), Heard(503, pause=0.1)])
def test_a_server_that_worked_is_given_up_by_many_tries_and_by_time(heard):
    pace = Pace(16)
    rounds(pace, GOOD, 1)
    sent, seconds = given_up(pace, heard)
    assert sent >= NO_MORE.knocks
    assert NO_MORE.seconds <= seconds < 2 * NO_MORE.seconds


def test_a_roomful_that_fails_at_once_proves_nothing():
    pace = Pace(1000)
    rounds(pace, GOOD, 1)
    rounds(pace, SILENT, 1)
    assert pace.room == 1
    pace.end(pace.begin(NO_MORE.seconds), 2 * NO_MORE.seconds, SILENT)
    assert not pace.hopeless


def test_a_server_that_answers_now_and_then_is_never_given_up():
    pace, now = Pace(16), 0.0
    rounds(pace, GOOD, 1)
    for _ in range(20):
        now = rounds(pace, BUSY, NO_MORE.knocks - 1, now)
        now = rounds(pace, GOOD, 1, now)
        assert not pace.hopeless


def test_a_time_that_the_server_names_is_kept_and_doubles_nothing():
    pace, now = Pace(1), 0.0
    for _ in range(OUTAGE + NEVER.knocks):
        pace.end(pace.begin(now), now, Heard(429, pause=7.0))
        assert pace.wait(now) == 7.0
        now += 7.0
    rests: list[float] = []
    for _ in range(5):
        pace.end(pace.begin(now), now, BUSY)
        rests.append(pace.wait(now) or 0.0)
        now += rests[-1]
    assert rests == [1.0, 2.0, 4.0, 8.0, 10.0]


def test_a_server_that_says_it_is_busy_is_not_called_away():
    pace, now = Pace(4), 0.0
    rounds(pace, GOOD, 1)
    now = rounds(pace, Heard(429, pause=9.0), OUTAGE)
    assert pace.state(now) == "server busy, next try in 9 s"
    silent = Pace(1)
    now = rounds(silent, SILENT, OUTAGE + 3)
    assert silent.state(now) == "server away, next try in 4 s"


def test_what_was_turned_away_or_lost_is_counted():
    pace = Pace(8)
    for heard in (GOOD, BUSY, BUSY, SILENT, Heard(500), Heard(400), None):
        pace.end(pace.begin(0.0), 0.0, heard)
    assert (pace.turned_away, pace.lost) == (2, 2)


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
