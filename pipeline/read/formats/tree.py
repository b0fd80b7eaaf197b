"""HTML to lxml's tree, for what takes pages and pieces of them apart. Knows neither."""

from typing import Any


def tree(html: str) -> Any:
    """The document's root element, without comments; None where there is nothing in it."""
    import lxml.html

    # A parser of our own keeps lxml from looking for a declaration, which a str must not have.
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    data = html.encode("utf-8", "replace")
    return lxml.html.document_fromstring(data, parser=parser) if data.strip() else None
