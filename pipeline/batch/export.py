"""From articles, and what is stored about them, to the requests that are still missing.

Drives `step` as a run does, over the store in place of a server. Knows no network.
"""

from collections.abc import Iterable
from typing import NamedTuple

from pipeline import compose
from pipeline.batch.folder import Manifest
from pipeline.batch.write import Writer
from pipeline.errors import StoreError
from pipeline.intake import version
from pipeline.read import Unreadable
from pipeline.step import Verdict, is_final, step
from pipeline.store import Store
from schemas.article import Article
from schemas.exchange import Failure, Reply, Request
from schemas.way import Way


class Failed(NamedTuple):
    """An article that has no answer, and why."""

    article: str
    reason: str


class Exported(NamedTuple):
    """How many articles need what. `manifest` is None where nothing was to write."""

    answered: int  # all replies are stored
    asked: int  # have requests in the files
    copies: int  # every request they need is in the files for another article
    failed: tuple[Failed, ...]  # no request can help them
    manifest: Manifest | None


def export(
    items: Iterable[Article | Unreadable], way: Way, server: str, store: Store, writer: Writer
) -> Exported:
    """Write the requests that `items` still need, each key once.

    `server` is the origin that is to be asked. Raises BatchError where they cannot be written.
    """
    written: set[str] = set()
    answered = asked = copies = 0
    failed: list[Failed] = []
    for item in items:
        verdict = _verdict(item, way, store)
        if isinstance(verdict, Failed):
            failed.append(verdict)
        elif not verdict:
            answered += 1
        else:
            new = {each.key: each for each in verdict if each.key not in written}
            for request in new.values():
                writer.add(request, item.id)
            written.update(new)
            asked, copies = asked + bool(new), copies + (not new)
    manifest = writer.finish(way, server, version())
    return Exported(answered, asked, copies, tuple(failed), manifest)


def _verdict(item: Article | Unreadable, way: Way, store: Store) -> tuple[Request, ...] | Failed:
    """The requests that an article still needs: () where it is answered."""
    if isinstance(item, Unreadable):
        return Failed(item.id, item.reason)
    try:
        verdict = _after_all_stored(compose.Plan(item, way), way, store)
    except StoreError as error:
        return Failed(item.id, str(error))
    if isinstance(verdict, Failure):
        return Failed(item.id, verdict.reason)
    return verdict if isinstance(verdict, tuple) else ()


def _after_all_stored(plan: compose.Plan, way: Way, store: Store) -> Verdict:
    """What step says once it has been told every stored reply that counts."""
    replies: dict[str, Reply] = {}

    def counts(key: str, reply: Reply) -> bool:
        # That there is no room for a longer answer leads on, to halves: asked again, it would be
        # refused in every batch.
        return is_final(reply) or not isinstance(step(plan, way, {**replies, key: reply}), Failure)

    while isinstance(verdict := step(plan, way, replies), tuple):
        stored = {each.key: store.get(each.key) for each in verdict}
        found = {key: reply for key, reply in stored.items() if reply and counts(key, reply)}
        if not found:
            return verdict
        replies |= found
    return verdict
