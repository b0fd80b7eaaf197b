"""What a server says instead of an answer: which outcome that is, and its own words for it.

Knows statuses and the forms of errors; knows nothing of articles, schemas or what is asked next.
"""

import json
import re
from typing import Any

from schemas.exchange import Failure, Outcome, Reply

# "In context=('properties', …)" is about the schema.
_TOO_LONG = re.compile(
    r"context[ _-]?(?:length|window|size|limit)|(?:maximum |available |exceed\w* .*)context"
    r"|too (?:long|large)|n_ctx",
    re.IGNORECASE,
)
_REFUSED = (Outcome.BAD_REPLY, "The server refused the request")
_STATUSES = {
    401: (Outcome.UNAUTHORISED, "The key was rejected; check OPENAI_API_KEY"),
    403: (Outcome.UNAUTHORISED, "The key may not do this; check OPENAI_API_KEY and its project"),
    404: (Outcome.BAD_REPLY, "No such model or address there; check --model and OPENAI_BASE_URL"),
    429: (Outcome.RATE_LIMITED, "The provider keeps limiting the rate; run again later"),
    500: (Outcome.SERVER_ERROR, "The server kept failing; run again later"),  # and all above
}
_WORDED = ("error", "message", "detail")  # each holds the words, or what does


def refused(reply: Reply) -> Failure:
    """An HTTP status other than 200, told apart as far as its remedy differs."""
    said = error_words(reply.body)
    outcome, reason = _STATUSES.get(min(reply.status, 500), _REFUSED)
    if is_too_long(reply):
        outcome, reason = Outcome.TOO_LONG, "The article is longer than the model's context"
    quoted = f": {said[:200]}" if said else ""
    return Failure(outcome=outcome, reason=f"{reason} (HTTP {reply.status}{quoted}).")


def is_too_long(reply: Reply) -> bool:
    """Whether the server finds the request longer than the model's context."""
    return reply.status in (400, 413) and bool(_TOO_LONG.search(error_words(reply.body)))


def error_words(body: str) -> str:
    """The server's own words for an error, on one line; "" where its body is no JSON.

    OpenAI's form; Google's, which is the same in a list; a plain string under `error`; Mistral's,
    which has nothing around it; FastAPI's `detail`, a string or a list of fields and what is wrong
    with them. Of another form, all of it.
    """
    try:
        told: Any = json.loads(body)
        for _ in range(5):  # the words lie no deeper
            match told:
                case [first, *_]:
                    told = first
                case {"loc": [*place], "msg": wrong}:
                    told = f"{'.'.join(map(str, place))}: {wrong}"
                case {}:
                    told = next((told[name] for name in _WORDED if told.get(name)), told)
        words = told if isinstance(told, str) else json.dumps(told) if told else ""
    except (ValueError, RecursionError):
        return ""
    # JSON can spell half a surrogate pair, which no file can hold.
    return " ".join(words.split()).encode("utf-8", "replace").decode()
