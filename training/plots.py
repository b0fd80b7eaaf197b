"""Plots: what an article is about, told from its lead to its last line."""

import random
from dataclasses import dataclass
from typing import NamedTuple

from training import body, cast, further
from training.dress import dress
from training.story import Encounter, Story
from training.teller import tell


class Lead(NamedTuple):
    """How an article may open, and how often."""

    section: str
    status: str
    kind: str
    weight: int


LEADS = (
    Lead("lead.held", "held", "talks", 22),
    Lead("lead.release.held", "held", "talks", 12),
    Lead("lead.minimal.held", "held", "talks", 6),
    Lead("lead.multi.held", "held", "multi", 6),
    Lead("lead.courtesy.held", "held", "courtesy", 6),
    Lead("lead.call.held", "held", "call", 8),
    Lead("lead.video.held", "held", "video", 3),
    Lead("lead.delegation.held", "held", "talks", 4),
    Lead("lead.nation.held", "held", "nation", 4),
    Lead("lead.planned", "planned", "talks", 20),
    Lead("lead.release.planned", "planned", "talks", 6),
    Lead("lead.minimal.planned", "planned", "talks", 4),
    Lead("lead.multi.planned", "planned", "multi", 5),
    Lead("lead.call.planned", "planned", "call", 2),
    Lead("lead.nation.planned", "planned", "nation", 4),
    Lead("lead.proposed", "proposed", "talks", 10),
    Lead("lead.postponed", "postponed", "talks", 5),
    Lead("lead.cancelled", "cancelled", "talks", 4),
    Lead("lead.ongoing", "ongoing", "talks", 4),
)
_WITHOUT_MEETING = 0.09


@dataclass(frozen=True)
class Told:
    """An article as it was told, and everything that it says about meetings."""

    text: str
    encounters: list[Encounter]


def article(rng: random.Random) -> Told:
    """One article."""
    story = Story(rng)
    if rng.random() < _WITHOUT_MEETING:
        story.current = cast.bystanders(story)
        lines = body.only_noise(story)
        return Told(dress(story, lines, "nomeeting", release=False), [])
    lead = rng.choices(LEADS, [lead.weight for lead in LEADS])[0]
    return told(story, lead)


def told(story: Story, lead: Lead) -> Told:
    """The article that opens with `lead`."""
    main = story.current = cast.principals(story, lead.status, lead.kind)
    story.encounters.append(main)
    main.opening = tell(story, lead.section)
    lines = [main.opening, *body.paragraphs(story)]
    for plot in further.plots(story.rng):
        lines += plot(story)
    lines = body.with_noise(story, lines)
    story.current = main  # whatever came last, the headline is about the first
    headline = lead.kind if lead.kind in ("call", "multi") else lead.status
    text = dress(story, lines, headline, release="release" in lead.section)
    return Told(text, story.encounters)
