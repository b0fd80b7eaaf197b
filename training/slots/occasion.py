"""When and where the current meeting takes place."""

from training.story import Story
from training.template import bare
from training.world import Country, country, lexicon

WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = (
    "January February March April May June July August September October November December".split()
)
SHORT_MONTHS = "Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.".split()


def when(story: Story) -> str:
    """The day with its preposition; the bare words are noted."""
    meeting = story.current
    text, words = timed(story, "held" if meeting.status in ("held", "ongoing") else "planned")
    meeting.date_text = words
    return text if story.says_on or words not in WEEKDAYS else words


def same_day(story: Story) -> str:
    """The day of another meeting by that of the first: "later that day"."""
    row = story.rng.choice(lexicon("when")["sameday"])
    story.current.date_text = row["words"]
    return str(row["text"])


def timed(story: Story, table: str) -> tuple[str, str]:
    """Time words from `table`: as they stand in a sentence, and bare."""
    rng = story.rng
    row = rng.choice(lexicon("when")[table])
    month = rng.randrange(12)
    values = {
        "weekday": rng.choice(WEEKDAYS),
        "month": MONTHS[month],
        "month_abbr": SHORT_MONTHS[month],
        "day": rng.randint(1, 28),
        "day2": rng.randint(29, 30),
        "year": story.published.year - rng.randint(1, 9),
        "next_year": story.published.year + 1,
        "date_full": f"{MONTHS[month]} {rng.randint(1, 28)}, {story.published.year}",
    }
    return row["text"].format(**values), row["words"].format(**values)


def city(story: Story) -> str:
    """The city, mostly the host's capital. Who meets in a city meets in person."""
    meeting = story.current
    if meeting.city is None:
        host = _host(story)
        capital = story.rng.random() < 0.75
        meeting.city = host.capital if capital else story.rng.choice(host.cities)
    meeting.format = meeting.format or "in_person"
    return meeting.city


def place(story: Story) -> str:
    """The city, or a building in it, with the preposition; the venue is noted bare."""
    town = city(story)
    if story.rng.random() < 0.66:
        return f"in {town}"
    venue: str = story.rng.choice(lexicon("places")["generic"])
    venue = venue.replace("{city}", town).replace("{host.adj}", _host(story).adjective)
    story.current.venue = bare(venue)
    return f"at {venue}" if town in venue else f"at {venue} in {town}"


def _host(story: Story) -> Country:
    """The last side as a rule; now and then a third country."""
    meeting, rng = story.current, story.rng
    if meeting.host is None:
        sides = meeting.countries
        away = rng.random() < 0.12
        meeting.host = country(rng) if away else rng.choice([sides[-1], sides[-1], *sides])
    return meeting.host
