"""`readout diff`: two runs beside each other, on stdout."""

import shutil
from pathlib import Path

import click

from pipeline.cli import options
from pipeline.evaluate import diff as compare
from pipeline.evaluate import load, load_run, render_diff
from pipeline.plain import plain_json

_NARROWEST, _WIDEST = 60, 110  # columns that changes read well in


@click.command(epilog="Example: readout diff out/before out/after --reference examples/reference")
@click.argument("before", metavar="RUN_A", type=options.FILE)
@click.argument("after", metavar="RUN_B", type=options.FILE)
@click.option(
    "--reference",
    metavar="PATH",
    type=options.FILE,
    help="References, to say of each change whether it was for the better.",
)
@options.as_json
def diff(*, before: Path, after: Path, reference: Path | None, as_json: bool) -> None:
    """Show field by field what differs between two runs.

    RUN_A and RUN_B are folders of records that `readout run` wrote about the same articles, with
    another prompt, model or schema.
    """
    references = load(reference) if reference else None
    found = compare(load_run(before), load_run(after), references)
    if as_json:
        click.echo(plain_json(found.model_dump(mode="json")))
        return
    columns = shutil.get_terminal_size().columns
    click.echo(render_diff(found, width=min(max(columns, _NARROWEST), _WIDEST)), nl=False)
