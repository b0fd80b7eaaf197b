"""Every error that a user can cause, as one tree. Messages are whole sentences.

ReadoutError
├── UsageError         exit 2: a wrong flag, path or setting
├── ReadError          exit 1: an input that cannot be read (one article's failure, in a batch)
├── StoreError         exit 1: the response store or a recording cannot be used
│   ├── MissError      exit 1: replay mode has no reply for this request
│   └── KeepError      exit 1: a reply cannot be kept, so no other may be asked for
├── ModelError         exit 1: the embedded model is absent, damaged or did not start
├── ArchiveError       exit 1: a record or reference cannot be written or read
├── StoppedError       exit 1: a run ended early: its budget is spent, or nobody answers
├── FleetError         exit 1: Ray's cluster cannot be joined, or has lost an actor
└── BatchError         exit 1: an export's folder, or a server's batches, cannot be used
    └── GoneError      exit 1: the server no longer has a batch, or what it wrote
"""


class ReadoutError(Exception):
    """An expected error: what happened, to what, and what to do about it."""

    exit_code = 1


class UsageError(ReadoutError):
    """The command line or a setting asks for something that makes no sense."""

    exit_code = 2


class ReadError(ReadoutError):
    """An input file or an article in it cannot be read."""


class StoreError(ReadoutError):
    """The response store or a recording cannot be used."""


class MissError(StoreError):
    """Replay mode met a request whose reply was never recorded."""


class KeepError(StoreError):
    """A reply could not be kept: whatever is asked now would be paid for and lost."""


class ModelError(ReadoutError):
    """The embedded model is absent, damaged, or did not start."""


class ArchiveError(ReadoutError):
    """A record, a reference or a summary file cannot be written or read."""


class StoppedError(ReadoutError):
    """A run was ended early: its budget is spent, the key is rejected, or nobody answers."""


class FleetError(ReadoutError):
    """Ray's cluster cannot be joined, or it has lost what a run needs."""


class BatchError(ReadoutError):
    """The folder of an export cannot be used, or the server does not do what a batch needs."""


class GoneError(BatchError):
    """The server no longer has one batch, or a file of it. The others are not touched."""
