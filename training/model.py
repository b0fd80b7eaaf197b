"""The embedded model in torch: a frozen Llama read from its GGUF, with a LoRA to be learnt.

It keeps llama.cpp's own layout (q and k rows paired 2i, 2i+1 for the rotary embedding), so an
adapter learnt here is exported row for row. It does not know what the tokens say, where samples
come from, or how an optimiser steps.

Built to be quick on a few plain CPU cores, where every trick below was measured:

- One sample at a time, unpadded: causal attention needs no mask and no flop is spent on padding.
- The LoRA is merged into the weights once a step (`merge`), so that a sample's forward pass and
  its gradient through a layer cost one product each; only the LoRA's own gradients come on top.
- q, k, v share one product, and so do gate and up.
- Logits are computed where an answer token is due, and only for the tokens that can plausibly
  be meant (`candidates`): 49,152 rows of logits would cost as much as eight layers.
- The lowest layers may stay without a LoRA (`first`), which ends the backward pass early.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import torch
from gguf.quants import dequantize
from torch import Tensor, nn
from torch.nn import functional

from training.attention import attend

Weights = dict[str, Tensor]

# The linear layers of a block in llama.cpp's names; those in one group share their input.
GROUPS = {
    "qkv": ("attn_q", "attn_k", "attn_v"),
    "out": ("attn_output",),
    "gate_up": ("ffn_gate", "ffn_up"),
    "down": ("ffn_down",),
}


@dataclass(frozen=True)
class Shape:
    """What of a Llama's metadata its arithmetic needs."""

    layers: int
    width: int
    heads: int
    kv_heads: int
    rope_base: float
    epsilon: float

    @property
    def head(self) -> int:
        """Elements of one attention head."""
        return self.width // self.heads


@dataclass(frozen=True)
class Lora:
    """What is learnt: rank, alpha (the update is scaled by alpha / rank), first adapted layer."""

    rank: int
    alpha: float
    first: int = 0

    @property
    def scale(self) -> float:
        """The factor that llama.cpp applies to lora_b · lora_a at adapter scale 1."""
        return self.alpha / self.rank


def read_base(path: Path) -> tuple[Shape, Weights]:
    """Read a Llama GGUF: its shape, and its weights by llama.cpp's names, dequantised to float32.

    Raises ValueError for another architecture, whose arithmetic this module does not know.
    """
    reader: Any = gguf.GGUFReader(path)

    def value(key: str) -> Any:
        return reader.fields[key].contents()

    if (architecture := value("general.architecture")) != "llama":
        raise ValueError(f"{path} holds a {architecture} model; only llama can be trained here.")
    shape = Shape(
        layers=value("llama.block_count"),
        width=value("llama.embedding_length"),
        heads=value("llama.attention.head_count"),
        kv_heads=value("llama.attention.head_count_kv"),
        rope_base=value("llama.rope.freq_base"),
        epsilon=value("llama.attention.layer_norm_rms_epsilon"),
    )
    weights = {
        t.name: torch.from_numpy(dequantize(t.data, t.tensor_type).copy()) for t in reader.tensors
    }
    return shape, weights


class _Product(torch.autograd.Function):
    """x · Wᵀ with W = frozen + scale · B·A merged beforehand; gradients for x, A and B only.

    By hand because autograd, which sees the merged W as the parameter, would build W's full
    gradient: as costly as the whole backward pass through the layer.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, a: Tensor, b: Tensor, of: Linear) -> Tensor:
        ctx.save_for_backward(x, a, b)
        ctx.of = of
        return x @ of.merged.t()

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, Tensor, Tensor, None]:
        (dy,) = grads
        x, a, b = ctx.saved_tensors
        of: Linear = ctx.of
        dx = dy @ of.merged if ctx.needs_input_grad[0] else None
        low = x @ a.t()
        dlow, db = torch.empty_like(low), torch.empty_like(b)
        for rows, ranks in of.parts:
            torch.mm(dy[:, rows], b[rows], out=dlow[:, ranks])
            torch.mm(dy[:, rows].t(), low[:, ranks], out=db[rows])
        return dx, (dlow.t() @ x).mul_(of.scale), db.mul_(of.scale), None


class Linear(nn.Module):
    """Linear layers that share an input, fused by rows, each with a LoRA of its own (or none).

    `a` is (parts · rank, in): the parts' lora_a below one another. `b` is (all rows, rank): a
    row's lora_b. `merged` is what the forward pass uses; it follows `a` and `b` on `merge`.
    """

    def __init__(self, weights: list[Tensor], lora: Lora | None) -> None:
        super().__init__()
        frozen = torch.cat(weights)
        self.register_buffer("merged", frozen, persistent=False)
        self.merged: Tensor
        self.adapted = lora is not None
        if lora is None:
            return
        self.scale = lora.scale
        self.frozen = frozen.clone()
        width, ranks = frozen.shape[1], lora.rank * len(weights)
        self.a = nn.Parameter(torch.randn(ranks, width) / math.sqrt(width))
        self.b = nn.Parameter(torch.zeros(frozen.shape[0], lora.rank))
        self.parts: list[tuple[slice, slice]] = []
        row = 0
        for part, weight in enumerate(weights):
            rows = slice(row, row := row + weight.shape[0])
            self.parts.append((rows, slice(part * lora.rank, (part + 1) * lora.rank)))

    def merge(self) -> None:
        """Bring `merged` up to the present `a` and `b`."""
        if not self.adapted:
            return
        self.frozen = self.frozen.to(self.merged.device)
        b, a = self.b.detach(), self.a.detach()
        for rows, ranks in self.parts:
            update = {"alpha": self.scale, "out": self.merged[rows]}
            torch.addmm(self.frozen[rows], b[rows], a[ranks], **update)

    def forward(self, x: Tensor) -> Tensor:
        """(tokens, in) → (tokens, all rows)."""
        if self.adapted and torch.is_grad_enabled():
            return _Product.apply(x, self.a, self.b, self)
        return x @ self.merged.t()


class Block(nn.Module):
    """One layer: attention, then the gated feed-forward, each after an RMS norm."""

    def __init__(self, shape: Shape, weights: Weights, index: int, lora: Lora | None) -> None:
        super().__init__()
        self.shape = shape

        def of(name: str) -> Tensor:
            return weights[f"blk.{index}.{name}.weight"]

        self.register_buffer("norm1", of("attn_norm"), persistent=False)
        self.register_buffer("norm2", of("ffn_norm"), persistent=False)
        for group, names in GROUPS.items():
            setattr(self, group, Linear([of(name) for name in names], lora))

    def forward(self, x: Tensor, turn: Tensor, rows: Tensor | None) -> Tensor:
        """(tokens, width) → the same, or only its `rows` where nothing later needs the others."""
        s, tokens = self.shape, x.shape[0]
        y = self.qkv(functional.rms_norm(x, (s.width,), self.norm1, s.epsilon))
        qk, v = y.split([(s.heads + s.kv_heads) * s.head, s.kv_heads * s.head], dim=-1)
        pairs = torch.view_as_complex(qk.reshape(tokens, s.heads + s.kv_heads, s.head // 2, 2))
        qk = torch.view_as_real(pairs * turn).view(tokens, s.heads + s.kv_heads, s.head)
        q, k = qk.split([s.heads, s.kv_heads], dim=1)
        seen = attend(q, k, v.view(tokens, s.kv_heads, s.head)).reshape(tokens, s.width)
        if rows is not None:
            x, seen = x[rows], seen[rows]
        x = x + self.out(seen)
        gate, up = self.gate_up(functional.rms_norm(x, (s.width,), self.norm2, s.epsilon)).chunk(
            2, dim=-1
        )
        return x + self.down(functional.silu(gate) * up)


class Llama(nn.Module):
    """The base with its LoRA.

    Only the LoRA's `a` and `b` are parameters; call `merge` after each change to them.
    """

    def __init__(self, shape: Shape, weights: Weights, lora: Lora, longest: int) -> None:
        super().__init__()
        self.shape, self.lora = shape, lora
        blocks = (
            Block(shape, weights, i, lora if i >= lora.first else None) for i in range(shape.layers)
        )
        self.blocks = nn.ModuleList(blocks)
        embedding = weights["token_embd.weight"]
        self.register_buffer("embedding", embedding, persistent=False)
        self.register_buffer("head", weights.get("output.weight", embedding), persistent=False)
        self.register_buffer("norm", weights["output_norm.weight"], persistent=False)
        speeds = shape.rope_base ** (-torch.arange(0, shape.head, 2) / shape.head)
        angles = torch.outer(torch.arange(longest), speeds)
        self.register_buffer("turns", torch.polar(torch.ones_like(angles), angles)[:, None])

    def merge(self) -> None:
        """Bring the merged weights up to the present LoRA."""
        for module in self.modules():
            if isinstance(module, Linear):
                module.merge()

    def hidden(self, tokens: Tensor, prompt: int) -> Tensor:
        """(tokens,) → (answer tokens, width): the states from which the answer is predicted."""
        rows = torch.arange(prompt - 1, len(tokens) - 1, device=tokens.device)
        x, last = functional.embedding(tokens, self.embedding), len(self.blocks) - 1
        for i, block in enumerate(self.blocks):
            with torch.set_grad_enabled(torch.is_grad_enabled() and i >= self.lora.first):
                x = block(x, self.turns[: len(tokens)], rows if i == last else None)
        return functional.rms_norm(x, (self.shape.width,), self.norm, self.shape.epsilon)

    def loss(self, tokens: Tensor, prompt: int, candidates: Candidates | None = None) -> Tensor:
        """The answer's summed negative log likelihood, over `candidates` or the vocabulary."""
        states, target = self.hidden(tokens, prompt), tokens[prompt:]
        head = self.head if candidates is None else candidates.head
        target = target if candidates is None else candidates.index[target]
        return functional.cross_entropy(states @ head.t(), target, reduction="sum")


class Candidates:
    """The part of the vocabulary among which answers are learnt: rows of the output matrix."""

    def __init__(self, model: Llama, tokens: Tensor) -> None:
        """`tokens`: distinct ids that hold every answer token of the samples to come."""
        self.head = model.head[tokens]
        self.index = torch.full((len(model.head),), -1, device=tokens.device)
        self.index[tokens] = torch.arange(len(tokens), device=tokens.device)


def adapter(model: Llama) -> Weights:
    """The LoRA by llama.cpp's names: `….lora_a` (rank, in) and `….lora_b` (out, rank)."""
    found: Weights = {}
    for i, block in enumerate(model.blocks):
        for group, names in GROUPS.items():
            linear: Linear = getattr(block, group)
            if not linear.adapted:
                continue
            for name, (rows, ranks) in zip(names, linear.parts, strict=True):
                found[f"blk.{i}.{name}.weight.lora_a"] = linear.a.detach()[ranks]
                found[f"blk.{i}.{name}.weight.lora_b"] = linear.b.detach()[rows]
    return found


def adopt(model: Llama, weights: Weights) -> None:
    """Copy a LoRA, named as `adapter` names it, into the model; raises KeyError if one lacks."""
    for name, mine in adapter(model).items():
        mine.copy_(weights[name])
    model.merge()
