"""From every number on the page to its articles: the lists behind them, and who is shown in full.

A page over ten thousand articles stays a page: a list shows its first articles and says how to get
the others, and only articles that a list shows are there in full.
"""

import shlex
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from pipeline.plain import plain
from pipeline.report.survey import Brief, Count, Survey

MOST_LISTED = 12  # articles in a list
MOST_DETAILED = 250  # articles in full


class Row(NamedTuple):
    """One line of a table."""

    label: str
    number: int
    anchor: str = ""  # of the list behind the number
    bar: Markup = Markup("")
    focus: int = 0
    share: float = 0.0
    note: str = ""


class Entry(NamedTuple):
    """One article in a list, and where on the page it stands in full."""

    anchor: str
    brief: Brief


class Listed(NamedTuple):
    """The list behind one number."""

    anchor: str
    heading: str
    told: str  # "12 meetings in 9 articles"
    entries: tuple[Entry, ...]
    more: int  # articles that are not listed
    remedy: str  # arguments of `readout export` that give them all; empty where there are none


class _Wanted(NamedTuple):
    group: str
    heading: str
    told: str
    articles: Sequence[int]  # by rank
    remedy: str


class Index:
    """Collects the lists while the page is laid out; then settles what they show."""

    def __init__(self, survey: Survey) -> None:
        self._articles = survey.articles
        order = sorted(range(len(self._articles)), key=self._doubtful_first)
        self._rank = {place: rank for rank, place in enumerate(order)}
        self._wanted: dict[str, _Wanted] = {}
        self._needed: dict[int, None] = {}  # articles that something leads to directly

    def anchor(
        self,
        group: str,
        heading: str,
        count: Count,
        *,
        what: str = "meeting",
        more: str | None = None,
        remedy: Sequence[str] = (),
    ) -> str:
        """Where a number leads: to its list, or to the one article that it is about.

        Empty where nothing was counted. `what` is counted, `more` of it in the plural; `remedy` are
        arguments for the export that holds all of it.
        """
        if len(count.articles) < 2:
            return "".join(self.entry(article).anchor for article in count.articles)
        told = many(len(count.articles), "article")
        if what != "article":
            told = f"{many(count.total, what, more)} in {told}"
        name = f"g{len(self._wanted)}"
        ranked = sorted(count.articles, key=self._rank.__getitem__)
        self._wanted[name] = _Wanted(group, heading, told, ranked, _shell(remedy))
        return name

    def detailed(self) -> tuple[int, ...]:
        """The articles to show in full: the first of each list, then the second, while they fit."""
        everything = range(len(self._articles))
        chosen = dict(self._needed)
        if len(everything) <= MOST_DETAILED:
            chosen = dict.fromkeys(everything)
        for place in range(MOST_LISTED):
            for wanted in self._wanted.values():
                if place < len(wanted.articles) and len(chosen) < MOST_DETAILED:
                    chosen[wanted.articles[place]] = None
        return tuple(sorted(chosen, key=self._rank.__getitem__))

    def groups(self) -> list[tuple[str, list[Listed]]]:
        """The lists by group, each with those of its first articles that are shown in full."""
        detailed = set(self.detailed())
        groups: dict[str, list[Listed]] = {}
        for name, wanted in self._wanted.items():
            groups.setdefault(wanted.group, []).append(self._listed(name, wanted, detailed))
        return list(groups.items())

    def entry(self, article: int) -> Entry:
        """One article, which will then be shown in full."""
        self._needed[article] = None
        return Entry(f"a{article}", self._articles[article])

    def _listed(self, name: str, wanted: _Wanted, detailed: set[int]) -> Listed:
        shown = [article for article in wanted.articles if article in detailed][:MOST_LISTED]
        return Listed(
            anchor=name,
            heading=wanted.heading,
            told=wanted.told,
            entries=tuple(Entry(f"a{article}", self._articles[article]) for article in shown),
            more=len(wanted.articles) - len(shown),
            remedy=wanted.remedy,
        )

    def _doubtful_first(self, place: int) -> tuple[int, str, int]:
        brief = self._articles[place]
        # The later day first: its digits turned round.
        newest = "".join(str(9 - int(c)) if c.isdigit() else c for c in brief.published) or "~"
        return -brief.doubts, newest, place


def many(number: int, what: str, more: str | None = None) -> str:
    """`1 article`, `1,200 articles`; `more` is the plural where that is another."""
    return f"{number:,} {what if number == 1 else more or f'{what}s'}"


def spoken(code: str) -> str:
    """`in_person` as people say it."""
    return code.replace("_", " ")


def _shell(arguments: Sequence[str]) -> str:
    return " ".join(shlex.quote(plain(argument)) for argument in arguments)
