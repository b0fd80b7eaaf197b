"""`readout report`: one page about what a run found, to look at."""

import functools
from pathlib import Path

import click

from pipeline import archive, ledger
from pipeline.cli import exits, options
from pipeline.errors import ArchiveError
from pipeline.evaluate import load
from pipeline.report import Findings, render, score, survey


@click.command(epilog="Example: readout report summaries -o report.html")
@click.argument("folder", metavar="DIR", type=options.FILE)
@click.option("-o", "--out", type=options.FILE, required=True, help="File to write, or replace.")
@click.option("--reference", type=options.FILE, help="Score the records against these.")
def report(*, folder: Path, out: Path, reference: Path | None) -> None:
    """Write a page of what a run found, and where it is unsure.

    DIR is a folder that `readout run` wrote. The page is one file, opens from disk, and loads
    and runs nothing: meetings by month, status and party, who met whom, how well evidence
    carries, flags, failures, tokens, scores with --reference, and the articles behind each number.
    """
    records = functools.partial(archive.records, folder)
    counted = survey(records())
    if not counted.models:
        raise ArchiveError(f"{folder} holds no record; `readout run -o` writes some.")
    done = frozenset(brief.id for brief in counted.articles)
    scores = score(load(reference), records()) if reference else None
    page = render(Findings(counted, ledger.told(folder, done), scores), records)
    try:
        archive.replace(out, page)
    except OSError as error:
        raise ArchiveError(
            f"The report cannot be written to {out} ({error.strerror}); choose another place."
        ) from error
    exits.say(f"Wrote {out}: {len(page.encode()) / 1e6:.1f} MB, to be opened in a browser.")
