"""Every error that a user can cause, as one tree. Messages are whole sentences.

ReadoutError
├── UsageError         exit 2: a wrong flag, path or setting
├── ReadError          exit 1: an input that cannot be read (one article's failure, in a batch)
├── StoreError         exit 1: the response store or a recording cannot be used
│   ├── MissError      exit 1: replay mode has no reply for this request
│   └── KeepError      exit 1: a reply cannot be kept, so no other may be asked for
├── ModelError         exit 1: the embedded model is absent, damaged or did not start
└── ArchiveError       exit 1: a record or reference cannot be written or read
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
