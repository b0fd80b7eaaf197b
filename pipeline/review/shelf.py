"""What there is to review in one folder, to be read: its records and what was decided about them.

Of articles that failed, those that a person fills in stand for records. Knows where they lie; does
not know what is to be shown of them.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.review.by_hand import ByHand
from pipeline.review.log import Log
from pipeline.review.records import Place, Records
from pipeline.review.state import Review, review
from schemas.decision import Decision
from schemas.record import Record

_KEPT = 8  # reviews in memory: of the article at hand, and those that a person goes back to


class Source(NamedTuple):
    """A folder of records with its log; of the decisions only those of `reviewer`, if given."""

    folder: Path
    reviewer: str | None = None

    @property
    def name(self) -> str:
        """For people: the folder's last name, and whose decisions count."""
        name = self.folder.resolve().name
        return f"{name}@{self.reviewer}" if self.reviewer else name


def source(given: str) -> Source:
    """A folder, or `FOLDER@REVIEWER` where no folder has all of that as its name."""
    folder, at, reviewer = given.rpartition("@")
    if at and folder and reviewer and not Path(given).exists():
        return Source(Path(folder), reviewer)
    return Source(Path(given))


class Shelf:
    """The records and decisions of one source, to be read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.records = Records(source.folder)
        self.by_hand = ByHand(source.folder)
        self.log = Log(source.folder)
        self._reviewed: OrderedDict[str, tuple[Record, int, Review]] = OrderedDict()
        self._by_article: dict[str, list[Decision]] = defaultdict(list)
        self._sorted = 0  # decisions

    def articles(self) -> dict[str, Place]:
        """Where what there is to review lies now, by the articles' ids.

        Raises ArchiveError where the folder cannot be read.
        """
        places = self.records.places()
        return places | {k: v for k, v in self.by_hand.places().items() if k not in places}

    def decisions(self, article: str) -> Sequence[Decision]:
        """Those about one article, first to last, also what others decided until now."""
        self.catch_up()
        return self.known(article)

    def known(self, article: str) -> Sequence[Decision]:
        """Those about one article that were there when we last caught up."""
        return tuple(self._by_article.get(article, ()))

    def seq(self) -> int:
        """How many decisions there are."""
        self.catch_up()
        return self._sorted

    def review(self, article: str) -> tuple[Record, Review] | None:
        """The article's record and how its rows stand; None where there is no record."""
        record = self.records.get(article) or self.by_hand.get(article)
        if record is None:
            return None
        decisions = self.decisions(article)
        kept = self._reviewed.pop(article, None)
        if kept is None or kept[0] is not record or kept[1] != len(decisions):
            kept = (record, len(decisions), review(record, decisions))
        self._reviewed[article] = kept
        if len(self._reviewed) > _KEPT:
            self._reviewed.popitem(last=False)
        return record, kept[2]

    def catch_up(self) -> None:
        """Read what was decided since the last time, by whomever."""
        read = self.log.read()
        if len(read) < self._sorted:  # put back from a copy
            self._by_article.clear()
            self._reviewed.clear()
            self._sorted = 0
        for decision in read[self._sorted :]:
            if self.source.reviewer in (None, decision.by):
                self._by_article[decision.item.article].append(decision)
        self._sorted = len(read)
