"""Lays the page out: which numbers, in which order, with which lists behind them.

Every string that is printed passes through `plain` and is then escaped by Jinja, so no text of an
article can act on the page. There is no script, and the policy in the page's head admits none.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable
from importlib import resources
from typing import Any, NamedTuple

import jinja2
from markupsafe import Markup

from pipeline.ledger import Told
from pipeline.plain import plain
from pipeline.report.article import Detail, detail
from pipeline.report.found import found
from pipeline.report.index import MOST_DETAILED, Index, many
from pipeline.report.scores import Scores, lacking, scored
from pipeline.report.sections import spent, unsure
from pipeline.report.survey import Survey
from schemas.record import Record

_MONTHS = (
    "January February March April May June July August September October November December".split()
)


class Findings(NamedTuple):
    """All that the page tells."""

    survey: Survey
    ledger: Told
    scores: Scores | None = None


def render(findings: Findings, records: Callable[[], Iterable[Record]]) -> str:
    """The page. `records` reads the records once more, for those that are shown in full."""
    survey = findings.survey
    index = Index(survey)
    parts: dict[str, Any] = {
        "found": found(survey, index),
        "unsure": unsure(survey, findings.ledger, index),
        "spent": spent(survey, findings.ledger),
        "scored": scored(findings.scores, survey, index) if findings.scores else None,
        "lacking": lacking(findings.scores) if findings.scores else (),
    }
    places = {survey.articles[place].id: place for place in index.detailed()}
    shown = {
        places[record.article.id]: detail(record)
        for record in records()
        if record.article.id in places
    }
    style = _style()
    return (
        _environment()
        .get_template("report.html")
        .render(
            parts,
            style=Markup(style),  # noqa: S704 - our own file
            policy=_policy(style),
            headline=_headline(survey),
            published=_published(survey),
            models=[model for model, _ in survey.models.most_common()],
            groups=index.groups(),
            details=_in_order(index.detailed(), shown),
            left_out=max(0, len(survey.articles) - MOST_DETAILED),
            articles=len(survey.articles),
        )
    )


def _in_order(places: tuple[int, ...], shown: dict[int, Detail]) -> list[tuple[str, Detail]]:
    """The details with their anchors, the most doubtful first."""
    return [(f"a{place}", shown[place]) for place in places if place in shown]


def _headline(survey: Survey) -> tuple[str, str]:
    meetings = sum(count.total for count in survey.of("prominence").values())
    return many(meetings, "meeting"), many(len(survey.articles), "article")


def _published(survey: Survey) -> tuple[str, str] | None:
    days = [brief.published for brief in survey.articles if brief.published]
    return (_day(min(days)), _day(max(days))) if days else None


def _day(iso: str) -> str:
    """`2024-03-05` as `5 March 2024`, whatever the machine's language."""
    year, month, day = iso.split("-")
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"


def _policy(style: str) -> str:
    """Nothing may be loaded, and nothing run; only this one style sheet counts."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _style() -> str:
    return (resources.files("pipeline.report") / "templates" / "report.css").read_text("utf-8")


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("pipeline.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_printed,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _printed(value: Any) -> Any:
    """What an expression of a template prints: strings without what could turn the writing."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return plain(value)
