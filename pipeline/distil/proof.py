"""What ties values to the article, and what about them a reviewer should see first.

Knows sentences and quotes, not what a value means.
"""

import functools
from collections.abc import Callable, Sequence
from typing import TypeVar

from pipeline.distil.evidence import Sources, level
from schemas.article import Article
from schemas.extraction import ExtractedMeeting
from schemas.summary import Evidence, Flag, State

T = TypeVar("T")

# Every problem that a flag can name: what a reviewer should see first, worst first.
PROBLEMS = (
    "not_found",
    "bad_citation",
    "cited_only",
    "unknown_party",
    "unknown_country",
    "party_conflict",
    "country_conflict",
    "date_unresolved",
    "one_party",
    "untold",
    "uncommitted",
    "repeated",
)


class Proof:
    """One article's sentences and its flags, as they come up."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self.sources = Sources(article)
        self.flags: list[Flag] = []

    @functools.cached_property
    def told(self) -> tuple[str, ...]:
        """The sentences that a model was shown, blanks levelled."""
        return tuple(" ".join(self._article.quote(s).split()) for s in self._article.shown)

    def worded(self, where: str, words: str | None) -> str | None:
        """`words` as they are, flagged where the article does not have them."""
        if words and not self.sources.contains(words):
            self.absent(where, words)
        return words

    def tie(self, where: str, value: str, cited: Sequence[int], near: Sequence[int]) -> Evidence:
        """The quotes that carry `value`, those of `cited` or else near `near`; flags a doubt."""
        evidence = self.sources.tie(value, self.cited(where, cited), near)
        if evidence.state is State.NOT_FOUND:
            self.absent(where, value)
        elif evidence.state is State.CITED_ONLY:
            self.flag(where, "cited_only", f"The cited sentences do not contain “{value}”.")
        return evidence

    def cited(self, where: str, numbers: Sequence[int]) -> tuple[int, ...]:
        """Those of `numbers` that are sentences of the article; the others are flagged."""
        known = self.sources.known(numbers)
        if len(known) < len(set(numbers)):
            self.flag(where, "bad_citation", "It cites a sentence that the article does not have.")
        return known

    def near(self, found: ExtractedMeeting, name: str) -> tuple[int, ...]:
        """Sentences this meeting surely stands in: where code must choose, they draw it near."""
        if cited := self.sources.known(found.evidence):
            return cited
        names = [person.name for person in found.participants] or [name]
        seen = [self.sources.tie(each, ()).quotes for each in names]
        return tuple(sorted({quote.sentence for quotes in seen for quote in quotes}))

    def of_meeting(
        self, where: str, found: ExtractedMeeting, name: str, near: tuple[int, ...]
    ) -> Evidence:
        """The meeting's own sentences. Its name may be our description, so it proves nothing."""
        cited = self.cited(where, found.evidence)
        if named := self.sources.verbatim(name, cited, near):
            return named
        who = "model" if cited else "code"
        state = State.CITED_ONLY if near else State.NOT_FOUND
        if state is State.NOT_FOUND:
            self.flag(where, "not_found", "No sentence of the article names this meeting.")
        return Evidence(state=state, quotes=self.sources.quotes(near[:4]), cited_by=who)

    def unique(self, where: str, items: Sequence[T], words: Callable[[T], str]) -> list[T]:
        """Each item once, by its words; the flag says what was left out."""
        seen: dict[str, T] = {}
        for item in items:
            if seen.setdefault(level(words(item)), item) is not item:
                self.flag(where, "repeated", f"“{words(item)}” was listed twice; it stands once.")
        return list(seen.values())

    def absent(self, where: str, words: str) -> None:
        """Flag words that the article does not contain."""
        self.flag(where, "not_found", f"The article does not contain “{words}”.")

    def flag(self, where: str, problem: str, note: str) -> None:
        """Note one of PROBLEMS, once, in a sentence for the reviewer."""
        flag = Flag(where=where, problem=problem, note=note)
        if flag not in self.flags:
            self.flags.append(flag)
