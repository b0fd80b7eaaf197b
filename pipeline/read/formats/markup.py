"""HTML in the fields of rows and objects, made text as an entry of a feed is.

The parser runs in another process (see pipeline.read.formats.apart). Knows no format.
"""

import re
from typing import Any

from pipeline.read.fields import column_of
from pipeline.read.formats.found import Fields, Reading

_TAGS = "p|div|span|h[1-6]|ul|ol|li|table|figure|img|br|a|b|i|em|strong|blockquote|article|section"
_OPENS = re.compile(rf"\s*<(?:{_TAGS})(?=[\s>/])", re.IGNORECASE)


def without_markup(fields: Fields, how: Reading) -> Fields:
    """The fields, their text and title freed of HTML; raises ReadError."""
    there = [name for name, value in fields.items() if value not in (None, "")]
    found = (column_of(name, there) for name in ("text", "title"))
    changed = {name: _plain(fields[name], how) for name in found if name is not None}
    return {**fields, **changed}


def _plain(value: Any, how: Reading) -> Any:
    if isinstance(value, dict) and isinstance(value.get("rendered"), str):  # WordPress
        return _text(value["rendered"], how)
    return _text(value, how) if isinstance(value, str) and _is_html(value) else value


def _is_html(value: str) -> bool:
    return _OPENS.match(value) is not None or "</p>" in value or "</P>" in value


def _text(html: str, how: Reading) -> str:
    return str(how.parse("piece", html.encode("utf-8", "replace"))[0]["text"])
