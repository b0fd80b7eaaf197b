"""`readout retry` and `readout status`: a folder of records that a run did not finish, or did."""

import shlex
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import click

from pipeline import archive, endpoint, ledger, shelf, ways
from pipeline.cli import exits, job, options
from pipeline.cli.job import Job, Output
from pipeline.errors import ArchiveError, UsageError
from pipeline.ledger import Ending, Failed, Limits, Run
from pipeline.plain import plain, plain_json
from pipeline.run import Mode
from pipeline.settings import Settings
from pipeline.store import Responses
from schemas.exchange import Outcome, Tokens

_FOLDER = click.argument("folder", type=options.FOLDER)
_FAILURES = [each for each in Outcome if each is not Outcome.DONE]


@click.command(epilog="Example: readout retry summaries --only rate_limited")
@_FOLDER
@click.option(
    "--only",
    metavar="OUTCOME",
    type=click.Choice(_FAILURES, case_sensitive=False),
    multiple=True,
    help="Only what failed like this, such as refused. May be repeated.",
)
@options.cache
@job.limits
@options.as_json
@options.quiet
@click.pass_obj
def retry(
    settings: Settings,
    *,
    folder: Path,
    only: tuple[Outcome, ...],
    cache: Path | None,
    limits: Limits,
    as_json: bool,
    quiet: bool,
) -> int:
    """Ask again about the articles that failed.

    FOLDER is where `readout run -o` wrote; its run.json knows where the articles are. What the
    endpoint refused, cut or got wrong is asked afresh and paid for anew.
    """
    last = _last(folder)
    if "-" in last.asked.paths:
        raise UsageError(
            "The articles came through standard input, which cannot be read again; give them to "
            "`readout run` once more with the same -o."
        )
    failed = ledger.failures(folder)
    wanted = {name: f for name, f in failed.items() if not only or f.outcome in only}
    if not wanted:
        exits.say(f"Nothing in {folder} is waiting to be asked again.")
        return exits.DONE
    settings = settings._replace(cache=cache or Path(last.asked.cache))
    asked = last.asked.model_copy(
        update={"limits": limits, "mode": Mode.AUTO, "retried": only or tuple(_FAILURES)}
    )
    target = _same(settings, last)
    job.check_ceiling(limits, target)
    items = job.articles(asked)
    with (
        closing(Responses(settings.cache / "responses", exits.say)) as store,
        closing(shelf.opened(folder)) as records,
    ):
        output = Output(folder, records)
        code = job.do(Job(asked, items, target, store, output, as_json, quiet, wanted), settings)
    _tell_unmet(folder, wanted, code)
    return code


@click.command(epilog="Example: readout status summaries")
@_FOLDER
@options.as_json
def status(*, folder: Path, as_json: bool) -> None:
    """Say how far the runs in a folder have come, and what to do next."""
    last = _last(folder)
    failed = ledger.by_outcome(ledger.failures(folder))
    runs = ledger.runs(folder)
    spent = sum((run.tokens for run in runs), Tokens())
    facts = {
        "folder": str(folder),
        "ending": _ending(last),
        "reason": last.reason,
        "started": last.started.isoformat(timespec="seconds"),
        "ended": last.ended and last.ended.isoformat(timespec="seconds"),
        "model": last.model,
        "runs": len(runs),
        "retried": bool(last.asked.retried),
        "records": shelf.count(folder),
        "failed": dict(failed.most_common()),
        "requests": sum(run.requests for run in runs),
        "tokens": spent.model_dump(),
        "cost": _cost(runs),
    }
    if as_json:
        click.echo(plain_json(facts))
        return
    for name, text in _rows(facts, spent):
        click.echo(f"{name:<10}{plain(text)}")


def _last(folder: Path) -> Run:
    runs = ledger.runs(folder)
    if not runs:
        raise ArchiveError(f"{folder} holds no run.json; `readout run -o {folder}` writes one.")
    return runs[-1]


def _same(settings: Settings, last: Run) -> endpoint.Target:
    """The endpoint that the run asked. Raises UsageError where another one is configured."""
    embedded = last.asked.endpoint is None
    target = endpoint.target(
        settings,
        "embedded" if embedded else last.model,
        None if embedded else last.provider,
        None if embedded else last.way,
    )
    now = target.base_url and ways.origin(target.base_url)
    if now != last.asked.endpoint or target.way.model != last.model:
        raise UsageError(
            f"That run asked {last.model} at {last.asked.endpoint or 'this machine'}, and what is "
            f"configured now is {target.way.model} at {now or 'this machine'}; set OPENAI_BASE_URL "
            "back, or give the articles to `readout run`."
        )
    return target


def _tell_unmet(folder: Path, wanted: Mapping[str, Failed], code: int) -> None:
    """Say which failures no article was found for, once all were looked through."""
    if code not in (exits.DONE, exits.SOME_FAILED):
        return
    runs = ledger.runs(folder)
    met = sum(runs[-1].outcomes.values()) + runs[-1].archived
    if met < len(wanted):
        exits.say(
            f"{len(wanted) - met} of the articles that failed are no longer where they were read "
            "from; the ledger failures.jsonl has their names."
        )


def _ending(last: Run) -> str:
    if last.ending is Ending.RUNNING and not archive.alive(last.process):
        return "killed"
    return last.ending


def _cost(runs: tuple[Run, ...]) -> float | None:
    costs = [run.cost for run in runs]
    return None if None in costs else sum(cost for cost in costs if cost is not None)


_HOW = {
    "running": "is going on",
    "killed": "was killed",
    "done": "went through",
    "interrupted": "was interrupted",
    "stopped": "was stopped",
    "broken": "broke off",
}


def _rows(facts: Mapping[str, object], spent: Tokens) -> Iterator[tuple[str, str]]:
    reason = f": {facts['reason']}" if facts["reason"] else ""
    ended = f", ended {facts['ended']}" if facts["ended"] else ""
    yield "last run", f"{_HOW[str(facts['ending'])]}{reason}"
    yield "", f"started {facts['started']}{ended}; {facts['runs']} in all"
    yield "model", str(facts["model"])
    yield "records", f"{facts['records']:,}"
    failed = facts["failed"]
    if isinstance(failed, dict) and failed:
        yield "failed", ", ".join(f"{count:,} {outcome}" for outcome, count in failed.items())
    yield "requests", f"{facts['requests']:,} sent"
    yield "tokens", f"{spent.prompt:,} in, {spent.completion:,} out, paid for"
    cost = facts["cost"]
    yield "cost", "not known" if cost is None else f"{cost:.4f} USD at list prices"
    if facts["ending"] not in ("done", "running") and not facts["retried"]:
        yield "next", "the same `readout run` goes on where it was"
    elif failed and facts["ending"] != "running":
        yield "next", f"readout retry {shlex.quote(str(facts['folder']))}"
