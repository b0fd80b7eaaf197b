"""The words with which agencies mark an update or a correction, and the order that they give.

"(LEAD)", "(2nd LD)", "UPDATE 1-", "WRAPUP 2-", "Correction:", "REFILE-", "(ATTN: ADDS …)" and
their kin, at the head of an article. Knows nothing of other articles.
"""

import re
from typing import NamedTuple


class Rank(NamedTuple):
    """Where an edition stands among those of its story; a higher one replaces a lower one.

    `level` is the number that agencies print: 0 for a first story, 1 for (LEAD) or UPDATE 1, 2
    for (2nd LD). `step` orders what has the same number: -1 a flash, 0 the story, 1 its revision.
    """

    level: int = 0
    step: int = 0


LAST = 1_000  # the level of a correction that does not say which edition it corrects
_HEAD = 2_000  # code points in which marks are looked for
_LONGEST = 300  # code points of a line that may be a headline or a note to editors

_NTH = r"(?P<nth>\d{1,2})(?:st|nd|rd|th) (?:LD|LEAD)\b(?:[- ]?WRITETHRU)?"
_WORD = (
    rf"(?:{_NTH}|(?P<first>LEAD|LD)|(?:UPDATED?|WRAP-?UP) ?(?P<number>\d{{1,2}})?|"
    r"(?P<flash>URGENT|NEWS ?ALERT|BREAKING(?: NEWS)?)|(?P<fixed>CORRECT(?:ED|ION|S))|"
    r"(?P<refiled>REFILED?)|RPT)"
)
_MARKS = (
    re.compile(rf"[(\[]\s*{_WORD}\s*[)\]](?P<after>:?)", re.IGNORECASE),
    # "Lead: prices fall" and "urgent-care" are no marks, so these two want their capitals.
    re.compile(rf"(?!(?-i:[Ll]ead)){_WORD}(?P<after> ?:)", re.IGNORECASE),
    re.compile(rf"{_WORD}(?P<after>-)"),
    re.compile(rf"(?P<after>){_NTH}"),
)
_AT_END = re.compile(rf"[(\[]\s*{_WORD}\s*[)\]](?P<after>)$", re.IGNORECASE)

_VERB = r"(?:adds|updates|recasts|rewrites|trims|combines|corrects|fixes|refiles)\b"
_NOTE = re.compile(
    rf"[(\[]?ATTN(?:ENTION)?\s*[:–-]|[(\[*•]\s*{_VERB}|Eds\.?:\s|"
    rf"{_VERB}(?=.*\b(?:details?|comments?|quotes?|background|throughout|reaction|byline|"
    r"para(?:graph)?s?|context|headline|typo|spelling|dateline)\b)",
    re.IGNORECASE,
)
_CORRECTS = re.compile(r"\b(?:corrects|fixes)\b", re.IGNORECASE)
_WAS_CORRECTED = re.compile(
    r"\(?This (?:[\w.]+ ){0,5}(?:story|article) (?:has been|was) (?:re-?filed|corrected)\b"
)


def rank(text: str) -> Rank:
    """The rank that the marks at an article's head give it; `Rank()` where there are none."""
    marks: list[re.Match[str]] = []
    noted = fixed = False  # by a note to editors
    for line in filter(None, map(_bare, text[:_HEAD].splitlines())):
        if len(line) <= _LONGEST:
            found, rest = _taken_off(line)
            marks += found
            note = _NOTE.match(rest) is not None
            noted = noted or note
            fixed = fixed or (note and _CORRECTS.search(rest) is not None)
            fixed = fixed or _WAS_CORRECTED.match(rest) is not None
    level = max(map(_level, marks), default=0)
    corrected = [mark for mark in marks if _says(mark, "fixed")]
    # "CORRECTED-" is of the story that has no number, "Correction:" of whichever came last.
    if level == 0 and any(mark["after"] != "-" for mark in corrected):
        return Rank(LAST, 1)
    if fixed or corrected or any(_says(mark, "refiled") for mark in marks):
        return Rank(level, 1)
    if level == 0 and not noted and any(_says(mark, "flash") for mark in marks):
        return Rank(level, -1)
    return Rank(level, 1 if noted and level == 0 else 0)


def without_marks(headline: str) -> str:
    """The headline's own words; of one that is absurdly long, those in its first 300 letters."""
    return _taken_off(_bare(headline[:_LONGEST]))[1]


def _bare(line: str) -> str:
    return line.strip("#_|> \t").removeprefix("**").removesuffix("**").strip()


def _taken_off(line: str) -> tuple[list[re.Match[str]], str]:
    """The marks before and after a headline, and what is left of the line."""
    marks: list[re.Match[str]] = []
    while mark := next(filter(None, (pattern.match(line) for pattern in _MARKS)), None):
        marks.append(mark)
        line = line[mark.end() :].lstrip()
    while mark := _AT_END.search(line):
        marks.append(mark)
        line = line[: mark.start()].rstrip()
    return marks, line


def _says(mark: re.Match[str], group: str) -> bool:
    return mark.groupdict().get(group) is not None


def _level(mark: re.Match[str]) -> int:
    """The number of one mark; "(LEAD)" and "(Update)" alone are the first."""
    groups = mark.groupdict()
    number = groups["nth"] or groups.get("number")
    if number:
        return int(number)
    word = mark[0].upper().strip("([ ")
    return 1 if word.startswith(("LEAD", "LD", "UPDATE", "WRAP")) else 0
