"""Tells one paragraph: draws a template that was not used yet and fills it about the story.

Knows neither what the slots say nor in which order paragraphs make an article.
"""

import re
from collections.abc import Callable

from training import slots
from training.story import Story
from training.template import bank, choose, fill


def tell(story: Story, section: str, accept: Callable[[str], bool] = lambda _: True) -> str:
    """One new paragraph from `section` about the current meeting, its facts noted.

    Empty where no template is left that `accept` takes.
    """
    options = [t for t in bank()[section] if t not in story.used and accept(t)]
    if not options:
        return ""
    template = story.rng.choice(options)
    story.used.add(template)
    text = fill(choose(template, story.rng), lambda slot: slots.value(story, slot))
    return re.sub(r"^([\"“]?)([a-z])", lambda m: m[1] + m[2].upper(), text)
