"""Sends one request and brings back the reply as it came. tenacity alone waits and retries.

| what came                          | sends at most | wait between                     |
| ---------------------------------- | ------------- | -------------------------------- |
| 429, 408, 409, 5xx                 | 5             | Retry-After, else 0.5 s doubling |
| connection refused, reset, garbled | 5             | 0.5 s doubling                   |
| no whole answer within the timeout | 2             | 0.5 s                            |
| anything else                      | 1             | –                                |

Knows HTTP and patience; knows neither stores nor what an answer means. The key is used here and
nowhere else: it is cut out of everything that this module hands on.
"""

import asyncio
import datetime as dt
import email.utils
import time
from collections.abc import Awaitable, Callable

import httpx2
import openai
import tenacity

from pipeline.ways import on_this_machine, origin
from schemas.exchange import Failure, Outcome, Reply, Request

ATTEMPTS = 5  # sends of one request while the server is busy or away
# A request that timed out may have been answered, and paid for, behind our back.
ATTEMPTS_AFTER_TIMEOUT = 2
TIMEOUT = (
    600.0  # seconds for a whole answer, as long as the SDK would wait; reasoning takes a while
)
LONGEST_WAIT = 120.0  # seconds that we wait because a server asked us to
SECRET_LENGTH = 8  # characters; providers' keys have 20 and more
_RETRIED = frozenset({408, 409, 429, 500, 502, 503, 504, 529})

_PATIENCE = tenacity.wait_exponential_jitter(multiplier=0.5, max=30.0, jitter=0.5)

Answer = Reply | Failure


class _Silence(Failure):
    """No reply came. `slow`: the server took the request and did not finish in time."""

    slow: bool = False


class Client:
    """One endpoint; `contextlib.aclosing` closes it.

    `remedy` is what a person can do when it does not answer. `transport` and `sleep` are
    arguments so that tests need neither net nor time.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None,
        *,
        timeout: float = TIMEOUT,
        remedy: str = "check OPENAI_BASE_URL",
        transport: httpx2.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        # Local servers take any word for a key; cutting "x" out of a reply would ruin it.
        self._secret = api_key if api_key and len(api_key) >= SECRET_LENGTH else ""
        self._sleep = sleep
        self._base_url, self._remedy, self._timeout = base_url, remedy, timeout
        self._client = openai.AsyncOpenAI(
            api_key=api_key or "none",  # local servers take any key, but the SDK wants one
            base_url=base_url,
            max_retries=0,  # one retry policy, ours
            timeout=timeout,
            http_client=httpx2.AsyncClient(
                transport=transport,
                timeout=timeout,
                trust_env=not on_this_machine(base_url),  # no proxy for what never leaves it
            ),
        )

    async def ask(self, request: Request) -> Answer:
        """The reply, whatever its status; a Failure only where no reply came at all.

        Either says how often the request was sent.
        """
        policy = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_result(_worth_another_try),
            stop=_enough,
            wait=_wait,
            retry_error_callback=_last,
            sleep=self._sleep,
        )
        answer: Answer = await policy(self._send, request)
        sends = policy.statistics["attempt_number"]
        if isinstance(answer, Failure):
            return Failure(outcome=answer.outcome, reason=answer.reason, sends=sends)
        return answer.model_copy(update={"sends": sends})

    async def _send(self, request: Request) -> Answer:
        started = time.perf_counter()
        try:
            # The client's own timeout starts anew with every byte: a slow drip outlives it.
            async with asyncio.timeout(self._timeout):
                response = await self._client.post(
                    "/chat/completions", cast_to=httpx2.Response, body=request.body
                )
        except openai.APIStatusError as error:
            response = error.response
        except (openai.APITimeoutError, TimeoutError):
            return self._silent(f"gave no whole answer in {self._timeout:.0f} seconds", slow=True)
        except openai.APIConnectionError as error:
            return self._silent(f"cannot be reached ({_why(error)})")
        return Reply(
            key=request.key,
            status=response.status_code,
            body=self._without_secret(response.text),
            at=dt.datetime.now(dt.UTC),
            seconds=round(time.perf_counter() - started, 3),
            written_by=str(request.body.get("model", "")),
            retry_after=_retry_after(response.headers.get("retry-after")),
        )

    def _silent(self, what: str, *, slow: bool = False) -> Failure:
        reason = f"The endpoint {origin(self._base_url)} {what}; {self._remedy}."
        return _Silence(outcome=Outcome.UNREACHABLE, reason=self._without_secret(reason), slow=slow)

    def _without_secret(self, text: str) -> str:
        return text.replace(self._secret, "[key]") if self._secret else text

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()


def _worth_another_try(answer: Answer) -> bool:
    if isinstance(answer, Failure):
        return True
    return answer.status in _RETRIED


def _enough(state: tenacity.RetryCallState) -> bool:
    answer = _last(state)
    slow = isinstance(answer, _Silence) and answer.slow
    return state.attempt_number >= (ATTEMPTS_AFTER_TIMEOUT if slow else ATTEMPTS)


def _wait(state: tenacity.RetryCallState) -> float:
    """As long as the server asked for, else doubling from half a second, with jitter."""
    answer = _last(state)
    if isinstance(answer, Reply) and answer.retry_after is not None:
        return min(answer.retry_after, LONGEST_WAIT)
    return _PATIENCE(state)


def _last(state: tenacity.RetryCallState) -> Answer:
    if state.outcome is None:
        raise RuntimeError("tenacity waits and gives up only after an answer")
    answer: Answer = state.outcome.result()
    return answer


def _retry_after(header: str | None) -> float | None:
    """Seconds from now, from either form of the header: a number or an HTTP date (RFC 9110)."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        until = email.utils.parsedate_to_datetime(header)
    except (ValueError, OverflowError):  # a year of twenty digits
        return None
    until = until if until.tzinfo else until.replace(tzinfo=dt.UTC)
    return max(0.0, (until - dt.datetime.now(dt.UTC)).total_seconds())


def _why(error: Exception) -> str:
    cause = error.__cause__ or error
    return " ".join(str(cause).split())[:160] or type(cause).__name__
