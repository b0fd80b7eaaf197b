"""What is known while an article is told: its meetings, and the one voice that tells it.

A fact enters the text through a slot, and the answer only through the text: a slot function
prints words and notes on the meeting what they said. Whatever a template says literally is noise
by definition. Does not know which slots there are, nor what makes an article.
"""

import datetime as dt
import random
from dataclasses import dataclass, field

from training.world import Country, Person, country, lexicon


@dataclass
class Encounter:
    """One meeting: who, and what the text has said of it so far."""

    people: list[Person]
    status: str
    kind: str  # talks, call, video, courtesy, nation (countries speak), multi
    domain: str  # of conversation: a file of lexicon/topics
    countries: list[Country]
    format: str | None = None
    name: str | None = None
    date_text: str | None = None
    venue: str | None = None
    city: str | None = None
    host: Country | None = None
    opening: str = ""  # the paragraph that brings it up
    main: bool = False  # what the article is about
    agenda: list[str] = field(default_factory=list)
    agreements: list[str] = field(default_factory=list)

    @property
    def several(self) -> bool:
        """Whether more than two sides meet, so that nothing may speak of "the two"."""
        return len(self.people) > 2 or len(self.countries) > 2

    @property
    def prominence(self) -> str:
        """The guide's rule: who takes part, and one more of when, where, what."""
        told = self.date_text or self.city or self.venue or self.agenda or self.agreements
        return "focus" if self.main or (self.people and told) else "background"


class Story:
    """An article while it is told: one day, one voice, and the meeting now spoken of."""

    current: Encounter
    aside: Encounter  # the earlier or later meeting that a paragraph brings up

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.published = dt.date(rng.randint(2001, 2025), rng.randint(1, 12), rng.randint(1, 28))
        self.encounters: list[Encounter] = []
        self.third = country(rng)  # a country that takes no part
        self.used: set[str] = set()  # templates and phrases, so that nothing is said twice
        self.agency: str = rng.choice(lexicon("sources")["agencies"])
        self.analyst = "the analyst"  # until one is named
        rng.random()  # drawn for nothing; without it, no seed would make its published corpus
        self.says_on = rng.random() < 0.5  # "on Monday" or "Monday"
        self.oxford = rng.random() < 0.4  # "a, b, and c" or "a, b and c"
        self.trip = False  # whether the text spoke of one journey
