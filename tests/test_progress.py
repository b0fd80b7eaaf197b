"""How a run shows itself."""

import io

import pytest
from rich.console import Console

from pipeline.progress import Bar, Lines, Silence, Tally, animates, closing, line
from pipeline.run import Result
from schemas.exchange import Failure, Outcome, Tokens
from schemas.record import Edition
from schemas.summary import Flag, Summary
from tests.test_show import record


def done(
    name: str = "grain", flags: int = 0, *, seconds: float = 0, stored: bool = False
) -> Result:
    flag = Flag(where="meetings[0]", problem="not_found", note="It is not there.")
    made = record().model_copy(update={"summary": Summary(meetings=(), flags=(flag,) * flags)})
    return Result(
        id=name,
        record=made,
        tokens=Tokens(prompt=900, completion=100),
        asked=not stored,
        stored=stored,
        seconds=seconds,
    )


def failed(reason: str = "The server kept failing.", name: str = "rice") -> Result:
    return Result(id=name, failure=Failure(outcome=Outcome.SERVER_ERROR, reason=reason))


def printed(tally: Tally, seconds: float = 1.0) -> str:
    stream = io.StringIO()
    Console(file=stream, width=100).print(closing(tally, seconds))
    return stream.getvalue()


def tallied(*results: Result) -> Tally:
    tally = Tally()
    for result in results:
        tally.add(result)
    return tally


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


def test_a_stored_reply_is_called_stored() -> None:
    assert line(done(stored=True)).endswith("1,000 tokens, stored")


def test_the_closing_table_adds_up() -> None:
    results = done(flags=2, seconds=2), done("b", stored=True, seconds=1), failed()
    shown = printed(tallied(*results), 75)
    for part in (
        "2 done, 1 server_error",
        "1 asked, 1 stored",
        "1,800 in, 200 out, stored replies included",
        "1 min 15 s, 1.00 s per article",
        "2 flags in 1 article: 2 not found",
        "rice: The server kept failing.",
    ):
        assert part in shown


def test_linked_editions_and_copies_are_counted_where_there_are_any() -> None:
    def linked(**links: str) -> Result:
        found = done()
        assert found.record is not None
        record = found.record.model_copy(update={"edition": Edition.model_validate(links)})
        return found.model_copy(update={"record": record})

    both = tallied(linked(replaces="a"), linked(replaced_by="b"), linked(copy_of="a"), done())
    assert "2 updates linked, 1 copy" in printed(both)
    assert "editions" not in printed(tallied(done()))


def test_a_flood_of_failures_is_cut_but_counted() -> None:
    shown = printed(tallied(*(failed(name=f"rice-{number}") for number in range(60))))
    assert "60 server_error" in shown
    assert shown.count("kept failing") == 50
    assert "10 more failures" in shown


def test_markup_and_control_characters_of_others_stay_text() -> None:
    shown = printed(tallied(failed("[bold]\x1b[31m[/bold] :smile:")))
    assert "[bold]<U+001B>[31m[/bold] :smile:" in shown


def test_a_run_of_nothing_adds_up_too() -> None:
    assert "none" in printed(Tally())
