"""What a run adds up to, in words."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.gate import Sent
from pipeline.progress import Tally, closing, line, listed
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


NONE = Sent()


def printed(tally: Tally, seconds: float = 1.0, sent: Sent = NONE) -> str:
    stream = io.StringIO()
    Console(file=stream, width=120).print(closing(tally, seconds, sent))
    return stream.getvalue()


def tallied(*results: Result) -> Tally:
    tally = Tally()
    for result in results:
        tally.add(result)
    return tally


def test_a_stored_reply_is_called_stored() -> None:
    assert line(done(stored=True)).endswith("1,000 tokens, stored")


def test_the_closing_table_adds_up() -> None:
    results = done(flags=2), done("b", stored=True), failed()
    shown = printed(tallied(*results), 75, Sent(6))
    for part in (
        "2 done, 1 server_error",
        "6 sent; 1 stored",
        "1,800 in, 200 out, stored replies included",
        "1 min 15 s, 25.0 s/article",
        "2 flags in 1 article: 2 not found",
        "rice: The server kept failing.",
    ):
        assert part in shown


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (Sent(443), "443 sent; 0 stored"),
        (Sent(443, 43), "443 sent, of which 43 turned away (HTTP 429); 0 stored"),
        (Sent(8, lost=7), "8 sent, of which 7 lost (HTTP 5xx or no answer); 0 stored"),
        (Sent(1200, 2, 3), "2 turned away (HTTP 429) and 3 lost (HTTP 5xx or no answer)"),
    ],
)
def test_the_closing_table_says_how_many_requests_came_to_nothing(sent: Sent, words: str) -> None:
    assert words in printed(tallied(done()), sent=sent)


def test_the_rate_is_that_of_all_articles_together_however_many_were_in_flight() -> None:
    """Not how long each took, which is longer: 400 in 30 s, while each waited for the others."""
    many = tallied(*(done(f"a{number}", seconds=3.55) for number in range(400)))
    assert "30.1 s, 13.3 articles/s" in printed(many, 30.1)


def test_what_was_done_before_counts_in_no_rate() -> None:
    before = [Result(id=f"a{number}", archived=True) for number in range(99)]
    assert "10.0 s, 10.0 s/article" in printed(tallied(*before, done()), 10.0)
    assert "s/article" not in printed(tallied(*before), 10.0)


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
    flood = tallied(*(failed(name=f"rice-{number}") for number in range(60)))
    shown = printed(flood)
    assert "60 server_error" in shown
    assert shown.count("kept failing") == 50
    assert "10 more failures" in shown
    *lines, rest = listed(flood, Path("out/failures.jsonl"))
    assert len(lines) == 50
    assert rest == "10 more failures; out/failures.jsonl has them all"


def test_markup_and_control_characters_of_others_stay_text() -> None:
    shown = printed(tallied(failed("[bold]\x1b[31m[/bold] :smile:")))
    assert "[bold]<U+001B>[31m[/bold] :smile:" in shown


def test_a_run_of_nothing_adds_up_too() -> None:
    assert "none" in printed(Tally())
