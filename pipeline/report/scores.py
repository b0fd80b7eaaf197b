"""The scores of the records against a reference, each with the articles that lower it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from markupsafe import Markup
from pydantic import ValidationError

from pipeline.evaluate import Report, evaluate, flatten
from pipeline.evaluate.compare import compare, tally
from pipeline.evaluate.report import Interval, summary_of
from pipeline.report import charts
from pipeline.report.index import Index, many, spoken
from pipeline.report.survey import Count, Survey
from schemas.record import Record
from schemas.reference import FlatArticle


class Scores(NamedTuple):
    """The report of `readout evaluate`, and by field the ids of the articles that are not right."""

    report: Report
    wrong: Mapping[str, tuple[str, ...]]
    unfit: int  # records with a value that no reference may have, scored as if absent


class Scored(NamedTuple):
    """One line of the scores."""

    label: str
    value: float | None
    interval: Interval | None
    counts: str
    drawn: Markup
    anchor: str
    wrong: int


def score(reference: Mapping[str, FlatArticle], records: Iterable[Record]) -> Scores:
    """Score those records that have a reference."""
    summaries: dict[str, FlatArticle] = {}
    unfit = 0
    for record in records:
        if record.article.id not in reference:
            continue
        try:
            summaries[record.article.id] = flatten(record)
        except ValidationError:
            unfit += 1
    wrong: dict[str, list[str]] = {}
    for article in sorted(reference):
        counts = tally(compare(reference[article], summary_of(article, summaries)))
        for name, count in counts.items():
            if not count.matched == count.reference == count.summaries:
                wrong.setdefault(name, []).append(article)
    return Scores(
        report=evaluate(reference, summaries),
        wrong={name: tuple(articles) for name, articles in wrong.items()},
        unfit=unfit,
    )


def lacking(scores: Scores) -> list[str]:
    """Sentences on what has no summary: it lowers the scores, and there is nothing to lead to."""
    absent = len(scores.report.missing) - scores.unfit
    why = (("no record", absent), ("a value that no reference may have", scores.unfit))
    return [
        f"{many(count, 'article')} of the reference came to {what}; everything there is missed."
        for what, count in why
        if count
    ]


def scored(scores: Scores, survey: Survey, index: Index) -> list[Scored]:
    """Every score with its interval, and the articles that are not right."""
    places = {brief.id: place for place, brief in enumerate(survey.articles)}
    report = scores.report
    told: list[tuple[str, float | None, Interval | None, str]] = [
        (name, s.f1, s.interval, f"{s.matched} of {s.reference}, {s.summaries} written")
        for name, s in report.scores.items()
    ]
    told += [
        (name, j.accuracy, j.interval, f"{j.right} of {j.paired}")
        for name, j in report.accuracies.items()
    ]
    rows = []
    for name, value, interval, counts in told:
        wrong = [places[each] for each in scores.wrong.get(name, ()) if each in places]
        count = Count(len(wrong), 0, dict.fromkeys(wrong))
        rows.append(
            Scored(
                label=spoken(name),
                value=value,
                interval=interval,
                counts=counts,
                drawn=charts.whisker(value, interval) if value is not None else Markup(""),
                anchor=index.anchor("Not right", spoken(name), count, what="article"),
                wrong=len(wrong),
            )
        )
    return rows
