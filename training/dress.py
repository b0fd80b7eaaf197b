"""An article's dress: headline, dateline, byline, captions, bullets and the web page's debris."""

import random

from training.story import Story
from training.teller import tell

_OF_TWO_PEOPLE = ("release", "held", "call", "multi")  # headlines that name both


def dress(story: Story, body: list[str], headline: str, *, release: bool) -> str:
    """The whole text about `story.current`. A `release` is dressed as ministries do."""
    rng = story.rng
    pair = sum(p.introduced for p in story.current.people) > 1
    head = _head(story, headline, release=release, pair=pair)
    if release:
        body = _numbered(rng, body)
    elif rng.random() < 0.45:
        body[0] = f"{tell(story, 'dateline')} {body[0]}"
    if pair and rng.random() < 0.15:
        body.insert(rng.randint(1, len(body)), tell(story, "caption"))
    if not release and rng.random() < 0.12:
        body[-1] += rng.choice([f" ({story.agency})", f" — {story.agency}"])
    tail: list[str] = []
    if rng.random() < 0.25:
        tail = [tell(story, "furniture.tail") for _ in range(rng.choice([1, 1, 2]))]
    gap = "\n\n" if rng.random() < 0.6 else "\n"
    return gap.join(line for line in [*head, *body, *tail] if line)


def _head(story: Story, headline: str, *, release: bool, pair: bool) -> list[str]:
    """What stands above the first paragraph."""
    rng = story.rng
    lines: list[str] = []
    if rng.random() < 0.3:
        lines += [tell(story, "furniture.head") for _ in range(rng.choice([1, 1, 2, 3]))]
    if rng.random() < 0.75:
        if release and rng.random() < 0.6:
            headline = "release"
        if headline in _OF_TWO_PEOPLE and not pair:
            headline = "nomeeting"
        marks = rng.choice(["(LEAD) ", "(2nd LD) ", "UPDATE 1-"]) if rng.random() < 0.12 else ""
        lines.append(marks + tell(story, f"headline.{headline}"))
    if rng.random() < 0.1:
        lines.append(tell(story, "attn"))
    if rng.random() < 0.3:
        lines.append(tell(story, "byline"))
    return lines


def _numbered(rng: random.Random, body: list[str]) -> list[str]:
    """Ministry style: numbered paragraphs, or bullets under them, or neither."""
    form = rng.random()
    if form < 0.4:
        return [f"{i}. {line}" for i, line in enumerate(body, 1)]
    if form < 0.6:
        mark = rng.choice(["○", "-", "•", "◦"])
        return [body[0], *(f"{mark} {line}" if rng.random() < 0.6 else line for line in body[1:])]
    return body
