"""Has the files of an export answered: uploads each and makes its batch, once.

Every call stands in the journal before and after it is made. Where an earlier submit died between
the two, the server is asked what it has. Knows what to repeat; knows no HTTP.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.batch import journal
from pipeline.batch.folder import Export, RequestFile
from pipeline.batch.journal import Call, Journal, Sent
from pipeline.errors import BatchError

if TYPE_CHECKING:
    from pipeline.batch.api import Api  # it brings openai, which takes a second


def submit(export: Export, api: "Api", say: Callable[[str], None]) -> int:
    """Submit what has no batch yet; how many batches were made. `say` hears of each step.

    Raises BatchError where the server refuses or the folder cannot be written; what is made by
    then is written down.
    """
    made = 0
    with journal.opened(export.folder) as notes:
        desk = _Desk(export, notes, api, say)
        for file in export.manifest.files:
            before = notes.sent(file.name)
            if before.batch is None:
                uploaded = before.uploaded or desk.upload(file, before)
                desk.create(file, before, uploaded)
                made += 1
    return made


class _Desk(NamedTuple):
    """What both calls about a file need."""

    export: Export
    notes: Journal
    api: "Api"
    say: Callable[[str], None]

    def upload(self, file: RequestFile, before: Sent) -> str:
        """The server's id of the file, uploaded now unless an earlier submit managed to."""
        _check(self.export.folder / file.name, file.sha256)
        name = f"readout-{file.sha256[:16]}.jsonl"  # by it an upload is found again
        uploaded = None
        if before.last is Call.UPLOADING:
            uploaded = self.api.uploaded(name)
            found = "the server has it" if uploaded else "the server lacks it, so it is sent now"
            self.say(f"An earlier submit ended while {file.name} was being uploaded; {found}.")
        if uploaded is None:
            self.notes.note(file.name, Call.UPLOADING)
            uploaded = self.api.upload(self.export.folder / file.name, name)
        self.notes.note(file.name, Call.UPLOADED, uploaded)
        return uploaded

    def create(self, file: RequestFile, before: Sent, uploaded: str) -> None:
        """Make the batch of an uploaded file, unless an earlier submit managed to."""
        batch = None
        if before.last is Call.UPLOADED:
            self.say(f"An earlier submit ended when {file.name} was uploaded; its batch is next.")
        if before.last is Call.CREATING:
            batch = self.api.created(uploaded)
            found = "the server has it" if batch else "the server has none, so it is made now"
            self.say(f"An earlier submit ended while {file.name} got its batch; {found}.")
        if batch is None:
            self.notes.note(file.name, Call.CREATING)
            batch = self.api.create(uploaded, {"made_by": "readout", "file": file.name})
        self.notes.note(file.name, Call.CREATED, batch)
        self.say(f"{file.name}: batch {batch}, requests: {file.requests:,}.")


def _check(path: Path, sha256: str) -> None:
    """Raises BatchError where a file is not what was exported: its answers could not be filed."""
    try:
        with path.open("rb") as stream:
            same = hashlib.file_digest(stream, "sha256").hexdigest() == sha256
    except OSError as error:
        raise BatchError(
            f"{path} cannot be read ({error.strerror}); export again to another folder."
        ) from error
    if not same:
        raise BatchError(
            f"{path} has changed since it was exported, so it was not submitted; export again to "
            "another folder."
        )
