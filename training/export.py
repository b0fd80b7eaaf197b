"""A checkpoint's LoRA to a llama.cpp adapter, and the proof that both say the same.

    python -m training.export checkpoint.pt --base weights.gguf -o adapter.gguf --check val.jsonl

It does not know how the adapter was learnt. The model keeps llama.cpp's layout, so each tensor is
written as it is, in float16.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import gguf
import torch

from training.model import Llama, Lora, adopt, read_base
from training.tokens import END, Json, Server, read_corpus, to_sample

SERVED_TOKENS = 200  # enough to see a disagreement, little enough to be quick


def write(checkpoint: Json, base: Path, out: Path) -> None:
    """Write the adapter in llama.cpp's format, saying what it adapts and how it was made."""
    fields: Any = gguf.GGUFReader(base).fields
    lora, progress = Lora(**checkpoint["lora"]), checkpoint["progress"]
    name = fields["general.name"].contents() if "general.name" in fields else base.stem
    writer: Any = gguf.GGUFWriter(str(out), fields["general.architecture"].contents())
    writer.add_string("general.type", "adapter")
    writer.add_string("general.name", f"readout LoRA for {name}")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", lora.alpha)
    writer.add_uint32("readout.lora.rank", lora.rank)
    writer.add_uint32("readout.lora.first_layer", lora.first)
    writer.add_string("readout.base.name", name)
    writer.add_string("readout.base.file", base.name)
    writer.add_uint32("readout.training.samples", sum(progress["seen"].values()))
    writer.add_uint32("readout.training.steps", progress["steps"])
    for tensor, values in sorted(checkpoint["adapter"].items()):
        writer.add_tensor(tensor, values.to(torch.float16).contiguous().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@dataclass(frozen=True)
class Agreement:
    """How torch judges one served answer."""

    id: str
    tokens: int  # of the served answer
    equal: int  # of those, how many torch too finds the likeliest
    gap: float  # nats by which torch prefers its own choice, where they differ most


def compare(model: Llama, server: Server, lines: Iterable[Json]) -> Iterator[Agreement]:
    """Serve each prompt greedily, then ask torch which token it would have said at each place.

    torch is given the served tokens before each place, so that one near tie, which the server's
    8-bit activations may decide otherwise, does not make all that follows differ.
    """
    for line in lines:
        reply = server.chat(line["messages"], most=SERVED_TOKENS)["choices"][0]
        ended = END if reply["finish_reason"] == "stop" else ""
        text = reply["message"]["content"]
        sample = to_sample(server, line | {"answer": text})
        tokens = torch.from_numpy(sample.tokens.astype("int64"))
        tokens = tokens if ended else tokens[:-1]
        with torch.no_grad():
            scores = (model.hidden(tokens, sample.prompt) @ model.head.t()).log_softmax(-1)
        said = tokens[sample.prompt :]
        gaps = scores.amax(-1) - scores.gather(1, said[:, None])[:, 0]
        equal, worst = int((gaps == 0).sum()), float(gaps.max()) if len(said) else 0.0
        yield Agreement(line["id"], len(said), equal, worst)


def check(checkpoint: Json, base: Path, adapter: Path, lines: Iterable[Json]) -> bool:
    """Print how served answers agree with torch; True if 97 of 100 tokens are the same."""
    shape, weights = read_base(base)
    model = Llama(shape, weights, Lora(**checkpoint["lora"]), longest=4096)
    adopt(model, checkpoint["adapter"])
    found = list(compare(model, Server(base, adapter), lines))
    for one in found:
        print(f"{one.id}: {one.equal} of {one.tokens} tokens equal, widest gap {one.gap:.2f}")
    equal, tokens = sum(one.equal for one in found), sum(one.tokens for one in found)
    print(f"{equal} of {tokens} served tokens are torch's choice too")
    return equal >= 0.97 * tokens


def main(arguments: list[str] | None = None) -> int:
    """Export from the command line; exit code 1 if `--check` finds the two at odds."""
    parser = argparse.ArgumentParser(prog="training.export", description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--base", type=Path, required=True, help="the adapted model (.gguf)")
    parser.add_argument("-o", "--out", type=Path, required=True, help="adapter to write (.gguf)")
    parser.add_argument("--check", type=Path, help="corpus lines to serve and compare (.jsonl)")
    parser.add_argument("--check-lines", type=int, default=4)
    options = parser.parse_args(arguments)

    checkpoint = torch.load(options.checkpoint, map_location="cpu", weights_only=True)
    write(checkpoint, options.base, options.out)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB")
    if options.check is None:
        return 0
    lines = islice(read_corpus(options.check), options.check_lines)
    return 0 if check(checkpoint, options.base, options.out, lines) else 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # a server that `--check` started has no stop
