"""The options that several commands share, so that each has one spelling and one help text."""

import datetime as dt
from pathlib import Path

import click

from pipeline import ways

FILE = click.Path(path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


def day(
    _context: click.Context, _parameter: click.Parameter, value: dt.datetime | None
) -> dt.date | None:
    """The day of what click parses as a moment."""
    return value.date() if value else None


model = click.option(
    "--model", metavar="NAME", help="Model to ask; 'embedded' needs no server. [READOUT_MODEL]"
)
provider = click.option(
    "--provider", metavar="NAME", help="Identity of the server, in place of its address."
)
way = click.option(
    "--way",
    metavar="NAME",
    type=click.Choice(ways.NAMES),
    help="What the server takes, by name; `readout doctor` lists the names. [READOUT_WAY]",
)
published = click.option(
    "--published",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=day,
    help="Publication date of all articles, such as 2026-11-20.",
)
text_column = click.option(
    "--text-column",
    metavar="NAME",
    help="Column or key of the text in CSV, TSV and JSON, where it is not called text.",
)
cache = click.option(
    "--cache", type=FOLDER, help="Folder of stored replies and recordings. [READOUT_CACHE]"
)
concurrency = click.option(
    "--concurrency",
    metavar="N",
    type=click.IntRange(min=1),
    help="Articles in flight at once; the embedded model repeats itself exactly only at 1.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")
quiet = click.option("--quiet", is_flag=True, help="Show no progress and no closing table.")
articles = click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=FILE)
