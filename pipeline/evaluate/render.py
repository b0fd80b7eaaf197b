"""Reports and comparisons as plain text for a terminal.

It computes nothing. Whatever comes from an article or a model passes through `plain`, so that no
text reaches the terminal raw.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from pipeline.evaluate.compare import Comparison, Pair, compare, wrong_fields
from pipeline.evaluate.pair import Match
from pipeline.evaluate.report import Interval, Report, summary_of
from pipeline.plain import plain
from schemas.reference import FlatArticle, FlatMeeting, FlatParticipant

NONE = "–"  # where there is nothing to divide
_LISTED = 10  # article ids, of which there may be thousands
Item = TypeVar("Item")


def render(report: Report) -> str:
    """The report as an aligned table, with the thresholds that it stands on."""
    lines = [
        f"{counted(report.articles)}, micro-averaged",
        *listed("without a summary, scored as empty", report.missing),
        *listed("without a reference, not scored", report.extra),
        *listed("whose reference names no sentences, not scored for evidence", report.uncited),
    ]
    if report.articles and len(report.missing) == report.articles:
        lines.append("No summary has the id of any reference: are both of the same articles?")
    blocks = [lines, _scores(report), _accuracies(report), _states(report), _terms(report)]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def detail(reference: Mapping[str, FlatArticle], summaries: Mapping[str, FlatArticle]) -> str:
    """Article by article: the pairs, and what is missed (-), extra (+) and wrong (!).

    `~` marks topics and clauses that count as the same without being equal.
    """
    blocks = []
    for article in sorted(reference):
        comparison = compare(reference[article], summary_of(article, summaries))
        head = (
            f"{plain(article)}: {len(comparison.pairs)} of {len(comparison.reference.meetings)} "
            f"meetings found, {len(comparison.extra)} extra"
            + ("" if article in summaries else ", no summary")
        )
        blocks.append("\n".join([head, *_article(comparison)]))
    return "\n\n".join(blocks) + "\n"


def listed(what: str, ids: Sequence[str]) -> list[str]:
    """How many articles are so, and the first of their ids; no line where there is none."""
    if not ids:
        return []
    more = f" and {len(ids) - _LISTED} more" if len(ids) > _LISTED else ""
    return [f"{counted(len(ids))} {what}: {', '.join(map(plain, ids[:_LISTED]))}{more}"]


def counted(articles: int) -> str:
    """Their number with the noun."""
    return f"{articles} article{'' if articles == 1 else 's'}"


def figure(value: float | None) -> str:
    """A score in three places."""
    return NONE if value is None else f"{value:.3f}"


def _scores(report: Report) -> list[str]:
    head = f"{'':<18}{'precision':>10}{'recall':>8}{'F1':>7}{'95 % interval':>15}"
    lines = [f"{head}{'matched':>9}{'reference':>11}{'summaries':>11}"]
    for field, score in report.scores.items():
        lines.append(
            f"{field:<18}{figure(score.precision):>10}{figure(score.recall):>8}"
            f"{figure(score.f1):>7}{_range(score.interval):>15}"
            f"{score.matched:>9}{score.reference:>11}{score.summaries:>11}"
        )
    return lines


def _accuracies(report: Report) -> list[str]:
    lines = [f"{'':<18}{'':>10}{'accuracy':>15}{'95 % interval':>15}{'right':>9}{'paired':>11}"]
    for field, score in report.accuracies.items():
        lines.append(
            f"{field:<18}{'':>10}{figure(score.accuracy):>15}{_range(score.interval):>15}"
            f"{score.right:>9}{score.paired:>11}"
        )
    return lines


def _states(report: Report) -> list[str]:
    if report.carried is None:
        return []
    shares = (
        f"{state.replace('_', ' ')} {share.share:.1%} ({share.count})"
        for state, share in report.states.items()
    )
    return [
        f"{report.carried.share:.1%} of the summaries' evidence carries what it stands for:",
        ", ".join(shares),
    ]


def _terms(report: Report) -> list[str]:
    terms = report.thresholds
    pairing = (
        f"Meetings pair above a likeness of {terms.pair_above:.2f} and by a person, a name "
        f"{terms.name_at_least:.2f} alike, or a party with date or city."
    )
    matching = (
        f"Agenda items and agreements match from a word overlap (F1) of {terms.text_at_least:.2f}; "
        "people match by name only, never loosely."
    )
    drawing = f"{report.resamples} bootstrap resamples of the articles, seed {report.seed}"
    return [pairing, matching, f"Intervals: {drawing}."]


def _range(interval: Interval | None) -> str:
    return NONE if interval is None else f"{interval.low:.3f}{NONE}{interval.high:.3f}"


def _article(comparison: Comparison) -> Iterator[str]:
    for pair in comparison.pairs:
        yield from _pair(pair)
    for meeting in comparison.missed:
        yield f"  - meeting {_meeting(meeting)}"
    for meeting in comparison.extra:
        yield f"  + meeting {_meeting(meeting)}"


def _pair(pair: Pair) -> Iterator[str]:
    one, other = pair.reference, pair.summary
    yield f"  = meeting {_meeting(one)}"
    yield f"    as {_value(other.name)}, likeness {pair.match.likeness:.2f}"
    if one.prominence != other.prominence:
        yield f"    ! prominence {other.prominence}, should be {one.prominence}"
    for field, (should, found) in wrong_fields(pair).items():
        yield f"    ! {field} {_value(found)}, should be {_value(should)}"
    for match in pair.participants:
        if not pair.full(match):
            yield (
                f"    ! participant {_person(other.participants[match.summary])}, "
                f"should be {_person(one.participants[match.reference])}"
            )
    yield from _left(
        "participant", one.participants, other.participants, pair.participants, _person
    )
    agenda = [each.topic for each in one.agenda], [each.topic for each in other.agenda]
    yield from _texts("agenda", *agenda, pair.agenda)
    clauses = [each.text for each in one.agreements], [each.text for each in other.agreements]
    yield from _texts("agreement", *clauses, pair.agreements)
    for cited in pair.cited():
        if cited.right is False:
            yield (
                f"    ! evidence of {_value(cited.value)} {_numbers(cited.summary)}, "
                f"should be {_numbers(cited.reference)}"
            )


def _texts(
    kind: str, ours: Sequence[str], theirs: Sequence[str], matches: Sequence[Match]
) -> Iterator[str]:
    for match in matches:
        should, found = ours[match.reference], theirs[match.summary]
        if should != found:
            yield f"    ~ {kind} {_value(found)} for {_value(should)}, {match.likeness:.2f}"
    yield from _left(kind, ours, theirs, matches, _value)


def _left(
    kind: str,
    ours: Sequence[Item],
    theirs: Sequence[Item],
    matches: Sequence[Match],
    show: Callable[[Item], str],
) -> Iterator[str]:
    found = {match.reference for match in matches}
    used = {match.summary for match in matches}
    yield from (f"    - {kind} {show(item)}" for at, item in enumerate(ours) if at not in found)
    yield from (f"    + {kind} {show(item)}" for at, item in enumerate(theirs) if at not in used)


def _meeting(meeting: FlatMeeting) -> str:
    facts = (
        meeting.prominence.value,
        meeting.status.value,
        meeting.date,
        meeting.city,
        meeting.country,
        "-".join(meeting.parties),
    )
    known = ", ".join(plain(fact) for fact in facts if fact)
    return f"{_value(meeting.name)} ({known})"


def _person(person: FlatParticipant) -> str:
    return f"{plain(person.name)} ({_value(person.title)}, {plain(person.party or 'no party')})"


def _numbers(sentences: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in sentences) or "none"


def _value(value: str | None) -> str:
    return "null" if value is None else f'"{plain(value)}"'
