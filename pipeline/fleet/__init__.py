"""A run past one machine: Ray's actors do what `run` does in one process, to the same end.

    driver   reads, links and archives articles, keeps the ledger, shows how it goes
    keeper   one actor on the driver's machine: the store of replies, and the gate
    workers  actors on all machines: an article to its record; requests to the endpoint

A worker hands each request to the keeper. It looks into the store; where nothing is stored, and
once the gate lets the request out, it has that worker send it, and writes the reply through before
anybody uses it. So the ceilings of a run hold for all workers together, and two copies of an
article cost one request wherever they are read.

Who does what, and what is done again when a worker dies, is left to Ray: it starts the worker
anew, on another machine if need be, and repeats its articles, whose replies are stored. Ray's
actors, and not Ray Data: a data set wants all its rows beforehand, while articles are linked in the
order of reading, and a run stops between any two of them.
"""

from pipeline.fleet.driver import Fleet, Orders, at_work, fleet

__all__ = ["Fleet", "Orders", "at_work", "fleet"]
