"""Articles that came to no record, for a person to fill in from the first meeting on.

A run keeps no text of what failed. It is read once more from where the run read it, and put into
`by-hand/` as a record without meetings; from then on decisions are about that text, whatever
becomes of its source. No other command looks in there: to a report or a score the article is one
that failed, and not one that reports no meeting. Knows a run's ledger and how to read; knows no
decisions.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from pipeline import archive, ledger
from pipeline.errors import UsageError
from pipeline.intake import version
from pipeline.ledger import Asked
from pipeline.read import Unreadable, find_articles
from pipeline.review.log import UnsavedError
from pipeline.review.records import Place, Records
from pipeline.review.refused import RefusedError
from schemas.article import Article
from schemas.exchange import Tokens
from schemas.record import Made, Record
from schemas.summary import Summary

FOLDER = "by-hand"
_STDIN = "-"


class ByHand:
    """Those of one run's folder. For one thread."""

    def __init__(self, run: Path) -> None:
        self._run, self._folder = run, run / FOLDER
        self._records = Records(self._folder)

    def places(self) -> dict[str, Place]:
        """Where each of them lies, by id."""
        return self._records.places() if self._folder.is_dir() else {}

    def get(self, article: str) -> Record | None:
        """One of them: its text, and no meeting."""
        return self._records.get(article) if self._folder.is_dir() else None

    def take_up(self, article: str) -> None:
        """Keep the article's text, unless it is kept already.

        Raises RefusedError where it is no longer to be had, and UnsavedError where the disk does
        not take it.
        """
        if self.get(article) is not None:
            return
        record = Record(article=_read(self._run, article), summary=_NOTHING, made=_nobody())
        file = archive.path(self._folder, article)
        try:
            archive.replace(file, record.model_dump_json(indent=1) + "\n")
        except OSError as error:
            raise UnsavedError(
                f"The text of {article} is not kept: {file} cannot be written ({error.strerror}). "
                "Make room or make it writable, and try again."
            ) from error


_NOTHING = Summary(meetings=())


def _nobody() -> Made:
    who = "by hand"
    return Made(
        readout=version(),
        model=who,
        provider=who,
        way=who,
        prompt="",
        schema_hash="",
        keys=(),
        tokens=Tokens(),
        at=dt.datetime.now(dt.UTC),
    )


def _read(run: Path, article: str) -> Article:
    """The article as the run read it, or would read it now."""
    through_stdin = False
    for asked in _places(run):
        if _STDIN in asked.paths:
            through_stdin = True
            continue
        try:
            everything = find_articles(
                list(map(Path, asked.paths)), asked.published, text_column=asked.text_column
            )
            found = next((each for each in everything if each.id == article), None)
        except UsageError:  # a path that is gone
            continue
        if isinstance(found, Unreadable):
            raise RefusedError("no_text", f"There is no text to fill in from: {found.reason}")
        if found is not None:
            return found.article()
    if through_stdin:
        raise RefusedError(
            "no_text",
            f"The text of {article} came through standard input, which cannot be read again; give "
            "its file to `readout run` with the same -o.",
        )
    raise RefusedError(
        "no_text",
        f"The text of {article} is no longer where the run read it; put the file back there, or "
        "give it to `readout run` with the same -o.",
    )


def _places(run: Path) -> Iterator[Asked]:
    """What the folder's runs were given to read, the latest first, each once."""
    seen = set()
    for each in reversed(ledger.runs(run)):
        place = each.asked.paths, each.asked.published, each.asked.text_column
        if place not in seen:
            seen.add(place)
            yield each.asked
