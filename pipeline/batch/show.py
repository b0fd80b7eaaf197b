"""Batches for human eyes: a table, and sentences. Knows what was found; knows no terminal."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from pipeline.batch.export import Exported, Failed
from pipeline.batch.fetch import GONE, State
from pipeline.batch.fill import Filled
from pipeline.plain import plain

_NAMED = 5  # articles that a sentence names
_REASONS = 3  # why a server refused a batch; it repeats itself for every line


def exported(done: Exported) -> dict[str, object]:
    """What was exported, as JSON has it."""
    files = done.manifest.files if done.manifest else ()
    return {
        "answered": done.answered,
        "asked": done.asked,
        "copies": done.copies,
        "failed": [each._asdict() for each in done.failed],
        "requests": sum(each.requests for each in files),
        "files": [each.name for each in files],
    }


def summary(done: Exported, out: Path) -> str:
    """The same in a sentence."""
    told = [
        f"{articles} {what}"
        for number, what in (
            (done.answered, "answered already"),
            (done.copies, "asked about as another's copy"),
            (len(done.failed), "without an answer to come"),
        )
        if (articles := number and count(number, "article"))
    ]
    files = done.manifest.files if done.manifest else ()
    requests = count(sum(each.requests for each in files), "request")
    asked = (
        f"{requests} about {count(done.asked, 'article')} in {count(len(files), 'file')}, in {out}"
    )
    return "; ".join([asked if files else "nothing is left to ask", *told]) + "."


def filled(done: Filled, files: int) -> str:
    """What came of the lines of so many result files."""
    stored = count(done.stored, "reply", "replies")
    told = f"{stored} stored from {count(files, 'result file')}, {done.known:,} known already; "
    told += f"{count(done.open, 'request')} without an answer"
    return told + (", of which the next export asks again." if done.failed else ".")


def table(seen: Sequence[State]) -> str:
    """How far each file has come, in columns."""
    head = ("file", "batch", "state", "completed", "failed", "total")
    body = [
        (each.file, each.batch or "-", each.state, each.completed, each.failed, each.total)
        for each in seen
    ]
    rows = [[plain(str(cell)) for cell in row] for row in (head, *body)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < 3 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def refused(seen: Sequence[State]) -> list[str]:
    """A sentence about each file that nothing came of."""
    return [
        "; ".join(each.errors)
        if each.state == GONE
        else f"{each.file}: batch {each.batch} was refused ({'; '.join(each.errors[:_REASONS])}); "
        "once that is mended, export again to another folder."
        for each in seen
        if each.errors
    ]


def grouped(failed: Sequence[Failed]) -> list[str]:
    """A sentence for each reason, with the articles that it is about."""
    articles: defaultdict[str, list[str]] = defaultdict(list)
    for each in failed:
        articles[each.reason].append(each.article)
    return [f"{_named(names)}: {reason}" for reason, names in articles.items()]


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 file", "2,000 files"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
