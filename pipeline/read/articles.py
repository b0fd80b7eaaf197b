"""Read articles: from files to frozen Articles with sentences, labels and a publication date.

One article that cannot be read never stops the rest. Holds one article at a time; of the others
it remembers only the ids. Does not know what will be asked about them.
"""

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.read.fields import Draft
from pipeline.read.formats import Reading
from pipeline.read.formats.apart import Apart
from pipeline.read.published import publication
from pipeline.read.sentences import split
from pipeline.read.sources import Unreadable, drafts, find_files
from schemas.article import Article, Label, Sentence

__all__ = ["Found", "Unreadable", "articles_in", "find_articles", "read_paths", "safe_id"]

_MOST_ID_CHARS = 120
_MOST_ID_BYTES = 200  # a file name may have 255, and suffixes follow
_FORBIDDEN = re.compile(r'[/\\:*?"<>|]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_SLUG = 60
_REPEATED = "has the id of another article of this run; rename one of them."
_OPENING = 2_000  # code points in which a headline is looked for


def read_paths(
    paths: Sequence[Path], published: dt.date | None = None, *, text_column: str | None = None
) -> Iterator[Article | Unreadable]:
    """Yield the articles in files and folders, lazily, in a stable order; ids never repeat.

    `published` is the publication date of all of them and beats whatever they say themselves.
    `text_column` names the column or key of the text, in tables and JSON. Raises UsageError at
    once for a path that makes no sense.
    """
    found = find_articles(paths, published, text_column=text_column)
    return (each if isinstance(each, Unreadable) else each.article() for each in found)


class Found(NamedTuple):
    """An article that was found and not split yet, which is most of the work of reading it."""

    id: str
    draft: Draft
    published: dt.date | None  # as given for all

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of everything that the article is made from."""
        said = self.draft.model_dump_json(exclude={"where"})  # in one order, and quick
        return hashlib.sha256(f"{self.id}\n{self.published}\n{said}".encode()).hexdigest()

    def article(self) -> Article:
        """The article, split."""
        return _article(self.draft, self.id, self.published)


def find_articles(
    paths: Sequence[Path], published: dt.date | None = None, *, text_column: str | None = None
) -> Iterator[Found | Unreadable]:
    """Do what `read_paths` does, but leave it to the caller to split the articles."""
    return articles_in(find_files(paths), published, text_column=text_column)


def articles_in(
    files: Sequence[Path], published: dt.date | None = None, *, text_column: str | None = None
) -> Iterator[Found | Unreadable]:
    """Do what `find_articles` does, with files that `find_files` found."""
    with Apart() as apart:
        how = Reading(text_column, apart)
        found = (draft for file in files for draft in drafts(file, how))
        yield from _named(found, published)


def _named(
    found: Iterable[Draft | Unreadable], published: dt.date | None
) -> Iterator[Found | Unreadable]:
    """Give every article an id that no other has."""
    taken: set[str] = set()
    for draft in found:
        name = safe_id(draft.id)
        repeated = _taken_as(name) in taken
        if repeated:  # a failure needs an id of its own, lest it hides the good article
            name = safe_id(f"{name}/{len(taken)}")
        taken.add(_taken_as(name))
        if isinstance(draft, Unreadable):
            yield Unreadable(id=name, reason=draft.reason)
        elif repeated:
            yield Unreadable(id=name, reason=f"{draft.where} {_REPEATED}")
        else:
            yield Found(name, draft, published)


def safe_id(given: str) -> str:
    """Return the id where it can be a file name; else a slug and 8 digits of its SHA-256."""
    fits = (
        0 < len(given) <= _MOST_ID_CHARS and len(given.encode("utf-8", "replace")) <= _MOST_ID_BYTES
    )
    harmless = (
        given == given.strip()
        and given.isprintable()
        and not given.startswith((".", "-"))
        and not given.endswith(".")
        and not _FORBIDDEN.search(given)
        and not _RESERVED.fullmatch(given)
    )
    if fits and harmless:
        return given
    digest = hashlib.sha256(given.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    slug = re.sub(r"[^A-Za-z0-9_]+", "-", given).strip("-")[:_SLUG].strip("-")
    return f"{slug or 'article'}-{digest}"


def _taken_as(name: str) -> str:
    """Return what two ids share when some file system would give them the same file."""
    return unicodedata.normalize("NFC", name).casefold()


def _article(draft: Draft, name: str, published: dt.date | None) -> Article:
    text, (start, end) = _with_title(draft.text, draft.title)
    sentences = tuple(
        sentence.model_copy(update={"label": Label.TITLE})
        if start <= sentence.start and sentence.end <= end
        else sentence
        for sentence in split(text)
    )
    return Article(
        id=name,
        text=text,
        sentences=sentences,
        published=publication(text, sentences, published, draft.published),
        title=draft.title or _first_title(text, sentences),
        source=draft.source,
        url=draft.url,
    )


def _with_title(text: str, title: str | None) -> tuple[str, tuple[int, int]]:
    """Put the title on a line of its own unless the text opens with it; return that line's span."""
    if title is None:
        return text, (0, 0)
    opening = text[:_OPENING]
    if _folded(title) in _folded(opening):  # else there is no need for a pattern, which is dear
        words = r"\s+".join(map(re.escape, title.split()))
        line = rf"^[ \t#*_]*(?:\([^()\n]{{1,12}}\) )?{words}\W*?$"
        if found := re.search(line, opening, re.IGNORECASE | re.MULTILINE):
            return text, found.span()
    return f"{title}\n\n{text}", (0, len(title))


def _folded(text: str) -> str:
    """`text` without what IGNORECASE and white space tell apart; to it, İ and ı are i, too."""
    return " ".join(text.casefold().replace("i\u0307", "i").replace("ı", "i").split())


def _first_title(text: str, sentences: Sequence[Sentence]) -> str | None:
    """Return the first headline that the text itself has."""
    for sentence in sentences:
        if sentence.label is Label.TITLE:
            return text[sentence.start : sentence.end].strip("#* ")
    return None
