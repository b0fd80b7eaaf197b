"""Turn a file's bytes into text: encoding, line breaks, and characters that no text may hold.

Does not know what kind of file it is. Offsets are counted on what comes out of here.
"""

import codecs
import re

from pipeline.errors import ReadError
from pipeline.read.charset import guess, is_stateful, unmarked_utf16

_MARKS = (  # the longer one first: UTF-32's mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_NEWLINE = re.compile(r"\r\n?")
_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")  # without ESC: terminals' colours are text
_MOST_CONTROL = 0.02  # of all characters
_MOST_DAMAGE = 0.2  # of the characters beyond ASCII; more, and it was never UTF-8


def decode(data: bytes, declared: str | None = None) -> str:
    """Text of UTF-8, UTF-16 or UTF-32, of the `declared` encoding, or of the likeliest.

    A byte order mark beats everything, and UTF-8 beats what is declared: pages lie, but no other
    text is UTF-8 by chance. Lines end in a line feed. Raises ReadError with the rest of a
    sentence ("is binary, …").
    """
    marked = wide(data)
    try:
        text = data.decode(marked) if marked else _eight_bit(data, declared)
    except UnicodeDecodeError as error:
        raise ReadError("cannot be decoded; save it as UTF-8") from error
    if "\0" in text or len(_CONTROL.findall(text)) > _MOST_CONTROL * len(text):
        raise ReadError("is binary, not text; convert it to text, HTML or PDF")
    return clean(text)


def wide(data: bytes) -> str | None:
    """The encoding that a byte order mark tells, or UTF-16 without one; None for all others."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return None if name == "utf-8-sig" else name
    return unmarked_utf16(data)


def clean(text: str) -> str:
    """Level line breaks to line feeds; put U+FFFD for lone surrogates and NUL."""
    try:
        text.encode()  # which is quicker than looking for them
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _NEWLINE.sub("\n", text).replace("\0", "\ufffd")


def _eight_bit(data: bytes, declared: str | None) -> str:
    if declared and is_stateful(declared) and (text := _strictly(data, declared)):
        return text
    for name in ("utf-8-sig", declared):
        if name and (text := _strictly(data, name)) is not None:
            return text
    # A few broken bytes (a file cut short) must not turn a whole UTF-8 text into nonsense, nor a
    # text in the encoding that it declares.
    for name in ("utf-8-sig", declared):
        if name and _mostly_whole(lossy := data.decode(name, "replace")):
            return lossy
    name = guess(data)
    # Of one-byte encodings some leave a byte undefined; a text must not fail for one of those,
    # and a text in Latin letters that holds one is likelier no text at all.
    return data.decode(name, "strict" if name == "cp1252" else "replace")


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _mostly_whole(lossy: str) -> bool:
    beyond_ascii = sum(char > "\x7f" for char in lossy)
    return lossy.count("\ufffd") <= _MOST_DAMAGE * beyond_ascii
