"""How the text names those who meet: introduced once with name and office, then in short."""

from training.story import Story
from training.world import Person

_LONG_TITLE = 45  # characters that read badly before a name


def mention(story: Story, number: int, part: str) -> str:
    """The `number`-th person, or one `part`: he, his, role, title, last (name), full (name)."""
    people = story.current.people
    if not people:
        return _state_for_person(story, number, part)
    who = people[min(number, len(people)) - 1]
    if part in ("he", "his"):
        return who.he if part == "he" else who.his
    if part in ("role", "title"):
        return who.office.role if part == "role" else who.office.title
    if not who.introduced:
        return _introduce(story, who)
    return {"last": who.short, "full": who.name}.get(part) or _again(story, who)


def both(story: Story) -> str:
    """The principals together, as a plural."""
    people, states = story.current.people, story.current.countries
    known = [p.short for p in people if p.introduced]
    options = ["the two sides", "the two sides", "they", "both sides", "the two countries"]
    if story.current.several:
        options = ["they", "the sides", "the participants"]
    if len(people) == 2 and len(known) == 2 and known[0] != known[1]:
        options += [" and ".join(known)] * 3
        options += [f"the two {roles(story)}"] * 3
    elif len(people) < 3:
        options.append(" and ".join(c.capital for c in states[:2]))
    return story.rng.choice(options)


def roles(story: Story) -> str:
    """What the principals are, as a plural: "foreign ministers", or just "officials"."""
    people = story.current.people
    same = len({p.office.title for p in people}) == 1
    return people[0].office.plural if same else "officials"


def _state_for_person(story: Story, number: int, part: str) -> str:
    """Where nobody is named, the capitals speak."""
    states = story.current.countries
    side = states[min(number, len(states)) - 1]
    return {"he": "it", "his": "its"}.get(part, side.capital)


def _introduce(story: Story, who: Person) -> str:
    """First mention. The title is noted as it is printed, without the nationality."""
    rng, title, home = story.rng, who.office.title, who.country
    who.introduced = True
    form = rng.random()
    twin = _counterpart(story, who)
    if twin and form < 0.35:
        who.title = twin.title
        comma = rng.choice(["", ","])
        return f"{twin.his} {home.adjective} counterpart{comma} {who.name}{comma}"
    if len(title) > _LONG_TITLE and form > 0.3:
        form = 1.0
    if rng.random() < 0.06:
        return f"{who.name} of {home.name}"
    if form < 0.62:
        who.title = title
        return f"{_nationality(story, who)}{title} {who.name}"
    if form < 0.72:
        who.title = title
        of_home = f" of {home.name}" if len(story.current.countries) > 2 else ""
        return f"{title} {who.name}{of_home}"
    who.title = lower = who.office.lower
    owners = [
        f"the {home.adjective} {lower}",
        f"{lower} of {home.name}",
        f"{home.adjective} {lower}",
        lower,
    ]
    return f"{who.name}, {rng.choice(owners)},"


def _counterpart(story: Story, who: Person) -> Person | None:
    """Somebody introduced by the same title, to whom `who` can be "his counterpart"."""
    others = (p for p in story.current.people if p is not who and p.introduced and p.title)
    return next((p for p in others if p.office.title == who.office.title), None)


def _nationality(story: Story, who: Person) -> str:
    """What stands before a title: "Chilean ", "Chile's ", or nothing where it says so itself."""
    home = who.country
    if story.rng.random() < 0.12:
        ending = "'" if home.name.endswith("s") else "'s"
        return f"{home.name}{ending} "
    return "" if who.office.title.startswith(home.adjective) else f"{home.adjective} "


def _again(story: Story, who: Person) -> str:
    """A later mention."""
    form, role = story.rng.random(), who.office.role
    if form < 0.66 or role == "general":
        return who.short
    if form < 0.76 and role in ("minister", "president"):
        return f"{role.capitalize()} {who.short}"
    return f"the {who.country.adjective} {role}" if form < 0.92 else who.name
