"""Two simulated machines with Ray, of one core each, in processes of their own.

`python tests/nodes.py` starts them, prints where they are, and ends when standard input does.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path


class Nodes:
    """The two; `close` them. `session` is the folder into which Ray writes, logs and all."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            env={**os.environ, "RAY_USAGE_STATS_ENABLED": "0"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout
        said = json.loads(self._process.stdout.readline())
        self.address, self.session = said["address"], Path(said["session"])

    def kill(self, actor: str) -> int:
        """SIGKILL to one of the actors of this kind that run there; returns its process id."""
        parents = {int(file.name): _parent(file) for file in Path("/proc").glob("[0-9]*")}
        for process, raylet in parents.items():
            ours = parents.get(raylet) == self._process.pid
            if ours and _command(process).startswith(f"ray::{actor}".encode()):
                os.kill(process, signal.SIGKILL)
                return process
        raise AssertionError(f"no {actor} runs on these nodes")

    def close(self) -> None:
        """End both machines."""
        self._process.communicate()


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it has ended
        return 0


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def main() -> None:
    """Serve until standard input ends."""
    from ray.cluster_utils import Cluster

    head = {"num_cpus": 1, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    cluster.add_node(num_cpus=1)
    session = cluster.head_node.get_session_dir_path()
    print(json.dumps({"address": cluster.address, "session": session}), flush=True)  # noqa: T201
    sys.stdin.read()
    cluster.shutdown()


if __name__ == "__main__":
    main()
