"""Train the embedded model's LoRA on token samples, within a budget of seconds.

It does not know what the samples say or how an adapter is served. A step's samples are spread
over single-threaded workers that share the weights: on two plain cores that is a quarter faster
than two threads inside each operation, and no thread waits for another that the machine is
keeping busy.

    python -m training.train --samples train.npz --val val.npz --base weights.gguf --out DIR
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from training.model import Candidates, Llama, Lora, adapter, adopt, read_base
from training.tokens import Sample, load

WARM = 10  # steps
LEAST = 0.03  # of the learning rate, at the end of the cosine
EXTRA = 4000  # random tokens beside the samples' own among which an answer token must win


@dataclass
class Progress:
    """Where a run stands; stored with each checkpoint, so that a run can go on from it."""

    steps: int = 0
    seconds: float = 0.0
    tokens: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    loss: float | None = None  # a running mean, per answer token


def order(samples: Sequence[Sample], seen: Counter[str]) -> Iterator[Sample]:
    """Samples without end: always those seen least often, in a fresh random order each round.

    Since it goes by `seen`, a resumed run repeats nothing early, and a file of samples that was
    added meanwhile is mixed with what remains.
    """
    while True:
        least = min(seen[s.id] for s in samples)
        fresh = [s for s in samples if seen[s.id] == least]
        random.Random(f"{least} {len(fresh)}").shuffle(fresh)
        yield from fresh


def rate(progress: Progress, budget: float, peak: float) -> float:
    """The learning rate: a short linear warm-up, then a cosine over the budget's seconds."""
    share = min(progress.seconds / budget, 1.0)
    cosine = LEAST + (1 - LEAST) * 0.5 * (1 + math.cos(math.pi * share))
    return peak * cosine * min(1.0, (progress.steps + 1) / WARM)


class Trainer:
    """A model, its optimiser and the workers that compute gradients."""

    def __init__(self, model: Llama, device: torch.device, workers: int) -> None:
        self.model, self.device = model.to(device), device
        self.model.merge()
        self.parameters = list(model.parameters())
        self.optimiser = torch.optim.AdamW(
            self.parameters, betas=(0.9, 0.98), weight_decay=0.0, fused=True
        )
        self.pool = ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(1,))

    def tensor(self, sample: Sample) -> torch.Tensor:
        """The sample's tokens where the model is."""
        return torch.from_numpy(sample.tokens.astype("int64")).to(self.device)

    def candidates(self, samples: Sequence[Sample]) -> Candidates:
        """All tokens of the samples and some random ones, so that none grows unchecked."""
        flat = torch.cat([torch.from_numpy(s.tokens.astype("int64")) for s in samples])
        others = torch.randperm(len(self.model.head))[:EXTRA]
        return Candidates(self.model, torch.cat([flat, others]).unique().to(self.device))

    def step(self, batch: Sequence[Sample], among: Candidates, lr: float) -> float:
        """One update on the batch; returns its loss per answer token."""
        answers = sum(len(s.tokens) - s.prompt for s in batch)

        def gradients(sample: Sample) -> tuple[float, tuple[torch.Tensor, ...]]:
            loss = self.model.loss(self.tensor(sample), sample.prompt, among)
            return loss.item(), torch.autograd.grad(loss / answers, self.parameters)

        # The longest first, so that the workers finish at about the same time.
        longest_first = sorted(batch, key=lambda s: -len(s.tokens))
        done = list(self.pool.map(gradients, longest_first))
        for parameter, *parts in zip(self.parameters, *(g for _, g in done), strict=True):
            parameter.grad = torch.stack(parts).sum(0)
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        for group in self.optimiser.param_groups:
            group["lr"] = lr
        self.optimiser.step()
        self.model.merge()
        return sum(loss for loss, _ in done) / answers

    def evaluate(self, samples: Sequence[Sample]) -> float:
        """The loss per answer token, over the whole vocabulary, without learning."""

        def loss(sample: Sample) -> float:
            with torch.no_grad():
                return float(self.model.loss(self.tensor(sample), sample.prompt))

        answers = sum(len(s.tokens) - s.prompt for s in samples)
        return float(sum(self.pool.map(loss, samples)) / max(answers, 1))

    def save(self, progress: Progress, path: Path) -> None:
        """Write all that `resume` needs; the file is whole or absent, whenever we are killed."""
        state = {
            "adapter": {k: v.cpu().contiguous() for k, v in adapter(self.model).items()},
            "lora": asdict(self.model.lora),
            "optimiser": self.optimiser.state_dict(),
            "progress": asdict(progress) | {"seen": dict(progress.seen)},
        }
        part = path.with_suffix(".part")
        torch.save(state, part)
        part.replace(path)

    def resume(self, path: Path) -> Progress:
        """Take up the adapter, the optimiser and the position that `save` wrote."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        adopt(self.model, state["adapter"])
        self.optimiser.load_state_dict(state["optimiser"])
        stored: dict[str, Any] = state["progress"]
        return Progress(**(stored | {"seen": Counter(stored["seen"])}))


def train(trainer: Trainer, progress: Progress, samples: list[Sample], options: Any) -> None:
    """Step until the budget is spent, logging, evaluating and saving on the way."""
    among, stream = trainer.candidates(samples), order(samples, progress.seen)
    held_out = [s for s in load(options.val) if len(s.tokens) <= options.max_tokens]
    held_out = held_out[: options.val_samples]
    path, logged = options.out / "checkpoint.pt", 0.0
    evaluated = saved = before = progress.seconds
    begun, first = time.monotonic(), progress.tokens
    while progress.seconds < options.budget_seconds:
        batch = [next(stream) for _ in range(options.batch)]
        loss = trainer.step(batch, among, rate(progress, options.budget_seconds, options.lr))
        progress.loss = loss if progress.loss is None else 0.95 * progress.loss + 0.05 * loss
        progress.seen.update(s.id for s in batch)
        progress.steps += 1
        progress.tokens += sum(len(s.tokens) for s in batch)
        progress.seconds = now = before + time.monotonic() - begun
        if now - logged >= options.log_every:
            speed, logged = (progress.tokens - first) / (now - before), now
            print(
                f"step {progress.steps} samples {progress.seen.total()} loss {loss:.4f}"
                f" mean {progress.loss:.4f} tokens/s {speed:.0f} seconds {now:.0f}",
                flush=True,
            )
        if now - evaluated >= options.val_every:
            evaluated = now
            print(f"step {progress.steps} held out {trainer.evaluate(held_out):.4f}", flush=True)
        if now - saved >= options.save_every:
            saved = now
            trainer.save(progress, path)
    trainer.save(progress, path)
    print(f"done: {progress.seen.total()} samples, held out {trainer.evaluate(held_out):.4f}")


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="training.train", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--samples", type=Path, required=True, nargs="+", help="token samples (.npz), mixed"
    )
    parser.add_argument("--val", type=Path, required=True, help="held-out token samples (.npz)")
    parser.add_argument("--base", type=Path, required=True, help="the model to adapt (.gguf)")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint.pt")
    parser.add_argument("--init", type=Path, help="begin with this checkpoint's adapter")
    parser.add_argument("--resume", action="store_true", help="go on from --out's checkpoint")
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--alpha", type=float, default=64)
    parser.add_argument("--first", type=int, default=0, help="the lowest layer to adapt")
    parser.add_argument("--lr", type=float, default=8e-4)
    parser.add_argument("--batch", type=int, default=6, help="samples per step")
    parser.add_argument("--budget-seconds", type=float, required=True)
    parser.add_argument("--max-tokens", type=int, default=1536, help="skip longer samples")
    parser.add_argument("--threads", type=int, default=2, help="workers, one core each")
    parser.add_argument("--val-samples", type=int, default=12)
    parser.add_argument("--val-every", type=float, default=600, metavar="SECONDS")
    parser.add_argument("--save-every", type=float, default=240, metavar="SECONDS")
    parser.add_argument("--log-every", type=float, default=30, metavar="SECONDS")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Train from the command line."""
    options = parse(arguments)
    found = [s for path in options.samples for s in load(path)]
    samples = [s for s in found if len(s.tokens) <= options.max_tokens]
    print(f"{len(samples)} samples, {len(found) - len(samples)} too long and skipped", flush=True)
    if not samples:
        print("There is nothing to train on: no sample fits --max-tokens.", file=sys.stderr)
        return 2

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.set_num_threads(options.threads)
    torch.set_float32_matmul_precision("high")  # TF32 on a GPU; plain float32 on a CPU
    torch.manual_seed(0)
    shape, weights = read_base(options.base)
    lora = Lora(options.rank, options.alpha, options.first)
    model = Llama(shape, weights, lora, longest=options.max_tokens)
    trainer = Trainer(model, device, options.threads if device.type == "cpu" else 1)

    options.out.mkdir(parents=True, exist_ok=True)
    progress = Progress()
    if options.resume and (options.out / "checkpoint.pt").exists():
        progress = trainer.resume(options.out / "checkpoint.pt")
    elif options.init:
        adopt(model, torch.load(options.init, weights_only=True)["adapter"])
    train(trainer, progress, samples, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
