"""Taking back what was decided, and taking that back: by decisions that refer to others.

A step is taken back as a whole. Nobody undoes what another reviewer decided. Knows the desk's log;
knows no rows.
"""

import uuid
from collections.abc import Callable, Sequence

from pipeline.review.desk import Desk
from pipeline.review.refused import RefusedError
from pipeline.review.state import in_force, step_of
from schemas.decision import Action, Decision


def undo(desk: Desk, request: str) -> tuple[Decision, ...]:
    """Take back this reviewer's last step that stands; returns its decisions.

    Raises RefusedError where there is none.
    """

    def last(log: Sequence[Decision]) -> list[Decision]:
        mine = [decision for decision in in_force(log) if decision.by == desk.reviewer]
        return step_of(mine, mine[-1].step) if mine else []

    return _take_back(
        desk, request, last, RefusedError("nothing_to_undo", "There is nothing to undo.")
    )


def redo(desk: Desk, request: str) -> tuple[Decision, ...]:
    """Take back this reviewer's last undo, unless she decided anything since; returns the undos.

    Raises RefusedError where there is none.
    """

    def last(log: Sequence[Decision]) -> list[Decision]:
        undos = {decision.id for decision in log if decision.action is Action.UNDO}
        gone = {d.undoes for d in log if d.undoes in undos}
        for decision in reversed(log):
            if decision.by != desk.reviewer:
                continue
            if decision.action is not Action.UNDO:
                break
            if decision.undoes not in undos and decision.id not in gone:
                return step_of(log, decision.step)
        return []

    return _take_back(
        desk, request, last, RefusedError("nothing_to_redo", "There is nothing to redo.")
    )


def _take_back(
    desk: Desk,
    request: str,
    find: Callable[[Sequence[Decision]], Sequence[Decision]],
    none: RefusedError,
) -> tuple[Decision, ...]:
    def make(log: Sequence[Decision]) -> Sequence[Decision]:
        if step_of(log, request):
            return ()
        found = find(log)
        if not found:
            raise none
        at = desk.clock()
        return [
            Decision(
                id=uuid.uuid4().hex,
                seq=len(log) + number,
                step=request,
                at=at,
                by=desk.reviewer,
                item=decision.item,
                action=Action.UNDO,
                basis=decision.basis,
                undoes=decision.id,
            )
            for number, decision in enumerate(found, start=1)
        ]

    desk.shelf.log.append(make)
    log = desk.shelf.log.read()
    undone = {decision.undoes for decision in step_of(log, request)}
    return tuple(decision for decision in log if decision.id in undone)
