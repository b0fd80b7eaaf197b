"""Who meets: countries, the offices that fit one another, and people to hold them."""

from training.story import Encounter, Story
from training.world import Country, Office, country, office, person

# How people meet, where the kind of encounter says it; all others meet in person.
_FORMATS = {"call": "phone", "video": "virtual", "nation": None}

# A domain of conversation for the domain of an office; the others talk of anything.
_DOMAINS = {
    "defence": "defence",
    "trade": "trade",
    "energy": "energy",
    "security": "security",
    "health": "health",
    "climate": "climate",
    "nuclear": "nuclear",
    "agriculture": "agriculture_food",
    "transport": "transport_aviation",
    "finance": "finance",
    "justice": "human_rights_justice",
    "interior": "consular_and_migration",
    "culture": "culture_education",
    "education": "culture_education",
    "technology": "technology_space",
    "fisheries": "fisheries_maritime",
    "peace": "peace_process",
    "development": "development_aid",
}


def principals(story: Story, status: str, kind: str) -> Encounter:
    """The meeting that the article is about."""
    rng = story.rng
    sides = [country(rng)]
    count = rng.choice([3, 3, 4]) if kind == "multi" else 2
    while len(sides) < count:
        sides.append(country(rng, exclude={s.code for s in sides}))
    first = office(rng, sides[0])
    speakers = [] if kind == "nation" else sides
    people = [person(rng, side, _peer(story, side, first)) for side in speakers]
    if kind == "courtesy":
        people[1].office = office(rng, sides[1], level=rng.choice(["leader", "minister"]))
    any_domain = rng.choice(["diplomacy", "security", "trade"])
    return Encounter(
        people=people,
        status=status,
        kind=kind,
        domain=_DOMAINS.get(first.domain, any_domain),
        countries=sides,
        format=_FORMATS.get(kind, "in_person"),
        main=True,
    )


def second(story: Story, first: Encounter, status: str, kind: str, *, new_pair: bool) -> Encounter:
    """One of those who met meets somebody new, or (`new_pair`) two others meet beside them."""
    rng = story.rng
    known, other = first.people[:2] if rng.random() < 0.8 else first.people[1::-1]
    side = other.country
    newcomer = person(rng, side, office(rng, side))
    people = [known, newcomer]
    if new_pair:
        post = office(rng, known.country)
        people = [person(rng, known.country, post), person(rng, side, _peer(story, side, post))]
    return Encounter(
        people=people,
        status=status,
        kind=kind,
        domain=_DOMAINS.get(newcomer.office.domain, first.domain),
        countries=[known.country, side],
        format=_FORMATS.get(kind, "in_person"),
    )


def bystanders(story: Story) -> Encounter:
    """Two people for a story in which nobody meets; it never enters an answer."""
    rng = story.rng
    side = country(rng)
    sides = [side, country(rng, exclude={side.code})]
    people = [person(rng, c, office(rng, c)) for c in sides]
    return Encounter(people, "held", "talks", "trade", sides)


def aside(story: Story, status: str) -> Encounter:
    """An earlier or later meeting of the same states, which names nobody."""
    now = story.current
    return Encounter([], status, "talks", now.domain, now.countries[:2])


def _peer(story: Story, side: Country, first: Office) -> Office:
    """Ministers meet ministers of the same field more often than not."""
    if first.exists_in(side) and story.rng.random() < 0.6:
        return first
    return office(story.rng, side, domain=first.domain, level=first.level)
