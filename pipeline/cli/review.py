"""`readout review`, `accept` and `agreement`: people over records, and what they make of them."""

import contextlib
import getpass
import threading
import webbrowser
from collections.abc import Sequence
from pathlib import Path

import click

from pipeline.cli import exits, options
from pipeline.errors import UsageError
from pipeline.plain import plain, plain_json
from pipeline.review.desk import Desk
from pipeline.review.log import Log
from pipeline.review.shelf import Source, source

# The same each time, since the browser keeps what is not saved yet under the page's address.
_PORT = 8720
_LONGEST = 80  # characters of a reviewer's name


@click.command(epilog="Example: readout review summaries --reviewer anna")
@click.argument("folder", metavar="DIR", type=options.FOLDER)
@click.option("--other", metavar="DIR2", help="Another run, or DIR2@REVIEWER, beside it.")
@click.option("--reviewer", metavar="NAME", help="Who decides; else your name on this machine.")
@click.option(
    "--port",
    metavar="N",
    type=click.IntRange(0, 65535),
    help=f"Port; else {_PORT}, or any that is free.",
)
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on. Beyond loopback anyone on the way can read along.",
)
@click.option("--no-open", is_flag=True, help="Print the address and open no browser.")
def review(
    *,
    folder: Path,
    other: str | None,
    reviewer: str | None,
    port: int | None,
    host: str,
    no_open: bool,
) -> None:
    """Review records in the browser: accept, correct, add what is missing.

    DIR is a folder that `readout run` wrote. Decisions are appended to decisions.jsonl in it; the
    records stay as they are. What failed can be filled in from its text. The page is served on this
    machine until Ctrl-C, at a secret address.
    """
    from pipeline.review import launch, serve  # late: the web server takes half a second
    from pipeline.review.server import application

    beside = source(other) if other else None
    if beside:
        _there(beside.folder)
    desk = Desk(_there(folder), _named(reviewer), other=beside)
    if not desk.entries():
        raise UsageError(f"{folder} holds no record; `readout run -o` writes some.")
    if not serve.is_loopback(host):
        exits.say("This review can be reached from other machines, and is not encrypted.")

    def ready(address: str) -> None:
        click.echo(address)
        exits.say(f"Reviewing {folder} as {desk.reviewer}; Ctrl-C ends it.")
        if not no_open:
            leads_there = until_the_end.enter_context(launch.leading_to(address))
            # Some browsers end this call only when they are closed, and we have to answer them.
            threading.Thread(target=_open, args=[leads_there], daemon=True).start()

    ports = [_PORT, 0] if port is None else [port]
    with contextlib.ExitStack() as until_the_end, serve.listening(host, *ports) as bound:
        serve.serve(bound, lambda gate: application(desk, gate), host, ready)
    exits.say("The review has ended; every decision that the page called saved is saved.")


@click.command(epilog="Example: readout accept summaries -o reference")
@click.argument("folder", metavar="DIR", type=options.FOLDER)
@click.option("-o", "--out", type=options.FOLDER, required=True, help="Folder for the references.")
@click.option("--partial", is_flag=True, help="Also those with a meeting accepted, rows open.")
@options.as_json
def accept(*, folder: Path, out: Path, partial: bool, as_json: bool) -> None:
    """Write what reviewers accepted as references to evaluate on.

    One file an article, as `readout evaluate` reads it. What was rejected is not in it, nor with
    --partial what nobody decided on.
    """
    from pipeline.review.accept import accept as write

    done = write(_there(folder), out, partial=partial)
    if as_json:
        click.echo(plain_json(done._asdict()))
        return
    exits.say(f"Wrote {done.written:,} of {done.articles:,} articles to {out}.")
    if done.left_out and partial:
        exits.say(f"{done.left_out:,} left out, of which no meeting is accepted; review them.")
    elif done.left_out:
        exits.say(
            f"{done.left_out:,} left out, with rows that nobody decided on; review them, or take "
            "along those with an accepted meeting with --partial."
        )
    if done.outdated:
        exits.say(
            f"{done.outdated:,} of them had a reference in {out} before, which is still there; "
            "remove it if it no longer holds."
        )
    if done.damaged:
        exits.say(
            f"{done.damaged:,} more .json or .jsonl files in {folder} hold no record and are left "
            "out; the review's queue says which."
        )


@click.command(epilog="Example: readout agreement reviewed-by-anna reviewed-by-ben")
@click.argument("sources", metavar="A B", nargs=2)
@options.as_json
def agreement(*, sources: Sequence[str], as_json: bool) -> None:
    """Show how far two reviewers agree, field by field.

    Raw agreement, and Cohen's kappa, which takes out what chance alone would give. A and B are
    folders that each of them reviewed by herself, copies of one run; or DIR@REVIEWER for one
    person's decisions in a folder. Articles that both have decided on in full count.
    """
    from pipeline.review.agreement import agreement as compare
    from pipeline.review.agreement import render

    first, second = (_decided(source(each)) for each in sources)
    found = compare(first, second)
    if as_json:
        click.echo(plain_json(found.model_dump(mode="json")))
    else:
        click.echo(render(found))


def _open(address: str) -> None:
    if not webbrowser.open(address):
        exits.say("No browser could be opened here; open the address above in one.")


def _there(folder: Path) -> Path:
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}; name one that `readout run -o` wrote.")
    return folder


def _decided(source: Source) -> Source:
    """The source, where the reviewer that it names has decided anything."""
    there = {decision.by for decision in Log(_there(source.folder)).read()}
    if source.reviewer and source.reviewer not in there:
        known = f"reviewers there are {', '.join(sorted(there))}" if there else "nobody has"
        raise UsageError(f"{source.reviewer} has decided nothing in {source.folder}; {known}.")
    return source


def _named(reviewer: str | None) -> str:
    """Who decides, as the log will say it."""
    if reviewer is None:
        try:
            reviewer = getpass.getuser()
        except (KeyError, OSError, ImportError):
            raise UsageError("This machine has no name for you; give --reviewer NAME.") from None
    name = " ".join(reviewer.split())
    if not name or plain(name) != name or len(name) > _LONGEST or "@" in name:
        raise UsageError(
            f"--reviewer is a name of 1 to {_LONGEST} letters, without @ or control characters."
        )
    return name
