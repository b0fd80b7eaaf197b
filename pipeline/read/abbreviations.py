"""Decide whether one full stop ends a sentence or belongs to an abbreviation or a number.

English tables, with the habits of news agencies and ministries ("Sept. 28", "No. 2", "Lt. Gen.").
Knows the token before the stop and the word after it, nothing else.
"""

import re

_TOKEN = re.compile(r"[^\s\"'“”‘’«»()\[\]/–—-]*$")
_LONGEST_TOKEN = 24
_NUMBERING = re.compile(
    r"\s*(?:[•○◦●▲■□▶*–—-]\s*)?\(?(?:\d{1,3}(?:\.\d{1,2})*|[ivxIVX]{1,4}|[A-Za-z가-힣])"
)
_ACRONYM = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,3}|[A-Za-zÀ-ÖØ-öø-ÿА-я]")
_DAY_BEFORE_MONTH = re.compile(
    r"Januar|January|Februar|February|März|March|April|Mai|May|Jun[ie]|June|Jul[iy]|August|"
    r"September|O[ck]tober|November|De[cz]ember"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never the end of a sentence: what follows is the name that the title belongs to.
_BEFORE_NAME = _words(
    "mr mrs ms mx dr prof gen lt col maj capt cmdr cdr sgt adm brig rep reps sen sens gov pres "
    "sec amb rev hon messrs mme mlle pvt cpl supt dep asst"
)
_LATIN = frozenset({"eg", "ie", "cf", "viz", "vs"})
# Not the end where a number follows ("No. 2", "Sept. 28", "pp. 3").
_BEFORE_NUMBER = _words(
    "jan feb mar apr jun jul aug sept sep oct nov dec no nos art arts para paras fig vol ch pp p "
    "res approx rs par chap sect"
)
# The end only where a typical opener of a sentence follows ("… of Acme Inc. The company …").
_MAYBE = (_BEFORE_NAME | _BEFORE_NUMBER | {"etc", "al", "est"}) - {"no", "nos"}
_MAYBE |= _words(
    "inc ltd corp co jr sr bros dept univ assn st mt ft min mon tue tues wed thu thur thurs fri "
    "sat sun calif va md wash mass conn fla ga pa ill tex ariz colo mich minn ore tenn wis ala "
    "ark del kan ky la mo mont neb nev okla vt wyo ave blvd rd"
)
OPENING_WORDS = _words(
    "The A An He She It They We I You This That These Those There Here His Her Its Their Our My "
    "In On At By For From With After Before During While When Where As If Since Until Although "
    "Though However But And So Yet Or Nor Both Meanwhile Earlier Later Last Also Some Many Most "
    "Such Despite Because Asked What Who Why How Then Thus Still Additionally Moreover "
    "Furthermore Following According Officials Observers Analysts Experts"
)


def full_stop_ends(text: str, start: int, dot: int, word: str) -> bool:
    """Whether the plain full stop at `dot`, with `word` next, ends the sentence."""
    if _NUMBERING.fullmatch(text, start, dot):
        return False
    found = _TOKEN.search(text, max(start, dot - _LONGEST_TOKEN), dot)
    token = found.group() if found else ""
    name = token.lower().replace(".", "")
    if name in _LATIN or (name in _BEFORE_NAME and token.istitle()):
        return False
    if word[0].isdigit() and name in _BEFORE_NUMBER:
        return False
    if token.isdigit() and len(token) <= 2 and _DAY_BEFORE_MONTH.fullmatch(word):
        return False  # "26. Oktober"
    shortened = name in _MAYBE and (token[:1].isupper() or name in {"etc", "al", "approx"})
    if shortened or _ACRONYM.fullmatch(token):
        return word in OPENING_WORDS
    return True
