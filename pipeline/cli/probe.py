"""One cheap question to a configured server: whether it takes the chosen way, or what fits better.

The question is the whole request about an article of three words, as a run would send it, with
little room for the answer. What a server refuses, it refuses before it counts a token. Knows what
servers say when they refuse; knows neither stores nor retries.
"""

import datetime as dt
import json
import re
import time
from typing import NamedTuple

import httpx2

from pipeline import compose, ways
from pipeline.endpoint import Target
from pipeline.plain import without_key
from pipeline.refusal import error_words
from pipeline.step import judge
from schemas.article import Article, Label, Sentence
from schemas.exchange import Failure, Outcome, Reply, Request
from schemas.extraction import Extraction
from schemas.way import Way

_ROOM = 256  # tokens of the answer; `{"meetings": []}` takes six, thinking more
_PATIENCE = 180.0  # seconds for a whole answer; a local server may load its model first
_WORDS = "Rain fell today."
_DENSEST = 5  # bytes of our prompt in a token, at most: with fewer tokens than that, it was cut


class Finding(NamedTuple):
    """What one question showed, as a sentence, and the row of the table that fits better."""

    sentence: str
    ok: bool
    better: str | None = None


def probe(target: Target, api_key: str | None) -> Finding:
    """Ask the target once. Raises nothing that a server can cause."""
    base_url = target.base_url or ""
    request = question(target.way)
    begun = time.perf_counter()
    try:
        with httpx2.stream(
            "POST",
            f"{base_url.rstrip('/')}/chat/completions",
            json=request.body,
            headers={"Authorization": f"Bearer {api_key or 'none'}"},
            timeout=_PATIENCE,
            trust_env=not ways.on_this_machine(base_url),
        ) as answer:
            text = _read(answer, until=begun + _PATIENCE)
    except httpx2.TimeoutException:
        return Finding(
            f"no answer within {_PATIENCE:.0f} s; a model that loads may be there the next time",
            ok=False,
        )
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return Finding(f"nothing answers there: {error or type(error).__name__}", ok=False)
    reply = Reply(
        key=request.key,
        status=answer.status_code,
        # Before any word of it is cut: half a key is a secret, too.
        body=without_key(text, api_key),
        at=dt.datetime.now(dt.UTC),
        seconds=round(time.perf_counter() - begun, 3),
        written_by=target.way.model,
    )
    return found(target.way, request, reply)


def _read(answer: httpx2.Response, until: float) -> str:
    """The body. Raises ReadTimeout where it is not whole in time, though bytes keep dripping."""
    data = b""
    for chunk in answer.iter_bytes():
        data += chunk
        if time.perf_counter() > until:
            raise httpx2.ReadTimeout("the answer does not end", request=answer.request)
    return data.decode("utf-8", "replace")


def question(way: Way) -> Request:
    """The request that is sent: `way` to the last field, but for the room of the answer."""
    sentence = Sentence(number=1, start=0, end=len(_WORDS), label=Label.BODY)
    article = Article(id="probe", text=_WORDS, sentences=(sentence,))
    return compose.compose(article, way, room=min(_ROOM, way.max_tokens))


def found(way: Way, request: Request, reply: Reply) -> Finding:
    """What a reply to the question shows about the way."""
    if reply.status != 200:
        return _refused(way, reply)
    if reply.body.lstrip().startswith("<"):
        return Finding(_WEB_PAGE, ok=False)
    verdict = judge(reply, way)
    if isinstance(verdict, Extraction):
        return _cut_silently(request, reply) or Finding(
            f"takes {_form(way)}; answered as the schema says in {reply.seconds:.1f} s", ok=True
        )
    if not isinstance(verdict, Failure):
        better = "json-mode" if way.response_format in ("strict", "schema") else None
        sentence = f"takes {_form(way)}, but its answer breaks the schema ({verdict.why})"
        return Finding(sentence, ok=False, better=better)
    if verdict.outcome is Outcome.TRUNCATED:
        return _cut_silently(request, reply) or Finding(
            f"takes {_form(way)}; the answer did not end within the {_ROOM} tokens of a probe, "
            "as with models that think first",
            ok=True,
        )
    return Finding(verdict.reason, ok=False)


def _refused(way: Way, reply: Reply) -> Finding:
    """What an HTTP status other than 200 says about the way."""
    if reply.status in (401, 403):
        # A provider may quote the key that it rejects: its words stay out.
        return Finding(f"rejects the key (HTTP {reply.status}); check OPENAI_API_KEY", ok=False)
    said = error_words(reply.body)
    if reply.status in (400, 422):
        return _not_taken(way, reply.status, said)
    if reply.status == 404 and not re.search("model", said, re.IGNORECASE):
        return Finding(_NO_SUCH_ADDRESS, ok=False)
    verdict = judge(reply, way)
    told = verdict.reason if isinstance(verdict, Failure) else f"HTTP {reply.status}"
    return Finding(told, ok=False)


def _not_taken(way: Way, status: int, said: str) -> Finding:
    """Which part of the request the server's words are about."""
    quoted = f"HTTP {status}: {said[:200]}" if said else f"HTTP {status}"
    if _OUT_OF_ROOM in said:
        return Finding(f"takes {_form(way)}; thinking used up the probe's {_ROOM} tokens", ok=True)
    for pattern, sent, sentence, better in _REFUSALS:
        if re.search(pattern, said, re.IGNORECASE) and re.search(sent, _sent(way)):
            return Finding(f"{sentence} ({quoted})", ok=False, better=better)
    return Finding(f"refuses the request ({quoted})", ok=False)


def _sent(way: Way) -> str:
    """What of the body another provider might not take, one word each."""
    bounds = "bounds" if way.bounds else ""
    temperature = "" if way.temperature is None else "temperature"
    return " ".join((way.response_format, way.limit, temperature, bounds, *way.extra))


def _form(way: Way) -> str:
    """The same for human eyes."""
    parts = [_FORMS[way.response_format], way.limit, *way.extra]
    if way.temperature is not None:
        parts.append("temperature")
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


_FORMS = {
    "strict": "a strict JSON schema",
    "schema": "a JSON schema",
    "grammar": "a grammar",
    "json_object": "json_object",
    "none": "a body without response_format",
}

_OUT_OF_ROOM = "max_tokens or model output limit was reached"
_WEB_PAGE = "answers with a web page; OPENAI_BASE_URL should end in the API's path, such as /v1"
_NO_SUCH_ADDRESS = (
    "knows no address /chat/completions under OPENAI_BASE_URL, which should end in the API's "
    "path, such as /v1"
)

_UNKNOWN = (
    r"(unrecogni[sz]ed|unknown|unexpected|unsupported)\b.*\b(provider|reasoning_effort)\b"
    r"|['\"`](provider|reasoning_effort)['\"`]|\b(provider|reasoning_effort): extra inputs"
)

# What a server says (pattern), what of ours it can mean (pattern of `_sent`), what to tell, and
# the row that fits better. The first that matches is taken.
_REFUSALS: tuple[tuple[str, str, str, str | None], ...] = (
    (
        r"\bcontext\b",
        r"",
        "has too short a context for our prompt of some 2,800 tokens; give the model more",
        None,
    ),
    (r"use '?max_completion_tokens", r"json_object max_tokens", "refuses max_tokens", "groq-json"),
    (r"use '?max_completion_tokens", r"\bmax_tokens", "refuses max_tokens", "openai-reasoning"),
    (
        r"max_completion_tokens",
        r"json_object max_completion",
        "refuses max_completion_tokens",
        "json-mode",
    ),
    (
        r"max_completion_tokens",
        r"\bmax_completion",
        "refuses max_completion_tokens",
        "compatible",
    ),
    (r"temperature", r"(json_object|none) .*temperature", "refuses a temperature", "anthropic"),
    (r"temperature", r"temperature", "refuses a temperature", "openai-reasoning"),
    (r"type\S* must be '?json_schema", r"json_object", "takes json_schema only", "lmstudio"),
    (
        r"(min|max)(Length|Items)",
        r"bounds",
        "refuses lengths and item counts in a schema",
        "compatible",
    ),
    (
        _UNKNOWN,
        r"\b(provider|reasoning_effort)\b",
        "refuses a field that it does not know",
        "compatible",
    ),
    (
        r"response.?format|json.?schema|structured|grammar|invalid schema",
        r"^(strict|schema)",
        "refuses a JSON schema",
        "json-mode",
    ),
    (r"response.?format|json.?object", r"^json_object", "refuses response_format", "plain"),
)


def _cut_silently(request: Request, reply: Reply) -> Finding | None:
    """Whether the server read fewer tokens than the prompt can have."""
    read = (json.loads(reply.body).get("usage") or {}).get("prompt_tokens")
    size = sum(len(each["content"].encode()) for each in request.body["messages"])
    if not isinstance(read, int) or not 0 < read < size / _DENSEST:
        return None
    return Finding(
        f"read {read:,} tokens of a prompt of some {size // 4:,}: it cuts what does not fit its "
        "context, and does not say so; raise the server's context",
        ok=False,
    )
