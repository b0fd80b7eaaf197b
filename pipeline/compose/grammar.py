"""A wire schema as a Lark grammar of rows, in which some strings may only copy the article.

JSON Schema cannot say "any run of words of this sentence"; the Lark of llguidance can, and
llama.cpp, vLLM and SGLang take it. Holds an answer to the rows that `answer` reads.
Knows the few kinds of schema that `compose` writes, not what the fields mean.
See https://github.com/guidance-ai/llguidance/blob/main/docs/syntax.md.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

HEAD = "%llguidance {}\n"  # by which llama.cpp tells it from its own grammars
# A plural is two units, for what its singular names: "energy minister", of "energy ministers".
_UNIT = re.compile(r"\s+|\w{3,}?(?=s\b)|\w+|[^\w\s]")


def lark(schema: dict[str, Any], copied: Mapping[str, Sequence[str]], told: Sequence[str]) -> str:
    """The grammar of `schema`, whose string fields named in `copied` quote the lines `told`.

    A quotation is an unbroken run of whole words of one line, perhaps behind one of the openings
    that `copied` gives; where there is no line, those fields are free.
    """
    spans = [units for line in told if (units := _units(line))]
    rules = _Rules(schema["$defs"], copied if spans else {})
    start = rules.value(schema)
    lines = [f"{HEAD}start: {start}", *rules.lines]
    if spans:
        names = [f"LINE{i}" for i in range(len(spans))]
        # Neither empty nor with a blank at either end.
        lines.append(rf"SPAN: ({' | '.join(names)}) & /\S(.*\S)?/")
        # A model that has lost its way copies on and on: the answer would break its schema.
        lines += [f"SPAN{most}: SPAN & /.{{1,{most}}}/" for most in sorted(rules.longest)]
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

    def __init__(self, definitions: dict[str, Any], copied: Mapping[str, Sequence[str]]) -> None:
        self._definitions, self._copied = definitions, copied
        self._known: dict[str, str] = {}
        self.longest: set[int] = set()  # code points that quotations may have

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
                return self._row(fields, len(schema["required"]))
            case _:
                return f"%json {_json(schema)}"

    def _definition(self, name: str) -> str:
        rule = name.lower()
        if rule not in self._known:
            self._known[rule] = ""  # its place comes before those that it needs
            self._known[rule] = self.value(self._definitions[name])
        return rule

    def _row(self, fields: dict[str, Any], least: int) -> str:
        """The values in order; behind the `least` first, a row may end at any field."""
        first, *others = [self._field(name, schema) for name, schema in fields.items()]
        if not others:
            return first
        needed, optional = others[: least - 1], others[least - 1 :]
        rest = ""
        for value in reversed(optional):
            rest = f"({_literal(',')} {value} {rest})?"
        start = f" {_literal(',')} ".join([first, *needed])
        return f"{_literal('[')} {start} {rest} {_literal(']')}"

    def _field(self, name: str, schema: dict[str, Any]) -> str:
        if name not in self._copied or "enum" in schema:
            return self.value(schema)
        openings = ("", *self._copied[name])
        written = next((kind for kind in schema.get("anyOf", ()) if "maxLength" in kind), schema)
        most = written["maxLength"] - max(map(len, openings))
        self.longest.add(most)
        opened = _any_of([_literal(_json(opening)[:-1]) for opening in openings])
        quoted = " ".join([opened, f"SPAN{most}", _literal('"')])
        return _any_of([quoted, _literal("null")]) if "anyOf" in schema else quoted

    def _array(self, item: str, schema: dict[str, Any]) -> str:
        most = schema.get("maxItems")
        if most == 0:
            return _literal("[]")
        more = "*" if most is None else f"{{0,{most - 1}}}"
        return f"{_literal('[')} ({item} ({_literal(',')} {item}){more})? {_literal(']')}"


def _any_of(kinds: Sequence[str]) -> str:
    return f"({' | '.join(kinds)})"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _literal(text: str) -> str:
    """`text` as a string of Lark, which is spelt as one of JSON."""
    return json.dumps(text, ensure_ascii=False)
