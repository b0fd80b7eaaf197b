"""`readout export`: records as tables for other programs, or as lines to learn from."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from pipeline import archive, endpoint, places
from pipeline.cli import exits, options
from pipeline.errors import ArchiveError, UsageError
from pipeline.evaluate import load
from pipeline.export import Filters, Format, choose
from pipeline.export import export as write
from pipeline.export.finetune import WRITTEN, finetune, left_out
from pipeline.export.reviewed import by_hand, reviewed
from pipeline.settings import Settings
from schemas.extraction import Prominence, Status
from schemas.record import Record

_FINETUNE = "finetune"
Callback = TypeVar("Callback", bound=Callable[..., Any])
_FORMATS = (*(each.value for each in Format), _FINETUNE)


def _day(name: str, told: str) -> Callable[[Callback], Callback]:
    kind = click.DateTime(["%Y-%m-%d"])
    return click.option(name, metavar="DATE", type=kind, callback=options.day, help=told)


@click.command(epilog="Example: readout export summaries --to sqlite -o meetings.db")
@click.argument("folder", metavar="DIR", type=options.FILE)
@click.option("--to", type=click.Choice(_FORMATS), required=True, help="What to write.")
@click.option(
    "-o",
    "--out",
    type=options.FILE,
    required=True,
    help="File to write, or replace; for csv and parquet, a folder for a file a table.",
)
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice(Status, case_sensitive=False),
    help="Only meetings of this status; repeated: of any of these.",
)
@click.option(
    "--party",
    "parties",
    metavar="NAME",
    multiple=True,
    help="Code or name of a state or organisation that takes part; repeated: all of them.",
)
@click.option(
    "--prominence",
    type=click.Choice(Prominence, case_sensitive=False),
    help="Only what articles are about, or only what they mention.",
)
@_day("--since", "Only meetings on this day or later.")
@_day("--until", "Only meetings on this day or earlier.")
@click.option("--reviewed", "only_reviewed", is_flag=True, help="Only what a person reviewed.")
@click.option("--reference", type=options.FILE, help="Accepted summaries, as answers for finetune.")
@options.model
@options.provider
@options.way
@click.pass_obj
def export(
    settings: Settings,
    *,
    folder: Path,
    to: str,
    out: Path,
    statuses: Sequence[Status],
    parties: Sequence[str],
    prominence: Prominence | None,
    since: dt.date | None,
    until: dt.date | None,
    only_reviewed: bool,
    reference: Path | None,
    model: str | None,
    provider: str | None,
    way: str | None,
) -> None:
    """Write records as tables, or as lines to learn from.

    DIR is a folder that `readout run` wrote. Tables hold articles, meetings, parties,
    participants, agenda, agreements, evidence and flags; every row has an id that stays the same.

    Filters choose meetings. A date that says only the month counts with each of its days; a
    meeting of no known day counts with its article's. A record without a meeting that passes
    stays out; a line for finetune has all meetings of its article.

    --reviewed and finetune take along what failed and was filled in by hand in the review.

    finetune writes what --model is asked with and should answer: OpenAI's chat lines, or with
    --model embedded those that our own training reads. Answers come from --reference, else from
    reviewed records.
    """
    _check_place(folder, out, to)
    if reference and to != _FINETUNE:
        raise UsageError("--reference gives the answers for --to finetune; leave it out otherwise.")
    filters = Filters(
        statuses=frozenset(statuses),
        parties=frozenset(places.party(words) or words for words in parties),
        prominences=frozenset([prominence] if prominence else ()),
        since=since,
        until=until,
    )
    only_reviewed = only_reviewed or (to == _FINETUNE and reference is None)
    records = _records(folder, only_reviewed=only_reviewed, to_learn=to == _FINETUNE)
    if to != _FINETUNE:
        counts = write(choose(records, filters), Format(to), out)
        exits.say(f"Wrote {_listed(counts)} to {out}.")
        return
    target = endpoint.target(settings, model, provider, way)
    accepted = load(reference) if reference else None
    chosen = (each.record for each in choose(records, filters))
    counts = finetune(chosen, accepted, target.way, out)
    for sentence in left_out(counts):
        exits.say(sentence)
    exits.say(f"Wrote {_many(WRITTEN, counts[WRITTEN])} to {out}.")


def _records(folder: Path, *, only_reviewed: bool, to_learn: bool) -> Iterator[Record]:
    """The folder's records; of reviewed ones what the reviewers made of them.

    Where only what people vouch for counts, also what failed and they filled in by hand.
    """
    home, seen = _home(folder), set[str]()
    records = _noted(archive.records(folder), seen)
    filled_in = _filled_in(folder, seen) if only_reviewed or to_learn else iter(())
    if only_reviewed:
        found = reviewed(itertools.chain(records, filled_in), home)
    else:
        found = itertools.chain(records, reviewed(filled_in, home, partly=True))
    if (first := next(found, None)) is not None:
        yield first
        yield from found
    elif not seen:
        raise ArchiveError(f"{folder} holds no record; `readout run -o` writes some.")
    else:
        exits.say(f"Nothing in {folder} is reviewed.")


def _filled_in(folder: Path, written: set[str]) -> Iterator[Record]:
    """By hand, where a whole folder is exported. `written`: the articles with records, by then."""
    if folder.is_dir():
        yield from _noted(by_hand(folder, frozenset(written)), written)


def _noted(records: Iterable[Record], seen: set[str]) -> Iterator[Record]:
    for record in records:
        seen.add(record.article.id)
        yield record


def _home(given: Path) -> Path:
    """The folder of the records, also where one file of it is given."""
    return given.parent if given.is_file() else given


def _check_place(folder: Path, out: Path, to: str) -> None:
    """What lies among the records would be taken for one, so the export goes elsewhere."""
    in_folder = to in (Format.CSV, Format.PARQUET)
    if out.exists() and out.is_dir() != in_folder:
        kind = "a folder" if in_folder else "a file"
        raise UsageError(f"{out} is there and is not {kind}, as --to {to} needs; name another.")
    if _home(folder).resolve() == (out if in_folder else out.parent).resolve():
        raise UsageError(f"The export would lie among the records in {folder}; choose another -o.")


def _listed(counts: Counter[str]) -> str:
    named = [_many(table, counts[table]) for table in ("articles", "meetings", "evidence")]
    return f"{named[0]}, {named[1]} and {named[2].replace('evidence', 'quotes')}"


def _many(what: str, count: int) -> str:
    return f"{count:,} {what}" if count != 1 else f"{count} {what.removesuffix('s')}"
