"""Causal attention with gradients, quick on a few CPU cores.

It knows nothing of models. torch's own CPU kernel spends a quarter of a training step here, most
of it in its backward pass; plain products over blocks of queries, each seeing only the keys
before its end, take three quarters of that time. The price is memory: the attention weights
are kept for the backward pass (about 2 · heads · tokens² bytes a layer).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

BLOCK = 96  # queries at a time; 64 to 192 differ little


def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Causal attention, shaped like `q`.

    `q` is (tokens, heads, size); `k` and `v` are (tokens, fewer heads, size), and each of their
    heads serves heads / fewer consecutive query heads.
    """
    if torch.is_grad_enabled() and q.device.type == "cpu":
        tokens, few, size = k.shape
        grouped = q.reshape(tokens, few, -1, size).transpose(0, 1).contiguous()
        seen = _Causal.apply(
            grouped, k.transpose(0, 1).contiguous(), v.transpose(0, 1).contiguous()
        )
        return seen.transpose(0, 1).reshape(q.shape)
    heads_first = [x.transpose(0, 1)[None] for x in (q, k, v)]
    seen = functional.scaled_dot_product_attention(*heads_first, is_causal=True, enable_gqa=True)
    return seen[0].transpose(0, 1)


def _blocks(tokens: int) -> list[tuple[int, int]]:
    return [(a, min(a + BLOCK, tokens)) for a in range(0, tokens, BLOCK)]


class _Causal(torch.autograd.Function):
    """Queries (few, tokens, group, size); keys and values (few, tokens, size)."""

    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        few, tokens, group, size = q.shape
        future = torch.ones(BLOCK, BLOCK, dtype=torch.bool).triu(1)[:, None]
        seen, ctx.weights = torch.empty_like(q), []
        for a, b in _blocks(tokens):
            n = b - a
            rows = q[:, a:b].reshape(few, n * group, size) * size**-0.5
            scores = rows @ k[:, :b].transpose(1, 2)
            scores.view(few, n, group, b)[..., a:].masked_fill_(future[:n, :, :n], -torch.inf)
            weights = scores.softmax(-1)
            seen[:, a:b] = (weights @ v[:, :b]).view(few, n, group, size)
            ctx.weights.append(weights)
        ctx.save_for_backward(q, k, v)
        return seen

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        (dseen,) = grads
        q, k, v = ctx.saved_tensors
        few, tokens, group, size = q.shape
        dq, dk, dv = torch.empty_like(q), torch.zeros_like(k), torch.zeros_like(v)
        scale = size**-0.5
        for weights, (a, b) in zip(ctx.weights, _blocks(tokens), strict=True):
            n = (b - a) * group
            drows = dseen[:, a:b].reshape(few, n, size)
            dv[:, :b].baddbmm_(weights.transpose(1, 2), drows)
            dweights = drows @ v[:, :b].transpose(1, 2)
            # softmax's own gradient, which torch offers only under this name
            dscores = torch._softmax_backward_data(dweights, weights, -1, q.dtype)  # noqa: SLF001
            dq[:, a:b] = (dscores @ k[:, :b]).mul_(scale).view(few, b - a, group, size)
            rows = q[:, a:b].reshape(few, n, size)
            dk[:, :b].baddbmm_(dscores.transpose(1, 2), rows, alpha=scale)
        return dq, dk, dv
