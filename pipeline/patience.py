"""What an answer's headers say about patience: Retry-After, and x-ratelimit-* as OpenAI has it.

Knows headers; does not know who waits.
"""

import datetime as dt
import email.utils
import re
from collections.abc import Mapping

LONGEST = 120.0  # seconds that we wait because a server asked us to

# "1s", "6m0s", "17ms", "2m59.56s", or seconds without a unit.
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s|$)")
_SECONDS = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0, "h": 3600.0}


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from now, from either form of the header: a number or an HTTP date (RFC 9110)."""
    header = headers.get("retry-after")
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        until = email.utils.parsedate_to_datetime(header)
    except (ValueError, OverflowError):  # a year of twenty digits
        return None
    until = until if until.tzinfo else until.replace(tzinfo=dt.UTC)
    return max(0.0, (until - dt.datetime.now(dt.UTC)).total_seconds())


def pause(headers: Mapping[str, str], tokens: int = 0) -> float:
    """Seconds for which the server wants nothing more: what it asks for, or has nothing left for.

    `tokens` is what one request takes: with fewer left, the next would be refused.
    """
    asked = retry_after(headers) or 0.0
    left = (_refill(headers, "requests", 1), _refill(headers, "tokens", tokens))
    return min(max(asked, *left), LONGEST)


def _refill(headers: Mapping[str, str], what: str, needed: int) -> float:
    """Seconds until `needed` of the allowance are there again."""
    remaining = _number(headers.get(f"x-ratelimit-remaining-{what}"))
    if remaining is None or remaining >= needed:
        return 0.0
    reset = _seconds(headers.get(f"x-ratelimit-reset-{what}", ""))
    limit = _number(headers.get(f"x-ratelimit-limit-{what}"))
    if limit is None or limit <= remaining:
        return reset
    # It fills evenly, and `reset` is the time until it is full.
    return reset * min(1.0, (needed - remaining) / (limit - remaining))


def _number(header: str | None) -> float | None:
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None


def _seconds(header: str) -> float:
    return sum(float(count) * _SECONDS[unit] for count, unit in _DURATION.findall(header.strip()))
