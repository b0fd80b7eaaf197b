"""The table of ways: what each kind of provider takes. Rows are data; there are no branches.

Knows the documented habits of providers; knows neither the environment nor an article.
"""

import ipaddress
import re
from urllib.parse import urlsplit

from pipeline.errors import UsageError
from schemas.way import Way

OPENAI_URL = "https://api.openai.com/v1"
OPENAI_MODEL = "gpt-5-mini"

# The embedded model is too small to cite; held to the article's names, it cannot invent one.
EMBEDDED = Way(
    name="embedded",
    model="embedded",
    provider="embedded",
    prompt="embedded",
    cites=False,
    narrowed=True,
    response_format="schema",
    bounds=True,
    most_meetings=8,
    max_tokens=2000,
    # Reuse of an earlier prompt changes float sums, and with them one greedy answer in three.
    extra={"cache_prompt": False},
    attempts=1,
    concurrency=1,
)

# Origin pattern, model pattern, row. The first that matches both is taken.
_TABLE: tuple[tuple[str, str, Way], ...] = (
    (
        r"api\.openai\.com",
        r"(gpt-[5-9]|o\d)",
        Way(
            name="openai-reasoning",
            model="",
            provider="",
            limit="max_completion_tokens",
            max_tokens=16000,  # thinking counts too
            temperature=None,  # refused by these models
        ),
    ),
    (r"api\.openai\.com", r"", Way(name="openai", model="", provider="")),
    (r"", r"", Way(name="compatible", model="", provider="", bounds=True)),
)


def choose(model: str, provider: str) -> Way:
    """The way for `model` at `provider` (an origin, or a name given by hand)."""
    for origin, name, way in _TABLE:
        if re.search(origin, provider) and re.match(name, model.rpartition("/")[2]):
            return way.model_copy(update={"model": model, "provider": provider})
    raise UsageError(f"There is no way of asking {model} at {provider}.")


def origin(base_url: str) -> str:
    """Scheme, host and port: who answers. A user name or a key in the address stays out.

    Raises UsageError for what is no web address.
    """
    try:
        url = urlsplit(base_url)
        host, port = url.hostname, url.port
    except ValueError:
        host, port = None, None
    if not host or url.scheme not in _PORTS:
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
