"""The heart: one article's plan and the replies so far in; what comes next out. No I/O.

A first answer is judged by pydantic alone. Only when an answer must be asked for again does
instructor run, over a client that knows nothing but the replies so far: the first request that it
misses is the re-ask. Live runs, replays and batch files all drive this one function.
"""

import contextlib
import functools
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from pipeline.compose import Part, Plan, read_answer
from pipeline.refusal import is_too_long, refused
from schemas.base import Open
from schemas.exchange import Failure, Outcome, Reply, Request, Tokens
from schemas.extraction import Extraction
from schemas.way import Way

DEEPEST = 2  # halvings: a model that loops is not paid for down to single sentences

Verdict = tuple[Request, ...] | Extraction | Failure


def step(plan: Plan, way: Way, replies: Mapping[str, Reply]) -> Verdict:
    """What follows from `replies`, the answers so far by the keys of their requests.

    Returns the requests to send next, or the extraction, or a failure with its outcome. An
    answer that was cut is asked for once more with more room; what is still too long is asked
    about in halves, and so on. One part's failure is the article's: a summary of half an article
    would look like a whole one.
    """
    if way.english_only and not plan.english:
        return _FOREIGN
    return _joined(_about(part, plan, way, replies) for part in plan.parts)


def _about(
    part: Part, plan: Plan, way: Way, replies: Mapping[str, Reply], depth: int = 0
) -> Verdict:
    verdict = _answered(plan.request(part), way, replies)
    cut = _is(verdict, Outcome.TRUNCATED)
    if cut and way.retry_tokens is not None:
        verdict = _answered(plan.request(part, roomy=True), way, replies)
        # Some servers refuse a limit beyond the model's own: then there is no more room.
        if _is(verdict, Outcome.BAD_REPLY):
            verdict = _CUT_SHORT["length"]
    if depth == DEEPEST or not _is(verdict, Outcome.TRUNCATED, Outcome.TOO_LONG):
        return verdict
    halves = plan.halves(part)
    if not halves:
        return verdict
    return _joined(_about(half, plan, way, replies, depth + 1) for half in halves)


def _is(verdict: Verdict, *outcomes: Outcome) -> bool:
    return isinstance(verdict, Failure) and verdict.outcome in outcomes


def _joined(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on an article from those on its parts."""
    requests: list[Request] = []
    extractions: list[Extraction] = []
    for verdict in verdicts:
        if isinstance(verdict, Failure):
            return verdict
        if isinstance(verdict, Extraction):
            extractions.append(verdict)
        else:
            requests += verdict
    if requests:
        return tuple(requests)
    if len(extractions) == 1:
        return extractions[0]
    # Not validated: an article may hold more meetings than one answer may.
    return Extraction.model_construct(meetings=tuple(m for e in extractions for m in e.meetings))


def _answered(first: Request, way: Way, replies: Mapping[str, Reply]) -> Verdict:
    """What follows from the answers to `first` and its re-asks."""
    request, given = first, list[Reply]()
    while (reply := replies.get(request.key)) is not None:
        given.append(reply)
        verdict = judge(reply, way)
        if not isinstance(verdict, _Invalid):
            return verdict
        if len(given) >= way.attempts:
            return Failure(
                outcome=Outcome.INVALID,
                reason=f"After {_times(len(given))} the answer still broke the schema: "
                f"{verdict.why}.",
            )
        # A reply is found by the key, which needs no body; only what is to be sent gets one.
        request = request.again(reply, {})
    if given:
        request = request.model_copy(update={"body": _reask(first, given)})
    return (request,)


def judge(reply: Reply, way: Way) -> "Extraction | Failure | _Invalid":
    """One reply by itself: an extraction, a failure, or an answer that is worth a re-ask."""
    if reply.status != 200:
        return refused(reply)
    completion = _completion(reply.body)
    if completion is None:
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
    return _extraction(_unfenced(choice.message.content or ""), way)


def is_final(reply: Reply) -> bool:
    """Whether a stored reply answers for good: a model's, or that the request is too long.

    A web page sent with 200, or a 400 for another reason, cost nothing and may be mended.
    """
    return is_completion(reply) or is_too_long(reply)


def is_completion(reply: Reply) -> bool:
    """Whether a model answered at all, whatever it said: no error page, no empty `choices`."""
    completion = _completion(reply.body) if reply.status == 200 else None
    return completion is not None and bool(completion.choices)


def tokens(replies: Iterable[Reply]) -> Tokens:
    """Tokens over all replies, as the servers counted them; failed attempts included."""
    total = Tokens()
    for reply in replies:
        completion = _completion(reply.body)
        if completion is not None and (usage := completion.usage) is not None:
            total += Tokens(
                prompt=usage.prompt_tokens or 0, completion=usage.completion_tokens or 0
            )
    return total


class _Message(Open):
    content: str | None = None
    refusal: str | None = None


class _Choice(Open):
    message: _Message
    finish_reason: str | None = None


class _Usage(Open):
    prompt_tokens: int | None = None  # some servers write null
    completion_tokens: int | None = None


class _Completion(Open):
    choices: tuple[_Choice, ...] = ()
    usage: _Usage | None = None


class _Invalid(Open):
    why: str


@functools.lru_cache(maxsize=64)  # one reply is looked at three times: stored? what? how long?
def _completion(body: str) -> _Completion | None:
    """The chat completion in a reply's body; None where it is none."""
    try:
        return _Completion.model_validate_json(body)
    except ValidationError:
        return None


_CUT_SHORT = {
    "length": Failure(
        outcome=Outcome.TRUNCATED, reason="The answer was cut off at its token limit."
    ),
    "content_filter": Failure(
        outcome=Outcome.FILTERED, reason="The provider's filter stopped the answer."
    ),
}


_FOREIGN = Failure(
    outcome=Outcome.UNREADABLE,
    reason="The article is not in English, and this model knows no other language; "
    "ask a larger one with --model.",
)


def _extraction(content: str, way: Way) -> Extraction | _Invalid:
    try:
        return read_answer(content, way)
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


def _reask(first: Request, replies: Sequence[Reply]) -> dict[str, Any]:
    """The body that instructor sends after these invalid replies to `first`."""
    # Imported late: they take a second, and an answer that is valid at once needs neither.
    import instructor
    import openai
    from openai.types.chat import ChatCompletion

    logging.getLogger("instructor").setLevel(logging.CRITICAL)  # the miss is planned
    left = [ChatCompletion.construct(**json.loads(reply.body)) for reply in replies]
    missed: list[Any] = []

    def create(*, messages: Any, **_: Any) -> ChatCompletion:
        if left:
            return left.pop(0)
        missed.append(messages)
        raise openai.OpenAIError("no reply is stored for this request")  # so it is not retried

    ask = instructor.patch(create=create, mode=instructor.Mode.JSON_SCHEMA)
    with contextlib.suppress(instructor.core.InstructorRetryException, openai.OpenAIError):
        ask(
            messages=first.body["messages"],
            response_model=Extraction,
            max_retries=len(replies) + 1,
        )
    if not missed:
        raise RuntimeError("instructor accepted an answer that pydantic refused")
    return {**first.body, "messages": missed[0]}
