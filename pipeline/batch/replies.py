"""One line of a result file to the reply that a live call would have brought.

Reads OpenAI's output and error files, and what `vllm run-batch` writes, where an error stands
beside an empty response. Knows lines; knows no store.
"""

import datetime as dt
import json

from pydantic import BaseModel, ConfigDict, JsonValue

from pipeline.refusal import error_words
from pipeline.step import is_completion, judge
from schemas.exchange import Failure, Outcome, Reply, Request

_MOST_WORDS = 200  # characters of what a server says


class _Open(BaseModel):
    """Servers add fields of their own; only what we read has a type."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Response(_Open):
    status_code: int = 200
    body: JsonValue = None


class Line(_Open):
    """One line. Either `response` has a body, or `error` says why there is none."""

    custom_id: str
    response: _Response | None = None
    error: JsonValue = None


def reply(line: Line, request: Request, now: dt.datetime) -> Reply | str:
    """The reply to `request`, or in words why there is none, so that it has to be asked again.

    A reply is what the live path keeps: a completion, or that the server refused the request. It
    is dated by the server where that gives a date, else `now`.
    """
    response = line.response or _Response(status_code=0)
    body = response.body or _inline(line.error)
    found = Reply(
        key=request.key,
        status=response.status_code,
        body=body if isinstance(body, str) else json.dumps(body),
        at=_date(body) or now,
        seconds=0.0,  # nobody measured it
        written_by=str(request.body.get("model", "")),
    )
    kept = is_completion(found) if found.status == 200 else _refused(found, line)
    return found if kept else _why(found)


def _refused(found: Reply, line: Line) -> bool:
    """Whether the server itself refused the request, and would do so again."""
    if found.status not in (400, 413):
        return False
    # vLLM writes 400 beside a bare text for whatever went wrong in the runner, too.
    if isinstance(line.error, str):
        verdict = judge(found)
        return isinstance(verdict, Failure) and verdict.outcome is Outcome.TOO_LONG
    return True


def _inline(error: JsonValue) -> JsonValue:
    """An error that stands beside the response, in the form of an error's body; "" for none."""
    if error is None or (isinstance(error, dict) and "error" in error):
        return error or ""
    return {"error": {"message": error} if isinstance(error, str) else error}


def _why(found: Reply) -> str:
    """Why this is no reply, in the server's words where it has some."""
    if found.status == 200:
        return "what came with HTTP 200 is no chat completion"
    said = error_words(found.body)[:_MOST_WORDS]
    if found.status:
        return f"HTTP {found.status}: {said}" if said else f"HTTP {found.status}"
    # There was no call: the batch expired, or was cancelled.
    return said or "the line holds neither an answer nor an error"


def _date(body: JsonValue) -> dt.datetime | None:
    """When the server says that it wrote the completion."""
    created = body.get("created") if isinstance(body, dict) else None
    if not isinstance(created, int) or created <= 0:
        return None
    try:
        return dt.datetime.fromtimestamp(created, dt.UTC)
    except (OverflowError, OSError, ValueError):
        return None
