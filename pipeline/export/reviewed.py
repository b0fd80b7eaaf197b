"""Which records a person has reviewed, and how she left them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.review.outcome import reviewed as as_left
from pipeline.review.shelf import Shelf, Source
from pipeline.review.state import review
from schemas.record import Record


def reviewed(records: Iterable[Record], folder: Path) -> Iterator[Record]:
    """Those that are reviewed, as their reviewers left them.

    A record counts as reviewed when every row of it, the article's own included, has a decision
    that stands in the log of `folder`. Raises ArchiveError where that log cannot be read.
    """
    shelf = Shelf(Source(folder))
    for record in records:
        decisions = shelf.decisions(record.article.id)
        if decisions and (state := review(record, decisions)).complete:
            yield as_left(record, state)
