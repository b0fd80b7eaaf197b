"""What the review server answers when something is refused or goes wrong: a code, and a sentence.

Knows which status each code has; knows nothing of what was asked.
"""

from typing import Any

from fastapi import FastAPI
from fastapi import Request as HttpRequest
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from pipeline.errors import ReadoutError
from pipeline.review import guard, views
from pipeline.review.conflicts import Conflict
from pipeline.review.desk import Desk
from pipeline.review.log import UnsavedError
from pipeline.review.refused import RefusedError
from schemas.article import Article

_STATUS = {
    "unknown_article": 404,
    "unknown_row": 404,
    "unknown_meeting": 404,
    "conflict": 409,
    "changed": 409,
    "nothing_to_undo": 409,
    "nothing_to_redo": 409,
}  # all others: 422


def handled(app: FastAPI, desk: Desk) -> None:
    """Have `app` answer every error in our form."""

    @app.exception_handler(RefusedError)
    async def _(_request: HttpRequest, refused: RefusedError) -> JSONResponse:
        facts = dict(refused.facts)
        if refused.code not in ("conflict", "changed"):
            return guard.error(_STATUS.get(refused.code, 422), refused.code, str(refused), **facts)
        article = facts.pop("article")
        now = views.shown(desk, article)
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
