"""Other meetings in the same article: the same day, agreed for later, or long ago.

Each plot returns its paragraphs and leaves its meeting with the story.
"""

import random
import re
from collections.abc import Callable

from training import cast
from training.body import suits
from training.slots.asides import unmarked
from training.story import Story
from training.teller import tell

Plot = Callable[[Story], list[str]]

# Sections of a second meeting, as often as one should be drawn.
_SECOND_AFTER_HELD = (
    ("second.held",) * 6
    + ("second.courtesy.held",) * 3
    + ("second.call.held",)
    + ("second.newpair.held",) * 2
    + ("second.planned",) * 3
)
_SECOND_AFTER_PLANNED = (
    ("second.planned",) * 6 + ("second.newpair.planned",) * 3 + ("second.proposed",)
)
_COMMITMENT = re.compile(r"(?:\bto|would) ([^.;,⟦⟧]*⟦.*⟧)")


def plots(rng: random.Random) -> list[Plot]:
    """Which others to tell, mostly in the usual order: the same day, what follows, what was."""
    chosen: list[Plot] = [_second] * rng.choices([0, 1, 2], [58, 32, 10])[0]
    chosen += [_follow_up] if rng.random() < 0.2 else []
    chosen += [_background] * rng.choices([0, 1, 2], [55, 33, 12])[0]
    if rng.random() < 0.15:
        rng.shuffle(chosen)
    return chosen


def _second(story: Story) -> list[str]:
    """Another encounter: the visitor or the host with somebody new, or a new pair."""
    rng, first = story.rng, story.encounters[0]
    if len(first.people) < 2:
        return []
    planned = first.status in ("planned", "proposed")
    section = rng.choice(_SECOND_AFTER_PLANNED if planned else _SECOND_AFTER_HELD)
    _, *sort, status = section.split(".")
    kind = sort[0] if sort in (["call"], ["courtesy"]) else "talks"
    meeting = cast.second(story, first, status, kind, new_pair=sort == ["newpair"])
    story.encounters.append(meeting)
    story.current = meeting
    meeting.opening = tell(story, section)
    lines = [meeting.opening]
    if story.trip and meeting.city is None and kind != "call" and status == "held":
        meeting.city, meeting.host = first.city, first.host
    if rng.random() < 0.4:
        more = rng.choice(["agenda.held", "agree.held"]) if status == "held" else "agenda.planned"
        lines.append(tell(story, more, suits(meeting)))
    if rng.random() < 0.7:
        story.current = first
    return lines


def _follow_up(story: Story) -> list[str]:
    """The sides agreed to meet again: an agreement of this meeting and a meeting of its own."""
    if story.current.status not in ("held", "ongoing"):
        return []
    text = _tell_aside(story, "planned", "followup.held")
    if found := _COMMITMENT.search(text):
        story.current.agreements.append(unmarked(found[1]))
    return [unmarked(text)]


def _background(story: Story) -> list[str]:
    status = "planned" if story.rng.random() < 0.25 else "held"
    return [_tell_aside(story, status, f"background.{status}")]


def _tell_aside(story: Story, status: str, section: str) -> str:
    story.aside = cast.aside(story, status)
    story.encounters.append(story.aside)
    text = tell(story, section, suits(story.current))
    story.aside.opening = unmarked(text)
    return text
