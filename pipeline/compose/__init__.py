"""Composing: from an article and a way to the exact body that goes over the wire."""

from pipeline.compose.answer import read_answer, write_answer
from pipeline.compose.plan import Part, Plan
from pipeline.compose.request import compose, fence, prompt_hash, schema_hash, wire_schema

__all__ = [
    "Part",
    "Plan",
    "compose",
    "fence",
    "prompt_hash",
    "read_answer",
    "schema_hash",
    "wire_schema",
    "write_answer",
]
