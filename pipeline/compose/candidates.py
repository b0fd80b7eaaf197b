"""The people and the parties that an article could name, so that a decoder can be held to them.

Generous by design: a person missing here could not be written down at all, while a candidate too
many costs the grammar a line. Knows capital letters and a few words that never belong to a name;
knows nothing about who met whom.
"""

import re
from collections.abc import Iterable
from importlib import resources

from pipeline import places

LONGEST = 6  # words in a name: "Luiz Inacio Lula da Silva" has five

# A quotation mark, or a letter that Polynesian and Arabic names begin with.
_OPENING = "'’‘ʻʿ"
_WORD = re.compile(
    rf"(?:(?<!\w)[{_OPENING}](?=[A-Z]))?[^\W\d_](?:[^\W\d_]|['’ʿ.\-](?=[^\W\d_]))*\.?"
)
_PARTICLES = frozenset(
    "van der den de del della di da das do dos du la le el al bin bint ibn von zu ten ter abu "
    "af av y e i un".split()
)
# Words that open or close a run and are never part of a person's name.
_FILE = resources.files("pipeline.compose").joinpath("no_names.txt")
_LINES = [line for line in _FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
_NEVER = frozenset(" ".join(_LINES).split())

_NOUNS = frozenset({"name", "organisation"})
# … unless they are: Barbara King, Emir Mujić, Sunday Oliseh, Theresa May, He Yunlong, An Do-hyun.
_SOMETIMES = frozenset(
    "king queen prince emir sunday may april june august march house lord the he an you we".split()
)


def people(sentences: Iterable[str]) -> tuple[str, ...]:
    """Every run of capitalised words that could be a person's name, first seen first."""
    found: dict[str, None] = {}
    longer: set[str] = set()
    for sentence in sentences:
        words = list(_WORD.finditer(sentence))
        for run in _runs(words, sentence, _NEVER):
            names = list(_spans(run, sentence))
            found.update(dict.fromkeys(names))
            longer.update(name.split()[-1] for name in names if " " in name)
        if any(word.group().casefold() in _SOMETIMES for word in words):
            for run in _runs(words, sentence, _NEVER - _SOMETIMES):
                spans = _spans(run, sentence)
                found.update(dict.fromkeys(filter(_may_open, spans)))
    # The guide wants the longest form: "Berg" alone is out once "Ida Berg" stands in the text.
    return tuple(name for name in found if name not in longer and not _is_no_person(name))


def party_wordings(text: str) -> tuple[str, ...]:
    """Every noun in `text` for a state or organisation; where it has none, one other wording.

    A decoder held to one noun of several ("S. Korea", where "South Korea" stands in the text,
    too) would be pushed to another country by a model that prefers the other.
    """
    nouns = {mention.words for mention in places.mentions(text) if mention.kind in _NOUNS}
    return tuple(dict.fromkeys((*parties(text), *sorted(nouns, key=text.find))))


def parties(text: str) -> tuple[str, ...]:
    """One wording per state or organisation in `text`: its noun if it has one, else the first."""
    rank = {"name": 0, "organisation": 0, "adjective": 1, "capital": 2, "metonym": 3}
    best: dict[str, places.Mention] = {}
    for mention in places.mentions(text):
        held = best.get(mention.code)
        if held is None or rank[mention.kind] < rank[held.kind]:
            best[mention.code] = mention
    return tuple(mention.words for mention in best.values())


def _may_open(name: str) -> bool:
    """Whether it is no little word, nor opens with one: "The" stands only inside a name."""
    return name.casefold() not in _NEVER and not name.startswith("The ")


def _is_no_person(name: str) -> bool:
    """Whether it is a country, a city or an organisation, a pair of them, or an abbreviation."""
    if " " not in name and (name.isupper() or places.city_country(name) is not None):
        return True
    return places.party(name) is not None or all(map(places.party, name.split("-")))


def _runs(
    words: list[re.Match[str]], sentence: str, never: frozenset[str]
) -> list[list[re.Match[str]]]:
    """Unbroken runs of words that may belong to one name; only blanks stand between them."""
    runs: list[list[re.Match[str]]] = [[]]
    end = 0
    for word in words:
        if sentence[end : word.start()].strip(" \u00a0"):
            runs.append([])
        if _may_belong(word.group(), begun=bool(runs[-1]), never=never):
            runs[-1].append(word)
        else:
            runs.append([])
        end = word.end()
    return [run for run in runs if run]


def _may_belong(text: str, *, begun: bool, never: frozenset[str]) -> bool:
    text = text.lstrip(_OPENING)
    bare = text.rstrip(".").casefold()
    if bare in _PARTICLES:
        return begun or text[0].isupper() or bare in {"al", "el"}
    if bare in never:
        return False
    # "al-Harbi" and "d'Almeida" carry their capital inside.
    return text[0].isupper() or bool(re.match(r"\w{1,4}['’\-]\w*[A-Z]", text))


def _spans(run: list[re.Match[str]], sentence: str) -> Iterable[str]:
    """Sub-runs as printed, without a possessive or the full stop that ends the sentence."""
    for first in range(len(run)):
        for last in range(first, min(first + LONGEST, len(run))):
            if last == first and last + 1 < len(run):
                continue  # a word alone is a name only where a title may stand before it
            if run[last].group().casefold() in _PARTICLES and last > first:
                continue
            name = sentence[run[first].start() : run[last].end()]
            name = re.sub(r"['’]s$", "", name)
            if not re.search(r"(?:^|[\s.])[^\W\d_]\.$|(?:Jr|Sr)\.$", name):
                name = name.rstrip(".")
            yield name
            if name.startswith(tuple(_OPENING)):
                yield name.lstrip(_OPENING)
