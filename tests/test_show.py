"""Records for human eyes."""

import datetime as dt

import pytest

from pipeline.distil import distil
from pipeline.show import excerpt, show
from schemas.exchange import Tokens
from schemas.extraction import Extraction
from schemas.record import Edition, Made, Record
from schemas.summary import Summary
from tests import samples


def record(*meetings: dict[str, object], text: str = samples.TEXT) -> Record:
    article = samples.article(text)
    made = Made(
        readout="0",
        model="hand",
        provider="hand",
        way="hand",
        prompt="",
        schema_hash="",
        keys=(),
        tokens=Tokens(prompt=1000, completion=234),
        at=dt.datetime(2024, 3, 5, tzinfo=dt.UTC),
    )
    extraction = Extraction.model_validate({"meetings": meetings})
    return Record(article=article, summary=distil(extraction, article), made=made)


def test_every_item_has_its_evidence_under_it() -> None:
    lines = [line.strip() for line in show(record(samples.meeting()), width=110).splitlines()]
    for item, evidence in (
        ("who      Chanda Mwila, Foreign Minister, ZMB", "exact [2] “"),
        ("who      Ida Berg, special envoy for food security, NOR", "exact [2] “"),
        ("about    grain exports", "exact [2] “"),
        ("agreed   open a joint seed bank", "exact [3] “"),
    ):
        under = lines[lines.index(item) + 1]
        assert under.startswith(evidence)
        assert item.split("   ")[-1].strip().split(",")[0] in under


def test_the_head_says_which_article_when_and_what_made_it() -> None:
    head = show(record()).splitlines()[:2]
    assert head[0].startswith("grain")
    assert head[1] == "published 2024-03-05 (given) · hand · 1,234 tokens"


@pytest.mark.parametrize(
    ("edition", "said"),
    [
        (Edition(rank=2, replaces="a", replaced_by="b"), "update 2 · replaces a · replaced by b"),
        (Edition(copy_of="wire\x1b[2J"), "copy of wire<U+001B>[2J"),
        (Edition(rank=1), "update 1"),
        (Edition(), ""),
    ],
)
def test_links_with_other_articles_are_one_line_of_the_head(edition: Edition, said: str) -> None:
    text = show(record().model_copy(update={"edition": edition}))
    assert text.splitlines()[2] == said


def test_facts_are_one_line_each() -> None:
    text = show(record(samples.meeting()))
    assert "    focus, held, in person\n" in text
    assert "    when     2024-03-04, resolved from “Monday”\n" in text
    assert "    where    Lusaka, ZMB\n" in text
    assert "    parties  NOR, ZMB\n" in text


def test_no_meeting_is_said_in_words() -> None:
    assert show(Summary(meetings=())) == "No meeting is reported.\n"


def test_what_the_article_does_not_contain_is_said_and_listed_first() -> None:
    meeting = samples.meeting(
        agenda=[{"topic": "moon landings", "evidence": []}], city=None, country=None
    )
    text = show(record(meeting))
    assert "not found: the article does not contain it" in text
    listed = text.partition("Look first at\n")[2]
    assert "meeting 1, agenda 1: " in listed
    assert "moon landings" in listed


def test_foreign_text_is_plain_everywhere() -> None:
    evil = "\x1b[2J\u202e"
    sentence = f"Ida{evil} Berg met Chanda Mwila."
    meeting = samples.meeting(
        name=f"talks{evil}",
        venue=f"hall{evil}",
        parties=[f"Nor{evil}way"],
        date_text=f"Mon{evil}day",
        participants=[
            {"name": f"Ida{evil} Berg", "title": evil, "party": f"x{evil}", "evidence": [1]}
        ],
        agenda=[{"topic": f"grain{evil}", "evidence": [1]}],
        agreements=[{"text": f"seeds{evil}", "evidence": [99]}],
        evidence=[1],
    )
    text = show(record(meeting, text=sentence))
    assert not set("\x1b\u202e") & set(text)
    assert "<U+001B>" in text


@pytest.mark.parametrize(
    ("value", "cut"),
    [
        ("a", "aaaaaaaaaaaaaaaaaa…"),
        ("END", "…aaaaaaaaaaaaaaaEND"),
        ("MID", "…aaaaaaaMIDaaaaaaaa…"),
        ("absent", "aaaaaaaaaaaaaaaaaa…"),
    ],
)
def test_an_excerpt_is_cut_around_the_value(value: str, cut: str) -> None:
    quote = {"MID": "a" * 30 + "MID" + "a" * 30}.get(value, "a" * 40 + "END")
    assert excerpt(quote, value, 20) == cut


def test_a_short_quote_is_not_cut() -> None:
    assert excerpt("as it\n stands", "it", 40) == "as it stands"


def test_a_record_from_elsewhere_moves_no_cursor_by_its_date_or_model() -> None:
    true = record(samples.meeting())
    made = true.made.model_copy(update={"model": "m\x1b[2J"})
    met = true.summary.meetings[0].model_copy(update={"date": "2024\x1b[2J"})
    summary = true.summary.model_copy(update={"meetings": (met,)})
    assert "\x1b" not in show(true.model_copy(update={"made": made, "summary": summary}))
