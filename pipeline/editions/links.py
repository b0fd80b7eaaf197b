"""Links each article that is read to those read before it: what it updates, or is a copy of.

Remembers a fingerprint of each of the latest articles and a score of keys to find it by, some two
kilobytes in all. Does not know what a link is used for.
"""

from collections import deque
from itertools import chain
from typing import NamedTuple

from pipeline.editions.likeness import Fingerprint, fingerprint, likeness, near
from pipeline.editions.marks import LAST
from schemas.article import Article
from schemas.record import Edition

REMEMBERED = 6000  # articles: a few days of several agencies, in a dozen megabytes
_MOST = 32  # fingerprints under one key: a phrase that every story has finds no more


class _Like(NamedTuple):
    seen: Fingerprint
    likeness: float


class Editions:
    """The latest articles of a run: memory does not grow with all of them."""

    def __init__(self) -> None:
        self._latest: deque[Fingerprint] = deque()
        self._texts: dict[bytes, Fingerprint] = {}
        self._found_by: dict[int, tuple[Fingerprint, ...]] = {}

    def place(self, article: Article) -> Edition:
        """Where `article` stands among the articles placed before it; remembers it for the next."""
        return self.link(fingerprint(article))

    def link(self, mine: Fingerprint) -> Edition:
        """`place`, for an article that is known by its fingerprint.

        Two articles are editions of a story if one body has most of the other's phrases, the
        agency is not another, they were published within two days as far as that is known, and
        their marks say which is the later one. Copies show a model the same text.
        """
        alike = self._alike(mine)
        before = max(
            (each for each in alike if each.seen.rank < mine.rank),
            key=lambda each: (each.seen.rank, each.likeness),
            default=None,
        )
        after = min(
            (each for each in alike if each.seen.rank > mine.rank),
            key=lambda each: (each.seen.rank, -each.likeness),
            default=None,
        )
        level = mine.rank.level
        if level == LAST:  # a correction has the number of what it corrects
            level = before.seen.rank.level if before else 0
        return Edition(
            rank=level,
            replaces=before.seen.id if before else None,
            replaced_by=after.seen.id if after else None,
            copy_of=self._remembered(mine),
        )

    def _alike(self, mine: Fingerprint) -> list[_Like]:
        """The other editions of the story."""
        found_by, order = self._found_by, mine.rank
        met = chain.from_iterable(found_by[key] for key in mine.sought & found_by.keys())
        others = {seen.id: seen for seen in met if seen.rank != order and near(mine, seen)}
        likes = (_Like(seen, likeness(mine, seen)) for seen in others.values())
        return [like for like in likes if like.likeness]

    def _remembered(self, mine: Fingerprint) -> str | None:
        """Remember an article; of a copy, return the id of the first one instead."""
        first = self._texts.get(mine.text)
        if first is not None and near(mine, first):
            return first.id
        self._texts[mine.text] = mine
        self._latest.append(mine)
        alone = (mine,)  # one tuple for all keys that are new: it is most of them
        for key in mine.kept:
            there = self._found_by.get(key, ())
            if len(there) < _MOST:
                self._found_by[key] = (*there, mine) if there else alone
        if len(self._latest) > REMEMBERED:
            self._forget(self._latest.popleft())
        return None

    def _forget(self, old: Fingerprint) -> None:
        if self._texts.get(old.text) is old:
            del self._texts[old.text]
        for key in old.kept:
            left = tuple(each for each in self._found_by.get(key, ()) if each is not old)
            if left:
                self._found_by[key] = left
            else:
                self._found_by.pop(key, None)
