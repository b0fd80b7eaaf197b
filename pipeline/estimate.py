"""What a run would do, send and spend, without sending anything.

Walks the articles as the run would, over the replies that are stored. Tokens are an estimate: a
vocabulary would have to be fetched. Re-asks and halves cannot be foreseen and are not counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from pipeline import compose
from pipeline.budget import Price, longest_answer, size
from pipeline.intake import Begun, Desk, Item
from pipeline.read import Unreadable
from pipeline.shelf import Shelf
from pipeline.step import is_final, step
from pipeline.store import Store
from schemas.article import Article
from schemas.base import Value
from schemas.exchange import Reply, Request, Tokens
from schemas.way import Way

_SHORTEST_ANSWER = 20  # tokens: no meetings


class Range(Value):
    """From the least to the most that it can be."""

    least: float
    most: float


class Estimate(Value):
    """What a run would do."""

    articles: int = 0  # all
    unreadable: int = 0
    copies: int = 0  # of an article before: they cost nothing
    archived: int = 0  # their records are there
    stored: int = 0  # all that they need is stored
    requests: int = 0  # to send
    least: Tokens = Tokens()
    most: Tokens = Tokens()
    model: str
    cost: Range | None = None  # US dollars; None: the price is not known


def estimate(
    items: Iterable[Item], way: Way, store: Store | None, shelf: Shelf | None, price: Price | None
) -> Estimate:
    """What a run over `items` would send to the endpoint, and what that may cost.

    `store` is None where all is to be asked afresh.
    """
    desk, counts = Desk(way, shelf), Counter[str]()
    seen: set[int] = set()  # of the requests to send, by half their keys: copies are sent once
    least, most = Tokens(), Tokens()
    for begun in map(desk.begin, items):
        counts["articles"] += 1
        if not isinstance(begun, Begun):
            counts["unreadable" if isinstance(begun, Unreadable) else "archived"] += 1
            continue
        missing = list(_missing(begun.article, way, store))
        counts["copies"] += begun.edition.copy_of is not None
        counts["stored"] += not missing
        for request in missing:
            if (short := int(request.key[:16], 16)) not in seen:
                seen.add(short)
                sized = size(request)
                least += Tokens(prompt=sized.likely, completion=_SHORTEST_ANSWER)
                most += Tokens(prompt=sized.most, completion=longest_answer(request))
    cost = price and Range(least=price.of(least), most=price.of(most))
    return Estimate(
        **counts, requests=len(seen), least=least, most=most, model=way.model, cost=cost
    )


def _missing(article: Article, way: Way, store: Store | None) -> Iterator[Request]:
    """The requests about `article` that are next and have no stored answer."""
    plan, replies = compose.Plan(article, way), dict[str, Reply]()
    while isinstance(verdict := step(plan, way, replies), tuple):
        found = {each.key: store.get(each.key) if store is not None else None for each in verdict}
        there = {key: reply for key, reply in found.items() if reply and is_final(reply)}
        if len(there) < len(found):
            yield from (request for request in verdict if request.key not in there)
            return
        replies |= there
