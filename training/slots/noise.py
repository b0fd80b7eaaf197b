"""Words that fill a story and must never reach its answer: sources, bystanders, figures."""

from training.slots.occasion import MONTHS, SHORT_MONTHS
from training.slots.states import phrase
from training.story import Story
from training.world import Country, country, lexicon, office, person

_NUMBERS = "two three four five six nine 12 15 20 30 45 120".split()


def source(story: Story) -> str:
    """Who said it."""
    return phrase(story, story.rng.choice(lexicon("sources")["sources"]))


def outsider(story: Story) -> str:
    """A named official who takes no part."""
    home, rng = _home(story), story.rng
    post = office(rng, home, level=rng.choice(["leader", "minister"]))
    return f"{home.adjective} {post.title} {person(rng, home, post).name}"


def spokesperson(story: Story) -> str:
    """A named spokesperson."""
    home, rng = _home(story), story.rng
    who = person(rng, home, office(rng, home))
    man = "man" if who.male else "woman"
    posts = ["Foreign Ministry spokesperson", f"government spokes{man}", f"ministry spokes{man}"]
    return f"{home.adjective} {rng.choice(posts)} {who.name}"


def expert(story: Story) -> str:
    """A named analyst with an affiliation; later mentions are by the short name."""
    home = country(story.rng)
    who = person(story.rng, home, office(story.rng, home))
    story.analyst = who.short
    return f"{who.name}, {story.rng.choice(lexicon('sources')['affiliations'])},"


def organisation(story: Story) -> str:
    """A company, think tank or agency."""
    return _drawn(story, "orgs")


def reporter(story: Story) -> str:
    """The name in a byline."""
    return _drawn(story, "reporters")


def number(story: Story) -> str:
    """A number word or figure."""
    return story.rng.choice(_NUMBERS)


def money(story: Story) -> str:
    """An amount."""
    rng = story.rng
    return f"${rng.randint(1, 90)}.{rng.randint(1, 9)} {rng.choice(['million', 'billion'])}"


def year(story: Story) -> str:
    """A past year."""
    return str(story.published.year - story.rng.randint(1, 20))


def month(story: Story) -> str:
    """The name of a month."""
    return story.rng.choice(MONTHS)


def publication_date(story: Story) -> str:
    """The day of publication in full."""
    day = story.published
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def short_date(story: Story) -> str:
    """The day of publication as in a dateline."""
    return f"{SHORT_MONTHS[story.published.month - 1]} {story.published.day}"


def clock(story: Story) -> str:
    """A time of day."""
    return f"{story.rng.randint(6, 22):02d}:{story.rng.randint(0, 59):02d}"


def dateline_city(story: Story) -> str:
    """Where the story was filed, which is no word about where people met."""
    return story.rng.choice(story.current.countries).capital


def _home(story: Story) -> Country:
    return story.rng.choice([*story.current.countries, story.third])


def _drawn(story: Story, table: str) -> str:
    words: str = story.rng.choice(lexicon("sources")[table])
    return words
