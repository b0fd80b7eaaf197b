"""Template banks: paragraphs with alternations `[a|b]` and slots `{slot}`.

A bank is a text file: `== section` opens a section, every other line is one template. Knows the
notation; knows nothing of what a slot means.
"""

import functools
import random
import re
from collections.abc import Callable
from pathlib import Path

BANK = Path(__file__).parent / "bank"

_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_SLOT = re.compile(r"\{([^{}]+)\}")
_AN = re.compile(r"\b([Aa]) (?=[AEIOaeio]|U[lmnprst](?!i)|u[lmnprst](?!i))(?!Eu|eu|[Oo]ne\b|U\.)")


@functools.cache
def bank() -> dict[str, tuple[str, ...]]:
    """Every section of every bank file: section name to its templates."""
    sections: dict[str, list[str]] = {}
    for path in sorted(BANK.glob("*.txt")):
        section = ""
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("== "):
                section = line[3:].strip()
            elif line.strip() and not line.startswith("#"):
                sections.setdefault(section, []).append(line.strip())
    return {name: tuple(lines) for name, lines in sections.items()}


def choose(template: str, rng: random.Random) -> str:
    """Settle every alternation, innermost first."""
    while found := _CHOICE.search(template):
        option = rng.choice(found[1].split("|"))
        template = template[: found.start()] + option + template[found.end() :]
    return template


def fill(template: str, value: Callable[[str], str]) -> str:
    """Replace the slots from left to right, then mend spaces, commas and articles."""
    return tidy(_SLOT.sub(lambda found: value(found[1]), template))


def tidy(text: str) -> str:
    """Mend what joining leaves behind: double commas, doubled articles, 'a' before a vowel."""
    text = re.sub(r"[ \t]+", " ", text)
    text = re.sub(r" +([,.;:?!])", r"\1", text)
    text = re.sub(r",(?: ?,)+", ",", text)
    text = re.sub(r",([.;:?!)])", r"\1", text)
    text = re.sub(r", ([’”\"])", r",\1", text) if text.count('"') == 0 else text
    text = re.sub(r"\b([Tt]he|[Aa]n?) (?:the|The|a|an) ", r"\1 ", text)
    text = re.sub(r"(\w)\.\.(?!\.)", r"\1.", text)
    text = re.sub(r"s's\b", "s'", text)
    return _AN.sub(r"\1n ", text).strip()


def bare(phrase: str) -> str:
    """A noun phrase without the article that opens it."""
    return re.sub(r"^(?:the|an?) ", "", phrase)
