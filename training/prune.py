"""Take from a trained tagger the attention heads and feed-forward neurons that it can best do without.

    python -m training.prune models/checkpoint --heads 0.5 --neurons 0.5 --output runs/pruned

What a head or a neuron is worth is how much the loss on annotated passages would change without it, to the first order (Michel, Levy and
Neubig 2019, "Are Sixteen Heads Really Better than One?"; Molchanov et al. 2017): the product of its outgoing weights and their gradients. Those
worth least go, whatever their layer. What is left has to be taught again: :mod:`training.distill`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import set_seed

from govie.metrics import metrics
from govie.model.vocabulary import Vocabulary
from training.console import run
from training.dataset import Collator, examples
from training.network import LOSS_WEIGHTS, ClaimTagger, loss
from training.sources import read_data
from training.start import load_start

Row = NDArray[np.float32] | NDArray[np.int64]
ROOT = Path(__file__).resolve().parent.parent
BATCH = 8
HEADS, NEURONS = 1, 32  # a layer keeps a multiple: neurons in blocks that a processor's registers take whole


def worth(model: ClaimTagger, batches: Iterable[dict[str, torch.Tensor]]) -> tuple[list[Row], list[Row]]:
    """What each head and each neuron of every layer is worth on batches of :class:`training.dataset.Collator`, in units of the training loss."""
    layers = model.bert.encoder.layer
    size = layers[0].attention.self.attention_head_size
    heads = [torch.zeros(layer.attention.self.num_attention_heads) for layer in layers]
    neurons = [torch.zeros(layer.intermediate.dense.out_features) for layer in layers]
    model.eval()
    for batch in batches:
        parts = loss(model(batch["input_ids"], batch["attention_mask"]), batch)
        model.zero_grad()
        torch.stack([LOSS_WEIGHTS[name] * part for name, part in parts.items()]).sum().backward()
        for n, layer in enumerate(layers):
            out, down = layer.attention.output.dense.weight, layer.output.dense.weight
            heads[n] += (out.detach() * out.grad).sum(0).unflatten(0, (-1, size)).sum(1).abs()
            neurons[n] += (down.detach() * down.grad).sum(0).abs()
    return [row.numpy() for row in heads], [row.numpy() for row in neurons]


def drawn(vocabulary: Vocabulary, codes: Sequence[str], *, batches: int, seed: int) -> Iterator[dict[str, torch.Tensor]]:
    """Batches of ``BATCH`` passages of the corpus, as a training run draws them."""
    passages = read_data([ROOT / "corpora"], metrics())
    rows = examples(passages)
    np.random.default_rng(seed).shuffle(rows)
    collate = Collator(vocabulary, codes, augment=passages, seed=seed)
    return (collate(rows[n * BATCH : (n + 1) * BATCH]) for n in range(batches))


def chosen(rows: Sequence[Row], *, keep: float, block: int) -> list[Row]:
    """The units that stay in each layer: the best ``keep`` of all layers' together, in every layer a multiple of ``block`` and one block at least.

    >>> [row.tolist() for row in chosen([np.array([3.0, 9.0]), np.array([7.0, 1.0])], keep=0.5, block=1)]
    [[1], [0]]
    """
    limit = np.sort(np.concatenate(rows))[round((1 - keep) * sum(map(len, rows)))]
    counts = [max(block, round(int((row >= limit).sum()) / block) * block) for row in rows]
    return [np.sort(np.argsort(-row)[:count]) for row, count in zip(rows, counts, strict=True)]


def pruned(model: ClaimTagger, heads: Sequence[Row], neurons: Sequence[Row]) -> ClaimTagger:
    """A tagger with the chosen heads and neurons of each layer, and the weights they have."""
    state = dict(model.state_dict())
    size = model.bert.encoder.layer[0].attention.self.attention_head_size
    for n, (own, down) in enumerate(zip(heads, neurons, strict=True)):
        layer, rows = f"bert.encoder.layer.{n}", (own[:, None] * size + np.arange(size)).ravel()
        for part in ("query", "key", "value"):
            for value in ("weight", "bias"):
                state[f"{layer}.attention.self.{part}.{value}"] = state[f"{layer}.attention.self.{part}.{value}"][rows]
        state[f"{layer}.attention.output.dense.weight"] = state[f"{layer}.attention.output.dense.weight"][:, rows]
        for value in ("weight", "bias"):
            state[f"{layer}.intermediate.dense.{value}"] = state[f"{layer}.intermediate.dense.{value}"][down]
        state[f"{layer}.output.dense.weight"] = state[f"{layer}.output.dense.weight"][:, down]
    model.config.heads_kept, model.config.neurons_kept = [len(row) for row in heads], [len(row) for row in neurons]
    small = ClaimTagger(model.config)
    small.load_state_dict(state)
    return small


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="a checkpoint or a training run")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--heads", type=float, default=0.5, help="share of the attention heads to keep (default: 0.5)")
    parser.add_argument("--neurons", type=float, default=0.5, help="share of the feed-forward neurons to keep (default: 0.5)")
    parser.add_argument("--batches", type=int, default=150, help="of passages, to find what a unit is worth (default: 150)")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    set_seed(args.seed)
    codes = list(metrics())
    model, vocabulary = load_start(str(args.source), codes)
    heads, neurons = worth(model, drawn(vocabulary, codes, batches=args.batches, seed=args.seed))
    small = pruned(model, chosen(heads, keep=args.heads, block=HEADS), chosen(neurons, keep=args.neurons, block=NEURONS))
    small.save_pretrained(args.output)
    vocabulary.save(args.output / "vocabulary.txt")
    print("heads", *small.config.heads_kept, "neurons", *small.config.neurons_kept)


if __name__ == "__main__":
    run(main)
