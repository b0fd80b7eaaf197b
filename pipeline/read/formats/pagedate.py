"""The day on which a page says, in its markup, that its article was published.

Only what can mean nothing else: sidebars, footers, addresses and lists of other stories have dates
too. Where that leaves none, what the page prints is weighed later (see pipeline.read.published).
"""

import json
from collections.abc import Iterator
from typing import Any

from pipeline.read.days import whole_date
from pipeline.read.formats.tree import tree

# Of `<meta>`, as property, name or itemprop, the surest first. No date of a change is among them.
_METAS = (
    *("article:published_time", "og:published_time", "datepublished", "parsely-pub-date"),
    *("dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created"),
    *("citation_publication_date", "sailthru.date", "article.published", "article_date_original"),
    *("publish-date", "publish_date", "publication_date", "published_time", "pubdate"),
    *("dc.date", "date"),
)
_ARTICLES = ("Article", "BlogPosting", "PressRelease")  # how the types end
_INSIDE = ("@graph", "mainEntity")  # where a page's own article may stand; in a list, any other


def page_date(html: str) -> str | None:
    """The day as the page writes it; None where it says none, or several."""
    root = tree(html)
    if root is None:
        return None
    said = _metas(root)
    candidates = [said.get(name, []) for name in _METAS]
    candidates.insert(1, list(_linked(root)))
    return next((date for dates in candidates if (date := _agreed(dates))), None)


def _agreed(dates: list[str]) -> str | None:
    """The first, if there is one and no other contradicts it: several are of several articles."""
    days = {day for date in dates if (day := whole_date(date))}
    return days.pop().isoformat() if len(days) == 1 else None


def _metas(root: Any) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        for attribute in ("property", "name", "itemprop"):
            name = str(meta.get(attribute) or "").strip().lower()
            if name in _METAS:
                said.setdefault(name, []).append(str(meta.get("content") or ""))
    return said


def _linked(root: Any) -> Iterator[str]:
    """The `datePublished` of each article that the page describes in JSON-LD."""
    for script in root.iter("script"):
        if str(script.get("type") or "").strip().lower() == "application/ld+json":
            try:
                yield from _of_articles(json.loads(script.text or "", strict=False))
            except (ValueError, RecursionError):
                continue


def _of_articles(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            continue
        types = item.get("@type")
        named = [kind for kind in (types if isinstance(types, list) else [types]) if kind]
        if any(str(kind).endswith(_ARTICLES) for kind in named):
            yield str(item.get("datePublished") or "")
        elif "ItemList" not in named:
            for key in _INSIDE:
                yield from _of_articles(item.get(key))
