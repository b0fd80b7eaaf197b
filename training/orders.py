"""Orders to a machine inside an article: text like any other, which changes no answer.

`orders.txt` holds them, one a line; {person} and {country} are drawn anew. Knows where such a
paragraph may stand; does not know what an article says.
"""

import random
from functools import cache
from pathlib import Path

from training import world


def with_order(text: str, rng: random.Random) -> str:
    """The text with one such paragraph between two others."""
    home = world.country(rng)
    person = world.named(rng, home.code, male=rng.random() < 0.6)[0]
    order = rng.choice(_orders()).replace("{person}", person)
    lines = text.rstrip().split("\n")
    place = rng.randint(1, len(lines))
    between = [order.replace("{country}", home.name)]
    if "" in lines:
        between = ["", *between, ""]
    return "\n".join([*lines[:place], *between, *lines[place:], ""])


@cache
def _orders() -> tuple[str, ...]:
    return tuple(Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines())
