"""The heart: one article's request and the replies so far in; what comes next out. No I/O.

A first answer is judged by pydantic alone. Only when an answer must be asked for again does the
real client stack (instructor over openai) run, over a transport that knows nothing but the
replies so far: the first request that it misses is the re-ask. Live runs, replays and batch
files all drive this one function.
"""

import functools
import json
from collections.abc import Sequence
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.exchange import Failure, Outcome, Reply, Request, Tokens
from schemas.extraction import Extraction
from schemas.way import Way


def step(first: Request, way: Way, replies: Sequence[Reply]) -> Request | Extraction | Failure:
    """What follows from `replies`, the answers so far to `first` and its re-asks, in order.

    Returns the next request to send, or the extraction, or a failure with its outcome.
    """
    request = first
    for ordinal, reply in enumerate(replies, start=1):
        verdict = judge(reply)
        if not isinstance(verdict, _Invalid):
            return verdict
        if ordinal >= way.attempts:
            return Failure(
                outcome=Outcome.INVALID,
                reason=f"After {_times(ordinal)} the answer still broke the schema: {verdict.why}.",
            )
        request = request.again(reply, _reask(first, replies[:ordinal], way))
    return request


def judge(reply: Reply) -> "Extraction | Failure | _Invalid":
    """One reply by itself: an extraction, a failure, or an answer that is worth a re-ask."""
    if reply.status != 200:
        return _refused_by_server(reply)
    try:
        completion = _Completion.model_validate_json(reply.body)
    except ValidationError:
        return Failure(
            outcome=Outcome.BAD_REPLY,
            reason="The server answered 200 with something that is not a chat completion; "
            "check that the base URL ends in the API's path, such as /v1.",
        )
    if not completion.choices:
        return Failure(outcome=Outcome.BAD_REPLY, reason="The server sent no choices.")
    choice = completion.choices[0]
    if choice.finish_reason in _CUT_SHORT:
        return _CUT_SHORT[choice.finish_reason]
    if choice.message.refusal:
        return Failure(outcome=Outcome.REFUSED, reason="The model refused to read the article.")
    return _extraction(_unfenced(choice.message.content or ""))


def tokens(replies: Sequence[Reply]) -> Tokens:
    """Tokens over all replies, as the servers counted them; failed attempts included."""
    total = Tokens()
    for reply in replies:
        try:
            usage = _Completion.model_validate_json(reply.body).usage
        except ValidationError:
            continue
        if usage is not None:
            total += Tokens(prompt=usage.prompt_tokens, completion=usage.completion_tokens)
    return total


class _Open(BaseModel):
    """Servers add fields of their own; only what we read has a type."""

    model_config = ConfigDict(extra="ignore")


class _Message(_Open):
    content: str | None = None
    refusal: str | None = None


class _Choice(_Open):
    message: _Message
    finish_reason: str | None = None


class _Usage(_Open):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Completion(_Open):
    choices: list[_Choice] = []
    usage: _Usage | None = None


class _Invalid(_Open):
    why: str


_CUT_SHORT = {
    "length": Failure(
        outcome=Outcome.TRUNCATED, reason="The answer was cut off at its token limit."
    ),
    "content_filter": Failure(
        outcome=Outcome.FILTERED, reason="The provider's filter stopped the answer."
    ),
}


def _extraction(content: str) -> Extraction | _Invalid:
    try:
        return Extraction.model_validate_json(content)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in problem["loc"]) or "the answer"
        return _Invalid(why=f"{where}: {problem['msg']}")


def _times(count: int) -> str:
    return "one attempt" if count == 1 else f"{count} attempts"


def _unfenced(content: str) -> str:
    """The JSON inside a Markdown fence, which chat models add unasked; else the text itself."""
    text = content.strip()
    if text.startswith("```") and text.endswith("```"):
        text = text.partition("\n")[2].removesuffix("```")
    return text


def _refused_by_server(reply: Reply) -> Failure:
    """An HTTP status other than 200, told apart as far as its remedy differs."""
    said = _message_of(reply.body)
    outcome, reason = _STATUSES.get(
        min(reply.status, 500), (Outcome.BAD_REPLY, "The server refused the request")
    )
    if reply.status in (400, 413) and any(w in said.casefold() for w in ("context", "too long")):
        outcome, reason = Outcome.TOO_LONG, "The article is longer than the model's context"
    return Failure(outcome=outcome, reason=f"{reason} (HTTP {reply.status}{said}).")


_STATUSES = {
    401: (Outcome.UNAUTHORISED, "The key was rejected; check OPENAI_API_KEY"),
    403: (Outcome.UNAUTHORISED, "The key may not do this; check OPENAI_API_KEY and its project"),
    404: (Outcome.BAD_REPLY, "The server knows no such model or address; check --model"),
    429: (Outcome.RATE_LIMITED, "The provider keeps limiting the rate; run again later"),
    500: (Outcome.SERVER_ERROR, "The server kept failing; run again later"),  # and all above
}


def _message_of(body: str) -> str:
    """The server's own words for an error, short and on one line, or nothing."""
    try:
        error = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        return ""
    words = error.get("message", "") if isinstance(error, dict) else error
    return ": " + " ".join(str(words).split())[:200] if words else ""


class _Answered(Protocol):
    """A transport that gives the replies in order and keeps the body it could not answer."""

    missed: dict[str, Any] | None


def _reask(first: Request, replies: Sequence[Reply], way: Way) -> dict[str, Any]:
    """The body that the client stack sends after these invalid replies."""
    transport, create = _stack(replies)
    arguments = dict(first.body)
    extra = {"response_format": arguments.pop("response_format"), **way.extra}
    for name in way.extra:
        arguments.pop(name)
    try:
        create(
            **arguments, extra_body=extra, response_model=Extraction, max_retries=len(replies) + 1
        )
    except Exception:
        # The stack ends in the miss that we planned, wrapped in its own errors.
        if transport.missed is None:
            raise
    if transport.missed is None:
        raise RuntimeError("the client stack accepted an answer that pydantic refused")
    return transport.missed


def _stack(replies: Sequence[Reply]) -> tuple[_Answered, Any]:
    """The real client stack, instructor over openai, over a transport of stored replies."""
    import httpx2
    import instructor
    import openai

    class Replies(httpx2.BaseTransport):
        """Answers from memory; a miss is an OpenAIError, which the SDK does not retry."""

        def __init__(self) -> None:
            self.left = list(replies)
            self.missed: dict[str, Any] | None = None

        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            if not self.left:
                self.missed = json.loads(request.content)
                raise openai.OpenAIError("no reply is stored for this request")
            return httpx2.Response(200, text=self.left.pop(0).body, headers=_JSON)

    transport = Replies()
    client = instructor.from_openai(
        openai.OpenAI(
            api_key="unused",
            base_url="http://replies.invalid/v1",
            max_retries=0,
            http_client=httpx2.Client(transport=transport),
        ),
        mode=instructor.Mode.JSON_SCHEMA,
    )
    return transport, functools.partial(client.chat.completions.create)


_JSON = {"content-type": "application/json"}
