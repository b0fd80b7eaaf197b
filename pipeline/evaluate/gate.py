"""The regression gate: which scores are under their bar.

It knows reports only; the exit code is the command line's.
"""

from collections.abc import Mapping

from pipeline.errors import UsageError
from pipeline.evaluate.compare import JUDGED, SCORED
from pipeline.evaluate.report import Report

_CITED = "nothing was found for which the reference names sentences"
# What is measured on found meetings only, and what is missing where it is not measured.
_ON_FOUND = {
    **dict.fromkeys(JUDGED, "none of the {} reference meetings was found"),
    **dict.fromkeys(("evidence", "sentences"), _CITED),
}


def parse_minimum(text: str) -> tuple[str, float]:
    """`focus=0.8` as ("focus", 0.8).

    Raises UsageError for an unknown field, and for a bar that is no number from 0 to 1.
    """
    field, _, number = (part.strip() for part in text.partition("="))
    _known(field)
    try:
        bar = float(number)
    except ValueError:
        bar = -1.0
    if not 0 <= bar <= 1:
        raise UsageError(
            f"The minimum {text!r} is not of the form FIELD=NUMBER with a number from 0 to 1, "
            "such as focus=0.8."
        )
    return field, bar


def check(report: Report, minimums: Mapping[str, float]) -> list[str]:
    """A sentence for every field that misses its bar; none means that the gate is passed.

    A field of which neither side holds anything passes. What is measured on found meetings fails
    where the reference has meetings and nothing was found to measure it on: finding none of
    them, or references without sentence numbers, must not pass a gate.
    """
    failures = (_failure(report, field, bar) for field, bar in minimums.items())
    return [sentence for sentence in failures if sentence]


def _failure(report: Report, field: str, bar: float) -> str | None:
    _known(field)
    if field in SCORED:
        value, kind = report.scores[field].f1, "F1"
    else:
        value, kind = report.accuracies[field].accuracy, "accuracy"
    meetings = report.scores["meetings"].reference
    if value is None and meetings and bar > 0 and field in _ON_FOUND:
        lack = _ON_FOUND[field].format(meetings)
        return f"{field}: {lack}, so its {kind} cannot reach the minimum of {bar:g}."
    if value is None or value >= bar:
        return None
    return f"{field}: {kind} {value:.4f} is below the minimum of {bar:g}."


def _known(field: str) -> None:
    if field not in (*SCORED, *JUDGED):
        raise UsageError(
            f"There is no score named {field!r}: the scores are {', '.join((*SCORED, *JUDGED))}."
        )
