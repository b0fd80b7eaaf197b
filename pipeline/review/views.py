"""What the desk knows, as the JSON that the page gets. Plain data: escaping is the page's.

Knows rows and reviews; knows no HTTP.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from pipeline.review import beside, check, forms, rows
from pipeline.review.desk import Desk, Opened, version
from pipeline.review.queue import Entry
from pipeline.review.refused import RefusedError
from pipeline.review.state import Review, Stand, in_force
from schemas.article import Article
from schemas.decision import Content, Decision, Span
from schemas.exchange import Outcome

_SHOWN = 200  # decisions of a history without an article


def entry(found: Entry) -> dict[str, Any]:
    """One article of the queue; one that has a record has nothing to say of a failure."""
    done = found.outcome is Outcome.DONE
    return found.model_dump(mode="json", exclude={"status", "attempts", "tokens"} if done else {})


def shown(desk: Desk, article: str) -> dict[str, Any]:
    """All that the page shows of an article. Raises RefusedError where there is none of that id."""
    try:
        return _article(desk, desk.article(article))
    except RefusedError:
        for each in desk.entries():
            if each.id == article and not each.rows:
                return _failed(each, desk.shelf.seq())
        raise


def _article(desk: Desk, opened: Opened) -> dict[str, Any]:
    record, review, read = opened.record, opened.review, opened.record.article
    return {
        **read.model_dump(mode="json", include={"id", "title", "source", "url", "published"}),
        "outcome": opened.failed.outcome if opened.failed else Outcome.DONE,
        "reason": opened.failed.reason if opened.failed else None,
        "seq": opened.seq,
        "version": version(record),
        "reviewed": review.complete,
        "text": read.text,
        "sentences": _sentences(read, review),
        "made": record.made.model_dump(mode="json"),
        "edition": record.edition.model_dump(mode="json"),
        "meetings": [
            {
                "id": meeting.id,
                "standing": meeting.head.standing,
                "rows": [_row(opened, row) for row in meeting.rows],
            }
            for meeting in review.meetings
        ],
        "whole": _row(opened, review.whole),
        "flags": [flag.model_dump(mode="json") for flag in rows.loose_flags(record)],
        "stale": review.stale,
        "other": _other(desk, opened),
    }


def _failed(found: Entry, seq: int) -> dict[str, Any]:
    """An article that came to no record, in the same form."""
    return {
        **entry(found),
        "published": {"date": None, "basis": "unknown"},
        "source": None,
        "url": None,
        "seq": seq,
        "version": None,
        "reviewed": False,
        "text": None,
        "sentences": [],
        "made": None,
        "edition": None,
        "meetings": [],
        "whole": None,
        "flags": [],
        "stale": 0,
        "other": None,
    }


def spans(read: Article, found: Iterable[Span]) -> list[dict[str, Any]]:
    """Spans with their words."""
    return [quote.model_dump(mode="json") for quote in check.quotes(read, found)]


def decided(read: Article | None, decision: Decision | None) -> dict[str, Any] | None:
    """Who, when, what, old, new. Without the article, spans come without their words."""
    if decision is None:
        return None
    return {
        **decision.model_dump(mode="json", include={"id", "seq", "at", "by", "action"}),
        "old": content(read, decision.old),
        "new": content(read, decision.new),
    }


def content(read: Article | None, found: Content | None) -> dict[str, Any] | None:
    """What a row says."""
    if found is None:
        return None
    told = found.model_dump(mode="json", include={"value", "evidence"})
    return told | ({"evidence": spans(read, found.evidence)} if read else {})


def history(decisions: Sequence[Decision], article: str | None) -> list[dict[str, Any]]:
    """Decisions, newest first."""
    live = {decision.id for decision in in_force(decisions)}
    undoing = {d.undoes for d in decisions}
    about = [d for d in decisions if article in (None, d.item.article)]
    shown = about if article else about[-_SHOWN:]
    return [
        {
            **(decided(None, each) or {}),
            "article": each.item.article,
            "row": each.item.id,
            "kind": each.item.kind,
            "meeting": each.item.meeting or None,
            "step": each.step,
            "undoes": each.undoes,
            "undone": each.id in undoing and each.id not in live,
            "basis": each.basis.model_dump(mode="json"),
        }
        for each in reversed(shown)
    ]


def _sentences(read: Article, review: Review) -> list[dict[str, Any]]:
    """Sentences with their paragraphs: a line break between two of them starts a new one."""
    cited = {span.sentence for span in review.cited}
    paragraph, paragraphs = 1, [1]
    for before, after in pairwise(read.sentences):
        paragraph += "\n" in read.text[before.end : after.start]
        paragraphs.append(paragraph)
    return [
        {**each.model_dump(mode="json"), "paragraph": number, "cited": each.number in cited}
        for each, number in zip(read.sentences, paragraphs, strict=False)
    ]


def _row(opened: Opened, row: Stand) -> dict[str, Any]:
    read, item, other = opened.record.article, row.item, opened.other
    theirs = other.rows.get(item) if other else None
    marks = check.marks(read, item.kind, row.content.value, row.content.evidence)
    return {
        "id": item.id,
        "kind": item.kind,
        "meeting": item.meeting or None,
        "where": row.where or None,
        "text": forms.text(item.kind, row.content.value),
        "value": row.content.model_dump(mode="json")["value"],
        "evidence": spans(read, row.content.evidence),
        "marks": [mark._asdict() for mark in marks],
        "evidence_state": row.state,
        "cited_by": row.content.cited_by,
        "standing": row.standing,
        "proposed": content(read, row.proposed),
        "decided": decided(read, row.decided),
        "again": decided(read, row.again),
        "flags": [flag.model_dump(mode="json") for flag in row.flags],
        "other": _theirs(opened, theirs) if theirs and item.meeting else None,
        "disagrees": other is not None and beside.differs(row, theirs),
    }


def _other(desk: Desk, opened: Opened) -> dict[str, Any] | None:
    if desk.other is None or opened.other is None or opened.other_record is None:
        return None
    return {
        "name": desk.other.source.name,
        "made": opened.other_record.made.model_dump(mode="json"),
        "only": [
            {"meeting": meeting, "kind": row.item.kind, **_theirs(opened, row)}
            for meeting, row in opened.other.only
        ],
    }


def _theirs(opened: Opened, row: Stand) -> dict[str, Any]:
    """A row of the other source. Its spans count only where its text is ours."""
    theirs = opened.other_record.article if opened.other_record else opened.record.article
    same = theirs.text == opened.record.article.text
    return {
        "value": row.content.model_dump(mode="json")["value"],
        "evidence": spans(theirs, row.content.evidence) if same else [],
        "text": forms.text(row.item.kind, row.content.value),
        "standing": row.standing,
        "by": row.decided.by if row.decided else None,
    }
