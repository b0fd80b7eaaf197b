"""One line of a result file to the reply that a live call would have brought.

Reads OpenAI's output and error files, and what `vllm run-batch` writes, where an error stands
beside an empty response. Knows lines; knows no store.
"""

import datetime as dt
import json

from pydantic import JsonValue

from pipeline.refusal import error_words
from pipeline.step import is_final
from schemas.base import Open
from schemas.exchange import Reply, Request

_MOST_WORDS = 200  # characters of what a server says


class _Response(Open):
    status_code: int = 200
    body: JsonValue = None


class Line(Open):
    """One line. Either `response` has a body, or `error` says why there is none."""

    custom_id: str
    response: _Response | None = None
    error: JsonValue = None


def reply(line: Line, request: Request, now: dt.datetime) -> Reply:
    """What the line says, as a reply to `request`; its status is 0 where no call was made.

    It is dated by the server where that gives a date, else `now`.
    """
    response = line.response or _Response(status_code=0)
    body = response.body or _inline(line.error)
    return Reply(
        key=request.key,
        status=response.status_code,
        body=body if isinstance(body, str) else json.dumps(body),
        at=_date(body) or now,
        seconds=0.0,  # nobody measured it
        written_by=str(request.body.get("model", "")),
    )


def is_kept(reply: Reply, line: Line) -> bool:
    """Whether it is a reply as a live call brings it: an answer, or that the server refused."""
    # vLLM writes 400 beside a bare text for whatever went wrong in the runner, too.
    refused = reply.status in (400, 413) and not isinstance(line.error, str)
    return refused or is_final(reply)


def why(reply: Reply) -> str:
    """Why the request has to be asked again, in the server's words where it has some."""
    if reply.status == 200:
        return "what came with HTTP 200 is no chat completion"
    said = error_words(reply.body)[:_MOST_WORDS]
    if reply.status:
        return f"HTTP {reply.status}: {said}" if said else f"HTTP {reply.status}"
    # There was no call: the batch expired, or was cancelled.
    return said or "the line holds neither an answer nor an error"


def _inline(error: JsonValue) -> JsonValue:
    """An error that stands beside the response, in the form of an error's body; "" for none."""
    if error is None or (isinstance(error, dict) and "error" in error):
        return error or ""
    return {"error": {"message": error} if isinstance(error, str) else error}


def _date(body: JsonValue) -> dt.datetime | None:
    """When the server says that it wrote the completion."""
    created = body.get("created") if isinstance(body, dict) else None
    if not isinstance(created, int) or created <= 0:
        return None
    try:
        return dt.datetime.fromtimestamp(created, dt.UTC)
    except (OverflowError, OSError, ValueError):
        return None
