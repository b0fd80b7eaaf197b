"""Earlier and later meetings that a paragraph brings up: a name, perhaps when and where.

The plot opens such a meeting as `story.aside` before it tells the paragraph.
"""

import re

from training.slots.occasion import timed
from training.slots.states import phrase
from training.story import Story
from training.template import bare
from training.world import country, lexicon

SILENT = 0.45  # how often an optional detail stays unsaid

_REMOTE = re.compile(r"\b(?:phone|telephone|video|virtual)\b")
_MARKS = re.compile(r"[⟦⟧]")


def background(story: Story) -> str:
    """The name of a meeting beside this one, and whether other states met."""
    row = story.rng.choice(lexicon("meetings")["background"])
    if row["parties"] == "multi":
        story.aside.countries = []
    return _named(story, row["text"])


def following(story: Story) -> str:
    """The name of the meeting that was agreed upon, marked."""
    return marked(_named(story, story.rng.choice(lexicon("meetings")["next"])))


def when(story: Story) -> str:
    """When it was or will be."""
    planned = story.aside.status == "planned"
    text, words = timed(story, "background_planned" if planned else "background_held")
    story.aside.date_text = words
    return text


def where(story: Story) -> str:
    """Where it was or will be."""
    host = story.rng.choice([*story.current.countries, country(story.rng)])
    meeting = story.aside
    meeting.city, meeting.host = host.capital, host
    meeting.format = None if _REMOTE.search(meeting.name or "") else "in_person"
    return f"in {host.capital}"


def marked(words: str) -> str:
    """Words about the next meeting, marked: the last mark ends what was agreed upon."""
    return f"⟦{words}⟧"


def unmarked(text: str) -> str:
    """The text as it is printed."""
    return _MARKS.sub("", text)


def _named(story: Story, words: str) -> str:
    said = phrase(story, words)
    story.aside.name = bare(said)
    return said
