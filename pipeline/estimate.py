"""What a run would do, send and spend, without sending anything.

Walks the articles as the run would, over the replies that are stored. Tokens are an estimate: a
vocabulary would have to be fetched. Re-asks and halves cannot be foreseen and are not counted.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline import compose
from pipeline.budget import Price, longest_answer, size
from pipeline.intake import Archived, Begun, Desk, Item
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
    """What a run would do. Each article is counted in `articles`, and in one of the next five."""

    articles: int = 0
    to_ask: int = 0  # they need requests
    copies: int = 0  # of an article before: they cost nothing
    stored: int = 0  # all that they need is stored
    archived: int = 0  # their records are there
    unreadable: int = 0  # also by a model that lacks their language: nothing is sent
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
        needed = _needed(begun.article, way, store) if isinstance(begun, Begun) else None
        new = {_short(each): each for each in needed or () if _short(each) not in seen}
        counts["articles"] += 1
        counts[_fate(begun, needed, asks=bool(new))] += 1
        seen |= new.keys()
        for request in new.values():
            sized = size(request)
            least += Tokens(prompt=sized.likely, completion=_SHORTEST_ANSWER)
            most += Tokens(prompt=sized.most, completion=longest_answer(request))
    cost = price and Range(least=price.of(least), most=price.of(most))
    return Estimate(
        **counts, requests=len(seen), least=least, most=most, model=way.model, cost=cost
    )


def _short(request: Request) -> int:
    return int(request.key[:16], 16)


def _fate(
    begun: Begun | Archived | Unreadable | None, needed: Sequence[Request] | None, *, asks: bool
) -> str:
    """The field of Estimate that counts an article which needs these requests, if any."""
    if isinstance(begun, Archived):
        return "archived"
    if not isinstance(begun, Begun) or needed is None:
        return "unreadable"
    if asks:
        return "to_ask"
    return "copies" if needed or begun.edition.copy_of is not None else "stored"


def _needed(article: Article, way: Way, store: Store | None) -> Sequence[Request] | None:
    """The requests that are next and have no stored answer; None where none is ever sent."""
    plan, replies = compose.Plan(article, way), dict[str, Reply]()
    verdict = step(plan, way, replies)
    if not isinstance(verdict, tuple):
        return None
    while isinstance(verdict, tuple):
        found = {each.key: store.get(each.key) if store is not None else None for each in verdict}
        there = {key: reply for key, reply in found.items() if reply and is_final(reply)}
        if len(there) < len(found):
            return [request for request in verdict if request.key not in there]
        replies |= there
        verdict = step(plan, way, replies)
    return ()
