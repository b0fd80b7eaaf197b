"""Two runs over the same articles beside each other: settings, changes, totals, scores.

It pairs articles by id and adds up; what differs within one is the work of `changes`. Knows
records' values and what made them; knows neither their text nor the terminal.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from pipeline.evaluate.changes import FIELDS, ArticleDiff, Kind, changes
from pipeline.evaluate.compare import JUDGED, SCORED
from pipeline.evaluate.judge import Verdict
from pipeline.evaluate.load import Ran
from pipeline.evaluate.report import evaluate
from schemas.base import Value
from schemas.reference import FlatArticle

# What made a record, in the order in which one asks for it.
MADE = ("way", "model", "prompt", "schema_hash", "provider", "readout")


class Setting(Value):
    """Something that made the records and differs: how, and in how many articles."""

    name: str  # one of MADE
    before: str
    after: str
    articles: int


class Moved(Value):
    """A score in both runs (F1, or accuracy), null where there is nothing to divide."""

    before: float | None
    after: float | None


class Diff(Value):
    """Two runs beside each other."""

    articles: int  # in both runs
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    settings: tuple[Setting, ...]
    totals: Mapping[str, Mapping[Kind | Verdict, int]]  # by field; what is 0 is left out
    changes: tuple[ArticleDiff, ...]  # of the articles that differ
    judged: int | None  # articles in both runs that have a reference; null without references
    scores: Mapping[str, Moved]  # over the judged articles


def diff(
    before: Mapping[str, Ran],
    after: Mapping[str, Ran],
    reference: Mapping[str, FlatArticle] | None = None,
) -> Diff:
    """What differs between two runs, article by article in the order of their ids."""
    both, known = sorted(before.keys() & after.keys()), reference or {}
    found = [changes(before[id_].article, after[id_].article, known.get(id_)) for id_ in both]
    judged = {id_: known[id_] for id_ in both if id_ in known}
    return Diff(
        articles=len(both),
        only_before=tuple(sorted(before.keys() - after.keys())),
        only_after=tuple(sorted(after.keys() - before.keys())),
        settings=_settings([(before[id_], after[id_]) for id_ in both]),
        totals=_totals(found),
        changes=tuple(each for each in found if each.meetings),
        judged=None if reference is None else len(judged),
        scores=_scores(judged, before, after) if judged else {},
    )


def _settings(pairs: Sequence[tuple[Ran, Ran]]) -> tuple[Setting, ...]:
    """In the order of MADE, the most frequent difference first."""
    found = []
    for name in MADE:
        values = ((getattr(one.made, name), getattr(other.made, name)) for one, other in pairs)
        counted = Counter((old, new) for old, new in values if old != new)
        found += [
            Setting(name=name, before=old, after=new, articles=articles)
            for (old, new), articles in counted.most_common()
        ]
    return tuple(found)


def _totals(found: Sequence[ArticleDiff]) -> dict[str, dict[Kind | Verdict, int]]:
    counted: dict[str, Counter[Kind | Verdict]] = {field: Counter() for field in FIELDS}
    for article in found:
        for meeting in article.meetings:
            for change in meeting.changes:
                counted[change.field][change.kind] += 1
                if change.verdict is not None:
                    counted[change.field][change.verdict] += 1
    return {field: dict(counts) for field, counts in counted.items() if counts}


def _scores(
    reference: Mapping[str, FlatArticle], before: Mapping[str, Ran], after: Mapping[str, Ran]
) -> dict[str, Moved]:
    runs = ({id_: run[id_].article for id_ in reference} for run in (before, after))
    old, new = (evaluate(reference, articles, resamples=0) for articles in runs)
    f1 = {each: Moved(before=old.scores[each].f1, after=new.scores[each].f1) for each in SCORED}
    return f1 | {
        each: Moved(before=old.accuracies[each].accuracy, after=new.accuracies[each].accuracy)
        for each in JUDGED
    }
