"""Accepted summaries as references: the form that `readout evaluate` and the gate read.

Knows reviews and the flat form; knows no scores.
"""

from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from pipeline import archive
from pipeline.errors import ArchiveError
from pipeline.evaluate import flatten
from pipeline.review.outcome import reviewed
from pipeline.review.shelf import Shelf, Source
from pipeline.review.state import KEPT, Review
from schemas.record import Record
from schemas.reference import FlatArticle


class Accepted(NamedTuple):
    """How many articles there are, how many were written, and how many are not fully decided.

    Of those left out, `outdated` have a reference in the folder from before, which stays there.
    `damaged` are files that should hold records and don't.
    """

    articles: int
    written: int
    left_out: int
    outdated: int
    damaged: int


def accept(folder: Path, out: Path, *, partial: bool = False) -> Accepted:
    """Write a reference for each article in `folder` that is reviewed, to `out`.

    With `partial` also for those of which a meeting is accepted while other rows are open; these
    are not in it. Raises ArchiveError where `out` cannot be written, or is the folder of the
    records.
    """
    if folder.resolve() == out.resolve():
        raise ArchiveError(f"References would overwrite the records in {out}; choose another -o.")
    shelf = Shelf(Source(folder))
    places = shelf.articles()
    written = outdated = 0
    for article in places:
        found = shelf.review(article)
        if found is None:
            continue
        record, review = found
        if review.complete or (partial and _any_meeting(review)):
            _write(reference(reviewed(record, review)), out)
            written += 1
        else:
            outdated += archive.path(out, article).exists()
    left_out, damaged = len(places) - written, len(shelf.records.broken())
    return Accepted(len(places), written, left_out, outdated, damaged)


def _any_meeting(review: Review) -> bool:
    """Without one it would say that the article reports no meeting, which nobody has said yet."""
    return any(meeting.head.standing in KEPT for meeting in review.meetings)


def reference(record: Record) -> FlatArticle:
    """A reviewed record as a reference: values and the numbers of sentences, no states.

    Raises ArchiveError for a value that no reference may have.
    """
    try:
        return flatten(record).model_copy(update={"states": ()})
    except ValidationError as error:
        raise ArchiveError(
            f"What was accepted of {record.article.id} holds a value that no reference may have "
            f"({error.errors()[0]['msg']}); correct it in the review."
        ) from error


def _write(reference: FlatArticle, out: Path) -> None:
    told = reference.model_dump_json(indent=1, exclude={"states"})
    try:
        archive.replace(archive.path(out, reference.id), told + "\n")
    except OSError as error:
        raise ArchiveError(
            f"The reference of {reference.id} cannot be written to {out} ({error.strerror}); "
            "choose another -o, or make room."
        ) from error
