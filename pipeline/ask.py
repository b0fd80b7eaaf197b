"""Sends one request and brings back the reply as it came. tenacity alone waits and retries.

| what came                          | sends at most | wait between                     |
| ---------------------------------- | ------------- | -------------------------------- |
| 429, 408, 409, 5xx                 | 5             | Retry-After, else 0.5 s doubling |
| no connection, or one that broke   | 5             | 0.5 s doubling                   |
| no whole answer within the timeout | 2             | 0.5 s                            |
| anything else                      | 1             | –                                |

Knows HTTP and patience; knows neither stores nor what an answer means. The key is used here and
nowhere else: it is cut out of everything that this module hands on.
"""

import asyncio
import datetime as dt
import json
import random
import time
from collections.abc import Mapping

import httpx2
import tenacity
from pydantic_core import to_json

from pipeline import patience
from pipeline.connections import Connections, proxied
from pipeline.gate import Gate
from pipeline.pace import Heard
from pipeline.plain import without_key
from pipeline.settings import Headers
from pipeline.ways import on_this_machine, origin
from schemas.exchange import Failure, Outcome, Reply, Request, Tokens

ATTEMPTS = 5  # sends of one request while the server is busy or away
# A request that timed out may have been answered, and paid for, behind our back.
ATTEMPTS_AFTER_TIMEOUT = 2
TIMEOUT = 600.0  # seconds for a whole answer, as in the SDK; reasoning takes a while
CONNECT = 10.0  # seconds until somebody at the address takes the call, at most
_RETRIED = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

_FIRST_WAIT, _LONGEST_WAIT, _JITTER = 0.5, 30.0, 0.5  # seconds

Answer = Reply | Failure


class _Silence(Failure):
    """No reply came. `slow`: the server took the request and did not finish in time."""

    slow: bool = False
    refused: bool = False  # nobody took the request, so nobody is paid for it


class Client:
    """One endpoint; `contextlib.aclosing` closes it.

    `gate` says when a request may be sent, and hears what became of it. `remedy` is what a person
    can do when nobody answers. `account`: headers that say who pays. `transport` is an argument so
    that tests need no net.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None,
        *,
        timeout: float = TIMEOUT,
        remedy: str = "check OPENAI_BASE_URL",
        transport: httpx2.AsyncBaseTransport | None = None,
        gate: Gate | None = None,
        account: Headers = (),
    ) -> None:
        self._api_key, self._gate = api_key, gate or Gate()
        self._base_url, self._remedy, self._timeout = base_url, remedy, timeout
        base = httpx2.URL(base_url)
        # Parsed once: a request that brings its address as text has it parsed three times.
        self._url = base.copy_with(raw_path=base.raw_path.rstrip(b"/") + b"/chat/completions")
        private = on_this_machine(base_url)  # no proxy for what never leaves it
        if transport is None and (private or not proxied()):
            transport = Connections()
        # No SDK: it would add a millisecond to every request, and a second to the start.
        self._client = httpx2.AsyncClient(
            headers=[
                ("authorization", f"Bearer {api_key or 'none'}"),  # local servers take any key
                ("accept", "application/json"),
                ("content-type", "application/json"),
                ("user-agent", "readout"),
                *account,
            ],
            transport=transport,
            timeout=httpx2.Timeout(timeout, connect=min(timeout, CONNECT)),
            limits=httpx2.Limits(),  # none: the gate has them
            trust_env=not private,
        )

    async def ask(self, request: Request) -> Answer:
        """The reply, whatever its status; a Failure only where no reply came at all.

        Either says how often the request was sent. Raises StoppedError where the gate is closed:
        then no answer came, and nothing is known about the request.
        """
        policy = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_result(_worth_another_try),
            stop=_enough,
            wait=_Waits(),
            retry_error_callback=_last,
            sleep=self._gate.rest,  # in which others may be asked
        )
        answer: Answer = await policy(self._send, request)
        sends = policy.statistics["attempt_number"]
        if isinstance(answer, Failure):
            return Failure(outcome=answer.outcome, reason=answer.reason, sends=sends)
        return answer.model_copy(update={"sends": sends})

    async def _send(self, request: Request) -> Answer:
        """Send it once, when the gate lets it out."""
        ticket = await self._gate.enter(request)
        heard, tokens = None, None  # as long as nothing came back
        try:
            answer, headers = await self.post(request)
            tokens = _cost(answer)
            heard = _heard(answer, headers, tokens)
            why = isinstance(answer, Reply) and (_hopeless(answer) or self._moved(answer, headers))
            if why:
                self._gate.close(f"The endpoint {origin(self._base_url)} {why}.")
        finally:
            self._gate.leave(ticket, heard, tokens)  # lets in the next one
        return answer

    async def post(self, request: Request) -> tuple[Answer, Mapping[str, str]]:
        """Send it once, and at once: what came, and its headers."""
        started = time.perf_counter()
        try:
            # The client's own timeout starts anew with every byte: a slow drip outlives it.
            async with asyncio.timeout(self._timeout):
                response = await self._client.post(self._url, content=to_json(request.body))
        except httpx2.ConnectTimeout:
            return self._silent("does not take the call", refused=True), {}
        except (httpx2.TimeoutException, TimeoutError):
            what = f"gave no whole answer in {self._timeout:.0f} seconds"
            return self._silent(what, slow=True), {}
        except httpx2.HTTPError as error:
            refused = isinstance(error, httpx2.ConnectError)
            return self._silent(f"cannot be reached ({_why(error)})", refused=refused), {}
        reply = Reply(
            key=request.key,
            status=response.status_code,
            body=without_key(response.text, self._api_key),
            at=dt.datetime.now(dt.UTC),
            seconds=round(time.perf_counter() - started, 3),
            written_by=str(request.body.get("model", "")),
            retry_after=patience.retry_after(response.headers),
        )
        return reply, response.headers

    def _moved(self, reply: Reply, headers: Mapping[str, str]) -> str | None:
        """Where the server sends requests on to; the key goes only where a person sends it."""
        if reply.status not in _REDIRECTS or "location" not in headers:
            return None
        there = self._url.join(headers["location"])
        url = f"{there.scheme}://{there.netloc.decode()}{there.path}"
        moved = url.rstrip("/").removesuffix("/chat/completions")
        return f"sends requests on to {moved} (HTTP {reply.status}); make that OPENAI_BASE_URL"

    def _silent(self, what: str, *, slow: bool = False, refused: bool = False) -> Failure:
        said = f"The endpoint {origin(self._base_url)} {what}; {self._remedy}."
        reason = without_key(said, self._api_key)
        return _Silence(outcome=Outcome.UNREACHABLE, reason=reason, slow=slow, refused=refused)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _heard(answer: Answer, headers: Mapping[str, str], tokens: Tokens | None) -> Heard:
    """What the gate is to know of an answer."""
    if isinstance(answer, Failure):
        return Heard(None, said=answer.reason)
    spent = tokens.prompt + tokens.completion if tokens else 0
    said = f"The endpoint answers nothing but HTTP {answer.status}; `readout doctor` looks into it."
    return Heard(answer.status, patience.pause(headers, spent), spent, said)


def _cost(answer: Answer) -> Tokens | None:
    """The tokens that the server counts; None where it may have, and nobody heard."""
    if isinstance(answer, Failure):
        return Tokens() if isinstance(answer, _Silence) and answer.refused else None
    try:
        usage = json.loads(answer.body)["usage"]
        return Tokens(
            prompt=usage["prompt_tokens"] or 0, completion=usage["completion_tokens"] or 0
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        # An error page costs nothing; an answer does, whether or not the server counts.
        return None if answer.status == 200 else Tokens()


def _hopeless(reply: Reply) -> str | None:
    """What every other request would meet too, however patient we are; None where that may pass."""
    if reply.status == 429 and "insufficient_quota" in reply.body:
        return "says that the account has no credit left; top it up"
    return _HOPELESS.get(reply.status)


_HOPELESS = {
    401: "rejected the key (HTTP 401); check OPENAI_API_KEY",
    402: "wants to be paid first (HTTP 402); top up the account",
}


def _worth_another_try(answer: Answer) -> bool:
    if isinstance(answer, Failure):
        return True
    return answer.status in _RETRIED and not _hopeless(answer)


def _enough(state: tenacity.RetryCallState) -> bool:
    answer = _last(state)
    slow = isinstance(answer, _Silence) and answer.slow
    return state.attempt_number >= (ATTEMPTS_AFTER_TIMEOUT if slow else ATTEMPTS)


class _Waits:
    """Seconds until a request is sent again: as the server asked for, else doubling, with jitter.

    A time that the server named says nothing about how long to wait where it names none.
    """

    def __init__(self) -> None:
        self._next = _FIRST_WAIT

    def __call__(self, state: tenacity.RetryCallState) -> float:
        answer = _last(state)
        if isinstance(answer, Reply) and answer.retry_after is not None:
            return min(answer.retry_after, patience.LONGEST)
        seconds, self._next = self._next, 2 * self._next
        return min(seconds + random.uniform(0.0, _JITTER), _LONGEST_WAIT)  # noqa: S311 - no secret


def _last(state: tenacity.RetryCallState) -> Answer:
    if state.outcome is None:
        raise RuntimeError("tenacity waits and gives up only after an answer")
    answer: Answer = state.outcome.result()
    return answer


def _why(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
