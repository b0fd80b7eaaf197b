"""How far two reviewers agree, field by field: raw, and Cohen's kappa.

What both could decide alike is counted: for each meeting, participant, agenda item and agreement
that the model wrote or one of them added, whether both kept it or left it out; and for each field
of what both kept, whether it says the same. Kappa takes each different value for a category of its
own. Only articles on whose text both have decided in full count. Knows reviews; knows no page.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pipeline.errors import ArchiveError
from pipeline.plain import plain
from pipeline.review import beside, rows
from pipeline.review.shelf import Shelf, Source
from pipeline.review.state import KEPT, Meeting, Review, Stand
from schemas.base import Value
from schemas.decision import Item, Json, Kind

KEPT_BY, LEFT_OUT = "kept", "left out"
_EXISTS = (Kind.MEETING, Kind.PARTICIPANT, Kind.AGENDA, Kind.AGREEMENT)
_FIELDS: Mapping[Kind, Mapping[str, Json]] = {
    Kind.MEETING: {"prominence": None, "status": None, "format": None},
    Kind.DATE: {"date": None},
    Kind.PLACE: {"venue": None, "city": None, "country": None},
    Kind.PARTIES: {"parties": ()},
    Kind.PARTICIPANT: {"name": None, "title": None, "party": None},
    Kind.AGENDA: {"topic": None},
    Kind.AGREEMENT: {"text": None},
}
_SINGLE = (Kind.DATE, Kind.PLACE, Kind.PARTIES)  # that both kept a meeting is enough to compare

Pair = tuple[Json, Json]


class Field(Value):
    """One field: over how many pairs, which share is alike, and kappa.

    `kappa` is None where chance alone would make all alike: both always said the same one thing.
    """

    name: str
    pairs: int
    raw: float
    kappa: float | None


class Agreement(Value):
    """All fields that were compared, and how many articles were: of `common`, those in full."""

    first: str
    second: str
    common: int
    articles: int
    fields: tuple[Field, ...]


def agreement(first: Source, second: Source) -> Agreement:
    """Compare two sources. Raises ArchiveError where they have no article in common."""
    mine, theirs = Shelf(first), Shelf(second)
    common = sorted(mine.articles().keys() & theirs.articles().keys())
    if not common:
        raise ArchiveError(
            f"{first.folder} and {second.folder} have no article in common; name two reviews of "
            "the same run."
        )
    found: dict[str, list[Pair]] = defaultdict(list)
    articles = 0
    for article in common:
        one, other = mine.review(article), theirs.review(article)
        if one is None or other is None or one[0].article.text != other[0].article.text:
            continue
        if one[1].complete and other[1].complete:
            articles += 1
            for name, pair in pairs(one[1], other[1]):
                found[name].append(pair)
    fields = tuple(field(name, found[name]) for name in _names() if name in found)
    return Agreement(
        first=first.name,
        second=second.name,
        common=len(common),
        articles=articles,
        fields=fields,
    )


def pairs(first: Review, second: Review) -> Iterator[tuple[str, Pair]]:
    """Everything that two reviews of one text could say alike, by the name of the field."""
    names = rows.align(_lists(second.meetings), _lists(first.meetings))
    ours = {row.item: row for row in first.rows}
    theirs = {
        row.item.model_copy(update={"meeting": names[meeting.id]}): row
        for meeting in second.meetings
        for row in meeting.rows
    }
    both_kept = {
        item.meeting
        for item in ours.keys() & theirs.keys()
        if item.kind is Kind.MEETING and _kept(ours[item]) and _kept(theirs[item])
    }
    for item in sorted(ours.keys() | theirs.keys(), key=lambda item: item.id):
        yield from _pairs(item, ours.get(item), theirs.get(item), both_kept)


def field(name: str, pairs: Sequence[Pair]) -> Field:
    """Raw agreement and Cohen's kappa of these pairs, of which there is at least one."""
    total = len(pairs)
    raw = sum(one == other for one, other in pairs) / total
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(count * others[value] for value, count in ones.items()) / total**2
    kappa = None if chance == 1 else (raw - chance) / (1 - chance)
    return Field(name=name, pairs=total, raw=raw, kappa=kappa)


def render(found: Agreement) -> str:
    """As text, a line a field."""
    told = f"{found.articles:,} of {found.common:,} common articles are decided on in full by both."
    lines = [f"{plain(found.first)} and {plain(found.second)}: {told}"]
    if found.fields:
        lines += ["", f"{'field':<12}{'pairs':>7}{'raw':>8}{'kappa':>8}"]
    for each in found.fields:
        kappa = "–" if each.kappa is None else f"{each.kappa:.2f}"
        lines.append(f"{each.name:<12}{each.pairs:>7,}{each.raw:>8.2f}{kappa:>8}")
    return "\n".join(lines)


def _pairs(
    item: Item, one: Stand | None, other: Stand | None, both_kept: set[str]
) -> Iterator[tuple[str, Pair]]:
    kept, there_kept = _kept(one), _kept(other)
    # Who left out a meeting left out all that it lists: that is one disagreement, not ten.
    inside = item.kind is not Kind.MEETING
    if inside and item.meeting not in both_kept:
        return
    if item.kind in _EXISTS:
        yield item.kind.value, (_said(kept), _said(there_kept))
    if item.kind in _SINGLE or (kept and there_kept):
        for name, nothing in _FIELDS.get(item.kind, {}).items():
            yield name, (_value(one, name, nothing), _value(other, name, nothing))


def _said(kept: bool) -> str:  # noqa: FBT001 - a word for it
    return KEPT_BY if kept else LEFT_OUT


def _kept(row: Stand | None) -> bool:
    return row is not None and row.standing in KEPT


def _value(row: Stand | None, name: str, nothing: Json) -> Json:
    return row.content.value[name] if row is not None and _kept(row) else nothing


def _lists(meetings: Sequence[Meeting]) -> rows.Lists:
    return {meeting.id: beside.listed(meeting) for meeting in meetings}


def _names() -> Iterator[str]:
    for kind in Kind:
        if kind in _EXISTS:
            yield kind.value
        yield from _FIELDS.get(kind, {})
