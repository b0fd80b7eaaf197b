"""What goes over the wire and what comes back: Request, Reply, and the typed outcomes."""

import datetime as dt
import hashlib
import json
from enum import StrEnum
from typing import Any, Self

from schemas.base import Value


def canonical(value: Any) -> bytes:
    """`value` as canonical JSON (sorted keys, no spaces, UTF-8), for hashing."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def digest(value: Any) -> str:
    """SHA-256 of `value`'s canonical JSON, hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


class Request(Value):
    """One HTTP request, before it is sent.

    `body` is the exact JSON that goes over the wire. `key` is the SHA-256 (hex) of that body in
    canonical form with the provider's identity; a re-ask's key derives from its parent's key,
    the reply's hash and its ordinal instead, so that a library upgrade never buys it again.
    """

    key: str
    provider: str  # origin with port, `embedded`, or a name given by hand; never a credential
    body: dict[str, Any]
    ordinal: int = 1  # 1 for the first request of an article, 2 for its first re-ask, …
    parent: str | None = None

    @classmethod
    def first(cls, provider: str, body: dict[str, Any]) -> Self:
        """The request that opens an article."""
        return cls(key=digest({"provider": provider, "body": body}), provider=provider, body=body)

    def again(self, reply: "Reply", body: dict[str, Any]) -> Self:
        """The re-ask that follows `reply` to this request."""
        ordinal = self.ordinal + 1
        key = digest({"parent": self.key, "reply": digest(reply.body), "ordinal": ordinal})
        return self.model_copy(
            update={"key": key, "body": body, "ordinal": ordinal, "parent": self.key}
        )


class Reply(Value):
    """One HTTP answer as it came, kept before anybody parses it.

    `body` is the answer's text, unparsed. `written_by` says what wrote it: a model id, or "hand"
    for a reply that a person wrote to provoke an error.
    """

    key: str
    status: int
    body: str
    at: dt.datetime  # UTC
    seconds: float
    written_by: str
    retry_after: float | None = None  # seconds, where the server gave it
    sends: int = 1  # how often the request was sent until this came


class Outcome(StrEnum):
    """How asking about one article ended. None but `done` may look like "no meetings"."""

    DONE = "done"
    REFUSED = "refused"
    FILTERED = "filtered"
    TRUNCATED = "truncated"
    INVALID = "invalid"
    TOO_LONG = "too_long"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    BAD_REPLY = "bad_reply"
    UNREACHABLE = "unreachable"
    UNAUTHORISED = "unauthorised"
    UNREADABLE = "unreadable"
    UNSAVED = "unsaved"  # what is stored about it cannot be read, or its record not be written


class Tokens(Value):
    """Tokens counted over all replies of an article, failed attempts included."""

    prompt: int = 0
    completion: int = 0

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(
            prompt=self.prompt + other.prompt, completion=self.completion + other.completion
        )


class Failure(Value):
    """An article that could not be done: the outcome and one sentence for the reader."""

    outcome: Outcome
    reason: str
    sends: int = 0  # of the request that no reply came to
