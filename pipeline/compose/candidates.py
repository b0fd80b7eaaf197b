"""The people and the parties that an article could name, so that a decoder can be held to them.

Generous by design: a person missing here could not be written down at all, while a candidate too
many costs the grammar a line. Knows capital letters and a few words that never belong to a name;
knows nothing about who met whom.
"""

import re
from collections.abc import Iterable, Sequence
from importlib import resources

from pipeline import places

LONGEST = 6  # words in a name: "Luiz Inacio Lula da Silva" has five

# A quotation mark, or a letter that Polynesian and Arabic names begin with.
_OPENING = "'’‘ʻʿ"
_WORD = re.compile(
    r"(?!No\. ?\d)"
    rf"(?:(?<!\w)[{_OPENING}](?=[A-Z]))?[^\W\d_](?:[^\W\d_]|['’ʿ.\-](?=[^\W\d_]))*\.?"
)
_PARTICLES = frozenset(
    "van der den de del della dei di da das do dos du la le el al ben bin bint binti ibn von zu "
    "ten ter abu af av ag arap ole ould wa y e i un".split()
)
# Words that open or close a run and are never part of a person's name.
_FILE = resources.files("pipeline.compose").joinpath("no_names.txt")
_LINES = [line for line in _FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
_NEVER = frozenset(" ".join(_LINES).split())

_NOUNS = frozenset({"name", "organisation"})
# … unless they are: Barbara King, Emir Mujić, Sunday Oliseh, Theresa May, He Yunlong, An Do-hyun …
_SOMETIMES = frozenset(
    "king queen prince emir sunday monday friday may april june august march house lord peace "
    "the he an you we".split()
)
# … and these within one: Ri In Su, Ho A Kon.
_WITHIN = frozenset("a him in me my on or to us".split())
_SHORT = 4  # words in a name that has one of them; a headline in capitals has more


def people(sentences: Iterable[str]) -> tuple[str, ...]:
    """Every run of capitalised words that could be a person's name, first seen first."""
    found: dict[str, None] = {}
    longer: set[str] = set()
    for sentence in sentences:
        words = _outside(list(_WORD.finditer(sentence)), sentence)
        for run in _runs(words, sentence, _NEVER):
            names = list(_spans(run, sentence))
            found.update(dict.fromkeys(names))
            longer.update(name.split()[-1] for name in names if " " in name)
        capitalised = {word.group().casefold() for word in words if _is_capitalised(word.group())}
        if odd := capitalised & (_SOMETIMES | _WITHIN):
            for run in _runs(words, sentence, _NEVER - odd):
                spans = _spans(run, sentence)
                found.update(dict.fromkeys(filter(_may_be, spans)))
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


def _outside(words: Sequence[re.Match[str]], sentence: str) -> list[re.Match[str]]:
    """The words that are no part of a longer name of a state or organisation: no "New Guinea"."""
    longer = [
        range(mention.start, mention.end)
        for mention in places.mentions(sentence)
        if mention.kind in _NOUNS and " " in mention.words
    ]
    return [word for word in words if not any(word.start() in span for span in longer)]


def _is_capitalised(word: str) -> bool:
    """Whether it has one capital, as a name has: in a line of capitals every word may be any."""
    return word[0].isupper() and (len(word) == 1 or not word.isupper())


def _may_be(name: str) -> bool:
    """Whether it may be a name though little words are in it, or it is one."""
    words = name.casefold().split()
    within = sum(word in _WITHIN for word in words)
    if within > 1 or (within and (len(words) > _SHORT or words[0] in _WITHIN)):
        return False
    return name.casefold() not in _NEVER and words[0] != "the"


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
            ends = last + 1 == len(run) and run[last].group()[0].isupper()  # "Luu Thi Van"
            if last > first and run[last].group().casefold() in _PARTICLES and not ends:
                continue
            name = sentence[run[first].start() : run[last].end()]
            name = re.sub(r"['’]s$", "", name)
            if not re.search(r"(?:^|[\s.])[^\W\d_]\.$|(?:Jr|Sr)\.$", name):
                name = name.rstrip(".")
            yield name
            if name.startswith(tuple(_OPENING)):
                yield name.lstrip(_OPENING)
