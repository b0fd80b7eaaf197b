"""A wire schema as a Lark grammar, in which some strings may only be copied from the article.

JSON Schema cannot say "any run of words of this sentence"; the Lark of llguidance can, and
llama.cpp, vLLM and SGLang take it. Writes compact JSON with the fields in the schema's order.
Knows the few kinds of schema that `compose` writes, not what the fields mean.
See https://github.com/guidance-ai/llguidance/blob/main/docs/syntax.md.
"""

import json
import re
from collections.abc import Collection, Sequence
from typing import Any

HEAD = "%llguidance {}\n"  # by which llama.cpp tells it from its own grammars
# A plural is two units, for what its singular names: "energy minister", of "energy ministers".
_UNIT = re.compile(r"\s+|\w{3,}?(?=s\b)|\w+|[^\w\s]")


def lark(schema: dict[str, Any], copied: Collection[str], told: Sequence[str]) -> str:
    """The grammar of `schema`, whose string fields named in `copied` quote the lines `told`.

    A quotation is an unbroken run of whole words of one line; where there is no line, those
    fields are free.
    """
    spans = [units for line in told if (units := _units(line))]
    rules = _Rules(schema["$defs"], frozenset(copied) if spans else frozenset())
    start = rules.value(schema)
    lines = [f"{HEAD}start: {start}", *rules.lines]
    if spans:
        lines.append('span: "\\"" SPAN "\\""')
        names = [f"LINE{i}" for i in range(len(spans))]
        # Neither empty nor with a blank at either end.
        lines.append(rf"SPAN: ({' | '.join(names)}) & /\S(.*\S)?/")
        lines += [
            f"{name}: %regex {json.dumps({'substring_chunks': units}, ensure_ascii=False)}"
            for name, units in zip(names, spans, strict=True)
        ]
    return "\n".join(lines) + "\n"


def _units(line: str) -> list[str]:
    """The words, blanks and marks of a line, each spelt as inside a JSON string."""
    return [json.dumps(unit, ensure_ascii=False)[1:-1] for unit in _UNIT.findall(line)]


class _Rules:
    """Rules for the definitions that were met so far, each under its name in lower case."""

    def __init__(self, definitions: dict[str, Any], copied: frozenset[str]) -> None:
        self._definitions, self._copied = definitions, copied
        self._known: dict[str, str] = {}

    @property
    def lines(self) -> list[str]:
        return [f"{name}: {body}" for name, body in self._known.items()]

    def value(self, schema: dict[str, Any]) -> str:
        """The right-hand side for one schema."""
        match schema:
            case {"$ref": str(reference)}:
                return self._definition(reference.rpartition("/")[2])
            case {"anyOf": kinds}:
                return _any_of([self.value(kind) for kind in kinds])
            case {"enum": values}:
                return _any_of([_literal(_json(value)) for value in values])
            case {"type": "array", "items": items}:
                return self._array(self.value(items), schema)
            case {"properties": fields}:
                return self._object(fields, schema["required"])
            case _:
                return f"%json {_json(schema)}"

    def _definition(self, name: str) -> str:
        rule = name.lower()
        if rule not in self._known:
            self._known[rule] = ""  # its place comes before those that it needs
            self._known[rule] = self.value(self._definitions[name])
        return rule

    def _object(self, fields: dict[str, Any], required: Sequence[str]) -> str:
        """At least the first field is required, so that every other one opens with a comma."""
        first, *others = fields
        parts = [_literal("{"), self._field(first, fields[first])]
        for name in others:
            field = f"{_literal(',')} {self._field(name, fields[name])}"
            parts.append(field if name in required else f"({field})?")
        return " ".join([*parts, _literal("}")])

    def _field(self, name: str, schema: dict[str, Any]) -> str:
        value = "span" if name in self._copied else self.value(schema)
        return f"{_literal(f'{_json(name)}:')} {value}"

    def _array(self, item: str, schema: dict[str, Any]) -> str:
        most = schema.get("maxItems")
        if most == 0:
            return _literal("[]")
        more = "*" if most is None else f"{{0,{most - 1}}}"
        items = f"{item} ({_literal(',')} {item}){more}"
        inner = items if schema.get("minItems") else f"({items})?"
        return f"{_literal('[')} {inner} {_literal(']')}"


def _any_of(kinds: Sequence[str]) -> str:
    return f"({' | '.join(kinds)})"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _literal(text: str) -> str:
    """`text` as a string of Lark, which is spelt as one of JSON."""
    return json.dumps(text, ensure_ascii=False)
