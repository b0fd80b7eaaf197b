"""How fast to ask: as many requests at once as a server takes, found out by trying, as TCP does.

Pure: the time is an argument, in seconds, and nobody waits here. Knows no requests, no servers
and no money.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

FALL = 0.7  # what is left of the room after a 429, a 5xx or silence
OUTAGE = 8  # such answers in a row: the server is away
_FIRST_REST, _LONGEST_REST = 1.0, 10.0  # seconds between two knocks while it is away; doubling


class Evidence(NamedTuple):
    """When a run had better end: so many knocks in vain, over so many seconds without good answer.

    Knocks alone may be bad luck, a server that fails nine times in ten is not away; seconds alone
    may hold a single try.
    """

    knocks: int
    seconds: float


NOBODY = Evidence(3, 3.0)  # where a server never answered well, and never said that it is busy
NEVER = Evidence(20, 120.0)  # where it never answered well; it may still be loading its model
NO_MORE = Evidence(100, 900.0)  # where it did


class Heard(NamedTuple):
    """What became of one sent request, as far as the pace has to know it."""

    status: int | None  # HTTP; None: no whole answer came
    pause: float = 0.0  # seconds for which the server wants no more
    tokens: int = 0  # as it counted them
    said: str = ""  # the sentence for a person, where it is bad and stays so

    @property
    def good(self) -> bool:
        """Whether the server did its work."""
        return self.status is not None and self.status < 300

    @property
    def turned_away(self) -> bool:
        """Whether it was one too many."""
        return self.status == 429

    @property
    def lost(self) -> bool:
        """Whether the server failed, or said nothing."""
        return self.status is None or self.status in (408, 409) or self.status >= 500

    @property
    def busy(self) -> bool:
        """Whether the server is there, and says that it cannot now."""
        return self.turned_away or (self.lost and self.status is not None)


class Pace:
    """How many may be in flight, and when the next one may go.

    `most` at once, `rpm` requests and `tpm` tokens a minute are ceilings that hold whatever the
    server would take. The room starts there; it falls to 0.7 of itself with each 429, 5xx or
    silence (once for all that were in flight together), and grows by one with every roomful of
    good answers. When nothing but such answers comes, one request at a time knocks, ever more
    rarely or when the server wants it, until the server is back or `hopeless`.
    """

    def __init__(self, most: int, *, rpm: int | None = None, tpm: int | None = None) -> None:
        self._most = most
        self._room = float(most)
        self._in_flight = 0
        self._sent = 0  # ever
        self._fell = 0  # how many were sent when the room fell last
        self._opens = 0.0  # nobody goes before
        self._requests, self._tokens = _Meter(rpm), _Meter(tpm)
        self._worked = False  # ever
        self._row = _Row()
        self.turned_away = 0  # of those sent
        self.lost = 0

    @property
    def room(self) -> int:
        """How many may be in flight now."""
        return 1 if self._away else max(1, int(self._room))

    @property
    def in_flight(self) -> int:
        """How many are."""
        return self._in_flight

    @property
    def metered(self) -> bool:
        """Whether tokens are counted."""
        return self._tokens.counts

    @property
    def hopeless(self) -> bool:
        """Whether the server has been away for so long that a run had better end."""
        enough = NO_MORE if self._worked else NEVER if self._row.busy else NOBODY
        return self._row.knocks >= enough.knocks and self._row.seconds >= enough.seconds

    @property
    def _away(self) -> bool:
        return self._row.answers >= OUTAGE

    def wait(self, now: float) -> float | None:
        """Seconds until the next one may go; None: not before one in flight has ended."""
        if self._in_flight >= self.room:
            return None
        return max(0.0, self._opens - now, self._requests.wait(now), self._tokens.wait(now))

    def state(self, now: float) -> str:
        """How the server is, in a word or two; nothing where it is well."""
        rest = math.ceil(self._opens - now)
        if rest > 1:
            how = "away" if self._away and not self._row.busy else "busy"
            return f"server {how}, next try in {rest} s"
        return f"{self.room} of {self._most} at once" if self.room < self._most else ""

    def begin(self, now: float, tokens: int = 0) -> int:
        """One goes, and gets a number; `tokens` is what its prompt is thought to have."""
        self._in_flight += 1
        self._sent += 1
        self._requests.take(now, 1)
        self._tokens.take(now, tokens)
        return self._sent

    def end(self, number: int, now: float, heard: Heard | None, tokens: int = 0) -> None:
        """The one with this number has ended, or was given up (None). `tokens` as in begin."""
        self._in_flight -= 1
        if heard is None:
            return
        if heard.tokens:
            self._tokens.take(now, heard.tokens - tokens)
        self._opens = max(self._opens, now + heard.pause)
        self.turned_away += heard.turned_away
        self.lost += heard.lost
        if heard.good:
            self._worked, self._row = True, _Row()
            self._room = min(self._most, self._room + 1 / self._room)
        elif self._strains(heard.status):
            self._ease(number, now, heard)

    def _strains(self, status: int | None) -> bool:
        """Whether the answer says that the server is busy or away, or that nothing works here.

        A server that has answered well refuses an article with 400; one that never did may refuse
        them all.
        """
        return status is None or status >= 500 or status in (403, 404, 408, 429) or not self._worked

    def _ease(self, number: int, now: float, heard: Heard) -> None:
        was_away = self._away
        self._row.add(now, heard)
        if number <= self._fell:  # those in flight together tell of one strain, not of many
            return
        self._room, self._fell = max(1.0, self._room * FALL), self._sent
        if was_away:
            self._row.knocks += 1
            if not heard.pause:  # a time that the server names is kept as it is
                self._opens = max(self._opens, now + self._row.rest)
                self._row.rest = min(2 * self._row.rest, _LONGEST_REST)


@dataclass
class _Row:
    """Bad answers, one after the other, since the last good one."""

    answers: int = 0
    knocks: int = 0  # of them, sent alone
    busy: bool = False  # whether any says that the server is there
    rest: float = _FIRST_REST  # seconds, after the next knock
    began: float = 0.0  # when the first came
    last: float = 0.0

    @property
    def seconds(self) -> float:
        """From the first to the last."""
        return self.last - self.began

    def add(self, now: float, heard: Heard) -> None:
        """One more."""
        self.began, self.last = self.began if self.answers else now, now
        self.answers += 1
        self.busy = self.busy or heard.busy


class _Meter:
    """So many a minute, evenly; without a number, any."""

    def __init__(self, per_minute: int | None) -> None:
        self._each = 60.0 / per_minute if per_minute else 0.0  # seconds
        self._free = 0.0  # when the next may go

    @property
    def counts(self) -> bool:
        return self._each > 0

    def wait(self, now: float) -> float:
        return self._free - now

    def take(self, now: float, count: int) -> None:
        """Count so many; fewer than none where they had been thought to be more."""
        self._free = max(self._free, now) + count * self._each
