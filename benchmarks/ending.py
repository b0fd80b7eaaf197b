"""How a benchmark ends: with its figures on stdout, or with why there are none on stderr.

Knows nothing of what is measured.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

from pipeline.errors import ReadoutError

Figures = dict[str, Any]


def printed(
    measure: Callable[[], Figures], table: Callable[[Figures], str], *, as_json: bool
) -> int:
    """Measure and print, as JSON or as a table; gives the exit code."""
    try:
        found = measure()
    except ReadoutError as error:
        print(f"Error: {error}", file=sys.stderr)
        return error.exit_code
    print(json.dumps(found, indent=1) if as_json else table(found))
    return 0
