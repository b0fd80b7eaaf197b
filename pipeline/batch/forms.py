"""What a server says about files and batches: the fields of OpenAI's API that we read.

Other servers leave some of them out, and all add their own. Knows no HTTP.
"""

from schemas.base import Open

# After these nothing more comes. Each of them can have answers that were paid for.
TERMINAL = frozenset({"completed", "failed", "expired", "cancelled"})


class Counts(Open):
    """Requests of a batch by how they ended."""

    completed: int = 0
    failed: int = 0
    total: int = 0


class Complaint(Open):
    """One reason why a batch as a whole was refused; `line` is one of the request file."""

    message: str | None = None
    line: int | None = None


class Complaints(Open):
    """All of them."""

    data: tuple[Complaint, ...] | None = None


class Batch(Open):
    """A batch as the server describes it now."""

    id: str
    status: str
    output_file_id: str | None = None
    error_file_id: str | None = None
    request_counts: Counts | None = None
    errors: Complaints | None = None


class Listed(Open):
    """An entry in a list of files, or of batches."""

    id: str
    filename: str | None = None  # of a file
    input_file_id: str | None = None  # of a batch


class Page(Open):
    """A part of such a list."""

    data: tuple[Listed, ...]
    has_more: bool | None = None
