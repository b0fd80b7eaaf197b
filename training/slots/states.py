"""How the text names countries, and the phrases of the lexicon that speak of them."""

from collections.abc import Callable

from training.story import Story
from training.template import fill
from training.world import Country

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def phrase(story: Story, words: str) -> str:
    """A phrase of the lexicon, its countries and numbers filled in."""
    return fill(words, lambda slot: SLOTS[slot](story))


def _first(story: Story) -> Country:
    return story.current.countries[0]


def _second(story: Story) -> Country:
    return story.current.countries[1]


def _host(story: Story) -> Country:
    return story.current.host or story.current.countries[-1]


def _states(story: Story) -> str:
    return f"{_first(story).name} and {_second(story).name}"


def _compound(story: Story) -> str:
    return f"{_first(story).bare}-{_second(story).bare}"


def _nth(story: Story) -> str:
    number = story.rng.randint(2, 60)
    if number <= len(_ORDINALS) and story.rng.random() < 0.5:
        return _ORDINALS[number - 1]
    teen = 10 <= number % 100 <= 20
    return f"{number}{'th' if teen else _ENDINGS.get(number % 10, 'th')}"


def _wordings(slot: str, of: Callable[[Story], Country]) -> dict[str, Callable[[Story], str]]:
    return {
        slot: lambda story: of(story).name,
        f"{slot}.adj": lambda story: of(story).adjective,
        f"{slot}.cap": lambda story: of(story).capital,
        f"{slot}.short": lambda story: of(story).short,
    }


SLOTS: dict[str, Callable[[Story], str]] = {
    **_wordings("c1", _first),
    **_wordings("c2", _second),
    **_wordings("x", lambda story: story.third),
    **_wordings("host", _host),
    "c1+c2": _states,
    "c1-c2": _compound,
    "nth": _nth,
}
