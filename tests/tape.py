"""The terminal of a run that a server slows down with 429s, as a person sees it.

`python -m tests.tape FILE` writes it as text: what a pane of 100 columns and 30 rows shows every
few seconds, from the command to the sum. Needs tmux.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.faults import Fault, FaultServer, Faulty

COLUMNS, ROWS = 100, 30
PROMPT = "$ "
QUOTA, WINDOW = 150, 10.0  # good answers in so many seconds; more gets a 429
COMMANDS = ("readout run wire.jsonl -o summaries --concurrency 24", "readout status summaries")


class Strict(FaultServer):
    """Answers so many requests in every window of time, and tells the others to wait for one."""

    def __init__(self) -> None:
        self._answered: Counter[int] = Counter()
        super().__init__(Faulty(delay=0.3, retry_after=f"{WINDOW:.0f}"))

    def _fault(self, key: str) -> Fault | None:  # noqa: ARG002 - whichever it is
        window = int(time.monotonic() // WINDOW)
        self._answered[window] += 1
        return Fault.BUSY if self._answered[window] > QUOTA else None


class Pane:
    """A shell in a terminal of its own, a tmux that nobody else uses; `close` it."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self._tmux = ["tmux", "-S", str(folder / "tmux"), "-f", "/dev/null"]
        size = ["-x", str(COLUMNS), "-y", str(ROWS)]
        named = [f"{name}={value}" for name, value in settings.items()]
        shell = ["env", *named, "bash", "--norc", "--noprofile"]
        self._do("new-session", "-d", *size, "-c", str(folder), *shell)

    def type(self, command: str) -> None:
        """Type a command, and press return."""
        self._do("send-keys", command, "Enter")

    def seen(self) -> str:
        """What the pane shows."""
        return self._do("capture-pane", "-p").rstrip()

    def close(self) -> None:
        """End the shell, and all that it started."""
        self._do("kill-server")

    def _do(self, *what: str) -> str:
        done = subprocess.run([*self._tmux, *what], capture_output=True, text=True, check=True)
        return done.stdout


def frames(pane: Pane, command: str, every: float) -> Iterator[str]:
    """What the pane shows from when the command is typed until the shell is back."""
    while pane.seen().splitlines()[-1:] != [PROMPT.strip()]:
        time.sleep(0.1)
    pane.type(command)
    began, shown = time.monotonic(), ""
    while not shown.endswith(f"\n{PROMPT.strip()}"):
        time.sleep(every)
        shown = pane.seen()
        yield f"--- {time.monotonic() - began:.0f} s\n{shown}\n"


def main() -> None:
    """Record."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--every", type=float, default=4.0, help="seconds between two frames")
    given = parser.parse_args()
    server = Strict()
    with closing(server), tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        lines = [{"id": f"a{n}", "text": f"Day {n} of talks."} for n in range(given.articles)]
        (folder / "wire.jsonl").write_text("\n".join(map(json.dumps, lines)))
        settings = {
            "PS1": PROMPT,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "OPENAI_BASE_URL": server.base_url,
            "READOUT_MODEL": "hand",
            "READOUT_CACHE": "cache",
            "READOUT_HOME": "cache",
        }
        with closing(Pane(folder, settings)) as pane, given.file.open("w") as tape:
            for command in COMMANDS:
                for frame in frames(pane, command, given.every):
                    tape.write(frame)


if __name__ == "__main__":
    main()
