"""What a run says of itself beside its records: what failed, and how each run went.

Read as loosely as can be, since a page must come out of any folder: a line that is none of these
is counted and passed over, and a figure that is missing is missing. Knows the names of the fields;
knows nothing of who writes them.
"""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.archive import FAILURES, RUN

_DONE = "done"


class Failed(NamedTuple):
    """An article that came to no record."""

    article: str
    outcome: str
    reason: str
    attempts: int | None
    tokens: int | None


class Ran(NamedTuple):
    """One run; None for whatever it does not say."""

    started: str  # "2026-11-22 03:45", UTC
    seconds: float | None
    ending: str
    model: str
    done: int
    failed: int
    requests: int
    stored: int  # answers that were there already
    cost: float | None  # US dollars


class Ledger(NamedTuple):
    """The failures that still stand, the runs first to last, and what could not be read."""

    failures: tuple[Failed, ...] = ()
    runs: tuple[Ran, ...] = ()
    unreadable: int = 0  # lines, and files


def read_ledger(folder: Path, done: frozenset[str] = frozenset()) -> Ledger:
    """What lies in `folder`; an empty ledger where nothing does.

    The last line about an article counts, and none does about one that is `done`.
    """
    failures: dict[str, Failed] = {}
    unreadable = 0
    for line in _lines(folder / FAILURES):
        failed = _failed(_parsed(line))
        if failed is None:
            unreadable += 1
        else:
            failures[failed.article] = failed
    told = _parsed("".join(_lines(folder / RUN)))
    runs = tuple(_runs(told))
    unreadable += (folder / RUN).exists() and not isinstance(told, dict)
    standing = (f for f in failures.values() if f.article not in done and f.outcome != _DONE)
    return Ledger(tuple(standing), runs, unreadable)


def _lines(file: Path) -> list[str]:
    """The lines that hold something; none where the file is absent or closed to us."""
    try:
        text = file.read_text("utf-8", errors="replace")
    except OSError:
        return []
    return [line for line in text.split("\n") if line.strip()]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _failed(told: Any) -> Failed | None:
    article = _of(told, "id") or _of(told, "article")
    if not isinstance(article, str):
        return None
    return Failed(
        article=article,
        outcome=str(told.get("outcome") or "unknown"),
        reason=str(told.get("reason") or ""),
        attempts=_number(told.get("attempts")),
        tokens=_tokens(told.get("tokens")),
    )


def _runs(told: Any) -> Iterator[Ran]:
    runs = _of(told, "runs")
    for run in runs if isinstance(runs, list) else []:
        if not isinstance(run, dict):
            continue
        counts = _counts(run.get("outcomes"))
        started, ended = _moment(run.get("started")), _moment(run.get("ended"))
        cost = run.get("cost")
        yield Ran(
            started=f"{started:%Y-%m-%d %H:%M}" if started else "",
            seconds=(ended - started).total_seconds() if started and ended else None,
            ending=str(run.get("ending") or ""),
            model=str(run.get("model") or ""),
            done=counts.get(_DONE, 0),
            failed=sum(counts.values()) - counts.get(_DONE, 0),
            requests=_number(run.get("requests")) or 0,
            stored=_number(run.get("stored")) or 0,
            cost=float(cost) if isinstance(cost, int | float) else None,
        )


def _counts(told: Any) -> dict[str, int]:
    if not isinstance(told, dict):
        return {}
    return {str(name): _number(value) or 0 for name, value in told.items()}


def _of(told: Any, name: str) -> Any:
    return told.get(name) if isinstance(told, dict) else None


def _number(told: Any) -> int | None:
    return told if isinstance(told, int) else None


def _tokens(told: Any) -> int | None:
    """A number, or a sum of prompt and completion."""
    if isinstance(told, dict):
        return sum(_number(value) or 0 for value in told.values())
    return _number(told)


def _moment(told: Any) -> dt.datetime | None:
    """In UTC; None for what is no moment."""
    try:
        moment = dt.datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
