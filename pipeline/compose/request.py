"""Article and way in, request out: the exact JSON body that goes over the wire.

The article is data: it is fenced, every line of it opens with its own number or mark, and no
template engine ever sees it, so no text of it can close the fence or pass for an instruction.
Knows the prompt files and the schema; knows nothing of clients, stores or replies.
"""

import functools
import json
import re
from collections.abc import Sequence
from importlib import resources
from typing import Any

from pipeline.compose import candidates, grammar
from schemas.article import Article, Label, Sentence
from schemas.exchange import Request, digest
from schemas.extraction import Extraction
from schemas.way import Way

# How chat templates mark who speaks, which is not for an article to say: "<|…|>" in most, wide
# bars in DeepSeek's, "<end_of_turn>" in Gemma's, "[/INST]" and "</s>" in Mistral's and Llama 2's.
_CHAT = re.compile(r"<(?=[|｜]|(?:start|end)_of_turn>|/?s>)|\[(?=/?INST\])")
# Fields that a narrowed way may only copy, and words of ours that may open them.
_COPIED: dict[str, tuple[str, ...]] = {
    "name": ("courtesy call on ",),
    **dict.fromkeys(("title", "date_text", "venue", "city", "topic", "text"), ()),
}
_BOUNDS = ("minLength", "maxLength", "minItems", "maxItems")


def compose(
    article: Article,
    way: Way,
    sentences: Sequence[Sentence] | None = None,
    room: int | None = None,
) -> Request:
    """The first request about `article`. Its body is what will be sent, to the last field.

    `sentences` are those to show, if not all that may be; `room` is the answer's token limit, if
    not the way's.
    """
    shown = article.shown if sentences is None else sentences
    body: dict[str, Any] = {
        "model": way.model,
        "messages": [
            *_opening(way.prompt, _schema_in_words(way)),
            {"role": "user", "content": fence(article, way, shown)},
        ],
        **answer_format(way, [article.quote(sentence) for sentence in shown]),
        way.limit: room or way.max_tokens,
        **way.extra,
    }
    if way.temperature is not None:
        body["temperature"] = way.temperature
    return Request.first(way.provider, body)


def fence(article: Article, way: Way, sentences: Sequence[Sentence]) -> str:
    """The article as lines between two tags, a line for each of the `sentences` that are shown.

    A way that cites is shown the sentence numbers and the date; one that doesn't has no use for
    either, since code finds the evidence and resolves the dates.
    """
    dated = way.cites and article.published.date
    lines = "\n".join(
        _line(article, sentence, f"[{sentence.number}]" if way.cites else ">")
        for sentence in sentences
    )
    head = [f"Published: {article.published.date}"] if dated else []
    return "\n".join([*head, "<article>", _CHAT.sub(r"\g<0> ", lines), "</article>"])


def wire_schema(way: Way, told: Sequence[str] | None = None) -> dict[str, Any]:
    """The JSON schema that the provider is held to: strict-valid, without prose about Python.

    A narrowed way limits names and parties to those in `told`, the sentences that are shown;
    all other requests share one schema.
    """
    if not way.narrowed or told is None:
        return _whole_schema(_schema_text(way))
    schema: dict[str, Any] = json.loads(_schema_text(way))
    _narrow(schema["$defs"], told)
    return schema


def answer_format(way: Way, told: Sequence[str]) -> dict[str, Any]:
    """The body's field that holds an answer to the schema, or no field at all."""
    if way.response_format == "none":
        return {}
    if way.response_format == "grammar":
        copied = _COPIED if way.narrowed else {}
        lines = [" ".join(line.split()) for line in told]  # as `fence` shows them
        return {"grammar": grammar.lark(wire_schema(way, told), copied, lines)}
    if way.response_format == "json_object":
        return {"response_format": {"type": "json_object"}}
    named: dict[str, Any] = {"name": "Extraction", "schema": wire_schema(way, told)}
    if way.response_format == "strict":
        named["strict"] = True
    return {"response_format": {"type": "json_schema", "json_schema": named}}


def prompt_hash(way: Way) -> str:
    """SHA-256 (hex) of all the words that stand before the article, the schema's if it is told."""
    return _prompt_hash(way.prompt, _schema_in_words(way))


def schema_hash(way: Way) -> str:
    """SHA-256 (hex) of the wire schema before it is narrowed to an article."""
    return _schema_hash(_schema_text(way))


@functools.cache
def _whole_schema(schema: str) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(schema)
    return whole


@functools.cache
def _prompt_hash(prompt: str, schema: str | None) -> str:
    return digest(_opening(prompt, schema))


@functools.cache
def _schema_hash(schema: str) -> str:
    return digest(json.loads(schema))


def _line(article: Article, sentence: Sentence, opening: str) -> str:
    words = " ".join(article.quote(sentence).split())
    kind = "" if sentence.label is Label.BODY else f"({sentence.label}) "
    return f"{opening} {kind}{words}"


def _schema_in_words(way: Way) -> str | None:
    """The schema as text, for a provider that `response_format` cannot hold to it."""
    if way.response_format in ("strict", "schema", "grammar"):
        return None
    return _schema_text(way)


@functools.cache
def _opening(prompt: str, schema: str | None = None) -> tuple[dict[str, str], ...]:
    """The system message, then each worked example as a user and an assistant message.

    A `schema` is told at the end of the system message.
    """
    folder = resources.files("prompts") / prompt
    system = (folder / "system.md").read_text("utf-8").strip()
    if schema is not None:
        told = (folder / "schema.md").read_text("utf-8").strip()
        system = f"{system}\n\n{told}\n{schema}"
    messages = [{"role": "system", "content": system}]
    examples = sorted(
        name for item in folder.iterdir() if (name := item.name).endswith(".article.txt")
    )
    for name in examples:
        question = (folder / name).read_text("utf-8").strip()
        answer = json.loads((folder / name.replace(".article.txt", ".answer.json")).read_bytes())
        messages += [
            {"role": "user", "content": question},
            {"role": "assistant", "content": json.dumps(answer, ensure_ascii=False)},
        ]
    return tuple(messages)


def _schema_text(way: Way) -> str:
    return _composed_schema(
        cites=way.cites, bounds=way.bounds, rows=way.rows, most_meetings=way.most_meetings
    )


@functools.cache
def _composed_schema(*, cites: bool, bounds: bool, rows: bool, most_meetings: int | None) -> str:
    schema = Extraction.model_json_schema()
    for definition in (schema, *schema["$defs"].values()):
        definition.pop("description", None)  # our docstrings speak to developers
        definition.pop("title", None)
        if "properties" not in definition:
            continue
        if not cites:
            definition["properties"].pop("evidence", None)
        if not rows:
            definition["required"] = list(definition["properties"])
        definition["additionalProperties"] = False
        for field in definition["properties"].values():
            _strict(field, bounds=bounds)
    if most_meetings is not None:
        schema["properties"]["meetings"]["maxItems"] = most_meetings
    return json.dumps(schema, ensure_ascii=False, separators=(",", ":"))


def _strict(field: dict[str, Any], *, bounds: bool) -> None:
    """Drop what strict mode refuses or the model has no use for, in place."""
    field.pop("title", None)
    field.pop("default", None)
    if "$ref" in field and len(field) > 1:
        # Strict mode takes no description beside a reference: the reference keeps its place.
        reference = field.pop("$ref")
        field["anyOf"] = [{"$ref": reference}]
    for part in (field, *field.get("anyOf", ())):
        for bound in () if bounds else _BOUNDS:
            part.pop(bound, None)


def _narrow(definitions: dict[str, Any], told: Sequence[str]) -> None:
    """Limit names and parties to those that are told, in place."""
    names = candidates.people(told)
    parties = candidates.party_wordings("\n".join(told))
    meeting = definitions["ExtractedMeeting"]["properties"]
    person = definitions["ExtractedParticipant"]["properties"]
    if names:
        person["name"] = {"enum": list(names)}
    else:
        meeting["participants"]["maxItems"] = 0
    if parties:
        person["party"] = {"enum": [*parties, None]}
        meeting["country"] = {"enum": [*parties, None]}
        meeting["parties"]["items"] = {"enum": list(parties)}
