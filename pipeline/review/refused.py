"""What a reviewer asks for and does not get, with a sentence that says why and what to do.

Knows no HTTP: `server` says which status each code is answered with.
"""

from collections.abc import Mapping
from typing import Any

from pipeline.errors import ReadoutError


class RefusedError(ReadoutError):
    """Nothing was saved. `code` is for programs, `facts` is JSON about it."""

    def __init__(self, code: str, message: str, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.facts = dict(facts or {})
