"""What a meeting is called for which the article has no name, after the annotation guide.

"talks between A and B": of the first who is named on each side, or of the parties where fewer
than two sides are. Knows a meeting as it was extracted; not what the article says of it.
"""

import re

from pipeline import places
from schemas.extraction import ExtractedMeeting, Format

COURTESY = "courtesy call on "  # which code cannot tell from talks: the model says so
MADE = re.compile(r"(?:talks|video talks|phone call) (?:with|between .+ and|among .+ and) ")
_KINDS: dict[Format | None, str] = {Format.PHONE: "phone call", Format.VIRTUAL: "video talks"}


def name(meeting: ExtractedMeeting) -> str:
    """The name that it has, else the one that is made for it."""
    if meeting.name:
        return meeting.name
    kind = _KINDS.get(meeting.format, "talks")
    sides = _sides(meeting)
    if len(sides) > 2:
        return f"{kind} among {', '.join(sides[:-1])} and {sides[-1]}"
    if len(sides) == 2:
        return f"{kind} between {sides[0]} and {sides[1]}"
    return f"{kind} with {sides[0]}" if sides else kind


def _sides(meeting: ExtractedMeeting) -> list[str]:
    people = meeting.participants
    heads: dict[str, str] = {}
    for person in people:
        heads.setdefault(_party(person.party or person.name), person.name)
    sides = list(heads.values()) if len(heads) > 1 else [person.name for person in people]
    if len(sides) > 1:
        return sides
    words = [*(person.party for person in people if person.party), *meeting.parties]
    parties = list(dict.fromkeys(_party(each) for each in words))
    return parties if len(parties) > 1 else sides or parties


def _party(words: str) -> str:
    """A state by its usual name, whatever words the article has for it."""
    return places.state_name(places.party(words) or "") or words
