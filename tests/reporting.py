"""A report page taken apart, and one over the sample's records."""

import datetime as dt
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any

import pytest

from pipeline import ledger
from pipeline.evaluate import flatten
from pipeline.ledger import Failed, Told
from pipeline.report import Findings, render, score, survey
from schemas.exchange import Outcome, Tokens
from schemas.record import Record
from tests.records import record, without_meetings
from tests.samples import meeting

FOLLOW_UP = meeting(
    name="seed talks", status="planned", prominence="background", date_text="April 2024"
)


class Page(HTMLParser):
    """A page taken apart: its tags, its text, where links lead and what may be led to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.raw = text
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note a tag."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        """Note words."""
        self.words.append(data)

    def values(self, name: str) -> list[str]:
        """What all attributes of this name say."""
        return [value or "" for found, value in self.attributes if found == name]

    @property
    def text(self) -> str:
        """All that is to be read, on one line."""
        return " ".join(" ".join(self.words).split())


def page(
    records: Iterable[Record], told: Told | None = None, reference: Iterable[Record] = ()
) -> Page:
    """The page over these records."""
    held = list(records)
    golden = {each.article.id: flatten(each) for each in reference}
    scores = score(golden, held) if golden else None
    findings = Findings(survey(held), told or Told(), scores)
    return Page(render(findings, lambda: held))


@pytest.fixture(scope="module")
def usual() -> Page:
    """Three articles with three meetings, one without, and a copy."""
    seed = record("seed", meeting(participants=[]), FOLLOW_UP)
    return page([record(), seed, without_meetings(), record("again", copy_of="grain")])


def failed(name: str, outcome: str, reason: str = "") -> Failed:
    """An article that came to no record."""
    spent = Tokens(prompt=9)
    at = dt.datetime(2026, 11, 20, 22, tzinfo=dt.UTC)
    return Failed(id=name, outcome=Outcome(outcome), reason=reason, attempts=3, tokens=spent, at=at)


def ran(**changes: Any) -> ledger.Run:
    """An entry of run.json."""
    asked = ledger.Asked(paths=("wire",), cache="cache")
    made = dict.fromkeys(("readout", "model", "provider", "way", "prompt", "schema_hash"), "x")
    started = dt.datetime(2026, 11, 20, 22, tzinfo=dt.UTC)
    return ledger.Run(**{"asked": asked, **made, "process": 1, "started": started, **changes})
