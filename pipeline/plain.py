"""Foreign text made fit: safe and folded for a terminal, without the key for a file or a log.

What articles, models, servers and file names say must pass through here. Imports nothing heavy,
because every command needs it. Knows no nouns.
"""

import json
import textwrap
import unicodedata
from typing import Any

_UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_HARMLESS = "\u00ad\u200c\u200d"  # soft hyphen and joiners: spelling in some scripts
_SECRET_LENGTH = 8  # characters; providers' keys have 20 and more
_NARROWEST = 40  # columns; with fewer, a word a line would be all that fits


def plain(text: str) -> str:
    """`text` on one line, with control and bidi-format characters shown as <U+001B>.

    Nothing that comes out can move a cursor, colour a screen or turn the writing round.
    """
    return "".join(
        f"<U+{ord(char):04X}>" if _unsafe(char) else char for char in " ".join(text.split())
    )


def wrapped(text: str, lead: str, width: int) -> str:
    """`text` behind `lead`, in lines of at most `width` columns that begin below its first word."""
    return textwrap.fill(
        text,
        width=max(width, _NARROWEST),
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_on_hyphens=False,
    )


def plain_json(value: Any, *, indent: int | None = None) -> str:
    """`value` as JSON that means the same and has the characters that `plain` hides escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return "".join(_escaped(char) if char != "\n" and _unsafe(char) else char for char in text)


def without_key(text: str, key: str | None) -> str:
    """`text` with [key] wherever it has `key`, unless that is too short to be a secret.

    Local servers take any word for a key; cutting "x" out of a reply would ruin it.
    """
    return text.replace(key, "[key]") if key and len(key) >= _SECRET_LENGTH else text


def _unsafe(char: str) -> bool:
    return unicodedata.category(char) in _UNSAFE and char not in _HARMLESS


def _escaped(char: str) -> str:
    return json.dumps(char)[1:-1] if ord(char) > 0x7F else f"\\u{ord(char):04x}"
