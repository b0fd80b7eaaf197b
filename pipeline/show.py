"""Records and summaries for human eyes: every item with its evidence, and safe on a terminal.

Text out, and nothing of an article or a model in it that has not passed through `plain`. Knows
the nouns; knows neither files nor terminals.
"""

import re
from collections.abc import Iterator

from pipeline.plain import plain, wrapped
from schemas.article import Article
from schemas.record import Edition, Made, Record
from schemas.summary import Evidence, Flag, Meeting, Participant, State, Summary

WIDTH = 88  # columns, unless told otherwise
_LABEL = 9  # columns of "parties  "
_NOT_FOUND = "the article does not contain it"


def show(value: Record | Summary, *, width: int = WIDTH) -> str:
    """The meetings one by one, then what to look at first. Ends with a line break."""
    summary = value.summary if isinstance(value, Record) else value
    blocks = [_head(value, width)] if isinstance(value, Record) else []
    for number, meeting in enumerate(summary.meetings, start=1):
        blocks.append("\n".join(_meeting(number, meeting, width)))
    if not summary.meetings:
        blocks.append("No meeting is reported.")
    if summary.flags:
        blocks.append("\n".join(["Look first at", *_flags(summary.flags, width)]))
    return "\n\n".join(blocks) + "\n"


def excerpt(quote: str, value: str, room: int) -> str:
    """`quote` on one line of at most `room` characters, cut around `value` where it is longer."""
    quote, value = plain(quote), plain(value)
    if len(quote) <= room:
        return quote
    room -= 2  # the two ellipses
    found = max(0, quote.casefold().find(value.casefold()))
    start = max(0, min(found - max(0, room - len(value)) // 2, len(quote) - room))
    end = start + room
    return ("…" if start else "") + quote[start:end] + ("…" if end < len(quote) else "")


def _head(record: Record, width: int) -> str:
    lines = [*_about(record.article, record.made), _edition(record.edition)]
    return "\n".join(wrapped(line, "", width) for line in lines if line)


def _about(article: Article, made: Made) -> tuple[str, str]:
    known = article.published
    day = f"{known.date} ({known.basis})" if known.date else "on an unknown day"
    spent = made.tokens.prompt + made.tokens.completion
    facts = f"published {day} · {plain(made.model)} · {spent:,} tokens"
    title = f" · {plain(article.title)}" if article.title else ""
    return f"{plain(article.id)}{title}", facts


def _edition(edition: Edition) -> str:
    """How the article is linked with others of its run; nothing where it stands alone."""
    links = (
        ("replaces", edition.replaces),
        ("replaced by", edition.replaced_by),
        ("copy of", edition.copy_of),
    )
    said = [f"{how} {plain(other)}" for how, other in links if other is not None]
    return " · ".join([f"update {edition.rank}"] * (edition.rank > 0) + said)


def _meeting(number: int, meeting: Meeting, width: int) -> Iterator[str]:
    yield wrapped(plain(meeting.name), f"{number}  ".rjust(4), width)
    yield f"    {_words(meeting.prominence, meeting.status, meeting.format)}"
    yield from _field("when", _when(meeting), width)
    place = [plain(part) for part in (meeting.venue, meeting.city, meeting.country) if part]
    yield from _field("where", ", ".join(place), width)
    yield from _field("parties", ", ".join(map(plain, meeting.parties)), width)
    for person in meeting.participants:
        yield from _item("who", _person(person), person.name, person.evidence, width)
    for topic in meeting.agenda:
        yield from _item("about", plain(topic.topic), topic.topic, topic.evidence, width)
    for clause in meeting.agreements:
        yield from _item("agreed", plain(clause.text), clause.text, clause.evidence, width)
    yield from _whole("says so", meeting.evidence, width)


def _words(*values: str | None) -> str:
    return ", ".join(value.replace("_", " ") for value in values if value)


def _when(meeting: Meeting) -> str:
    if meeting.date_text is None:
        return plain(meeting.date or "")
    words = f"“{plain(meeting.date_text)}”"
    return f"{plain(meeting.date or 'no date')}, {meeting.date_basis} from {words}"


def _person(person: Participant) -> str:
    return ", ".join(plain(part) for part in (person.name, person.title, person.party) if part)


def _field(label: str, text: str, width: int) -> Iterator[str]:
    if text:
        yield wrapped(text, f"    {label:<{_LABEL}}", width)


def _item(label: str, text: str, value: str, evidence: Evidence, width: int) -> Iterator[str]:
    """An item, and under it the part of each cited sentence that should say it."""
    yield from _field(label, text, width)
    margin = " " * (_LABEL + 6)
    state = f"{evidence.state.replace('_', ' ')}{_found_by(evidence)}"
    if evidence.state is State.NOT_FOUND:
        yield f"{margin}not found: {_NOT_FOUND}"
    elif not evidence.quotes:
        yield f"{margin}{state}"
    for quote in evidence.quotes:
        mark = f"{margin}{state} [{quote.sentence}] "
        yield f"{mark}“{excerpt(quote.quote, value, max(20, width - len(mark) - 2))}”"


def _whole(label: str, evidence: Evidence, width: int) -> Iterator[str]:
    """The sentences of the meeting itself, uncut."""
    for quote in evidence.quotes:
        yield from _field(label, f"[{quote.sentence}] “{plain(quote.quote)}”", width)


def _found_by(evidence: Evidence) -> str:
    return ", cited by code" if evidence.cited_by == "code" else ""


def _flags(flags: tuple[Flag, ...], width: int) -> Iterator[str]:
    for flag in flags:
        yield wrapped(f"{_spoken(flag.where)}: {plain(flag.note)}", "  - ", width)


def _spoken(path: str) -> str:
    """`meetings[0].participants[1].party` as `meeting 1, participant 2, party`."""
    counted = re.sub(r"s?\[(\d+)\]", lambda index: f" {int(index[1]) + 1}", path)
    return plain(counted.replace(".", ", "))
