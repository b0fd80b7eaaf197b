"""What langextract finds, in the form that our own pipeline goes on with, so that one scorer fits.

Every doubt is settled in langextract's favour:

- Items with the same `meeting` attribute belong to one meeting, wherever they stand. A group that
  has no extraction of the class `meeting` becomes a meeting all the same; an item without the
  attribute goes to the first one.
- `status` and `prominence` that are no value of ours count as `held` and `focus`, which are right
  most often; an unknown `format` as null.
- A meeting without a name is called "talks between A and B" after its participants, or parties.
- A sentence is an item's evidence when langextract aligned the item there. A meeting's evidence is
  where its own words stand.
- What our form cannot hold (an empty name, a topic longer than 400 characters) is dropped, item by
  item, and counted.

The words then go through our `distil`: dates become EDTF and countries codes as for every other
system. Knows langextract's classes and attributes; knows neither its code nor a server.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from schemas.base import Value
from schemas.extraction import (
    ExtractedAgendaItem,
    ExtractedAgreement,
    ExtractedMeeting,
    ExtractedParticipant,
    Extraction,
    Format,
    Prominence,
    Status,
)

Noun = TypeVar("Noun", bound=Value)
Word = TypeVar("Word", bound=StrEnum)
SentenceAt = Callable[[int], int | None]  # the number of the sentence at an offset


class Found(NamedTuple):
    """One extraction: its class, its words, what it says of them, and where they stand."""

    kind: str
    text: str
    attributes: Mapping[str, Any]
    start: int | None  # null where langextract did not find the words

    def said(self, name: str) -> str | None:
        """An attribute as one piece of text, null where it says nothing."""
        value = self.attributes.get(name)
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
        return text.strip() or None

    def listed(self, name: str) -> tuple[str, ...]:
        """An attribute as a list, whichever it is."""
        value = self.attributes.get(name)
        items = value if isinstance(value, list) else str(value or "").split(",")
        return tuple(text for item in items if (text := str(item).strip()))


class Mapped(NamedTuple):
    """An extraction in our form, and how many items did not fit into it."""

    extraction: Extraction
    dropped: int


def mapped(found: Iterable[Found], sentence_at: SentenceAt) -> Mapped:
    """The meetings in the order in which langextract first names them."""
    groups: dict[str, list[Found]] = {}
    for each in found:
        groups.setdefault(each.said("meeting") or next(iter(groups), "1"), []).append(each)
    made = [_meeting(items, sentence_at) for items in groups.values()]
    # Our form holds sixteen meetings.
    kept = [meeting for meeting, _ in made if meeting is not None][:16]
    dropped = sum(count for _, count in made) + len(made) - len(kept)
    return Mapped(Extraction(meetings=tuple(kept)), dropped)


def _meeting(items: Sequence[Found], at: SentenceAt) -> tuple[ExtractedMeeting | None, int]:
    people = [
        _fitting(
            ExtractedParticipant,
            name=each.text.strip(),
            title=each.said("title"),
            party=each.said("party"),
            evidence=_evidence(each, at),
        )
        for each in _of("participant", items)
    ]
    agenda = [
        _fitting(ExtractedAgendaItem, topic=each.text.strip(), evidence=_evidence(each, at))
        for each in _of("agenda", items)
    ]
    agreements = [
        _fitting(ExtractedAgreement, text=each.text.strip(), evidence=_evidence(each, at))
        for each in _of("agreement", items)
    ]
    own = next(iter(_of("meeting", items)), Found("meeting", "", {}, None))
    listed = [each for kind in (people, agenda, agreements) for each in kind]
    participants = tuple(each for each in people if each is not None)
    meeting = _fitting(
        ExtractedMeeting,
        name=own.said("name") or _called(participants, own),
        prominence=_word(Prominence, own.said("prominence")) or Prominence.FOCUS,
        status=_word(Status, own.said("status")) or Status.HELD,
        format=_word(Format, own.said("format")),
        **{name: own.said(name) for name in ("date_text", "venue", "city", "country")},
        parties=own.listed("parties")[:24],
        participants=participants[:24],
        agenda=tuple(each for each in agenda if each is not None)[:16],
        agreements=tuple(each for each in agreements if each is not None)[:24],
        evidence=_evidence(own, at),
    )
    return meeting, sum(each is None for each in listed)


def _of(kind: str, items: Sequence[Found]) -> list[Found]:
    return [each for each in items if each.kind == kind]


def _fitting(noun: type[Noun], **fields: Any) -> Noun | None:
    """The noun with these fields; None where our form does not take them."""
    try:
        return noun.model_validate(fields)
    except ValidationError:
        return None


def _evidence(found: Found, at: SentenceAt) -> tuple[int, ...]:
    number = None if found.start is None else at(found.start)
    return () if number is None else (number,)


def _word(words: type[Word], said: str | None) -> Word | None:
    levelled = (said or "").lower().strip().replace("-", "_").replace(" ", "_")
    return next((word for word in words if word == levelled), None)


def _called(people: Sequence[ExtractedParticipant], own: Found) -> str:
    names = [person.name for person in people[:2]] or list(own.listed("parties")[:2])
    return f"talks between {' and '.join(names)}" if names else own.text.strip() or "talks"
