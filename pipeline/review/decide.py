"""From what a reviewer asks for to decisions in the log: checked, all or none, never twice.

Whoever decides says what she had seen. A row that somebody else has decided since is a conflict,
which she settles: nothing is overwritten unseen. Knows the desk; knows no HTTP.
"""

import uuid
from collections.abc import Sequence

from pipeline.review import check, conflicts, forms
from pipeline.review.desk import Desk, Opened, basis, version
from pipeline.review.refused import RefusedError
from pipeline.review.rows import meeting_id
from pipeline.review.state import Stand, Standing, step_of
from pipeline.review.wishes import Step, Wish
from schemas.article import Article
from schemas.decision import Action, Basis, Content, Decision, Item, Kind, Span

_OUT = frozenset({Standing.REJECTED, Standing.MOOT})
_HOUR = 3600.0  # seconds; who spends more on a row was away


def decide(desk: Desk, step: Step) -> tuple[str, ...]:
    """Log the step; returns the ids of its decisions. Raises RefusedError, and then logs nothing.

    Raises UnsavedError where the disk does not take it.
    """

    def make(log: Sequence[Decision]) -> Sequence[Decision]:
        if step_of(log, step.request):
            return ()
        opened = desk.article(step.article)
        if version(opened.record) != step.version:
            raise RefusedError(
                "changed",
                "A new run has rewritten this record; look at it again and decide then.",
                {"article": step.article},
            )
        conflicts.require_none(opened.record, log, step)
        return _Deciding(desk, opened, step).all(log)

    desk.shelf.log.append(make)
    return tuple(decision.id for decision in step_of(desk.shelf.log.read(), step.request))


class _Deciding:
    """One step, against the article as it stands while the log is locked."""

    def __init__(self, desk: Desk, opened: Opened, step: Step) -> None:
        self._desk, self._step = desk, step
        self._article: Article = opened.record.article
        self._basis: Basis = basis(opened.record)
        self._meetings = {
            meeting.id
            for meeting in opened.review.meetings
            if meeting.head.standing is not Standing.REJECTED
        }
        self._rows = {row.item.id: row for row in opened.review.rows}

    def all(self, log: Sequence[Decision]) -> list[Decision]:
        """The decisions, numbered on from those in the log."""
        at = self._desk.clock()
        found: list[Decision] = []
        for number, wish in enumerate(self._step.decisions, start=1):
            item, old, new = self._made(wish)
            found.append(
                Decision(
                    id=uuid.uuid4().hex,
                    seq=len(log) + number,
                    step=self._step.request,
                    at=at,
                    by=self._desk.reviewer,
                    item=item,
                    action=wish.action,
                    basis=self._basis,
                    old=old,
                    new=new,
                    seconds=min(self._step.seconds, _HOUR) if number == 1 else 0.0,
                )
            )
        if len({decision.item for decision in found}) < len(found):
            raise _invalid("It decides one row twice; send each row once.")
        return found

    def _made(self, wish: Wish) -> tuple[Item, Content | None, Content | None]:
        if wish.action is Action.ADD:
            return self._added(wish)
        row = self._rows.get(wish.row or "")
        if row is None:
            raise RefusedError(
                "unknown_row", "This row is not there any more; load the article again."
            )
        if wish.action is Action.UNDO:
            raise _invalid("Undo has an address of its own.")
        if row.standing is Standing.MOOT:
            raise _invalid("Its meeting is rejected; accept the meeting first.")
        if row.item.kind is Kind.ARTICLE and wish.action is not Action.ACCEPT:
            raise _invalid("This row can only be accepted; add what is missing instead.")
        if wish.action is Action.REJECT:
            return row.item, row.content, None
        return row.item, row.content, self._content(wish, row)

    def _content(self, wish: Wish, row: Stand) -> Content:
        """What the row says from now on. Accepting checks the value's form and changes nothing."""
        kind, old = row.item.kind, row.content
        if wish.action is Action.ACCEPT:
            forms.checked(kind, old.value)
            return old
        if wish.action is Action.EDIT and wish.value is None:
            raise _invalid("An edit needs a value.")
        value = forms.checked(kind, wish.value) if wish.value is not None else old.value
        if wish.evidence is None:
            new = old.model_copy(update={"value": value})
        else:
            new = Content(value=value, evidence=self._spans(wish))
        if row.proposed is None or not _alike(new, row.proposed):
            self._check(wish, row.item, new)
        return new

    def _added(self, wish: Wish) -> tuple[Item, None, Content]:
        kind = wish.kind
        if kind in (None, Kind.ARTICLE) or wish.value is None:
            raise _invalid("What is added needs a kind and a value.")
        value = forms.checked(kind, wish.value)
        new = Content(value=value, evidence=self._spans(wish))
        if kind is Kind.MEETING:
            meeting = meeting_id(self._article.id, str(value["name"]), None)
        else:
            meeting = wish.meeting or ""
            if meeting not in self._meetings:
                raise RefusedError(
                    "unknown_meeting",
                    "This meeting is not there, or is rejected; choose another one.",
                )
        words = forms.words(kind, value)
        item = Item(article=self._article.id, meeting=meeting, kind=kind, words=words)
        self._check(wish, item, new)
        return item, None, new

    def _spans(self, wish: Wish) -> tuple[Span, ...]:
        if not wish.evidence:
            raise RefusedError(
                "no_evidence", "It needs a sentence that says it; draw over the text or name one."
            )
        drawn = (check.Mark(each.start, each.end) for each in wish.evidence)
        return check.spans(self._article, drawn)

    def _check(self, wish: Wish, item: Item, new: Content) -> None:
        """What is written has to be new in its meeting, and to stand in the article."""
        for row in self._rows.values():
            itself = row.item == item and wish.action is not Action.ADD
            if not itself and row.standing not in _OUT and _same(row, item, new):
                raise RefusedError(
                    "repeated",
                    "Such a row is there already; edit that one.",
                    {"row": row.item.id},
                )
        if not wish.as_cited:
            check.require(self._article, item.kind, new.value, new.evidence)


def _alike(new: Content, proposed: Content) -> bool:
    """Whether what is written is what the model wrote: that is accepting it."""
    return (new.value, new.evidence) == (proposed.value, proposed.evidence)


def _same(row: Stand, item: Item, new: Content) -> bool:
    """Whether `row` says already what `new` is going to."""
    if (row.item.meeting, row.item.kind) != (item.meeting, item.kind):
        return False
    return forms.words(item.kind, row.content.value) == forms.words(item.kind, new.value)


def _invalid(sentence: str) -> RefusedError:
    return RefusedError("invalid_request", sentence)
