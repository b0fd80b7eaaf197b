"""HTML: the article in a page, without what stands around it; and the text of a piece of HTML.

Runs in a process of its own (see pipeline.read.formats.apart), for pages can be hostile.
"""

import re
from collections.abc import Iterator
from typing import Any

from pipeline.errors import ReadError
from pipeline.read.charset import declared
from pipeline.read.decode import decode
from pipeline.read.formats.found import Fields
from pipeline.read.formats.pagedate import page_date
from pipeline.read.formats.tree import tree

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
# An article has one line of prose at least; "Home", "World" and "Please enable JavaScript" have
# none. In UTF-8, where scripts that say more with a character use more bytes for it.
_LEAST_LINE = 50
# trafilatura's guess at a date takes sidebars and footers for the article; we do without it.
_NO_SEARCH = {"extensive_search": False}
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption"),
    *("figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav"),
    *("ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"),
}
_UNSEEN = {"script", "style", "template", "noscript", "head", "iframe", "object"}
_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]+);")


def read_page(data: bytes) -> list[Fields]:
    """The article of a page, with the title, date, site and address that the page gives."""
    import trafilatura

    text = _XML_DECLARATION.sub("", decode(data, declared(data)))
    page: Any = trafilatura.bare_extraction(
        text, with_metadata=True, include_comments=False, date_extraction_params=_NO_SEARCH
    )
    lines = (page.text or "").split("\n") if page else []
    if max((len(line.encode("utf-8", "replace")) for line in lines), default=0) < _LEAST_LINE:
        raise ReadError("holds no article that can be found; save its text as a text file")
    return [
        {
            "text": page.text,
            "title": page.title,
            "published": page_date(text),
            "source": page.sitename or page.hostname,
            "url": page.url,
        }
    ]


def as_text(html: str) -> str:
    """The text of a piece of HTML, a line for each block; text without any markup stays itself."""
    if not _MARKUP.search(html):
        return html
    wrapped = tree(f"<html><body><div>{html}</div></body></html>")
    lines = "".join(_pieces(wrapped)).split("\n")
    return "\n".join(line for raw in lines if (line := " ".join(raw.split())))


def _pieces(root: Any) -> Iterator[str]:
    """Text in reading order, with a line feed around blocks. No recursion: pages nest deep."""
    from lxml import etree

    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        unseen, block = element.tag in _UNSEEN, element.tag in _BLOCKS
        if event == "start":
            hidden += unseen
            yield "\n" if block else ""
            yield "" if hidden else _flat(element.text)
        else:
            hidden -= unseen
            yield "\n" if block else ""
            yield "" if hidden else _flat(element.tail)


def _flat(text: str | None) -> str:
    return " ".join(re.split(r"[ \t\n\r\f]+", text)) if text else ""
