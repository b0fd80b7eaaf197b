"""One article as the page shows it: its meetings beside its sentences, those that are cited marked.

Of a long article only what is cited is shown, and how much is left out between.
"""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from schemas.article import Label
from schemas.record import Record
from schemas.summary import Meeting

_WHOLE = 45  # sentences that are shown whether cited or not


class Line(NamedTuple):
    """One sentence, or a gap: `number` sentences that are not shown."""

    number: int
    text: str
    cited: bool
    label: str


class Doubt(NamedTuple):
    """A flag, and where it is: "meeting 1, participant 2, party"."""

    note: str
    where: str


class Detail(NamedTuple):
    """One article."""

    record: Record
    title: str
    address: str | None  # only of the web; anything else could run on a click
    flags: tuple[Doubt, ...]
    meetings: tuple[Meeting, ...]
    lines: tuple[Line, ...]


def detail(record: Record) -> Detail:
    """What the page shows of `record`."""
    article = record.article
    return Detail(
        record=record,
        title=article.title or article.id,
        address=_address(article.url),
        flags=tuple(Doubt(flag.note, _spoken(flag.where)) for flag in record.summary.flags),
        meetings=record.summary.meetings,
        lines=tuple(_lines(record)),
    )


def _lines(record: Record) -> list[Line]:
    cited = {
        quote.sentence
        for meeting in record.summary.meetings
        for evidence in (meeting.evidence, *meeting.listed)
        for quote in evidence.quotes
    }
    article = record.article
    readable = [s for s in article.sentences if s.label is not Label.FURNITURE or s.number in cited]
    whole = len(readable) <= _WHOLE
    lines: list[Line] = []
    for sentence in readable:
        if whole or sentence.number in cited:
            text = article.quote(sentence)
            lines.append(Line(sentence.number, text, sentence.number in cited, sentence.label))
        elif lines and not lines[-1].text:
            lines[-1] = lines[-1]._replace(number=lines[-1].number + 1)
        else:
            lines.append(Line(1, "", cited=False, label="gap"))
    return lines


def _spoken(path: str) -> str:
    counted = re.sub(r"s?\[(\d+)\]", lambda index: f" {int(index[1]) + 1}", path)
    return counted.replace(".", ", ").replace("_", " ")


def _address(url: str | None) -> str | None:
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None
