"""What format bytes are in, told by how they begin.

For standard input and for files whose names do not say. Reads no further than the head.
"""

import codecs
import re

from pipeline.errors import ReadError
from pipeline.read.charset import declared, unmarked_utf16
from pipeline.read.formats.objects import lines_shown_by
from pipeline.read.formats.table import SAYS_SEPARATOR, is_header

_PDF = b"%PDF-"
_PDF_WITHIN = 1_024  # bytes of junk that readers of PDF forgive
# What is sent by mistake, and what to do with it.
_BINARY = (
    (b"PK\x03\x04", "is a ZIP or office document; save it as PDF, HTML or text"),
    (b"\xd0\xcf\x11\xe0", "is an old office document; save it as PDF, HTML or text"),
    (b"{\\rtf", "is rich text (RTF); save it as PDF, HTML or text"),
    (b"\x1f\x8b", "is compressed twice; unpack it once"),
    (b"BZh", "is compressed with bzip2; unpack it, or use gzip"),
    (b"\xfd7zXZ\0", "is compressed with xz; unpack it, or use gzip"),
    (b"(\xb5/\xfd", "is compressed with zstd; unpack it, or use gzip"),
    (b"\x89PNG", "is a picture; run it through text recognition (OCR)"),
    (b"\xff\xd8\xff", "is a picture; run it through text recognition (OCR)"),
    (b"GIF8", "is a picture; run it through text recognition (OCR)"),
)
_JSON = re.compile(r"\{\s*[\"}]|\[\s*[\[{\]]")
_FEED = re.compile(r"<(?:rss|feed|rdf:rdf|(?:\w+:)?feed)\b", re.IGNORECASE)
_PAGE = re.compile(
    r"(?:<!--.{0,2000}?-->\s*)*<(?:!doctype html|html|head|body|article|main|div|section|p|h1|meta|"
    r"title|script|style)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"<\?xml\b|<!doctype\b|<!--", re.IGNORECASE)
_MATTER = re.compile(r"---[ \t]*\n\w[\w -]{0,40}:")
_HEAD = 4_096  # bytes that are looked at as text


def sniffed(head: bytes, text_column: str | None = None) -> str:
    """The format's name in pipeline.read.formats.READERS; raises ReadError for what is none."""
    if is_pdf(head):
        return "pdf"
    check_readable(head)
    text = _text(head)
    if _JSON.match(text):
        return "jsonl" if lines_shown_by(_narrow(head), text_column) else "json"
    if text.startswith("<") and (kind := _markup(text)):
        return kind
    if _is_table(text.splitlines()[:2], text_column):
        return "csv"
    return "markdown" if _MATTER.match(text) else "text"


def is_pdf(head: bytes) -> bool:
    """Whether it is a PDF, whatever it is called."""
    return _PDF in head[:_PDF_WITHIN]


def check_readable(head: bytes) -> None:
    """Raise ReadError, with the remedy, for what is sent by mistake and is never an article."""
    for magic, reason in _BINARY:
        if head.startswith(magic):
            raise ReadError(reason)


def _is_table(lines: list[str], text_column: str | None) -> bool:
    if lines and SAYS_SEPARATOR.fullmatch(lines[0]):
        return True
    return bool(lines) and is_header(lines[0], text_column)


def _markup(text: str) -> str | None:
    """Whether it is a feed or a page; None for a text that merely opens with a bracket."""
    if _FEED.search(text):
        return "feed"
    if _PAGE.match(text):
        return "html"
    if _XML.match(text):
        return "html" if "<html" in text.lower() else "feed"
    return None


def _text(head: bytes) -> str:
    """The beginning, roughly: all that formats are told by is ASCII."""
    return _narrow(head)[:_HEAD].decode(declared(head) or "utf-8", "replace").lstrip()


def _narrow(head: bytes) -> bytes:
    """The head in an encoding whose ASCII is ASCII."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "replace").encode("utf-8", "replace")
    if name := unmarked_utf16(head):
        return head.decode(name, "replace").encode("utf-8", "replace")
    return head.removeprefix(codecs.BOM_UTF8)
