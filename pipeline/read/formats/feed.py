"""RSS and Atom: each entry an article, with its HTML made text.

Runs in a process of its own (see pipeline.read.formats.apart). Entities of a feed's own are
refused and nothing is fetched: a feed is a stranger's XML.
"""

import html
import re
from typing import Any

from pipeline.errors import ReadError
from pipeline.read.charset import declared
from pipeline.read.decode import decode
from pipeline.read.formats.found import REFUSED, Fields
from pipeline.read.formats.webpage import as_text
from pipeline.read.limits import MOST_ENTRIES

_PROLOGUE = re.compile(r"\A.*?(?=<[A-Za-z])", re.DOTALL)
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # in any XML
_ROOTS = {"rss", "feed", "rdf", "channel"}
_ENTRIES = {"item", "entry"}
# The whole text where there is one; in an Atom feed `summary` is the short of `content`.
_TEXTS = ("encoded", "content", "body", "description", "summary")
_DATES = ("pubdate", "published", "date", "issued", "created", "updated", "modified")
_ATOM = "{http://www.w3.org/2005/Atom}"
# Whose elements are about the article. Media RSS has a title, a description and a content too,
# and they are those of a picture.
_SPACES = {
    "",
    *("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "http://www.w3.org/1999/xhtml"),
    *("http://purl.org/rss/1.0/", "http://purl.org/rss/1.0/modules/content/"),
    *("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"),
}
_PREFIXES = {"", "atom", "content", "dc"}  # of a feed that forgets to declare them


def read_feed(data: bytes) -> list[Fields]:
    """The entries of a feed, in its order."""
    text = decode(data, declared(data))
    root = _root(text)
    if root is None or _name(root) not in _ROOTS:
        raise ReadError("is XML, but no RSS or Atom feed; convert it to text, HTML or JSON lines")
    entries = [element for element in root.iter() if _name(element) in _ENTRIES]
    if not entries:
        raise ReadError("is a feed without entries; leave it out")
    if len(entries) > MOST_ENTRIES:
        raise ReadError(f"is a feed of more than {MOST_ENTRIES:,} entries; split it")
    channel = next((element for element in root.iter() if _name(element) == "channel"), root)
    source = as_text(_text_of(_first(channel, ("title",))))
    found: list[Fields] = [_entry(element, source) for element in entries]
    if _is_cut(text, root.tag):
        if _is_cut(text, entries[-1].tag):
            found.pop()
        found.append({REFUSED: "is where the feed was cut short; fetch it again"})
    return found


def _is_cut(text: str, tag: str) -> bool:
    """Whether the last element of this tag is never closed."""
    name = rf"(?:[\w.-]+:)?{re.escape(re.split('[}:]', tag)[-1])}"
    last = [match.start() for match in re.finditer(rf"<{name}[\s/>]", text)][-1:]
    return bool(last) and not re.search(rf"</{name}\s*>|<{name}\s*/>", text[last[0] :])


def _root(text: str) -> Any:
    from lxml import etree

    prologue = _PROLOGUE.match(text)
    if "<!entity" in (prologue[0] if prologue else text).lower():
        raise ReadError("declares entities of its own, as no feed needs to; take them out")
    text = _ILLEGAL.sub("\ufffd", _NAMED.sub(_named, text))
    parser = etree.XMLParser(
        encoding="utf-8",  # whatever it declares: it is decoded already
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise ReadError(
            "is not valid XML, and no feed can be read from it; fetch it again"
        ) from error


def _named(found: re.Match[str]) -> str:
    """HTML's `&nbsp;` and the like, which XML does not know but feeds use all the same."""
    return html.escape(html.unescape(found[0]), quote=False)


def _entry(element: Any, source: str) -> dict[str, Any]:
    link = _link(element)
    own = _first(element, ("source",))
    named = _first(own, ("title",)) if own is not None else None  # Atom; its other children are not
    text = next((text for name in _TEXTS if (text := _body(_first(element, (name,))))), "")
    return {
        "id": _text_of(_first(element, ("guid", "id"))) or link or None,
        "text": text,
        "title": as_text(_text_of(_first(element, ("title",)))),
        "published": _text_of(_first(element, _DATES)),
        "source": as_text(_text_of(own if named is None else named)) or source,
        "url": link,
    }


def _body(element: Any) -> str:
    if element is None:
        return ""
    if element.get("type") == "xhtml":
        from lxml import etree

        inner = [etree.tostring(child, encoding="unicode", method="html") for child in element]
        return as_text((element.text or "") + "".join(inner))
    if element.tag.startswith(_ATOM) and element.get("type", "text") in ("text", "text/plain"):
        return _text_of(element)
    return as_text(_text_of(element))


def _link(element: Any) -> str:
    for link in element:
        if _own(link) == "link" and link.get("rel", "alternate") == "alternate":
            return str(link.get("href") or _text_of(link))
    return ""


def _first(element: Any, names: tuple[str, ...]) -> Any:
    """The first child that is called by the first of the names that any child has."""
    children = {_own(child): child for child in reversed(element)}
    return next((children[name] for name in names if name in children), None)


def _text_of(element: Any) -> str:
    return "".join(element.itertext()).strip() if element is not None else ""


def _own(element: Any) -> str:
    """The name of an element that is about the article; "" for that of a picture or a player."""
    tag = element.tag if isinstance(element.tag, str) else ""
    space, _, name = tag.removeprefix("{").rpartition("}")
    return _name(element) if space in _SPACES and name.rpartition(":")[0] in _PREFIXES else ""


def _name(element: Any) -> str:
    """A tag without its namespace, in small letters; "" for what has no tag."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""
