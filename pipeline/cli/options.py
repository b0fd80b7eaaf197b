"""The options that several commands share, so that each has one spelling and one help text."""

import datetime as dt
import os
from pathlib import Path
from typing import Any

import click

from pipeline import ways


class _File(click.Path):
    """A path as typed. Only the bare `-` is standard input; `./-` is a file of that name."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path, absolute where Path would make `-` of it."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        return path.absolute() if path == Path("-") and str(value) != "-" else path


# One file that may not be read stops no other: whoever reads it says so.
FILE = _File(path_type=Path, readable=False)
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
    help="Requests in flight at most; the embedded model repeats itself exactly only at 1.",
)
rpm = click.option(
    "--rpm", metavar="N", type=click.IntRange(min=1), help="Requests a minute at most."
)
tpm = click.option(
    "--tpm", metavar="N", type=click.IntRange(min=1), help="Tokens a minute at most."
)
max_cost = click.option(
    "--max-cost",
    metavar="USD",
    type=click.FloatRange(min=0),
    help="Stop before more than this is spent, at list prices.",
)
max_requests = click.option(
    "--max-requests",
    metavar="N",
    type=click.IntRange(min=1),
    help="Stop when so many requests are sent.",
)


def _no_path(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """The address. Written before PATH, the option takes the path for one."""
    if value and Path(value).exists():
        raise click.BadParameter(f"{value} is a path; write --ray after the paths, or --ray=auto.")
    return value


ray = click.option(
    "--ray",
    metavar="[ADDRESS]",
    is_flag=False,
    flag_value="local",
    callback=_no_path,
    help="Run on a Ray cluster: --ray=auto or =HOST:PORT; alone, one is started here.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")
quiet = click.option("--quiet", is_flag=True, help="Show no progress and no closing table.")
articles = click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=FILE)
