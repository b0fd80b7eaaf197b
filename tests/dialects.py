"""Servers that refuse what their providers refuse, in their words; what they take, they answer.

Each is a set of rules after a document, a server's source or a reported error. None of them knows
readout: a rule looks at a body and gives a status and an error, or nothing.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tests import samples
from tests.loopback import Loopback, Received, Scripted

Body = Mapping[str, Any]
Refusal = tuple[int, Any] | None
Rule = Callable[[Body], Refusal]

_BOUNDS = {"minLength", "maxLength", "minItems", "maxItems"}
_CORE = {"model", "messages", "max_tokens", "temperature", "response_format"}


def _error(message: str, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", **more}}


def _kind(body: Body) -> str:
    """The type of the response format, "" where there is none."""
    return str(body.get("response_format", {}).get("type", ""))


def _schemas(node: Any) -> list[dict[str, Any]]:
    """Every object of a JSON schema, itself included."""
    parts = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    own = [node] if isinstance(node, dict) else []
    return own + [found for part in parts for found in _schemas(part)]


def strict_only(body: Body) -> Refusal:
    """As OpenAI checks a strict schema: objects closed, all required, no bounds."""
    if _kind(body) != "json_schema":
        return None
    held = body["response_format"]["json_schema"]
    for part in _schemas(held["schema"]) if held.get("strict") else ():
        complete = part.get("required") == list(part.get("properties", {}))
        closed = part.get("additionalProperties") is False
        if part.get("type") == "object" and "properties" in part and not (complete and closed):
            why = "'additionalProperties' is required to be supplied and to be false"
        elif found := sorted(_BOUNDS & part.keys()):
            why = f"'{found[0]}' is not permitted"
        else:
            continue
        return 400, _error(f"Invalid schema for response_format 'Extraction': {why}.")
    return None


def speaks_of_json(body: Body) -> Refusal:
    """JSON mode wants the word in a message, or a model may write blanks for ever."""
    said = any("json" in each["content"].casefold() for each in body["messages"])
    if _kind(body) != "json_object" or said:
        return None
    return 400, _error(
        "'messages' must contain the word 'json' in some form, to use 'response_format' of type "
        "'json_object'."
    )


def no_max_tokens(body: Body) -> Refusal:
    """OpenAI's reasoning models."""
    if "max_tokens" not in body:
        return None
    return 400, _error(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
        "'max_completion_tokens' instead.",
        param="max_tokens",
        code="unsupported_parameter",
    )


def no_temperature(body: Body) -> Refusal:
    """OpenAI's reasoning models take their default only."""
    if body.get("temperature", 1) == 1:
        return None
    return 400, _error(
        "Unsupported value: 'temperature' does not support 0.0 with this model. Only the default "
        "(1) value is supported.",
        param="temperature",
        code="unsupported_value",
    )


def claude_without_temperature(body: Body) -> Refusal:
    """Anthropic's newest models take no temperature at all."""
    if "temperature" not in body:
        return None
    return 400, _error("`temperature` is deprecated for this model.")


def no_schema(message: str, status: int = 400) -> Rule:
    """Refuses json_schema in these words."""
    return lambda body: (status, _error(message)) if _kind(body) == "json_schema" else None


def at_most(tokens: int) -> Rule:
    """Refuses a larger limit of the answer, as OpenAI does for older models."""

    def rule(body: Body) -> Refusal:
        asked = body.get("max_tokens", 0)
        if asked <= tokens:
            return None
        return 400, _error(
            f"max_tokens is too large: {asked}. This model supports at most {tokens} completion "
            f"tokens, whereas you provided {asked}."
        )

    return rule


def only(*fields: str, status: int, error: Callable[[str], Any]) -> Rule:
    """Refuses every other field of the body."""

    def rule(body: Body) -> Refusal:
        unknown = sorted(set(body) - _CORE - set(fields))
        return (status, error(unknown[0])) if unknown else None

    return rule


def unrecognised(field: str) -> Any:
    """OpenAI's words for a field that it does not know."""
    return _error(f"Unrecognized request argument supplied: {field}")


def forbidden(field: str) -> Any:
    """Mistral's."""
    detail = {"type": "extra_forbidden", "loc": ["body", field], "input": 0}
    return {
        "object": "error",
        "message": {"detail": [{**detail, "msg": "Extra inputs are not permitted"}]},
    }


def unknown_name(field: str) -> Any:
    """Google's, in a list as its compatible endpoint sends it."""
    message = f'Invalid JSON payload received. Unknown name "{field}": Cannot find field.'
    return [{"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}]


def lm_studio(body: Body) -> Refusal:
    """JSON schema or text, and an error that is a plain string."""
    if _kind(body) in ("", "json_schema", "text"):
        return None
    return 400, {"error": "'response_format.type' must be 'json_schema' or 'text'"}


def no_format(body: Body) -> Refusal:
    """OpenAI's models from before JSON mode."""
    if not _kind(body):
        return None
    return 400, _error(
        f"Invalid parameter: 'response_format' of type '{_kind(body)}' is not supported with this "
        "model."
    )


def together(context: int) -> Rule:
    """Prompt and limit of the answer together must fit the context: vLLM's rule, and OpenAI's."""

    def rule(body: Body) -> Refusal:
        asked = tokens(body) + body["max_tokens"]
        if asked <= context:
            return None
        message = (
            f"This model's maximum context length is {context} tokens. However, you requested "
            f"{asked} tokens."
        )
        return 400, {"error": {"message": message, "type": "BadRequestError", "code": 400}}

    return rule


def llama_cpp(context: int) -> Rule:
    """The prompt alone must fit the context."""

    def rule(body: Body) -> Refusal:
        if (asked := tokens(body)) <= context:
            return None
        message = (
            f"request ({asked} tokens) exceeds the available context size ({context} tokens), try "
            "increasing it"
        )
        return 400, {
            "error": {"code": 400, "message": message, "type": "exceed_context_size_error"}
        }

    return rule


def openrouter(body: Body) -> Refusal:
    """With require_parameters, no host is left that takes a temperature for such a model."""
    if not body.get("provider", {}).get("require_parameters") or "temperature" not in body:
        return None
    message = "No endpoints found that can handle the requested parameters."
    return 404, {"error": {"message": message, "code": 404}}


def tokens(body: Body) -> int:
    """About as many as a tokeniser would count."""
    return sum(len(each["content"].encode()) for each in body["messages"]) // 4


class Dialect(NamedTuple):
    """What one kind of server refuses, and how it behaves otherwise."""

    rules: tuple[Rule, ...]
    owner: str = "somebody"
    holds: bool = True  # whether response_format holds the model to the schema
    cuts: int | None = None  # tokens of context, beyond which it cuts without a word


_OPENAI_FIELDS = only("max_completion_tokens", status=400, error=unrecognised)
OPENAI = Dialect((_OPENAI_FIELDS, strict_only, speaks_of_json))
REASONING = Dialect((*OPENAI.rules, no_max_tokens, no_temperature))
_OLD = no_schema(
    "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
)
OLD = Dialect((_OPENAI_FIELDS, _OLD, speaks_of_json, at_most(4096)))
OLDEST = Dialect((_OPENAI_FIELDS, no_format, together(8192)), holds=False)
VLLM = Dialect((together(16_384),), owner="vllm")
LLAMA_CPP = Dialect((llama_cpp(8192),), owner="llamacpp")
OLLAMA = Dialect((), owner="library", cuts=4096)
OLLAMA_16K = OLLAMA._replace(cuts=16_384)
LM_STUDIO = Dialect((lm_studio,), owner="organization_owner")
STRICT = Dialect((strict_only,))
OPENROUTER = Dialect((strict_only, openrouter))
_GROQ = no_schema("This model does not support response format `json_schema`.")
GROQ = Dialect((_OPENAI_FIELDS, strict_only))
GROQ_JSON = Dialect((_OPENAI_FIELDS, _GROQ, speaks_of_json))
MISTRAL = Dialect((only(status=422, error=forbidden), strict_only))
_DEEPSEEK = no_schema("This response_format type is unavailable now")
DEEPSEEK = Dialect((_DEEPSEEK, speaks_of_json))
ANTHROPIC = Dialect((claude_without_temperature,), holds=False)
GEMINI = Dialect((only("max_completion_tokens", status=400, error=unknown_name),))


class Provider(Loopback):
    """A server that speaks one dialect. To what it takes, its model gives the sample's meeting.

    A model that no schema holds and that was told none writes prose; one whose prompt was cut has
    seen no meeting.
    """

    def __init__(self, dialect: Dialect) -> None:
        super().__init__()
        self.dialect = dialect

    def _answer(self, request: Received) -> Scripted:
        self.received.append(request)
        if request.path == "/v1/models":
            card = {"id": "hand", "object": "model", "owned_by": self.dialect.owner}
            return Scripted(200, json.dumps({"object": "list", "data": [card]}), {})
        for rule in self.dialect.rules:
            if (refusal := rule(request.body)) is not None:
                return Scripted(refusal[0], json.dumps(refusal[1]), {})
        return Scripted(200, self._completion(request.body), {})

    def _completion(self, body: Body) -> str:
        cuts = self.dialect.cuts
        room = body.get("max_tokens") or body["max_completion_tokens"]
        whole = cuts is None or tokens(body) + room <= cuts
        read = tokens(body) if cuts is None else min(tokens(body), cuts)
        usage = {"prompt_tokens": read, "completion_tokens": 20, "total_tokens": read + 20}
        told = '"ExtractedMeeting"' in body["messages"][0]["content"]
        if not told and not (self.dialect.holds and _kind(body) == "json_schema"):
            return samples.completion("Two ministers met.", usage=usage)
        asked = body["messages"][-1]["content"]
        met = whole and "Chanda Mwila met" in asked
        return samples.completion({"meetings": [samples.meeting()] if met else []}, usage=usage)
