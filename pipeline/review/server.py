"""The review desk over HTTP: one page, its files, and JSON.

Handlers are coroutines without a pause in them, so requests are answered one by one, as one
reviewer makes them. Knows how to ask the desk; decides nothing.
"""

from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query
from fastapi import Request as HttpRequest
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, select_autoescape
from pydantic import Field
from starlette.exceptions import HTTPException

from pipeline.errors import ReadoutError
from pipeline.review import check, decide, forms, guard, queue, undo, views
from pipeline.review.conflicts import Conflict
from pipeline.review.desk import Desk
from pipeline.review.guard import Gate, Guard
from pipeline.review.log import UnsavedError
from pipeline.review.refused import RefusedError
from pipeline.review.wishes import Drawn, Request, Step
from schemas.article import Article
from schemas.base import Value
from schemas.decision import Decision, Kind
from schemas.exchange import Outcome
from schemas.extraction import Format, Prominence, Status
from schemas.summary import State

_HERE = Path(__file__).parent
_STATUS = {
    "unknown_article": 404,
    "unknown_row": 404,
    "unknown_meeting": 404,
    "conflict": 409,
    "changed": 409,
    "nothing_to_undo": 409,
    "nothing_to_redo": 409,
}  # all others: 422
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

    _errors(app, desk)
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
            "version": metadata.version("readout"),
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
        return _article(desk, id)

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
        version=metadata.version("readout"),
    )


def _article(desk: Desk, article: str) -> dict[str, Any]:
    try:
        return views.article(desk, desk.article(article))
    except RefusedError:
        for entry in desk.entries():
            if entry.id == article and entry.outcome is not Outcome.DONE:
                return views.failed(entry, desk.shelf.seq())
        raise


def _after(desk: Desk, article: str) -> dict[str, Any]:
    return {"article": _article(desk, article), "progress": _progress(desk)}


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


def _errors(app: FastAPI, desk: Desk) -> None:
    """Every error in our form, as a sentence."""

    @app.exception_handler(RefusedError)
    async def _(_request: HttpRequest, refused: RefusedError) -> JSONResponse:
        facts = dict(refused.facts)
        if refused.code not in ("conflict", "changed"):
            return guard.error(_STATUS.get(refused.code, 422), refused.code, str(refused), **facts)
        article = facts.pop("article")
        now = _article(desk, article)
        if conflicts := facts.pop("conflicts", None):
            read = desk.article(article).record.article
            facts["rows"] = [_conflict(read, each) for each in conflicts]
        told = {"code": refused.code, "message": str(refused), **facts}
        return JSONResponse({"error": told, "article": now}, _STATUS[refused.code])

    @app.exception_handler(RequestValidationError)
    async def _(_request: HttpRequest, error: RequestValidationError) -> JSONResponse:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        message = f"The request does not fit at {where}: {fault['msg']}."
        return guard.error(422, "invalid_request", message)

    @app.exception_handler(HTTPException)
    async def _(_request: HttpRequest, error: HTTPException) -> JSONResponse:
        return guard.error(error.status_code, "not_here", f"{error.detail}; go back to the queue.")

    @app.exception_handler(UnsavedError)
    async def _(_request: HttpRequest, error: UnsavedError) -> JSONResponse:
        return guard.error(507, "unsaved", str(error))

    @app.exception_handler(ReadoutError)
    async def _(_request: HttpRequest, error: ReadoutError) -> JSONResponse:
        return guard.error(500, "unreadable", str(error))


def _conflict(read: Article, found: Conflict) -> dict[str, Any]:
    """Both sides. What was accepted unseen is what the row said when it was looked at."""
    wish, seen = found.wish, views.content(read, found.seen.content if found.seen else None) or {}
    drawn = [each.model_dump() for each in wish.evidence] if wish.evidence else None
    return {
        "row": wish.row or found.theirs.item.id,
        "yours": {
            "action": wish.action,
            "value": wish.value or seen.get("value"),
            "evidence": drawn or seen.get("evidence", []),
        },
        "theirs": views.decided(read, found.theirs),
    }
