"""Turn a file's bytes into text: encoding, line breaks, and characters that no text may hold.

Does not know what kind of file it is. Offsets are counted on what comes out of here.
"""

import codecs
import re

from pipeline.errors import ReadError

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NEWLINE = re.compile(r"\r\n?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_DAMAGE = 0.2  # of the characters beyond ASCII; more, and it was never UTF-8


def decode(data: bytes) -> str:
    """Text of UTF-8 (with or without BOM), UTF-16 with BOM, or else Windows-1252.

    Lines end in a line feed. Raises ReadError with the rest of a sentence ("is binary, …").
    """
    try:
        text = data.decode("utf-16") if data.startswith(_UTF16) else _eight_bit(data)
    except UnicodeDecodeError as error:
        raise ReadError("cannot be decoded; save it as UTF-8") from error
    if "\0" in text:
        raise ReadError("is binary, not text; give plain text, Markdown or JSON lines")
    return clean(text)


def clean(text: str) -> str:
    """Level line breaks to line feeds; put U+FFFD for lone surrogates and NUL."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _NEWLINE.sub("\n", text).replace("\0", "\ufffd")


def _eight_bit(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    # A few broken bytes (a file cut short) must not turn a whole UTF-8 text into nonsense.
    lossy = data.decode("utf-8-sig", "replace")
    beyond_ascii = sum(char > "\x7f" for char in lossy)
    if lossy.count("\ufffd") <= _MOST_DAMAGE * beyond_ascii:
        return lossy
    return data.decode("cp1252")
