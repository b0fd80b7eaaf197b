"""The table of ways: what each kind of provider takes. Rows are data; there are no branches.

Knows the documented habits of providers; knows neither the environment nor an article.

Every row follows a document or a server's own source, read in November 2026.
"""

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

from pipeline.errors import UsageError
from schemas.way import Way

OPENAI_URL = "https://api.openai.com/v1"
OPENAI_MODEL = "gpt-5-mini"

# The embedded model is too small to cite; held to the article's words, it cannot invent any.
EMBEDDED = Way(
    name="embedded",
    model="embedded",
    provider="embedded",
    prompt="embedded",
    cites=False,
    narrowed=True,
    response_format="grammar",
    bounds=True,
    most_meetings=8,
    max_tokens=2000,
    retry_tokens=None,  # an answer that long is a loop
    english_only=True,
    longest=1500,  # about the length of what it was trained on
    # Reuse of an earlier prompt changes float sums, and with them one greedy answer in three.
    extra={"cache_prompt": False},
    attempts=1,
    concurrency=1,
)


def _row(name: str, **taken: Any) -> Way:
    return Way(name=name, model="", provider="", **taken)


# The prompt itself is about 2,750 tokens, and 1,000 more where the schema has to stand in it.
_ROWS = (
    # Strict schemas without bounds; the newest models that take max_tokens answer with 16,384.
    _row("openai"),
    _row(
        "openai-reasoning",
        limit="max_completion_tokens",
        max_tokens=16_000,  # thinking counts too
        retry_tokens=32_000,
        temperature=None,  # refused by these models
    ),
    # From before strict schemas: 16,385 tokens of context, 4,096 of answer.
    _row(
        "openai-json",
        response_format="json_object",
        max_tokens=4000,
        retry_tokens=None,
        longest=6000,
    ),
    # From before JSON mode: 8,192 tokens, prompt and answer together.
    _row(
        "openai-plain",
        response_format="none",
        max_tokens=2000,
        retry_tokens=None,
        longest=2000,
    ),
    # Prompt and limit together must fit --max-model-len, else vLLM refuses, and says so.
    _row(
        "vllm",
        response_format="schema",
        bounds=True,
        max_tokens=4000,
        retry_tokens=12_000,
        longest=20_000,
        concurrency=16,  # it batches what comes in together
    ),
    # It refuses what is longer than its context, and says so.
    _row(
        "llama.cpp",
        response_format="schema",
        bounds=True,
        max_tokens=4000,
        retry_tokens=8000,
        longest=20_000,
        concurrency=2,
    ),
    # Cuts a prompt to its context without a word: 4,096 tokens where there are less than 24 GB of
    # video memory, prompt and answer together. No field of the body changes that.
    _row(
        "ollama",
        response_format="schema",
        bounds=True,
        max_tokens=900,
        retry_tokens=None,
        longest=400,
        extra={"reasoning_effort": "none"},  # thinking would use the answer up
        concurrency=1,
    ),
    _row(
        "ollama-16k",
        response_format="schema",
        bounds=True,
        max_tokens=4000,
        retry_tokens=5500,
        longest=6000,
        extra={"reasoning_effort": "none"},
        concurrency=1,
    ),
    # No json_object. Bounds are left out: MLX models are held by Outlines, GGUF ones by llama.cpp.
    _row(
        "lmstudio",
        response_format="schema",
        max_tokens=4000,
        retry_tokens=8000,
        longest=6000,
        concurrency=1,
    ),
    # Without require_parameters it may pick a host that ignores the schema.
    _row("openrouter", extra={"provider": {"require_parameters": True}}),
    _row(
        "openrouter-reasoning",
        max_tokens=16_000,
        retry_tokens=32_000,
        temperature=None,  # required too, and these models don't list it
        extra={"provider": {"require_parameters": True}},
    ),
    # Groq holds only the gpt-oss models to a schema; max_tokens is deprecated there.
    _row("groq", limit="max_completion_tokens"),
    _row("groq-json", response_format="json_object", limit="max_completion_tokens"),
    _row("mistral"),  # refuses any field that it does not know, max_completion_tokens too
    _row("deepseek", response_format="json_object"),
    # Its compatible endpoint ignores response_format; its newest models refuse a temperature.
    _row("anthropic", response_format="none", temperature=None),
    _row("gemini", response_format="schema", max_tokens=16_000, retry_tokens=32_000),
    # For servers that nobody has described: the least that can be refused, then less.
    _row("compatible"),
    _row("json-mode", response_format="json_object"),
    _row("plain", response_format="none"),
)
_NAMED = {row.name: row for row in _ROWS}
NAMES = tuple(_NAMED)

_OPENAI = r"//api\.openai\.com$|\.(openai|services\.ai|cognitiveservices)\.azure\.com$"
_REASONING = r"gpt-[5-9]|o\d"

# Origin pattern, model pattern, row. The first that matches both is taken. Azure speaks as OpenAI
# does; there a model is a deployment, whose name may say nothing.
_TABLE: tuple[tuple[str, str, str], ...] = (
    (_OPENAI, _REASONING, "openai-reasoning"),
    (_OPENAI, r"gpt-4(?:$|-0[36]|-32k)", "openai-plain"),
    (_OPENAI, r"gpt-3\.?5|gpt-4-|gpt-4o-2024-05|chatgpt-4o", "openai-json"),
    (_OPENAI, r"", "openai"),
    (r"//openrouter\.ai$", _REASONING, "openrouter-reasoning"),
    (r"//openrouter\.ai$", r"", "openrouter"),
    (r"//api\.groq\.com$", r"gpt-oss", "groq"),
    (r"//api\.groq\.com$", r"", "groq-json"),
    (r"//api\.mistral\.ai$", r"", "mistral"),
    (r"//api\.deepseek\.com$", r"", "deepseek"),
    (r"//api\.anthropic\.com$", r"", "anthropic"),
    (r"//generativelanguage\.googleapis\.com$", r"", "gemini"),
    (r":11434$", r"", "ollama"),
    (r":1234$", r"", "lmstudio"),
    (r":8080$", r"", "llama.cpp"),
    (r":8000$", r"", "vllm"),
    (r"", r"", "compatible"),
)

# What each server writes as `owned_by` into its list of models, and its row.
OWNERS = {
    "vllm": "vllm",
    "llamacpp": "llama.cpp",
    "library": "ollama",
    "organization_owner": "lmstudio",
}

# What a person should know who asks this way.
ADVICE = {
    "ollama": "Ollama cuts what is longer than its context, silently, so articles are asked about "
    "in small parts; start it with OLLAMA_CONTEXT_LENGTH=16384 and set --way ollama-16k",
    "ollama-16k": "needs Ollama with OLLAMA_CONTEXT_LENGTH=16384 or more (`ollama ps` shows it): "
    "with less, it cuts articles silently",
    "lmstudio": "load the model with a context of 16384 tokens; LM Studio's default is 4096",
}


def choose(
    model: str, address: str, *, provider: str | None = None, name: str | None = None
) -> Way:
    """The way for `model` at `address` (an origin), or the one with this name.

    `provider` is the identity that stands in place of the address. Raises UsageError for a name
    that no row has.
    """
    base = model.rpartition("/")[2].removeprefix("ft:").partition(":")[0]  # "ft:BASE:org::id"
    chosen = name or next(
        row
        for origin_of, model_of, row in _TABLE
        if re.search(origin_of, address) and re.match(model_of, base)
    )
    if chosen not in _NAMED:
        raise UsageError(f"There is no way named {chosen}; there are {', '.join(NAMES)}.")
    return _NAMED[chosen].model_copy(update={"model": model, "provider": provider or address})


def origin(base_url: str) -> str:
    """Scheme, host and port: who answers. A user name or a key in the address stays out.

    Raises UsageError for what is no web address.
    """
    try:
        url = urlsplit(base_url)
        host, port = url.hostname, url.port
    except ValueError:
        host, port = None, None
    if not host or url.scheme not in _PORTS or not re.fullmatch(r"[\w.:%-]+", host):
        raise UsageError(
            "OPENAI_BASE_URL is no web address; it should look like http://localhost:8000/v1."
        )
    host = f"[{host}]" if ":" in host else host
    return f"{url.scheme}://{host}" + (f":{port}" if port not in (None, _PORTS[url.scheme]) else "")


def on_this_machine(base_url: str) -> bool:
    """Whether the address is on loopback, where an article must not go through a proxy."""
    host = urlsplit(base_url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return False


_PORTS = {"http": 80, "https": 443}
