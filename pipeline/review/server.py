"""The review desk over HTTP: one page, its files, and JSON.

Handlers are coroutines without a pause in them, so requests are answered one by one, as one
reviewer makes them. Knows how to ask the desk; decides nothing.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, select_autoescape
from pydantic import Field

from pipeline.intake import version
from pipeline.review import check, decide, faults, forms, queue, undo, views
from pipeline.review.desk import Desk
from pipeline.review.guard import Gate, Guard
from pipeline.review.refused import RefusedError
from pipeline.review.wishes import Drawn, Request, Step
from schemas.base import Value
from schemas.decision import Decision, Kind
from schemas.exchange import Outcome
from schemas.extraction import Format, Prominence, Status
from schemas.summary import State

_HERE = Path(__file__).parent
_CHOICES = {"prominence": Prominence, "status": Status, "format": Format}
_Since = Annotated[int, Query(ge=0)]


class Asked(Value):
    """The queue's address after the question mark."""

    show: queue.Show = queue.Show.OPEN
    flag: tuple[str, ...] = ()
    state: tuple[State, ...] = ()
    outcome: tuple[Outcome, ...] = ()
    disagree: bool = False
    q: str = ""


class Checked(Value):
    """A value and its evidence that a reviewer has not saved yet."""

    article: str
    kind: Kind
    value: dict[str, Any]
    evidence: Annotated[tuple[Drawn, ...], Field(min_length=1, max_length=50)]


class Failed(Value):
    """An article that failed, to be filled in by hand."""

    article: str


class Again(Value):
    """To undo or redo."""

    request: Request


def application(desk: Desk, gate: Gate) -> Guard:
    """The whole of it, behind its guard."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.mount("/static", StaticFiles(directory=_HERE / "static", check_dir=False))
    page = _page(desk)

    @app.get("/", response_class=HTMLResponse)
    async def _() -> str:
        return page

    faults.handled(app, desk)
    _reads(app, desk)
    _writes(app, desk)
    return Guard(app, gate)


def _reads(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/session")
    async def _() -> dict[str, Any]:
        return {
            "reviewer": desk.reviewer,
            "folder": desk.shelf.source.name,
            "other": desk.other.source.name if desk.other else None,
            "version": version(),
            "seq": desk.shelf.seq(),
            "choices": {name: [each.value for each in kind] for name, kind in _CHOICES.items()},
        }

    @app.get("/api/queue")
    async def _(asked: Annotated[Asked, Query()]) -> dict[str, Any]:
        filters = queue.Filters(
            show=asked.show,
            flags=frozenset(asked.flag),
            states=frozenset(asked.state),
            outcomes=frozenset(asked.outcome),
            disagree=asked.disagree,
            words=asked.q,
        )
        entries = desk.entries()
        chosen = queue.choose(entries, filters)
        return {
            "seq": desk.shelf.seq(),
            "shown": len(chosen),
            "progress": queue.progress(entries).model_dump(),
            "facets": queue.facets(entries),
            "articles": [views.entry(each) for each in chosen],
        }

    @app.get("/api/article")
    async def _(id: str) -> dict[str, Any]:  # noqa: A002 - as the address has it
        return views.shown(desk, id)

    @app.get("/api/history")
    async def _(article: str | None = None) -> dict[str, Any]:
        return {"decisions": views.history(desk.shelf.log.read(), article)}

    @app.get("/api/changes")
    async def _(since: _Since) -> dict[str, Any]:
        new = desk.shelf.log.read()[since:]
        ids = dict.fromkeys(decision.item.article for decision in new)
        return {"seq": since + len(new), "articles": list(ids)}


def _writes(app: FastAPI, desk: Desk) -> None:
    @app.post("/api/decisions")
    async def _(step: Step) -> dict[str, Any]:
        saved = decide.decide(desk, step)
        return {"saved": saved, **_after(desk, step.article)}

    @app.post("/api/by-hand")
    async def _(asked: Failed) -> dict[str, Any]:
        desk.take_up(asked.article)
        return _after(desk, asked.article)

    @app.post("/api/check")
    async def _(asked: Checked) -> dict[str, Any]:
        read = desk.article(asked.article).record.article
        value = forms.checked(asked.kind, asked.value)
        spans = check.spans(read, (check.Mark(each.start, each.end) for each in asked.evidence))
        check.require(read, asked.kind, value, spans)
        return {
            "evidence_state": check.state(read, asked.kind, value, spans),
            "marks": [mark._asdict() for mark in check.marks(read, asked.kind, value, spans)],
            "evidence": views.spans(read, spans),
            "text": forms.text(asked.kind, value),
        }

    @app.post("/api/undo")
    async def _(asked: Again) -> dict[str, Any]:
        return _taken_back(desk, "undone", undo.undo(desk, asked.request))

    @app.post("/api/redo")
    async def _(asked: Again) -> dict[str, Any]:
        return _taken_back(desk, "redone", undo.redo(desk, asked.request))


def _page(desk: Desk) -> str:
    """The page without any article in it: those come as JSON."""
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=select_autoescape(default=True)
    )
    return environment.get_template("review.html").render(
        reviewer=desk.reviewer,
        folder=desk.shelf.source.name,
        other=desk.other.source.name if desk.other else None,
        version=version(),
    )


def _after(desk: Desk, article: str) -> dict[str, Any]:
    return {"article": views.shown(desk, article), "progress": _progress(desk)}


def _progress(desk: Desk) -> dict[str, Any]:
    return queue.progress(desk.entries()).model_dump()


def _taken_back(desk: Desk, what: str, decisions: Sequence[Decision]) -> dict[str, Any]:
    first = decisions[0]
    told = {
        "article": first.item.article,
        "rows": [decision.item.id for decision in decisions],
        "action": first.action,
    }
    try:
        return {what: told, **_after(desk, first.item.article)}
    except RefusedError:  # its record is gone; taken back it is all the same
        return {what: told, "article": None, "progress": _progress(desk)}
