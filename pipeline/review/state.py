"""How each row of a record stands, after all that was decided about it.

Decisions outlive a run. One counts for as long as the article's text is the same, and settles a
row for as long as the model writes what it was made on, or what it made of that; else the row is
asked about again. What a person accepted stays, whether or not the model still writes it.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from pipeline.review import check, forms, rows
from schemas.article import Article
from schemas.base import Value
from schemas.decision import Action, Content, Decision, Item, Kind, Span
from schemas.record import Record
from schemas.summary import Flag, State


class Standing(StrEnum):
    """What is so far decided about a row."""

    OPEN = "open"
    ACCEPTED = "accepted"
    EDITED = "edited"  # accepted with another value or other evidence
    ADDED = "added"
    REJECTED = "rejected"
    MOOT = "moot"  # its meeting is rejected, so there is nothing to decide


KEPT = frozenset({Standing.ACCEPTED, Standing.EDITED, Standing.ADDED})


class Stand(Value):
    """A row as it stands now.

    `proposed` is what the model wrote, None where it did not; `decided` the decision in force, and
    `again` one that a new run has overtaken. `state` is None where no words need to be found.
    """

    item: Item
    content: Content
    state: State | None
    standing: Standing
    where: str | None = None  # path in the record's summary
    proposed: Content | None = None
    decided: Decision | None = None
    again: Decision | None = None
    flags: tuple[Flag, ...] = ()


class Meeting(NamedTuple):
    """A meeting's rows, in the order of the summary, then those that were added."""

    id: str
    rows: tuple[Stand, ...]

    @property
    def head(self) -> Stand:
        """The row about the meeting as such."""
        return self.rows[0]


class Review(NamedTuple):
    """All rows of one record. `stale` decisions were about another text, and do not count."""

    meetings: tuple[Meeting, ...]
    whole: Stand
    stale: int

    @property
    def rows(self) -> tuple[Stand, ...]:
        """Every row, the article's own last."""
        return (*(row for meeting in self.meetings for row in meeting.rows), self.whole)

    @property
    def complete(self) -> bool:
        """Whether everything is decided: nothing is open."""
        return all(row.standing is not Standing.OPEN for row in self.rows)

    @property
    def cited(self) -> Iterable[Span]:
        """The spans behind what is not rejected."""
        out = (Standing.REJECTED, Standing.MOOT)
        return (span for r in self.rows if r.standing not in out for span in r.content.evidence)


def in_force(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """The decisions that no undo takes back, first to last; an undo may be undone, too."""
    gone: set[str | None] = set()
    live: list[Decision] = []
    for decision in reversed(decisions):
        if decision.id in gone:
            continue
        if decision.action is Action.UNDO:
            gone.add(decision.undoes)
        else:
            live.append(decision)
    return tuple(reversed(live))


def step_of(log: Iterable[Decision], step: str) -> list[Decision]:
    """The decisions of one step."""
    return [decision for decision in log if decision.step == step]


def review(record: Record, decisions: Sequence[Decision]) -> Review:
    """How the rows of `record` stand after `decisions`, which are all about its article."""
    text = rows.text_hash(record.article)
    live = in_force(decisions)
    valid = [decision for decision in live if decision.basis.article == text]
    fold = _Fold(record.article, valid)
    meetings = [
        fold.meeting(block.meeting, block.rows) for block in rows.blocks(record, _known(valid))
    ]
    meetings.extend(fold.forgotten({meeting.id for meeting in meetings}))
    whole = fold.stand(rows.whole(record))
    return Review(tuple(meetings), whole, len(live) - len(valid))


class _Fold:
    """The decisions about one article, while its rows are gone through."""

    def __init__(self, article: Article, decisions: Iterable[Decision]) -> None:
        self._article = article
        self._last: dict[Item, Decision] = {}
        self._answered: dict[Item, tuple[Content, ...]] = {}
        for decision in decisions:
            item, before = decision.item, self._last.get(decision.item)
            # Who corrects a correction still answers what the first one was made on.
            builds = before is not None and before.new is not None and decision.old == before.new
            known = self._answered[item] if builds else ()
            said = (each for each in (decision.old, decision.new) if each is not None)
            self._last[item], self._answered[item] = decision, (*known, *said)
        self._seen: set[Item] = set()
        self._renamed = {_as_written(decision): item for item, decision in self._last.items()}

    def meeting(self, meeting: str, proposed: Iterable[rows.Row]) -> Meeting:
        """The rows that the model wrote, and those of this meeting that it did not."""
        found = [self.stand(row) for row in proposed if not self._repeats(row)]
        found.extend(self._kept(meeting))
        if found[0].standing is Standing.REJECTED:
            moot = {"standing": Standing.MOOT}
            found[1:] = [row.model_copy(update=moot) for row in found[1:]]
        return Meeting(meeting, tuple(found))

    def forgotten(self, there: set[str]) -> list[Meeting]:
        """Meetings that a person added, or accepted before the model ceased to write them."""
        decided = dict.fromkeys(i.meeting for i in self._last if i.kind is Kind.MEETING)
        return [
            Meeting(key, tuple(kept))
            for key in decided
            if key not in there
            if (kept := self._kept(key)) and kept[0].item.kind is Kind.MEETING
        ]

    def stand(self, row: rows.Row) -> Stand:
        """One row that the model wrote, as it stands."""
        item = self._item(row)
        self._seen.add(item)
        decision = self._last.get(item)
        settled = decision is not None and self._settles(decision, row.content)
        content = (decision.new if decision and settled else None) or row.content
        same = content.value == row.content.value and content.evidence == row.content.evidence
        return Stand(
            item=item,
            content=content,
            state=row.state if same else self._state(item.kind, content),
            standing=_standing(decision, same=same) if decision and settled else Standing.OPEN,
            where=row.where,
            proposed=row.content,
            decided=decision if settled else None,
            again=None if settled else decision,
            flags=row.flags,
        )

    def _settles(self, decision: Decision, proposed: Content) -> bool:
        """Whether a decision still answers what the model writes."""
        kind = decision.item.kind
        if decision.action is Action.ADD or kind is Kind.ARTICLE:
            return True
        if decision.action is Action.REJECT and (forms.many(kind) or kind is Kind.MEETING):
            return True  # who takes no part takes no part under another title either
        return any(each.value == proposed.value for each in self._answered[decision.item])

    def _item(self, row: rows.Row) -> Item:
        """Which row it is: that of which a person once made what the model now writes."""
        if row.item in self._last:
            return row.item
        return self._renamed.get(row.item, row.item)

    def _repeats(self, row: rows.Row) -> bool:
        return self._item(row) in self._seen

    def _kept(self, meeting: str) -> list[Stand]:
        """What is decided to be right though the model does not write it, the meeting first."""
        kept = [
            Stand(
                item=item,
                content=decision.new,
                state=self._state(item.kind, decision.new),
                standing=_standing(decision, same=decision.action is Action.ACCEPT),
                decided=decision,
            )
            for item, decision in self._last.items()
            if item.meeting == meeting and item not in self._seen and decision.new is not None
        ]
        return sorted(kept, key=lambda row: list(Kind).index(row.item.kind))

    def _state(self, kind: Kind, content: Content) -> State | None:
        return check.state(self._article, kind, content.value, content.evidence)


def _standing(decision: Decision, *, same: bool) -> Standing:
    """`same`: it says what the model wrote."""
    if decision.action is Action.REJECT:
        return Standing.REJECTED
    if decision.action is Action.ADD:
        return Standing.ADDED
    return Standing.ACCEPTED if same else Standing.EDITED


def _as_written(decision: Decision) -> Item:
    """The item that the model would have written, had it written what was decided."""
    if decision.new is None:
        return decision.item
    words = forms.words(decision.item.kind, decision.new.value)
    return decision.item.model_copy(update={"words": words})


def _known(decisions: Iterable[Decision]) -> rows.Lists:
    """The meetings that were decided on, with what they listed by then."""
    found: dict[str, set[rows.Listed]] = {}
    for decision in decisions:
        item = decision.item
        if item.kind is Kind.ARTICLE:
            continue
        listed = found.setdefault(item.meeting, set())
        if item.words:
            listed.update({(item.kind, item.words), (item.kind, _as_written(decision).words)})
    return found
