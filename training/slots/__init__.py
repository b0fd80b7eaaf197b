"""The slot table: what each `{slot}` of a template says, and that it is noted.

One row per slot; a template may also write it with a capital, for the start of a sentence, and
with a full stop behind (`{place.}`), which lets it stay silent.
"""

from collections.abc import Callable
from functools import partial

from training.slots import asides, matter, noise, occasion, people, states
from training.story import Story

Slot = Callable[[Story], str]

SILENT = 0.4  # how often an optional slot says nothing
_ASIDES: dict[str, Slot] = {
    "bg": asides.background,
    "bg.when": asides.when,
    "bg.where": asides.where,
    "next": asides.following,
    "next.when": lambda story: asides.marked(asides.when(story)),
    "next.where": lambda story: asides.marked(asides.where(story)),
}
SLOTS: dict[str, Slot] = {
    # who
    **{
        f"p{number}{part}": partial(people.mention, number=number, part=part.removeprefix("."))
        for number in (1, 2, 3, 4)
        for part in ("", ".he", ".his", ".role", ".title", ".last", ".full")
    },
    "both": people.both,
    "roles": people.roles,
    **states.SLOTS,
    # when and where
    "when": occasion.when,
    "sameday": occasion.same_day,
    "city": occasion.city,
    "place": occasion.place,
    # what
    "agenda": matter.agenda,
    "item": matter.item,
    "agree": matter.agreement,
    "agree.ing": matter.agreeing,
    "name": matter.name,
    # other meetings
    **_ASIDES,
    # noise: nothing of it is noted
    "topic": matter.topic,
    "source": noise.source,
    "outsider": noise.outsider,
    "spokes": noise.spokesperson,
    "expert": noise.expert,
    "expert.last": lambda story: story.analyst,
    "agency": lambda story: story.agency,
    "org": noise.organisation,
    "reporter": noise.reporter,
    "number": noise.number,
    "money": noise.money,
    "year": noise.year,
    "month": noise.month,
    "pubdate": noise.publication_date,
    "dateshort": noise.short_date,
    "clock": noise.clock,
    "filed": noise.dateline_city,
    "FILED": lambda story: noise.dateline_city(story).upper(),
}


def value(story: Story, slot: str) -> str:
    """The words for one slot as a template writes it. Raises KeyError where there is no such."""
    if slot not in SLOTS and slot[0].isupper():
        words = value(story, slot[0].lower() + slot[1:])
        return words[:1].upper() + words[1:]
    if not slot.endswith("."):
        return SLOTS[slot](story)
    slot = slot.removesuffix(".")
    silent = asides.SILENT if slot in _ASIDES else SILENT
    # Decided before it is said: what is said is noted.
    return "" if story.rng.random() < silent else f" {SLOTS[slot](story)}"
