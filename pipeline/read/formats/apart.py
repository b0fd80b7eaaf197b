"""Take a document apart in a process of its own, which a hostile one may crash or keep busy.

The process starts with the first document and serves all that follow; that costs a second once,
and nobody pays it who reads plain text. Does not know what the documents are.
"""

import json
import subprocess
import sys
from types import TracebackType
from typing import Any, Self

from pipeline.errors import ReadError
from pipeline.read.formats.found import Fields
from pipeline.read.limits import MOST_SECONDS


class Apart:
    """The process, from the first document until `close`."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        self.close()

    def __call__(self, kind: str, data: bytes) -> list[Fields]:
        """The articles in a document; raises ReadError with the rest of a sentence."""
        outcome, value = self._asked(kind, data)
        if outcome == "refused":
            raise ReadError(value)
        return list(value)

    def _asked(self, kind: str, data: bytes) -> tuple[str, Any]:
        process = self._process = self._process or _started()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("Popen was asked for pipes and made none")
        try:
            process.stdin.write(f"{kind} {len(data)}\n".encode() + data)
            process.stdin.flush()
        except BrokenPipeError:
            pass  # it died; what it says below is nothing
        outcome, _, size = process.stdout.readline().decode().partition(" ")
        answer = process.stdout.read(int(size)) if size else b""
        if not size or len(answer) < int(size):
            self.close()
            raise ReadError(
                f"takes more than {MOST_SECONDS} seconds of computing or crashes what reads it; "
                "save its text"
            )
        return outcome, json.loads(answer)

    def close(self) -> None:
        """End the process."""
        if self._process is None:
            return
        self._process.kill()
        self._process.communicate()
        self._process = None


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        # -P: a folder called pipeline where somebody works is not ours.
        [sys.executable, "-P", "-m", "pipeline.read.formats.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # parsers' warnings
        start_new_session=True,  # Ctrl-C is for us: what is in hand is finished first
    )
