"""Which records a person has reviewed, and how she left them."""

import functools
from pathlib import Path

from pipeline.review.desk import Shelf, Source
from pipeline.review.outcome import reviewed as as_left
from pipeline.review.state import review
from schemas.record import Record


def reviewed(record: Record, folder: Path) -> Record | None:
    """The record as its reviewers left it; None where it is not reviewed.

    A record counts as reviewed when every row of it, the article's own included, has a decision
    that stands in the log of `folder`. Raises ArchiveError where that log cannot be read.
    """
    decisions = _shelf(folder).decisions(record.article.id)
    if not decisions:
        return None
    state = review(record, decisions)
    return as_left(record, state) if state.complete else None


@functools.lru_cache(maxsize=1)  # one folder is exported at a time, and has one log
def _shelf(folder: Path) -> Shelf:
    return Shelf(Source(folder))
