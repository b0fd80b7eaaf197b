"""What has become of the batches of an export, and what they wrote, brought into its folder.

Knows states and files; judges no answer.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from pipeline.batch import journal
from pipeline.batch.folder import Export, RequestFile, whole
from pipeline.batch.forms import TERMINAL, Batch, Counts
from pipeline.batch.journal import Sent
from pipeline.errors import GoneError

if TYPE_CHECKING:
    from pipeline.batch.api import Api  # it brings openai, which takes a second

NOT_SUBMITTED, INTERRUPTED, GONE = "not submitted", "interrupted", "gone"


class State(NamedTuple):
    """How far one request file has come."""

    file: str
    batch: str | None
    state: str  # the server's word, or one of the three above
    completed: int
    failed: int
    total: int
    errors: tuple[str, ...] = ()  # why nothing came of it

    @property
    def over(self) -> bool:
        """Whether nothing more can come of it."""
        return self.state in TERMINAL or self.state == GONE


def states(export: Export, api: "Api") -> Iterator[State]:
    """How far each request file has come. Raises BatchError where the server does not say."""
    return _states(export, lambda _, batch: api.batch(batch))


def fetch(export: Export, api: "Api", say: Callable[[str], None]) -> Iterator[State]:
    """The same, with all that finished batches wrote brought into the folder, errors too.

    A file that is there already is whole, and is not fetched again.
    """

    def fetched(file: RequestFile, name: str) -> Batch:
        batch = api.batch(name)
        if batch.status in TERMINAL:
            for kind, written in (
                ("output", batch.output_file_id),
                ("errors", batch.error_file_id),
            ):
                path = export.folder / file.result(kind)
                if written and not path.exists():
                    with whole(path) as stream:
                        api.download(written, stream)
                    say(f"Fetched {path.name}.")
        return batch

    return _states(export, fetched)


def _states(export: Export, look: Callable[[RequestFile, str], Batch]) -> Iterator[State]:
    """What `look` finds for each file that has a batch; what the server lost stops no other."""
    journaled = journal.sent(export.folder)
    for file in export.manifest.files:
        sent = journaled.get(file.name, Sent())
        if sent.batch is None:
            state = NOT_SUBMITTED if sent.uploaded is None else INTERRUPTED
            yield State(file.name, None, state, 0, 0, file.requests)
            continue
        try:
            yield _state(file, look(file, sent.batch))
        except GoneError as error:
            yield State(file.name, sent.batch, GONE, 0, 0, file.requests, (str(error),))


def _state(file: RequestFile, batch: Batch) -> State:
    counts = batch.request_counts or Counts()
    complaints = (batch.errors.data if batch.errors else None) or ()
    return State(
        file=file.name,
        batch=batch.id,
        state=batch.status,
        completed=counts.completed,
        failed=counts.failed,
        total=counts.total or file.requests,  # a server counts once it has looked at the file
        errors=tuple(
            f"line {each.line}: {each.message}" if each.line is not None else str(each.message)
            for each in complaints
        ),
    )
