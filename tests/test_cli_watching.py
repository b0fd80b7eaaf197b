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
