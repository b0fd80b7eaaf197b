"""`readout retry` and `readout status`: a folder of records that a run did not finish, or did."""

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import click

from pipeline import archive, endpoint, ledger, progress, shelf, ways
from pipeline.budget import Limits, Spent
from pipeline.cli import exits, job, options
from pipeline.cli.doing import do
from pipeline.cli.job import Job, Output
from pipeline.errors import ArchiveError, UsageError
from pipeline.gate import Sent
from pipeline.ledger import Asked, Ending, Failed, Run
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

    FOLDER is where `readout run -o` wrote; its run.json knows where the articles are, and which
    model was asked. What the endpoint refused, cut or got wrong is asked afresh and paid for anew.
    """
    runs, failed = _runs(folder), ledger.failures(folder)
    wanted = {name: each for name, each in failed.items() if not only or each.outcome in only}
    if not wanted:
        exits.say(f"Nothing in {folder} is waiting to be asked again.")
        return exits.DONE
    changes = {"limits": limits, "mode": Mode.AUTO, "retried": only or tuple(_FAILURES)}
    shares, amiss = list[_Share](), list[str]()
    for run, share in _by_terms(runs, wanted):
        own = settings._replace(cache=cache or Path(run.asked.cache))
        try:
            shares.append(_share(run, share, own, changes, folder))
        except UsageError as error:
            amiss.append(str(error))
    if not shares:
        raise UsageError(" ".join(amiss))
    for reason in amiss:
        exits.say(f"Some are left out. {reason}")
    code = _ask_again(shares, folder, as_json=as_json, quiet=quiet)
    return exits.SOME_FAILED if amiss and code == exits.DONE else code


class _Share(NamedTuple):
    """Failures under the same terms, and what is needed to ask about them again."""

    asked: Asked
    files: Sequence[Path]
    target: endpoint.Target
    settings: Settings
    wanted: Mapping[str, Failed]


def _by_terms(
    runs: Sequence[Run], failed: Mapping[str, Failed]
) -> Iterator[tuple[Run, dict[str, Failed]]]:
    """The failures by the terms under which they failed, each with a run that had these terms."""
    known = {run.terms: run for run in runs}
    shares: dict[str, dict[str, Failed]] = {}
    for name, each in failed.items():
        terms = each.terms if each.terms in known else runs[-1].terms  # an older readout's
        shares.setdefault(terms, {})[name] = each
    return ((known[terms], share) for terms, share in shares.items())


def _share(
    run: Run,
    wanted: Mapping[str, Failed],
    settings: Settings,
    changes: Mapping[str, object],
    folder: Path,
) -> _Share:
    """What `run` failed at, to be asked again. Raises UsageError where that cannot be."""
    if "-" in run.asked.paths:
        raise UsageError(
            "The articles came through standard input, which cannot be read again; give them to "
            "`readout run` once more with the same -o."
        )
    asked = run.asked.model_copy(update=changes)
    target = _same(settings, run)
    job.check_ceiling(asked.limits, target)
    return _Share(asked, job.files(asked, folder), target, settings, wanted)


def _ask_again(shares: Sequence[_Share], folder: Path, *, as_json: bool, quiet: bool) -> int:
    """Ask about one share after the other, under the ceilings of all. Returns the exit code."""
    codes, left, spent = [exits.DONE], sum(len(share.wanted) for share in shares), Spent()
    for share in shares:
        with (
            closing(Responses(share.settings.cache / "responses", exits.say)) as store,
            closing(shelf.opened(folder)) as records,
        ):
            again = Job(
                *(share.asked, share.files, share.target, store, Output(folder, records)),
                as_json=as_json,
                quiet=quiet,
                wanted=share.wanted,
                before=spent,
            )
            ended = do(again, share.settings)
        if ended.code not in (exits.DONE, exits.SOME_FAILED):
            return ended.code  # nor may the others be asked about now
        codes, left, spent = [*codes, ended.code], left - ended.articles, ended.spent
    if left:
        exits.say(
            f"{left} of the articles that failed are no longer where they were read from; the "
            "ledger failures.jsonl has their names."
        )
    return max(codes)


@click.command(epilog="Example: readout status summaries")
@_FOLDER
@options.as_json
def status(*, folder: Path, as_json: bool) -> None:
    """Say how far the runs in a folder have come, and what to do next."""
    runs = _runs(folder)
    last, failed = runs[-1], Counter(f.outcome for f in ledger.failures(folder).values())
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
        **_sent(runs)._asdict(),
        "tokens": spent.model_dump(),
        "cost": _cost(runs),
    }
    if as_json:
        click.echo(plain_json(facts))
        return
    for name, text in _rows(facts, spent, _sent(runs)):
        click.echo(f"{name:<10}{plain(text)}")


def _runs(folder: Path) -> tuple[Run, ...]:
    """The runs that wrote to the folder, of which there is at least one."""
    runs = ledger.runs(folder)
    if not runs:
        raise ArchiveError(f"{folder} holds no run.json; `readout run -o {folder}` writes one.")
    return runs


def _same(settings: Settings, run: Run) -> endpoint.Target:
    """The endpoint that the run asked. Raises UsageError where another one is configured."""
    embedded = run.asked.endpoint is None
    target = endpoint.target(
        settings,
        "embedded" if embedded else run.model,
        None if embedded else run.provider,
        None if embedded else run.way,
    )
    now = target.base_url and ways.origin(target.base_url)
    if now != run.asked.endpoint or target.way.model != run.model:
        raise UsageError(
            f"That run asked {run.model} at {run.asked.endpoint or 'this machine'}, and what is "
            f"configured now is {target.way.model} at {now or 'this machine'}; set OPENAI_BASE_URL "
            "back, or give the articles to `readout run`."
        )
    return target


def _ending(last: Run) -> str:
    if last.ending is Ending.RUNNING and not archive.alive(last.process):
        return "killed"
    return last.ending


def _sent(runs: tuple[Run, ...]) -> Sent:
    counts = [(run.requests, run.turned_away, run.lost) for run in runs]
    return Sent(*map(sum, zip(*counts, strict=True)))


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


def _rows(facts: Mapping[str, object], spent: Tokens, sent: Sent) -> Iterator[tuple[str, str]]:
    reason = f": {facts['reason']}" if facts["reason"] else ""
    ended = f", ended {facts['ended']}" if facts["ended"] else ""
    yield "last run", f"{_HOW[str(facts['ending'])]}{reason}"
    yield "", f"started {facts['started']}{ended}; {facts['runs']} in all"
    yield "model", str(facts["model"])
    yield "records", f"{facts['records']:,}"
    failed = facts["failed"]
    if isinstance(failed, dict) and failed:
        yield "failed", ", ".join(f"{count:,} {outcome}" for outcome, count in failed.items())
    yield "requests", progress.requests(sent)
    yield "tokens", f"{spent.prompt:,} in, {spent.completion:,} out, paid for"
    cost = facts["cost"]
    yield "cost", "not known" if cost is None else f"{cost:.4f} USD at list prices"
    if facts["ending"] not in ("done", "running") and not facts["retried"]:
        yield "next", "the same `readout run` goes on where it was"
    elif failed and facts["ending"] != "running":
        yield "next", f"readout retry {shlex.quote(str(facts['folder']))}"
