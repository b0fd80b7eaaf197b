"""Headers that ask for patience."""

import datetime as dt
import email.utils

import pytest

from pipeline.patience import LONGEST, pause, retry_after


def test_retry_after_is_seconds_or_a_date():
    assert retry_after({"retry-after": "7"}) == 7.0
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=90)
    assert 60 < (retry_after({"retry-after": email.utils.format_datetime(soon)}) or 0) <= 90


@pytest.mark.parametrize("value", ["", "soon", "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"])
def test_nonsense_is_no_wish(value: str):
    assert retry_after({"retry-after": value}) is None
    assert pause({"retry-after": value}) == 0.0


@pytest.mark.parametrize(
    ("reset", "seconds"), [("17ms", 0.017), ("1m6.5s", 66.5), ("30", 30.0), ("?", 0.0)]
)
def test_with_nothing_left_we_wait_for_the_reset(reset: str, seconds: float):
    headers = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": reset}
    assert pause(headers) == pytest.approx(seconds)


def test_an_allowance_that_fills_evenly_is_waited_for_no_longer_than_needed():
    headers = {
        "x-ratelimit-limit-tokens": "10000",
        "x-ratelimit-remaining-tokens": "1000",
        "x-ratelimit-reset-tokens": "54s",
    }
    assert pause(headers, tokens=900) == 0.0
    assert pause(headers, tokens=3000) == pytest.approx(12.0)


def test_no_server_makes_us_wait_for_ever():
    assert pause({"retry-after": "86400"}) == LONGEST
