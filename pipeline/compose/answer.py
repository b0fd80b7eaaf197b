"""An answer as a way writes it: JSON, as objects or, in a way of rows, as arrays of their values.

Field names are two fifths of what a small model would have to write. In a row a field is known by
its place; fields with a default may be left out where only defaults follow, and the object of a
single field is that field's value. `grammar` holds a model to this form.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json

from pipeline.compose.request import wire_schema
from schemas.extraction import Extraction
from schemas.way import Way

Schema = Mapping[str, Any]


def write_answer(extraction: Extraction, way: Way) -> str:
    """What the model is to say, so that `read_answer` returns `extraction` as far as the way goes.

    In rows, parties that a participant acts for go without saying.
    """
    told = extraction.model_dump(mode="json")
    schema = wire_schema(way)
    if way.rows:
        for meeting in told["meetings"]:
            sides = {person["party"] for person in meeting["participants"]}
            meeting["parties"] = [party for party in meeting["parties"] if party not in sides]
    row = _row(told, schema, schema["$defs"])  # without what this way does not ask for
    if way.rows:
        return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(_told(row, schema, schema["$defs"]), ensure_ascii=False)


def read_answer(content: str, way: Way) -> Extraction:
    """What the model said. Raises ValidationError, whose words a model is asked again with."""
    if not way.rows:
        return Extraction.model_validate_json(content)
    try:
        row = from_json(content)
    except ValueError:
        return Extraction.model_validate_json(content)  # which says where it breaks
    schema = wire_schema(way)
    return Extraction.model_validate_json(json.dumps(_told(row, schema, schema["$defs"])))


def _row(value: Any, schema: Schema, definitions: Schema) -> Any:
    schema = _resolved(schema, definitions)
    if "items" in schema:
        return [_row(item, schema["items"], definitions) for item in value]
    if "properties" not in schema:
        return value
    fields = schema["properties"]
    row = [_row(value[name], field, definitions) for name, field in fields.items()]
    while len(row) > len(schema["required"]) and not row[-1]:
        row.pop()
    return row[0] if len(fields) == 1 else row


def _told(row: Any, schema: Schema, definitions: Schema) -> Any:
    """The reverse of `_row`. What has not its form stays as it is, for the validator."""
    schema = _resolved(schema, definitions)
    if "items" in schema and isinstance(row, list):
        return [_told(item, schema["items"], definitions) for item in row]
    if "properties" not in schema:
        return row
    fields = schema["properties"]
    values = [row] if len(fields) == 1 else row
    if not isinstance(values, list) or len(values) > len(fields):
        return row
    told = zip(fields.items(), values, strict=False)
    return {name: _told(value, field, definitions) for (name, field), value in told}


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    """The schema that a reference stands for."""
    reference = schema.get("$ref")
    return definitions[reference.rpartition("/")[2]] if reference else schema
