"""Starts a child process with the embedded model and ends it with us. Speaks no HTTP itself."""

import selectors
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import ModelError

CONTEXT = 8192  # tokens: what the model was made for
START_SECONDS = 60.0


class Server:
    """A running llama.cpp on a loopback port, of one thread; `contextlib.closing` ends it.

    `base_url` is the address of its OpenAI-compatible API, `name` the model id that its replies
    carry. `log` gets the child's stderr. It answers one request at a time.
    """

    def __init__(self, model: Path, log: Path, *, name: str) -> None:
        self._log = log
        arguments = [model, name, CONTEXT]
        child = Path(__file__).with_name("child.py")
        with _opened(log) as stream:
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(child), *map(str, arguments)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
                # Ctrl-C is for us: we let requests in flight finish, then close its stdin.
                start_new_session=True,
            )
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("Popen was asked for pipes and made none")
        self._in, self._out = self._process.stdin, self._process.stdout
        self.base_url = f"{self._address()}/v1"

    def _address(self) -> str:
        """Wait for the child's one line."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._out, selectors.EVENT_READ)
            ready = selector.select(START_SECONDS)
        line = self._out.readline().decode().strip() if ready else ""
        if not line.startswith("http"):
            self.close()
            raise ModelError(
                "The embedded model did not start; its log is in "
                f"{self._log}. `readout model install` checks the weights."
            )
        return line

    def close(self) -> None:
        """End the child: it leaves when its standard input closes."""
        self._in.close()
        try:
            self._process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._out.close()


def _opened(log: Path) -> BinaryIO:
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        return log.open("wb")
    except OSError as error:
        raise ModelError(
            f"The embedded model's log cannot be written to {log} ({error.strerror}); set "
            "READOUT_HOME to a folder of yours."
        ) from error
