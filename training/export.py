"""Export a trained tagger to the folder that ``govie.load`` takes: ONNX with int8 weights, linker, config and vocabulary.

    python -m training.export runs/model --output models/shipped --checkpoint models/checkpoint

``--checkpoint`` also keeps the trainable weights, in half precision, so that retraining can start from them. The linker is that
of the run's folder where :mod:`training.linker` has put one there, else the shipped one.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import onnx
import torch

from govie.model.digests import seal
from govie.model.tagger import FORMAT
from training.console import run
from training.graph import build
from training.network import ClaimTagger

SHIPPED = Path(__file__).resolve().parent.parent / "models" / "shipped"


def export(source: Path, target: Path, *, quantize: bool = True) -> None:
    """Write ``model.onnx``, ``config.json``, ``vocabulary.txt`` and ``linker.npz`` to ``target``, with their digests."""
    model = ClaimTagger.from_pretrained(source, dtype=torch.float32).eval()
    target.mkdir(parents=True, exist_ok=True)
    weights = {name: value.numpy() for name, value in model.state_dict().items()}
    onnx.save(build(weights, model.config, quantize=quantize), str(target / "model.onnx"))
    config = {"format": FORMAT, "codes": list(model.config.codes)}
    (target / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    shutil.copy(source / "vocabulary.txt", target / "vocabulary.txt")
    _copy_metrics(source, target)
    linker = source / "linker.npz"
    if not (target / "linker.npz").exists() or linker.exists():
        shutil.copy(linker if linker.exists() else SHIPPED / "linker.npz", target / "linker.npz")
    seal(target)


def _copy_metrics(source: Path, target: Path) -> None:
    """Own codes go along; a run on the shipped ones has no file."""
    if (source / "metrics.tsv").exists():
        shutil.copy(source / "metrics.tsv", target / "metrics.tsv")


def keep_checkpoint(source: Path, target: Path) -> None:
    """Write the trainable model to ``target`` as float16 safetensors with its config and vocabulary."""
    model = ClaimTagger.from_pretrained(source, dtype=torch.float32)
    model.half().save_pretrained(target)
    shutil.copy(source / "vocabulary.txt", target / "vocabulary.txt")
    _copy_metrics(source, target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, help="keep the trainable weights here too")
    parser.add_argument("--fp32", action="store_true", help="leave the weights as they are, to measure what int8 costs")
    args = parser.parse_args()
    export(args.source, args.output, quantize=not args.fp32)
    if args.checkpoint:
        keep_checkpoint(args.source, args.checkpoint)
    size = (args.output / "model.onnx").stat().st_size
    print(f"{args.output / 'model.onnx'}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    run(main)
