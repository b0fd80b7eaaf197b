"""How a run shows itself while it goes on."""

import io

import pytest
from rich.console import Console

from pipeline.cli.watching import Bar, Lines, Silence, animates
from pipeline.run import Result
from tests.test_progress import done, failed


def screen(*results: Result, **environment: str) -> str:
    """What a terminal of 100 columns gets to see of a run of two articles."""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=100, _environ=environment)
    with Bar(console, 2) as bar:
        bar.say("Starting …")
        for result in results:
            bar.done(result)
    return stream.getvalue()


def test_the_bar_shows_articles_rate_tokens_and_time_left() -> None:
    shown = screen(done(), failed(), NO_COLOR="1")
    for part in ("Starting …", "2/2", "1 failed", "1,000 tokens", "article", "left"):
        assert part in shown


class Watched:
    """A bar in a time of its own; `seen` is what its line shows now."""

    def __init__(self, total: int, width: int = 120) -> None:
        self.now, self.state = 0.0, ""
        self._stream = io.StringIO()
        environment = {"NO_COLOR": "1", "TERM": "dumb"}  # moves only when it is told to
        console = Console(file=self._stream, width=width, _environ=environment)
        self.bar = Bar(console, total, lambda: self.state, lambda: self.now)

    def ends(self, count: int, seconds: float) -> None:
        """So many articles end, evenly, in so many seconds."""
        for _ in range(count):
            self.now += seconds / count
            self.bar.done(done())

    @property
    def seen(self) -> str:
        self._stream.seek(0)
        self._stream.truncate()
        with self.bar:
            pass
        return self._stream.getvalue().strip()


def test_the_time_left_is_that_at_the_real_rate() -> None:
    watched = Watched(400)
    watched.ends(150, 6)
    assert "150/400 00:10 left · 25.0 articles/s" in watched.seen


def test_the_time_left_grows_while_a_busy_server_lets_nothing_through() -> None:
    watched = Watched(400)
    watched.ends(150, 6)
    watched.now, watched.state = 15.0, "server busy, next try in 9 s"
    assert "00:25 left · server busy, next try in 9 s · 10.0 articles/s" in watched.seen
    watched.now = 60.0
    assert "01:40 left" in watched.seen


def test_no_time_is_named_where_nothing_ended_of_late() -> None:
    watched = Watched(400)
    assert "time left unknown" in watched.seen
    watched.ends(150, 6)
    watched.now = 600.0
    assert "150/400 time left unknown · 150,000 tokens" in watched.seen


def test_the_time_left_forgets_how_fast_it_was_long_ago() -> None:
    watched = Watched(3000)
    watched.ends(1000, 100)
    watched.ends(1000, 1000)
    assert "16:40 left · 1.0 s/article" in watched.seen


def test_what_was_done_before_makes_no_time_left_shorter() -> None:
    watched = Watched(200)
    for number in range(90):
        watched.bar.done(Result(id=f"b{number}", archived=True))
    watched.ends(10, 100)
    assert "100/200 16:40 left · 10.0 s/article" in watched.seen


def test_where_more_come_than_were_expected_nobody_knows_how_many() -> None:
    watched = Watched(1)
    watched.ends(3, 3)
    assert "3/? time left unknown · 1.0 s/article" in watched.seen


@pytest.mark.parametrize("width", [80, 100])
def test_a_narrow_screen_still_says_what_it_waits_for(width: int) -> None:
    watched = Watched(400, width)
    watched.ends(150, 6)
    watched.state = "server busy, next try in 9 s"
    assert watched.state in watched.seen
    assert len(watched.seen.splitlines()) == 1


def test_the_bar_leaves_room_for_an_echoed_ctrl_c() -> None:
    shown = screen(done(), failed(), NO_COLOR="1", TERM="xterm")
    assert max(map(len, shown.replace("\r", "\n").splitlines())) < 98


@pytest.mark.parametrize(
    ("environment", "coloured"), [({"NO_COLOR": "1"}, False), ({"TERM": "xterm-256color"}, True)]
)
def test_no_color_is_respected(environment: dict[str, str], coloured: bool) -> None:
    assert ("\x1b[3" in screen(done(), **environment)) is coloured


def test_a_bar_moves_only_on_a_real_terminal() -> None:
    def console(terminal: bool, term: str) -> Console:
        return Console(file=io.StringIO(), force_terminal=terminal, _environ={"TERM": term})

    assert animates(console(True, "xterm"))
    assert not animates(console(False, "xterm"))
    assert not animates(console(True, "dumb"))


def test_elsewhere_every_article_is_a_plain_line() -> None:
    stream = io.StringIO()
    with Lines(stream) as lines:
        lines.say("Starting \x1b …")
        lines.done(done(flags=2, seconds=3.14))
        lines.done(failed())
    assert stream.getvalue().splitlines() == [
        "Starting <U+001B> …",
        "done          grain: 0 meetings, 1,000 tokens, 3.1 s, 2 flags",
        "server_error  rice: The server kept failing.",
    ]


def test_silence_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Silence() as silence:
        silence.say("Starting …")
        silence.done(done())
    assert capsys.readouterr() == ("", "")
