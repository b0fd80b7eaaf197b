"""The scores of many articles, with their uncertainty.

It adds up and divides. What counts as right is decided in `pair`, `words` and `compare`.
"""

import itertools
import random
from collections import Counter
from collections.abc import Mapping, Sequence

from pipeline.evaluate.compare import ITEMS, JUDGED, SAME_TEXT, SCORED, Tally, compare, tally
from pipeline.evaluate.pair import FLOOR, SAME_NAME
from schemas.base import Value
from schemas.reference import FlatArticle
from schemas.summary import State

CARRIED = (State.EXACT, State.NORMALISED, State.COMPOSED)


class Interval(Value):
    """A 95 % percentile bootstrap interval over articles."""

    low: float
    high: float


class Score(Value):
    """Counts of one field, and precision, recall and F1, null where there is nothing to divide.

    `f1` is null only where neither side holds anything.
    """

    matched: int
    reference: int
    summaries: int
    precision: float | None
    recall: float | None
    f1: float | None
    interval: Interval | None  # of the F1; null with fewer than two articles


class Accuracy(Value):
    """In how many of the paired meetings one field is right; null where none is paired."""

    right: int
    paired: int
    accuracy: float | None
    interval: Interval | None


class Share(Value):
    """How much of the summaries' evidence is in one state, or in one of several."""

    count: int
    share: float


class Thresholds(Value):
    """What has to be reached for two things to be called the same, each from 0 to 1."""

    pair_above: float = FLOOR
    name_at_least: float = SAME_NAME
    text_at_least: float = SAME_TEXT


class Report(Value):
    """The scores of a set of summaries against their references."""

    articles: int  # references, all of them scored
    missing: tuple[str, ...]  # references without a summary, scored as empty
    extra: tuple[str, ...]  # summaries without a reference, not scored
    scores: Mapping[str, Score]
    accuracies: Mapping[str, Accuracy]
    uncited: tuple[str, ...]  # references with meetings and without sentence numbers
    states: Mapping[State, Share]  # of the summaries' evidence; empty where they carry none
    carried: Share | None  # in a state that says that the cited sentences have the words
    thresholds: Thresholds = Thresholds()
    resamples: int
    seed: int


def evaluate(
    reference: Mapping[str, FlatArticle],
    summaries: Mapping[str, FlatArticle],
    *,
    resamples: int = 1000,
    seed: int = 0,
) -> Report:
    """Score the summaries of all reference articles; both come by article id.

    The same input, `resamples` and `seed` give the same report, whatever the order of articles
    and meetings. `resamples=0` leaves the intervals out.
    """
    ids = sorted(reference)
    counts = [tally(compare(reference[each], summary_of(each, summaries))) for each in ids]
    columns = {field: [count[field] for count in counts] for field in (*SCORED, *JUDGED)}
    states = Counter(state for each in ids for state in summary_of(each, summaries).states)
    rng = random.Random(seed)  # noqa: S311 - the same seed must give the same interval
    intervals = _intervals(columns, resamples, rng)
    totals = {field: _total(column) for field, column in columns.items()}
    return Report(
        articles=len(ids),
        missing=tuple(each for each in ids if each not in summaries),
        extra=tuple(each for each in sorted(summaries) if each not in reference),
        scores={field: _score(totals[field], intervals[field]) for field in SCORED},
        accuracies={field: _accuracy(totals[field], intervals[field]) for field in JUDGED},
        uncited=tuple(each for each in ids if _uncited(reference[each])),
        states={state: _share(states, state) for state in State} if states else {},
        carried=_share(states, *CARRIED) if states else None,
        resamples=resamples,
        seed=seed,
    )


def summary_of(article: str, summaries: Mapping[str, FlatArticle]) -> FlatArticle:
    """The article's summary; an empty one where there is none."""
    return summaries.get(article) or FlatArticle(id=article, meetings=())


def _total(column: Sequence[Tally]) -> Tally:
    return Tally(*(sum(side) for side in zip(*column, strict=True)))


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _f1(count: Tally) -> float | None:
    return _ratio(2 * count.matched, count.reference + count.summaries)


def _score(count: Tally, interval: Interval | None) -> Score:
    return Score(
        **count._asdict(),
        precision=_ratio(count.matched, count.summaries),
        recall=_ratio(count.matched, count.reference),
        f1=_f1(count),
        interval=interval,
    )


def _accuracy(count: Tally, interval: Interval | None) -> Accuracy:
    return Accuracy(
        right=count.matched, paired=count.reference, accuracy=_f1(count), interval=interval
    )


def _uncited(article: FlatArticle) -> bool:
    """Whether it has meetings, and names a sentence for nothing in them."""
    lists = (getattr(meeting, field) for meeting in article.meetings for field in ITEMS)
    items = itertools.chain(article.meetings, *lists)
    return bool(article.meetings) and not any(item.evidence for item in items)


def _share(counted: Counter[State], *states: State) -> Share:
    count = sum(counted[state] for state in states)
    return Share(count=count, share=count / counted.total())


def _intervals(
    columns: Mapping[str, Sequence[Tally]], resamples: int, rng: random.Random
) -> dict[str, Interval | None]:
    """Every field's interval from the same draws of articles, with replacement."""
    # Two numbers an article and field settle the F1; summing them is all that a draw costs.
    halves = {
        field: ([2 * each.matched for each in column], [each[1] + each[2] for each in column])
        for field, column in columns.items()
    }
    articles = range(min(len(column) for column in columns.values()))
    drawn: dict[str, list[float]] = {field: [] for field in columns}
    for _ in range(resamples if len(articles) > 1 else 0):
        picks = rng.choices(articles, k=len(articles))
        for field, (parts, wholes) in halves.items():
            whole = sum(map(wholes.__getitem__, picks))
            if whole:
                drawn[field].append(sum(map(parts.__getitem__, picks)) / whole)
    return {field: _middle(values) for field, values in drawn.items()}


def _middle(values: list[float]) -> Interval | None:
    """The 2.5th and the 97.5th percentile, by the nearest rank inwards."""
    if not values:
        return None
    values = sorted(values)
    cut = int(0.025 * len(values))
    return Interval(low=values[cut], high=values[-1 - cut])
