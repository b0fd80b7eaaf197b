"""A folder under review for tests: its records, a desk over it, and one press of a key."""

import datetime as dt
import itertools
from pathlib import Path
from typing import Any

from pipeline import archive, ledger
from pipeline.review.decide import decide
from pipeline.review.desk import Desk, version
from pipeline.review.shelf import Source
from pipeline.review.state import Stand, Standing
from pipeline.review.wishes import Step
from schemas.decision import Kind
from schemas.exchange import Outcome, Tokens
from tests.samples import MEETING, TEXT

_MAKER = ("readout", "model", "provider", "way", "prompt", "schema_hash")
_requests = itertools.count(1)
_HEAD = {name: MEETING[name] for name in ("name", "prominence", "status", "format")}
_LISTED: list[tuple[str, dict[str, Any], str]] = [
    ("date", {"date_text": "Monday", "date": "2024-03-04"}, "on Monday"),
    ("place", {"venue": None, "city": "Lusaka", "country": "Zambia"}, "in Lusaka on"),
    ("parties", {"parties": ["Zambia", "Norway"]}, "Zambian Foreign Minister"),
    ("participant", {"name": "Ida Berg", "title": "special envoy", "party": "Norway"}, "Ida Berg"),
    ("agenda", {"topic": "grain exports"}, "grain exports"),
    ("agreement", {"text": "open a joint seed bank"}, "open a joint seed bank"),
]


def request() -> str:
    """A request id as a page makes one."""
    return f"request-{next(_requests):06}"


def desk(folder: Path, reviewer: str = "anna", other: Source | None = None) -> Desk:
    """A desk whose clock stands still."""
    at = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
    return Desk(folder, reviewer, other=other, clock=lambda: at)


def rows(at: Desk, kind: Kind, article: str = "grain") -> list[Stand]:
    """The rows of one kind as they stand."""
    return [row for row in at.article(article).review.rows if row.item.kind is kind]


def row(at: Desk, kind: Kind, article: str = "grain") -> Stand:
    """The only row, or the first, of one kind."""
    return rows(at, kind, article)[0]


def standings(at: Desk, article: str = "grain") -> dict[str, Standing]:
    """How the rows stand; of a kind of which there are several, the last."""
    return {row.item.kind.value: row.standing for row in at.article(article).review.rows}


def wish(at: Desk, kind: Kind, action: str, **more: Any) -> dict[str, Any]:
    """To do something about the first row of one kind."""
    return {"action": action, "row": row(at, kind).item.id, **more}


def step(at: Desk, *wishes: dict[str, Any], article: str = "grain", **changes: Any) -> Step:
    """A step as a page that was just loaded sends it."""
    opened = at.article(article)
    told = {
        "request": request(),
        "article": article,
        "seen": opened.seq,
        "version": version(opened.record),
        "decisions": wishes,
    }
    return Step.model_validate({**told, **changes})


def press(at: Desk, *wishes: dict[str, Any], **changes: Any) -> tuple[str, ...]:
    """Decide."""
    return decide(at, step(at, *wishes, **changes))


def accept_all(at: Desk, article: str = "grain", **changes: Any) -> None:
    """Accept whatever is open, with one press."""
    found = at.article(article).review.rows
    wishes = [
        {"action": "accept", "row": each.item.id}
        for each in found
        if each.standing is Standing.OPEN
    ]
    press(at, *wishes, article=article, **changes)


def span(at: Desk, words: str, article: str = "grain") -> dict[str, int]:
    """Where these words stand first, as a page sends what was drawn over them."""
    start = at.article(article).record.article.text.index(words)
    return {"start": start, "end": start + len(words)}


def fill_in(at: Desk, article: str = "grain") -> None:
    """Write the summary of an article that failed by hand, and leave its own row open."""
    at.take_up(article)
    evidence = [span(at, "Chanda Mwila met Ida Berg", article)]
    head = {"action": "add", "kind": "meeting", "value": _HEAD, "evidence": evidence}
    press(at, head, article=article)
    [meeting] = at.article(article).review.meetings
    for kind, value, words in _LISTED:
        about = {"kind": kind, "meeting": meeting.id, "value": value}
        spans = [span(at, words, article)]
        press(at, {"action": "add", **about, "evidence": spans}, article=article)


def ran(out: Path, given: Path) -> None:
    """Note in the folder that a run was given this to read."""
    facts: dict[str, Any] = dict.fromkeys(_MAKER, "x")
    started = dt.datetime.now(dt.UTC)
    asked = ledger.Asked(paths=(str(given),), cache="cache")
    ledger.write(out, ledger.Run(asked=asked, **facts, process=1, started=started))


def failing(out: Path, article: str, *, read_from: Path | None = None) -> Path:
    """Have an article refused in the folder; its text lies in `wire/` beside it."""
    wire = out.parent / "wire"
    wire.mkdir(exist_ok=True)
    (wire / f"{article}.txt").write_text(TEXT)
    ran(out, read_from or wire)
    failed = ledger.Failed(
        id=article,
        outcome=Outcome.REFUSED,
        status=200,
        attempts=1,
        tokens=Tokens(prompt=9),
        reason="It declined.",
        at=dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC),
    )
    with (out / archive.FAILURES).open("a") as file:
        file.write(failed.model_dump_json() + "\n")
    return out
