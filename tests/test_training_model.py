"""training: a tiny random Llama stands in for the real one, so that every test takes a moment."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
gguf = pytest.importorskip("gguf")
np = pytest.importorskip("numpy")

from training import average as averaging  # noqa: E402 - importable only where torch is
from training import export  # noqa: E402
from training.attention import attend  # noqa: E402
from training.model import Candidates, Llama, Lora, Shape, adapter, adopt  # noqa: E402
from training.tokens import Sample, load, save  # noqa: E402
from training.train import Progress, Trainer, order, rate  # noqa: E402

Tensor = Any  # torch is absent where the types are checked

SHAPE = Shape(layers=3, width=32, heads=4, kv_heads=2, rope_base=1e4, epsilon=1e-5)
VOCABULARY = 50
SIZES = {
    "attn_q": (32, 32), "attn_k": (16, 32), "attn_v": (16, 32), "attn_output": (32, 32),
    "ffn_gate": (64, 32), "ffn_up": (64, 32), "ffn_down": (32, 64),
}  # fmt: skip


def weights() -> dict[str, Tensor]:
    draw = torch.Generator().manual_seed(5)

    def random(*size: int) -> Tensor:
        return torch.randn(*size, generator=draw) * 0.3

    found = {"token_embd.weight": random(VOCABULARY, 32), "output_norm.weight": torch.ones(32)}
    for i in range(SHAPE.layers):
        found |= {f"blk.{i}.{name}.weight": random(*size) for name, size in SIZES.items()}
        found |= {f"blk.{i}.{name}.weight": torch.ones(32) for name in ("attn_norm", "ffn_norm")}
    return found


def model(first: int = 0, spread: float = 0.1) -> Llama:
    torch.manual_seed(7)
    made = Llama(SHAPE, weights(), Lora(rank=4, alpha=8, first=first), longest=300)
    with torch.no_grad():
        for name, values in made.named_parameters():
            if name.endswith(".b"):
                values.normal_(std=spread)
    made.merge()
    return made


def sample(name: str, size: int = 20, prompt: int = 12) -> Sample:
    draw = np.random.default_rng(len(name) + size)
    return Sample(name, draw.integers(0, VOCABULARY, size).astype(np.uint16), prompt)


TOKENS = torch.from_numpy(sample("any", 40).tokens.astype("int64"))


def merged(base: dict[str, Tensor], lora: dict[str, Tensor], scale: float) -> None:
    """Add the LoRA to the base the plain way, so that autograd sees every step."""
    for name in [n for n in base if f"{n}.lora_a" in lora]:
        base[name] = base[name] + scale * lora[f"{name}.lora_b"] @ lora[f"{name}.lora_a"]


def plain_loss(base: dict[str, Tensor], tokens: Tensor, prompt: int) -> Tensor:
    """A Llama written out word for word, to compare the quick one with."""
    x, (t, half) = base["token_embd.weight"][tokens], (len(tokens), SHAPE.head // 2)

    def norm(y: Tensor) -> Tensor:
        return y / (y.pow(2).mean(-1, keepdim=True) + SHAPE.epsilon).sqrt()

    def turn(y: Tensor) -> Tensor:
        speeds = SHAPE.rope_base ** (-torch.arange(half) / half)
        angle = torch.arange(t)[:, None, None] * speeds
        even, odd = y[..., 0::2], y[..., 1::2]
        turned = (even * angle.cos() - odd * angle.sin(), even * angle.sin() + odd * angle.cos())
        return torch.stack(turned, -1).flatten(-2)

    for i in range(SHAPE.layers):
        w = {name: base[f"blk.{i}.{name}.weight"] for name in SIZES}
        y = norm(x)
        q, k = (turn((y @ w[n].T).view(t, -1, SHAPE.head)) for n in ("attn_q", "attn_k"))
        v = (y @ w["attn_v"].T).view(t, -1, SHAPE.head)
        k, v = (z.repeat_interleave(SHAPE.heads // SHAPE.kv_heads, 1) for z in (k, v))
        scores = torch.einsum("qhd,khd->hqk", q, k) / SHAPE.head**0.5
        scores = scores.masked_fill(torch.ones(t, t).triu(1).bool(), -torch.inf).softmax(-1)
        x = x + torch.einsum("hqk,khd->qhd", scores, v).flatten(1) @ w["attn_output"].T
        y = norm(x)
        gate, up = y @ w["ffn_gate"].T, y @ w["ffn_up"].T
        x = x + (gate * gate.sigmoid() * up) @ w["ffn_down"].T
    logits = (norm(x) @ base["token_embd.weight"].T).log_softmax(-1)
    return -logits[prompt - 1 : -1].gather(1, tokens[prompt:, None]).sum()


def test_loss_and_gradients_equal_those_of_a_llama_written_out_plainly() -> None:
    quick = model()
    lora = {name: values.clone().requires_grad_() for name, values in adapter(quick).items()}
    base = weights()
    merged(base, lora, quick.lora.scale)
    expected = plain_loss(base, TOKENS, 12)
    expected.backward()
    loss = quick.loss(TOKENS, 12)
    loss.backward()
    torch.testing.assert_close(loss, expected, rtol=1e-4, atol=1e-4)
    for block, i in zip(quick.blocks, range(SHAPE.layers), strict=True):
        for linear, names in (
            (block.qkv, ["attn_q", "attn_k", "attn_v"]),
            (block.down, ["ffn_down"]),
        ):
            for part, suffix in ((linear.a, "lora_a"), (linear.b, "lora_b")):
                wanted = torch.cat([lora[f"blk.{i}.{n}.weight.{suffix}"].grad for n in names])
                torch.testing.assert_close(part.grad, wanted, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("tokens", [1, 95, 96, 200])
def test_blockwise_attention_equals_torchs_own(tokens: int) -> None:
    inputs = [torch.randn(tokens, heads, 8, requires_grad=True) for heads in (4, 2, 2)]
    with torch.no_grad():
        expected = attend(*inputs)
    torch.testing.assert_close(attend(*inputs), expected, rtol=1e-4, atol=1e-5)


def test_all_tokens_as_candidates_give_the_full_loss() -> None:
    quick = model()
    everything = Candidates(quick, torch.arange(VOCABULARY))
    torch.testing.assert_close(quick.loss(TOKENS, 12, everything), quick.loss(TOKENS, 12))


def test_layers_below_the_first_adapted_one_carry_no_lora() -> None:
    upper = model(first=2)
    assert {name.split(".")[1] for name in adapter(upper)} == {"2"}
    upper.loss(TOKENS, 12).backward()
    assert all(p.grad is not None for p in upper.parameters())


def test_an_adopted_adapter_makes_two_models_equal() -> None:
    one, other = model(), model(spread=0.0)
    assert one.loss(TOKENS, 12) != other.loss(TOKENS, 12)
    adopt(other, adapter(one))
    assert one.loss(TOKENS, 12) == other.loss(TOKENS, 12)


def test_samples_survive_their_file(tmp_path: Path) -> None:
    kept = [sample("a", 20), sample("b", 31, 4)]
    save(kept, tmp_path / "samples.npz")
    for before, after in zip(kept, load(tmp_path / "samples.npz"), strict=True):
        assert (before.id, before.prompt) == (after.id, after.prompt)
        assert before.tokens.tolist() == after.tokens.tolist()


def test_no_sample_returns_before_all_were_seen_and_late_ones_are_caught_up() -> None:
    old = [sample(f"old{i}") for i in range(5)]
    seen: Counter[str] = Counter({s.id: 1 for s in old[:3]})
    late = [sample("late0"), sample("late1")]
    round_one = {s.id for s in islice(order(old + late, seen), 4)}
    assert round_one == {"old3", "old4", "late0", "late1"}


def test_the_rate_warms_up_then_falls_to_a_small_share() -> None:
    assert rate(Progress(steps=0), 100, 1.0) == pytest.approx(0.1)
    assert rate(Progress(steps=50), 100, 1.0) == pytest.approx(1.0)
    assert rate(Progress(steps=50, seconds=100), 100, 1.0) == pytest.approx(0.03)


def test_steps_lower_the_loss_and_a_resumed_run_takes_the_very_same_next_step(
    tmp_path: Path,
) -> None:
    batch = [sample("a"), sample("bb", 24), sample("ccc", 30)]
    trainer = Trainer(model(spread=0.0), torch.device("cpu"), workers=2)
    among = trainer.candidates(batch)
    losses = [trainer.step(batch, among, 1e-2) for _ in range(8)]
    assert losses[-1] < 0.9 * losses[0]

    trainer.save(Progress(steps=8, seen=Counter(a=8)), tmp_path / "checkpoint.pt")
    second = Trainer(model(spread=0.0), torch.device("cpu"), workers=1)
    assert second.resume(tmp_path / "checkpoint.pt") == Progress(steps=8, seen=Counter(a=8))
    for each in (trainer, second):
        each.step(batch, among, 1e-2)
    assert trainer.evaluate(batch) == pytest.approx(second.evaluate(batch), rel=1e-5)


def test_an_exported_adapter_holds_each_tensor_and_what_it_adapts(tmp_path: Path) -> None:
    base = gguf.GGUFWriter(str(tmp_path / "base.gguf"), "llama")
    base.add_string("general.name", "Tiny")
    base.write_header_to_file()
    base.write_kv_data_to_file()
    base.close()
    quick = model()
    trainer = Trainer(quick, torch.device("cpu"), workers=1)
    trainer.save(Progress(steps=3), tmp_path / "checkpoint.pt")
    checkpoint = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    export.write(checkpoint, tmp_path / "base.gguf", tmp_path / "adapter.gguf")

    written = gguf.GGUFReader(tmp_path / "adapter.gguf")
    fields = {name: field.contents() for name, field in written.fields.items()}
    assert fields["adapter.type"] == "lora"
    assert fields["general.type"] == "adapter"
    assert fields["adapter.lora.alpha"] == 8.0
    assert fields["readout.base.name"] == "Tiny"
    tensors = {t.name: np.array(t.data, np.float32) for t in written.tensors}
    assert tensors.keys() == adapter(quick).keys()
    for name, values in adapter(quick).items():
        np.testing.assert_allclose(tensors[name], values.numpy(), rtol=1e-3, atol=1e-4)


def test_the_mean_of_two_adapters_lies_between_them(tmp_path: Path) -> None:
    first, second = model(spread=0.1), model(spread=0.4)
    paths = [tmp_path / "first.pt", tmp_path / "second.pt"]
    for made, path in zip((first, second), paths, strict=True):
        Trainer(made, torch.device("cpu"), 1).save(Progress(), path)
    mean = tmp_path / "mean.pt"
    assert averaging.main([*map(str, paths), "-o", str(mean)]) == 0
    averaged = model()
    adopt(averaged, torch.load(mean, weights_only=True)["adapter"])
    halves = {name: (a + adapter(second)[name]) / 2 for name, a in adapter(first).items()}
    for name, values in adapter(averaged).items():
        torch.testing.assert_close(values, halves[name])


def test_adapters_of_different_ranks_have_no_mean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [tmp_path / "first.pt", tmp_path / "second.pt"]
    for first, path in enumerate(paths):
        Trainer(model(first=first), torch.device("cpu"), 1).save(Progress(), path)
    assert averaging.main([*map(str, paths), "-o", str(tmp_path / "mean.pt")]) == 2
    assert "no mean" in capsys.readouterr().err
