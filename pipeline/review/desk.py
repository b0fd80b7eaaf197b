"""One folder under review: its records, its log, and what a reviewer does to them.

Everything that the page asks for and sends is a method here; `server` only carries it. Several
desks, in several processes, can stand over one folder: the log tells them of one another.
"""

import datetime as dt
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.review import beside, queue, rows
from pipeline.review.beside import Beside
from pipeline.review.log import Log
from pipeline.review.queue import Entry
from pipeline.review.records import Place, Records
from pipeline.review.refused import RefusedError
from pipeline.review.state import Review, review
from schemas.decision import Basis, Decision
from schemas.exchange import Outcome, digest
from schemas.record import Record

_KEPT = 8  # reviews in memory: of the article at hand, and those that a person goes back to
Clock = Callable[[], dt.datetime]
_Seen = tuple[Place, int, Place | None, int]  # what an entry was counted from


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


class Opened(NamedTuple):
    """One article on the desk: all that the page shows of it."""

    record: Record
    review: Review
    other: Beside | None
    other_record: Record | None
    seq: int


class Shelf:
    """The records and decisions of one source, to be read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.records = Records(source.folder)
        self.log = Log(source.folder)
        self._reviewed: OrderedDict[str, tuple[Record, int, Review]] = OrderedDict()
        self._by_article: dict[str, list[Decision]] = defaultdict(list)
        self._sorted = 0  # decisions

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
        record = self.records.get(article)
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


class Desk:
    """A folder on the desk of one reviewer, perhaps with another run beside it."""

    def __init__(
        self,
        folder: Path,
        reviewer: str,
        *,
        other: Source | None = None,
        clock: Clock = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self.reviewer, self.clock = reviewer, clock
        self.shelf = Shelf(Source(folder))
        self.other = Shelf(other) if other else None
        self._entries: dict[str, tuple[_Seen, Entry]] = {}

    def entries(self) -> list[Entry]:
        """Every article, counted; what has not changed is not counted again."""
        for shelf in filter(None, (self.shelf, self.other)):
            shelf.catch_up()
        places = self.shelf.records.places()
        others = self.other.records.places() if self.other else {}
        for article in self._entries.keys() - places.keys():
            del self._entries[article]
        found = [self._entry(name, place, others.get(name)) for name, place in places.items()]
        failed = self.shelf.records.failures().values()
        found.extend(
            Entry(**each.model_dump(exclude={"at"}, include=set(Entry.model_fields)))
            for each in failed
        )
        found.extend(
            Entry(id=name, outcome=Outcome.UNSAVED, reason=reason)
            for name, reason in self.shelf.records.broken().items()
        )
        return found

    def article(self, article: str) -> Opened:
        """One article. Raises RefusedError where there is no record of it."""
        found = self.shelf.review(article)
        if found is None:
            raise RefusedError(
                "unknown_article",
                "There is no record of this article here; go back to the queue and load it again.",
            )
        record, state = found
        theirs = self.other.review(article) if self.other else None
        return Opened(
            record,
            state,
            beside.beside(state, theirs[1]) if theirs else None,
            theirs[0] if theirs else None,
            self.shelf.seq(),
        )

    def following(self, article: str) -> str | None:
        """The open article that comes next in the queue's own order, after the one at hand."""
        waiting = [e.id for e in queue.choose(self.entries(), queue.Filters()) if e.open]
        if article in waiting:
            waiting = waiting[waiting.index(article) + 1 :] + waiting[: waiting.index(article)]
        return waiting[0] if waiting else None

    def _entry(self, article: str, place: Place, other: Place | None) -> Entry:
        decisions = self.shelf.known(article)
        theirs = self.other.known(article) if self.other else ()
        seen = (place, len(decisions), other, len(theirs))
        kept = self._entries.get(article)
        if kept and kept[0] == seen:
            return kept[1]
        opened = self.article(article)
        differing = beside.count(opened.review, opened.other) if opened.other else 0
        found = queue.entry(opened.record, opened.review, decisions, differing)
        self._entries[article] = (seen, found)
        return found


def version(record: Record) -> str:
    """What tells whether a record was written anew: SHA-256 over text and summary, hex."""
    return digest([record.article.text, record.summary.model_dump_json()])


def basis(record: Record) -> Basis:
    """What a decision about this record is made on."""
    return Basis(
        article=rows.text_hash(record.article),
        summary=digest(record.summary.model_dump_json()),
        model=record.made.model,
        prompt=record.made.prompt,
        keys=record.made.keys,
    )
