"""Article and way in, request out: the exact JSON body that goes over the wire.

The article is data: it is fenced, every line of it opens with its own number, and no template
engine ever sees it, so no text of it can close the fence or pass for an instruction. Knows the
prompt files and the schema; knows nothing of clients, stores or replies.
"""

import functools
import json
from importlib import resources
from typing import Any

from pipeline.compose import candidates
from schemas.article import Article, Label, Sentence
from schemas.exchange import Request, digest
from schemas.extraction import Extraction
from schemas.way import Way

_BOUNDS = ("minLength", "maxLength", "minItems", "maxItems")


def compose(article: Article, way: Way) -> Request:
    """The first request about `article`. Its body is what will be sent, to the last field."""
    body: dict[str, Any] = {
        "model": way.model,
        "messages": [*_opening(way.prompt), {"role": "user", "content": fence(article)}],
        "response_format": response_format(way, article),
        way.limit: way.max_tokens,
        **way.extra,
    }
    if way.temperature is not None:
        body["temperature"] = way.temperature
    return Request.first(way.provider, body)


def fence(article: Article) -> str:
    """The article as numbered lines between two tags; furniture stays out."""
    head = [f"Published: {article.published.date}"] if article.published.date else []
    lines = [
        _line(article, sentence)
        for sentence in article.sentences
        if sentence.label is not Label.FURNITURE
    ]
    return "\n".join([*head, "<article>", *lines, "</article>"])


def wire_schema(way: Way, article: Article | None = None) -> dict[str, Any]:
    """The JSON schema that the provider is held to: strict-valid, without prose about Python.

    With a narrowed way and an article, names and parties are limited to those in the article.
    """
    schema: dict[str, Any] = json.loads(_wire_schema(cites=way.cites, bounds=way.bounds))
    if way.most_meetings is not None:
        schema["properties"]["meetings"]["maxItems"] = way.most_meetings
    if way.narrowed and article is not None:
        _narrow(schema["$defs"], article)
    return schema


def response_format(way: Way, article: Article | None = None) -> dict[str, Any]:
    """What goes into the body's `response_format`, as this provider takes it."""
    if way.response_format == "json_object":
        return {"type": "json_object"}
    named: dict[str, Any] = {"name": "Extraction", "schema": wire_schema(way, article)}
    if way.response_format == "strict":
        named["strict"] = True
    return {"type": "json_schema", "json_schema": named}


@functools.cache
def prompt_hash(prompt: str) -> str:
    """SHA-256 (hex) of everything that stands before the article."""
    return digest(_opening(prompt))


@functools.cache
def schema_hash(*, cites: bool, bounds: bool) -> str:
    """SHA-256 (hex) of the wire schema before it is narrowed to an article."""
    return digest(json.loads(_wire_schema(cites=cites, bounds=bounds)))


def _line(article: Article, sentence: Sentence) -> str:
    words = " ".join(article.quote(sentence).split())
    # Chat templates give "<|…|>" a meaning of its own; an article must not speak it.
    words = words.replace("<|", "< |")
    kind = "" if sentence.label is Label.BODY else f"({sentence.label}) "
    return f"[{sentence.number}] {kind}{words}"


@functools.cache
def _opening(prompt: str) -> tuple[dict[str, str], ...]:
    """The system message, then each worked example as a user and an assistant message."""
    folder = resources.files("prompts") / prompt
    messages = [{"role": "system", "content": (folder / "system.md").read_text("utf-8").strip()}]
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


@functools.cache
def _wire_schema(*, cites: bool, bounds: bool) -> str:
    schema = Extraction.model_json_schema()
    for definition in (schema, *schema["$defs"].values()):
        definition.pop("description", None)  # our docstrings speak to developers
        definition.pop("title", None)
        if "properties" not in definition:
            continue
        if not cites:
            definition["properties"].pop("evidence", None)
        definition["required"] = list(definition["properties"])
        definition["additionalProperties"] = False
        for field in definition["properties"].values():
            _strict(field, bounds=bounds)
    return json.dumps(schema)


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


def _narrow(definitions: dict[str, Any], article: Article) -> None:
    sentences = [article.quote(s) for s in article.sentences if s.label is not Label.FURNITURE]
    names = candidates.people(sentences)
    parties = candidates.parties("\n".join(sentences))
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
