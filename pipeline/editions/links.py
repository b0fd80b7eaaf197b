"""Links each article that is read to those read before it: what it updates, or is a copy of.

Remembers a fingerprint of each article and a score of keys to find it by, some two kilobytes in
all. Does not know what a link is used for.
"""

from typing import NamedTuple

from pipeline.editions.likeness import Fingerprint, Keys, fingerprint, likeness, near
from pipeline.editions.marks import LAST
from schemas.article import Article
from schemas.record import Edition

_MOST = 32  # fingerprints under one key: a phrase that every story has finds no more


class _Like(NamedTuple):
    seen: Fingerprint
    likeness: float


class Editions:
    """The articles of a run so far."""

    def __init__(self) -> None:
        self._texts: dict[bytes, Fingerprint] = {}
        self._found_by: dict[int, tuple[Fingerprint, ...]] = {}

    def place(self, article: Article) -> Edition:
        """Where `article` stands among the articles placed before it; remembers it for the next.

        Two articles are editions of a story if one body has most of the other's phrases, the
        agency is not another, they were published within two days as far as that is known, and
        their marks say which is the later one. Copies show a model the same text.
        """
        mine, keys = fingerprint(article)
        alike = self._alike(mine, keys)
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
            copy_of=self._remembered(mine, keys),
        )

    def _alike(self, mine: Fingerprint, keys: Keys) -> list[_Like]:
        """The other editions of the story."""
        met = (seen for key in keys.sought for seen in self._found_by.get(key, ()))
        others = {seen.id: seen for seen in met if seen.rank != mine.rank and near(mine, seen)}
        likes = (_Like(seen, likeness(mine, seen)) for seen in others.values())
        return [like for like in likes if like.likeness]

    def _remembered(self, mine: Fingerprint, keys: Keys) -> str | None:
        """Remember an article; of a copy, return the id of the first one instead."""
        first = self._texts.get(mine.text)
        if first is not None and near(mine, first):
            return first.id
        self._texts[mine.text] = mine
        alone = (mine,)  # one tuple for all keys that are new: it is most of them
        for key in keys.kept:
            there = self._found_by.get(key, ())
            if len(there) < _MOST:
                self._found_by[key] = (*there, mine) if there else alone
        return None
