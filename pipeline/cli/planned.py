"""`readout run --dry-run`: what a run would send and cost, on stdout. Nothing is sent."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import click

from pipeline import budget
from pipeline.cli import exits, job
from pipeline.endpoint import Target
from pipeline.estimate import Estimate, estimate
from pipeline.ledger import Asked
from pipeline.plain import plain, plain_json
from pipeline.run import Mode
from pipeline.shelf import opened
from pipeline.store import Store


def show(
    asked: Asked, files: Sequence[Path], target: Target, store: Store, out: Path, *, as_json: bool
) -> int:
    """Print the plan of a run that would read `files` and write to `out`."""
    items = job.articles(asked, files)
    price = budget.price(target.way.model, target.base_url)
    with closing(opened(out)) as shelf:
        fresh = asked.mode is Mode.REFRESH
        there = shelf if asked.mode is Mode.AUTO else None
        plan = estimate(items, target.way, None if fresh else store, there, price)
    if as_json:
        click.echo(plain_json(plan.model_dump(mode="json")))
        return exits.DONE
    for name, text in _rows(plan):
        click.echo(f"{name:<10}{text}")
    return exits.DONE


def _rows(plan: Estimate) -> Iterator[tuple[str, str]]:
    counts = {
        "to ask about": plan.to_ask,
        "copies of others": plan.copies,
        "with answers stored": plan.stored,
        "done before": plan.archived,
        "unreadable": plan.unreadable,
    }
    each = ", ".join(f"{count:,} {what}" for what, count in counts.items())
    yield "articles", f"{plan.articles:,}: {each}"
    yield "requests", f"{plan.requests:,} to {plain(plan.model)}, and more where an answer is bad"
    prompts = f"{plan.least.prompt:,} to {plan.most.prompt:,} in"
    answers = f"{plan.least.completion:,} to {plan.most.completion:,} out"
    yield "tokens", f"{prompts}, {answers}; by characters, so roughly"
    yield "cost", _cost(plan)


def _cost(plan: Estimate) -> str:
    if plan.cost is None:
        return "not known: genai-prices has no price of this model at this address"
    if not plan.cost.most:
        return "nothing: no request leaves this machine" if plan.requests else "nothing"
    return (
        f"{plan.cost.least:,.2f} to {plan.cost.most:,.2f} USD at list prices; the most is if every "
        "answer were as long as it may be"
    )
