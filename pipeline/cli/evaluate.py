"""`readout evaluate`: scores on stdout, and the gate's verdict as an exit code."""

from collections.abc import Sequence
from pathlib import Path

import click

from pipeline.cli import exits, options
from pipeline.evaluate import check, detail, load, parse_minimum, render
from pipeline.evaluate import evaluate as score
from pipeline.plain import plain_json


@click.command(
    epilog="Example: readout evaluate examples/reference summaries --min focus=0.8 --min status=0.9"
)
@click.argument("reference", type=options.FILE)
@click.argument("summaries", type=options.FILE)
@options.as_json
@click.option("--detail", "detailed", is_flag=True, help="List what is missed, extra and wrong.")
@click.option(
    "--min",
    "minimums",
    metavar="FIELD=F1",
    multiple=True,
    help="Fail with exit code 4 where the score of FIELD is lower. May be repeated.",
)
def evaluate(
    *, reference: Path, summaries: Path, as_json: bool, detailed: bool, minimums: Sequence[str]
) -> int:
    """Score summaries against references.

    Each is a file or a folder: records of `readout run`, or files in the reference's form.
    """
    bars = dict(map(parse_minimum, minimums))
    expected, found = load(reference), load(summaries)
    report = score(expected, found)
    if as_json:
        click.echo(plain_json(report.model_dump(mode="json")))
    else:
        click.echo(render(report), nl=False)
        if detailed:
            click.echo("\n" + detail(expected, found), nl=False)
    missed = check(report, bars)
    for sentence in missed:
        exits.say(sentence)
    return exits.GATE_FAILED if missed else exits.DONE
