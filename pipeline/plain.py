"""Foreign text made safe for a terminal: what articles, models and file names must pass through.

Imports nothing heavy, because every command needs it. Knows no nouns.
"""

import json
import unicodedata
from typing import Any

_UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_HARMLESS = "\u00ad\u200c\u200d"  # soft hyphen and joiners: spelling in some scripts


def plain(text: str) -> str:
    """`text` on one line, with control and bidi-format characters shown as <U+001B>.

    Nothing that comes out can move a cursor, colour a screen or turn the writing round.
    """
    return "".join(
        f"<U+{ord(char):04X}>" if _unsafe(char) else char for char in " ".join(text.split())
    )


def plain_json(value: Any, *, indent: int | None = None) -> str:
    """`value` as JSON that means the same and has the characters that `plain` hides escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return "".join(_escaped(char) if char != "\n" and _unsafe(char) else char for char in text)


def _unsafe(char: str) -> bool:
    return unicodedata.category(char) in _UNSAFE and char not in _HARMLESS


def _escaped(char: str) -> str:
    return json.dumps(char)[1:-1] if ord(char) > 0x7F else f"\\u{ord(char):04x}"
