"""Which articles a person has reviewed, and how she left them: records, and what she filled in."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from pipeline.review.by_hand import ByHand
from pipeline.review.outcome import reviewed as as_left
from pipeline.review.shelf import Shelf, Source
from pipeline.review.state import review
from schemas.record import Record


def reviewed(records: Iterable[Record], folder: Path, *, partly: bool = False) -> Iterator[Record]:
    """Those that are reviewed, as their reviewers left them.

    A record counts as reviewed when every row of it, the article's own included, has a decision
    that stands in the log of `folder`; `partly`: when any has. Raises ArchiveError where that log
    cannot be read.
    """
    shelf = Shelf(Source(folder))
    for record in records:
        decisions = shelf.decisions(record.article.id)
        if decisions and ((state := review(record, decisions)).complete or partly):
            yield as_left(record, state)


def by_hand(folder: Path, written: AbstractSet[str]) -> Iterator[Record]:
    """The articles of `folder` that failed and that people fill in: texts, without a meeting yet.

    Not those in `written`, which have records by now.
    """
    texts = ByHand(folder)
    found = (texts.get(article) for article in texts.places() if article not in written)
    return (record for record in found if record)
