"""What the current meeting is called, what it is about and what it agreed."""

from typing import Any

from training.slots.states import phrase
from training.story import Story
from training.template import bare
from training.world import lexicon, topics

_TRIES = 20  # for a phrase that was not said yet


def agenda(story: Story) -> str:
    """One to four new subjects as a list."""
    count = story.rng.choice([1, 1, 2, 2, 2, 3, 3, 4])
    *items, last = [item(story) for _ in range(count)]
    if not items:
        return last
    comma = "," if story.oxford and len(items) > 1 else ""
    link = story.rng.choice(["and", "and", "and", "as well as"])
    return f"{', '.join(items)}{comma} {link} {last}"


def item(story: Story) -> str:
    """One new subject."""
    words = topic(story)
    story.current.agenda.append(words)
    return words


def topic(story: Story) -> str:
    """A subject that is only talked of: nothing is noted, but it is not said again either."""
    for _ in range(_TRIES):
        words = phrase(story, _subject(story))
        if words not in story.used:
            break
    story.used.add(words)
    return words


def agreement(story: Story) -> str:
    """One new commitment as a bare infinitive."""
    return _commitment(story, "to")


def agreeing(story: Story) -> str:
    """One new commitment as a gerund."""
    return _commitment(story, "ing")


def name(story: Story) -> str:
    """The meeting's own name when first told, a common noun afterwards.

    A meeting that the article is not about may do without a name.
    """
    meeting, rng = story.current, story.rng
    if meeting.name:
        return rng.choice(["the talks", "the meeting", "the dialogue", "the gathering"])
    if rng.random() < 0.35 and not meeting.main:
        return rng.choice(["talks", "a meeting", "consultations"])
    sort = "multilateral" if len(meeting.countries) > 2 else "bilateral"
    words = phrase(story, rng.choice(lexicon("meetings")[sort]))
    meeting.name = bare(words)
    return words if words.startswith(("the ", "a ")) else f"the {words}"


def _subject(story: Story) -> str:
    rows = _domain(story)["agenda"]
    umbrella = story.rng.random() < 0.07
    words: str = story.rng.choice(lexicon("umbrella") if umbrella else rows)
    return words


def _commitment(story: Story, form: str) -> str:
    for _ in range(_TRIES):
        row = story.rng.choice(_domain(story)["clauses"])
        words = phrase(story, row[form])
        if row["to"] not in story.used:  # one clause in two forms is one commitment
            break
    story.used.add(row["to"])
    story.current.agreements.append(words)
    return words


def _domain(story: Story) -> dict[str, Any]:
    """The meeting's own domain of conversation, or any."""
    own = story.rng.random() < 0.75
    return topics()[story.current.domain if own else story.rng.choice(list(topics()))]
