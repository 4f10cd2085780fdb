"""Export a trained tagger to the folder that ``govie.load`` takes: ONNX with int8 weights, linker, config and vocabulary.

    python -m training.export runs/model --output models/shipped --checkpoint models/checkpoint

``--checkpoint`` also keeps the trainable weights, in half precision, so that retraining can start from them. The linker is that
of the run's folder where :mod:`training.linker` has put one there, else the shipped one.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer

from govie.model.digests import seal
from govie.model.heads import OUTPUTS
from govie.model.tagger import FORMAT
from training.console import run
from training.network import ClaimTagger

SHIPPED = Path(__file__).resolve().parent.parent / "models" / "shipped"


class _Plain(torch.nn.Module):
    """The tagger as a function of ids alone: one window a call, so that no mask is needed."""

    def __init__(self, model: ClaimTagger) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return self.model(input_ids)


def export(source: Path, target: Path, *, quantize: bool = True) -> None:
    """Write ``model.onnx``, ``config.json``, ``vocabulary.txt`` and ``linker.npz`` to ``target``, with their digests."""
    model = ClaimTagger.from_pretrained(source, attn_implementation="eager", dtype=torch.float32).eval()
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "model.onnx"
        torch.onnx.export(
            _Plain(model), (torch.full((1, 40), 9),), str(plain), input_names=["input_ids"], output_names=list(OUTPUTS),
            dynamic_axes={"input_ids": {1: "length"}, **{name: {1: "length"} for name in OUTPUTS}}, opset_version=17, dynamo=False,
        )  # fmt: skip
        if quantize:
            _quantize(plain, target / "model.onnx")
        else:
            shutil.copy(plain, target / "model.onnx")
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


def _quantize(source: Path, target: Path) -> None:
    """Weights and activations to int8: the feed-forward layers and heads with a scale for every 128 values, the rest with one a window.

    A few hidden units of the feed-forward layers are far larger than the rest; one scale a window for all of them costs 1.5 points of
    agreement with the float model, blocks bring them back at two thirds of the speed. Attention does not need it (``models/README.md``).
    """
    model = onnx.load(source)
    matmuls = [node.name for node in model.graph.node if node.op_type == "MatMul"]
    config = DefaultWeightOnlyQuantConfig(block_size=128, is_symmetric=True, accuracy_level=4, bits=8)
    quantizer = MatMulNBitsQuantizer(model, algo_config=config, nodes_to_exclude=[name for name in matmuls if "/attention/" in name])
    quantizer.process()
    quantizer.model.save_model_to_file(str(target))
    quantize_dynamic(target, target, weight_type=QuantType.QInt8, per_channel=True)


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
