"""One folder under review: its records, its log, and what a reviewer does to them.

Everything that the page asks for and sends is a method here; `server` only carries it. Several
desks, in several processes, can stand over one folder: the log tells them of one another.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.ledger import Failed
from pipeline.review import beside, queue, rows
from pipeline.review.beside import Beside
from pipeline.review.queue import Entry
from pipeline.review.records import Place
from pipeline.review.refused import RefusedError
from pipeline.review.shelf import Shelf, Source
from pipeline.review.state import Review
from schemas.decision import Basis
from schemas.exchange import Outcome, digest
from schemas.record import Record

Clock = Callable[[], dt.datetime]
_Seen = tuple[Place, int, Place | None, int]  # what an entry was counted from


class Opened(NamedTuple):
    """One article on the desk: all that the page shows of it.

    `failed` says why the record has no meetings of the model's, where a person fills it in.
    """

    record: Record
    review: Review
    other: Beside | None
    other_record: Record | None
    failed: Failed | None
    seq: int


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
        self._failed: dict[str, tuple[Failed, Entry]] = {}

    def entries(self) -> list[Entry]:
        """Every article, counted; what has not changed is not counted again."""
        for shelf in filter(None, (self.shelf, self.other)):
            shelf.catch_up()
        places = self.shelf.articles()
        others = self.other.articles() if self.other else {}
        for article in self._entries.keys() - places.keys():
            del self._entries[article]
        failures = self.shelf.records.failures()
        found = []
        for name, place in places.items():
            entry, failed = self._entry(name, place, others.get(name)), failures.pop(name, None)
            found.append(entry.model_copy(update=_of(failed)) if failed else entry)
        self._failed = {name: self._failure(failed) for name, failed in failures.items()}
        found.extend(entry for _, entry in self._failed.values())
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
        by_hand = self.shelf.records.get(article) is None
        return Opened(
            record,
            state,
            beside.beside(state, theirs[1]) if theirs else None,
            theirs[0] if theirs else None,
            self.shelf.records.failures().get(article) if by_hand else None,
            self.shelf.seq(),
        )

    def take_up(self, article: str) -> None:
        """Have an article that failed filled in by hand, from its text.

        Raises RefusedError where it did not fail, or its text is no longer to be had.
        """
        if self.shelf.records.get(article) is not None:
            return
        if article not in self.shelf.records.failures():
            raise RefusedError(
                "unknown_article", "No such article has failed here; go back to the queue."
            )
        self.shelf.by_hand.take_up(article)

    def _failure(self, failed: Failed) -> tuple[Failed, Entry]:
        kept = self._failed.get(failed.id)
        return kept if kept and kept[0] is failed else (failed, Entry(**_of(failed)))

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


def _of(failed: Failed) -> dict[str, Any]:
    """What the queue says of a failure."""
    return {name: each for name, each in failed if name in Entry.model_fields}


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
