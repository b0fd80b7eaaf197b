"""Who answers the requests of a run: an endpoint that this process asks, or a fleet's workers."""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager

from pipeline.endpoint import Endpoint
from pipeline.fleet import Fleet, Orders, at_work
from pipeline.gate import Gate
from pipeline.run import Answers, Elsewhere
from pipeline.store import Store


@asynccontextmanager
async def answering(
    store: Store | Fleet, orders: Orders, gate: Gate, say: Callable[[str], None]
) -> AsyncIterator[Answers | Elsewhere]:
    """What `run` takes, as long as it is needed."""
    if isinstance(store, Fleet):
        async with at_work(store, orders, gate, say) as crew:
            yield crew
        return
    async with aclosing(Endpoint(orders.target, orders.settings, say, gate)) as endpoint:
        yield Answers(store, orders.mode, endpoint.ask, orders.again)
