"""Bespoke Curator over the bodies that readout sends, in an environment of its own.

    throughput_curator.py BODIES BASE_URL IN_FLIGHT

Imports nothing of readout. The settings are chosen in its favour: no ceiling on requests or tokens
a minute, no live display, no viewer, no telemetry, no price list from the net, and its files in a
folder that is gone afterwards. The schema goes along as a parameter of the request, as readout
sends it; as its own `response_format` it would be validated twice.
"""

import json
import os
import sys
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any

NO_CEILING = 10**9  # a minute


def run(bodies: list[dict[str, Any]], base_url: str, in_flight: int) -> int:
    """Ask for all of them; returns how many rows came out of it."""
    # Not in the environment in which types are checked.
    from bespokelabs import curator  # type: ignore[import-not-found]

    opening = bodies[0]["messages"][:-1]  # the same for all

    class Summaries(curator.LLM):  # type: ignore[misc]
        """One request a row, one row an answer."""

        def prompt(self, row: dict[str, str]) -> list[dict[str, str]]:
            """What readout's body says."""
            return [*opening, {"role": "user", "content": row["told"]}]

        def parse(self, row: dict[str, str], response: str) -> dict[str, Any]:  # noqa: ARG002
            """The answer, parsed."""
            meetings: dict[str, Any] = json.loads(response)
            return meetings

    model = Summaries(
        model_name=bodies[0]["model"],
        backend="openai",
        generation_params={
            name: value for name, value in bodies[0].items() if name not in ("model", "messages")
        },
        backend_params={
            "base_url": base_url,
            "api_key": "none",
            "max_concurrent_requests": in_flight,
            "max_requests_per_minute": NO_CEILING,
            "max_tokens_per_minute": NO_CEILING,
        },
    )
    return len(model([{"told": body["messages"][-1]["content"]} for body in bodies]).dataset)


def main() -> int:
    """Ask in a folder of its own. Returns 1 where answers are missing."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "HOME": folder,
            "CURATOR_CACHE_DIR": folder,
            "CURATOR_DISABLE_RICH_DISPLAY": "1",
            "TELEMETRY_ENABLED": "false",
            "LITELLM_LOCAL_MODEL_COST_MAP": "true",
            "TIKTOKEN_CACHE_DIR": str(resources.files("litellm.litellm_core_utils.tokenizers")),
            "NO_PROXY": "127.0.0.1",
        }
        bodies = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines()]
        return int(run(bodies, sys.argv[2], int(sys.argv[3])) != len(bodies))


if __name__ == "__main__":
    sys.exit(main())
