"""What somebody decided while somebody else was looking at the same rows.

Knows decisions and what a reviewer had seen; settles nothing.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.review.refused import RefusedError
from pipeline.review.state import Stand, review
from pipeline.review.wishes import Step, Wish
from schemas.decision import Action, Decision, Kind
from schemas.record import Record


class Conflict(NamedTuple):
    """Both sides: what is wished of a row as it stood when it was looked at, and what was done."""

    wish: Wish
    seen: Stand | None  # None where a row was to be added
    theirs: Decision


def require_none(record: Record, log: Sequence[Decision], step: Step) -> None:
    """Raise RefusedError, with both sides, where a row that the step decides was decided since."""
    about = [decision for decision in log if decision.item.article == step.article]
    since = [decision for decision in about if decision.seq > step.seen]
    if not since:
        return
    then = review(record, [decision for decision in about if decision.seq <= step.seen])
    rows = {row.item.id: row for row in then.rows}
    found = tuple(_conflicts(step.decisions, rows, since))
    if found:
        who = ", ".join(sorted({conflict.theirs.by for conflict in found}))
        raise RefusedError(
            "conflict",
            f"{who} decided this meanwhile, perhaps in another tab; keep that or decide again.",
            {"article": step.article, "conflicts": found},
        )


def _conflicts(
    wishes: Iterable[Wish], rows: dict[str, Stand], since: Iterable[Decision]
) -> Iterable[Conflict]:
    latest: dict[str, Decision] = {}
    rejected: dict[str, Decision] = {}  # meetings
    for decision in since:
        latest[decision.item.id] = decision
        if decision.item.kind is Kind.MEETING:
            rejected.pop(decision.item.meeting, None)
            if decision.action is Action.REJECT:
                rejected[decision.item.meeting] = decision
    for wish in wishes:
        seen = rows.get(wish.row or "")
        meeting = seen.item.meeting if seen else wish.meeting or ""
        theirs = latest.get(wish.row or "") or rejected.get(meeting)
        if theirs is not None:
            yield Conflict(wish, seen, theirs)
