"""What a run may send and spend, and what it has: list prices, ceilings, sums.

Prices are those that `genai-prices` carries; nothing is fetched. Knows neither articles nor clocks.
"""

import json
from enum import Enum
from typing import NamedTuple

from pipeline.ways import on_this_machine
from schemas.base import Value
from schemas.exchange import Request, Tokens

_CHARS = 4  # of English in a token, as a rule
_ROUND = 1000  # tokens: small enough for every provider's lowest tier


class Price(NamedTuple):
    """List prices in US dollars per token, before any discount for cached prompts."""

    prompt: float
    completion: float

    def of(self, tokens: Tokens) -> float:
        """What these tokens cost."""
        return tokens.prompt * self.prompt + tokens.completion * self.completion


FREE = Price(0.0, 0.0)


def price(model: str, base_url: str | None) -> Price | None:
    """What `model` costs there; nothing on this machine (base_url None is the embedded model).

    None where genai-prices does not know the address or the model.
    """
    if base_url is None or on_this_machine(base_url):
        return FREE
    # Imported late: most runs have no need of it, and it takes a third of a second.
    from genai_prices import Usage, calc_price

    usage = Usage(input_tokens=_ROUND, output_tokens=_ROUND)
    try:
        found = calc_price(usage, model_ref=model, provider_api_url=base_url)
    except LookupError:
        return None
    return Price(float(found.input_price) / _ROUND, float(found.output_price) / _ROUND)


class Size(NamedTuple):
    """Tokens of a prompt, by estimate: no vocabulary is at hand without a network."""

    likely: int
    most: int


def size(request: Request) -> Size:
    """How long a request's prompt is: a token has four characters, and never less than one byte.

    Vocabularies are built of bytes, and spell with them what they have no word for: rare scripts,
    emoji, rows of signs. The schema is counted only in `most`: some servers put it in front of the
    prompt, others don't.
    """
    messages = json.dumps(request.body["messages"], ensure_ascii=False)
    schema = json.dumps(request.body.get("response_format", ""), ensure_ascii=False)
    whole = len(messages.encode("utf-8", "replace")) + len(schema.encode("utf-8", "replace"))
    return Size(likely=len(messages) // _CHARS, most=whole)


def longest_answer(request: Request) -> int:
    """Tokens that the answer may have at most."""
    body = request.body
    return int(body.get("max_completion_tokens") or body.get("max_tokens") or 0)


class Limits(Value):
    """Ceilings that a person sets for a run."""

    concurrency: int | None = None  # requests in flight; None: as the way has it
    rpm: int | None = None  # requests a minute
    tpm: int | None = None  # tokens a minute
    max_cost: float | None = None  # US dollars
    max_requests: int | None = None


class Spent(NamedTuple):
    """What counts towards the ceilings."""

    requests: int = 0  # sent
    cost: float = 0.0  # US dollars, at list prices


_NOTHING = Spent()


class Leave(Enum):
    """Whether one more request fits into the budget."""

    GO = "go"
    WAIT = "wait"  # it may, when those in flight have cost less than they could
    STOP = "stop"


class Budget:
    """Counts what is sent and spent, and keeps both under their ceilings.

    `max_cost` is in US dollars. What is in flight counts as the most that it could cost, so that
    the ceiling holds. `price` None: the price is not known, and no cost is counted. `before` was
    spent under the same ceilings, and is in no sum of this one.
    """

    def __init__(
        self,
        price: Price | None = None,
        *,
        max_cost: float | None = None,
        max_requests: int | None = None,
        before: Spent = _NOTHING,
    ) -> None:
        self.price, self.max_cost, self.max_requests = price, max_cost, max_requests
        self._before = before
        self.requests = 0  # sent, those that had to be sent again included
        self.tokens = Tokens()
        self._lost = 0.0  # the most that unanswered requests can have cost
        self._held = 0.0  # the most that those in flight can

    @property
    def cost(self) -> float | None:
        """US dollars spent, at list prices; None where the price is not known."""
        return None if self.price is None else self.price.of(self.tokens) + self._lost

    @property
    def spent(self) -> Spent:
        """What counts towards the ceilings by now."""
        return Spent(self._before.requests + self.requests, self._before.cost + (self.cost or 0.0))

    def worst(self, request: Request) -> float:
        """The most that one request can cost; nothing where nobody set a ceiling."""
        if self.price is None or self.max_cost is None:
            return 0.0
        tokens = Tokens(prompt=size(request).most, completion=longest_answer(request))
        return self.price.of(tokens)

    def leave(self, worst: float) -> Leave:
        """Whether a request that costs `worst` at most may be sent."""
        requests, cost = self.spent
        if self.max_requests is not None and requests >= self.max_requests:
            return Leave.STOP
        if self.max_cost is None or self.price is None:
            return Leave.GO
        if cost + worst > self.max_cost:
            return Leave.STOP
        return Leave.WAIT if cost + self._held + worst > self.max_cost else Leave.GO

    def begin(self, worst: float) -> None:
        """It is sent."""
        self.requests += 1
        self._held += worst

    def undo(self, worst: float) -> None:
        """It was not sent after all."""
        self.requests -= 1
        self._held -= worst

    def end(self, worst: float, tokens: Tokens | None) -> None:
        """It cost these tokens; None: nobody knows, and it may have been paid for."""
        self._held -= worst
        if tokens is None:
            self._lost += worst
        else:
            self.tokens += tokens

    def said(self) -> str:
        """Which ceiling is near, as a sentence."""
        requests, cost = self.spent
        if self.max_requests is not None and requests >= self.max_requests:
            return f"--max-requests {self.max_requests} is reached."
        if not requests:
            return f"--max-cost {self.max_cost:g} is less than one request can cost; raise it."
        return (
            f"--max-cost {self.max_cost:g} is near: {cost:.4f} USD are spent, and one more request "
            "could pass it."
        )
