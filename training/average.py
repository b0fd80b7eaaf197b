"""The mean of checkpoints' adapters, to go on from or to serve.

Adapters trained from one another, each on other articles, err in different places; their mean
errs less than most of them ("model soups", Wortsman et al. 2022). It does not know how they were
trained. The factors are averaged one by one, which is near the mean of their products only where
the adapters have a common ancestor.

    python -m training.average one.pt other.pt -o mean.pt
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

Checkpoint = dict[str, Any]


def average(checkpoints: Sequence[Checkpoint]) -> Checkpoint:
    """What `training.train --init` and `training.export` read. Raises ValueError for other shapes.

    Its progress is the first one's: a mean has seen nothing by itself.
    """
    first = checkpoints[0]
    if any(each["lora"] != first["lora"] for each in checkpoints):
        raise ValueError("Adapters of different ranks, scales or layers have no mean.")
    mean = {
        name: torch.stack([each["adapter"][name] for each in checkpoints]).mean(0)
        for name in first["adapter"]
    }
    return {"adapter": mean, "lora": first["lora"], "progress": first["progress"]}


def main(arguments: list[str] | None = None) -> int:
    """Average from the command line."""
    parser = argparse.ArgumentParser(prog="training.average", description=__doc__.split("\n")[0])
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("-o", "--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    read = [torch.load(path, map_location="cpu", weights_only=True) for path in options.checkpoints]
    try:
        mean = average(read)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    torch.save(mean, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
