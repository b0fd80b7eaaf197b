"""pipeline.embedded.merge: weights and adapter in one file, the same arithmetic in both."""

from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest

from pipeline.embedded import weights
from pipeline.embedded.merge import merge
from pipeline.errors import ModelError

RANDOM = np.random.default_rng(1)
MATRIX = RANDOM.normal(size=(64, 32)).astype(np.float32)
OTHER = RANDOM.normal(size=(32, 32)).astype(np.float32)
NORM = RANDOM.normal(size=32).astype(np.float32)
DOWN = RANDOM.normal(size=(4, 32)).astype(np.float32)
UP = RANDOM.normal(size=(64, 4)).astype(np.float32)


def written(file: Path, tensors: dict[str, Any], **fields: float) -> Path:
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_array("tokenizer.ggml.tokens", ["a", "b"])
    for name, value in fields.items():
        writer.add_float32(name.replace("__", "."), value)
    for name, tensor in tensors.items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    base = {"blk.0.q.weight": MATRIX, "blk.0.k.weight": OTHER, "blk.0.norm.weight": NORM}
    lora = {"blk.0.q.weight.lora_a": DOWN, "blk.0.q.weight.lora_b": UP}
    return (
        written(tmp_path / "base.gguf", base),
        written(tmp_path / "lora.gguf", lora, adapter__lora__alpha=8.0),
    )


def test_a_matrix_has_its_low_rank_update_and_all_else_stays(files, tmp_path):
    base, lora = files
    merge(base, lora, tmp_path / "one.gguf")
    one = gguf.GGUFReader(tmp_path / "one.gguf")
    found = {t.name: gguf.dequantize(t.data, t.tensor_type) for t in one.tensors}
    # Eight bits in blocks of 32: off by at most half a step of the block's largest value / 127.
    want = MATRIX + 8.0 / 4 * UP @ DOWN
    assert np.abs(found["blk.0.q.weight"] - want).max() <= np.abs(want).max() / 127
    assert np.abs(found["blk.0.k.weight"] - OTHER).max() <= np.abs(OTHER).max() / 127
    assert (found["blk.0.norm.weight"] == NORM).all()
    assert one.fields["tokenizer.ggml.tokens"].contents() == ["a", "b"]


def test_what_is_served_is_made_once_and_replaces_an_older_adapters(files, tmp_path, monkeypatch):
    base, lora = files
    models = tmp_path / "models"
    models.mkdir()
    base.rename(weights.path(models))
    old = models / "smollm2-135m-instruct-q8_0+0123456789ab.gguf"
    old.touch()
    monkeypatch.setattr(weights, "adapter", lambda: lora)
    said: list[str] = []
    first = weights.served(models, said.append)
    made = first.stat().st_mtime_ns
    assert weights.served(models, said.append) == first
    assert first.stat().st_mtime_ns == made
    assert len(said) == 1
    assert set(models.iterdir()) == {weights.path(models), first}


def test_no_room_for_what_is_served_is_a_sentence(files, tmp_path, monkeypatch):
    base, lora = files
    base.rename(weights.path(tmp_path))
    monkeypatch.setattr(weights, "adapter", lambda: lora)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(weights, "merge", full)
    with pytest.raises(ModelError, match=r"No space left on device.*READOUT_HOME"):
        weights.served(tmp_path)
