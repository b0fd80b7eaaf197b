"""The paragraphs after the lead: what the main meeting was about, and noise around it."""

import re
from collections.abc import Callable

from training.story import Encounter, Story
from training.teller import tell

_OF_TWO = re.compile(r"\btwo\b|\bbilateral|both sides")


def paragraphs(story: Story) -> list[str]:
    """What else the article says of its main meeting."""
    meeting = story.current
    met = meeting.status in ("held", "ongoing")
    sections = _held(story) if met else _planned(story)
    story.rng.shuffle(sections)
    if meeting.people:
        sections += ["quote.noise"] if story.rng.random() < 0.2 else []
        if met and meeting.kind in ("talks", "courtesy") and story.rng.random() < 0.2:
            sections.insert(0, "trip.held")
            story.trip = True
    return [tell(story, section, suits(meeting)) for section in sections]


def suits(meeting: Encounter) -> Callable[[str], bool]:
    """Paragraphs about persons need persons; "the two" needs two."""

    def accept(template: str) -> bool:
        if not meeting.people and ("{p" in template or "{P" in template):
            return False
        return not (meeting.several and _OF_TWO.search(template))

    return accept


def with_noise(story: Story, lines: list[str]) -> list[str]:
    """The paragraphs with context, bystanders and speculation between them."""
    rng, meeting = story.rng, story.current
    sections = ["context.noise"] * 6 + ["outsider.noise"] * 2 + ["press.noise"] * 2
    sections += ["domestic.noise", "drill.noise"]
    if meeting.status in ("planned", "proposed"):
        sections += ["speculate.noise"] * 3
    if not meeting.people:
        sections = ["context.noise", "domestic.noise"]
    for _ in range(rng.choices(range(8), [10, 15, 18, 18, 14, 11, 8, 6])[0]):
        lines.insert(rng.randint(1, len(lines)), tell(story, rng.choice(sections), suits(meeting)))
    if rng.random() < 0.07:
        # The meeting stands deep in a story about something else.
        lines = [tell(story, "nomeeting.lead"), tell(story, "context.noise"), *lines]
    return [line for line in lines if line]


def only_noise(story: Story) -> list[str]:
    """A story in which nobody meets."""
    rng = story.rng
    lines = [tell(story, "nomeeting.lead")]
    lines += [tell(story, "nomeeting.body") for _ in range(rng.randint(1, 6))]
    for section in ("context.noise", "press.noise", "speculate.noise"):
        if rng.random() < 0.3:
            lines.append(tell(story, section))
    return [line for line in lines if line]


def _held(story: Story) -> list[str]:
    rng, held = story.rng, story.current.status == "held"
    sections = ["agenda.held"] * rng.choice([0, 1, 1, 2])
    if held:
        sections += ["agree.held"] * rng.choice([0, 0, 1, 1, 2])
        sections += ["agree.statement"] if rng.random() < 0.1 else []
    sections += ["onesided.noise"] * rng.choice([0, 0, 1])
    return sections


def _planned(story: Story) -> list[str]:
    sections = ["agenda.planned"] * story.rng.choice([0, 1, 1, 2])
    sections += ["goal.planned"] if story.rng.random() < 0.12 else []
    return sections
