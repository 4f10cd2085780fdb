"""The tagger as an ONNX graph of the operators that ONNX Runtime runs fastest on a processor, with int8 weights or in float.

Weights have a scale for each output, activations one for each matrix that is multiplied, found anew for each window (one window a run, so
that no neighbour moves it). [CLS] and [SEP] serve as attention sinks: in the feed-forward layers a few of their values are ten times
larger than any character's, and one scale for all would take the characters' resolution. So these two rows stand in front of the others
from the first layer on and go through the feed-forward layers by themselves (``models/README.md`` has what that gives).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from transformers import PretrainedConfig

from govie.model.heads import OUTPUTS

Weights = Mapping[str, NDArray[np.float32]]
_CONTRIB = "com.microsoft"
_OPSET, _IR = 17, 8
_END = np.iinfo(np.int64).max
_SPECIALS = 2


class _Builder:
    """Nodes in order, and the constants that they name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def integers(self, *values: int) -> str:
        return self.constant("i" + "_".join(map(str, values)), np.array(values, dtype=np.int64))

    def add(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """The one output of a new node."""
        return self.add_many(kind, *inputs, outputs=1, domain=domain, **attributes)[0]

    def add_many(self, kind: str, *inputs: str, outputs: int, domain: str = "", **attributes: Any) -> list[str]:
        name = f"{kind}_{len(self.nodes)}"
        found = [f"{name}_{n}" for n in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), found, name=name, domain=domain, **attributes))
        return found

    def rows(self, tensor: str, start: int, end: int = _END) -> str:
        """A stretch of the characters."""
        return self.add("Slice", tensor, self.integers(start), self.integers(end), self.integers(1))


class _Encoder(_Builder):
    """The parts of a BERT encoder.

    Args:
        weights: as ``ClaimTagger`` names them, float32.
        quantize: whether matrices are multiplied in int8.
    """

    def __init__(self, weights: Weights, config: PretrainedConfig, *, quantize: bool) -> None:
        super().__init__()
        self.weights, self.config, self.quantize = weights, config, quantize

    def embed(self) -> str:
        names = [f"bert.embeddings.{name}_embeddings.weight" for name in ("word", "position", "token_type")]
        words, positions, types = (self.weights[name] for name in names)
        table = self.constant("words", words.astype(np.float16) if self.quantize else words)
        word = self.add("Cast", self.add("Gather", table, "input_ids"), to=TensorProto.FLOAT)
        length = self.add("Shape", "input_ids", start=1, end=2)
        place = self.add("Slice", self.constant("positions", positions + types[0]), self.integers(0), length, self.integers(0))
        return self.normalize(self.add("Add", word, place), "bert.embeddings.LayerNorm")

    def normalize(self, x: str, name: str) -> str:
        weight, bias = (self.constant(f"{name}.{part}", self.weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.add("LayerNormalization", x, weight, bias, axis=-1, epsilon=float(self.config.layer_norm_eps))

    def integral(self, x: str) -> Sequence[str]:
        """Activations ready to be multiplied: in int8 with scale and zero point, or as they are."""
        return self.add_many("DynamicQuantizeLinear", x, outputs=3) if self.quantize else [x]

    def linear(self, x: Sequence[str], name: str) -> str:
        """A dense layer on what :meth:`integral` gave."""
        weight, bias = self.weights[f"{name}.weight"].T, self.constant(f"{name}.bias", self.weights[f"{name}.bias"])
        if not self.quantize:
            return self.add("Add", self.add("MatMul", x[0], self.constant(f"{name}.weight", weight)), bias)
        values, scales = quantized(weight)
        matrix, scale = self.constant(f"{name}.weight", values), self.constant(f"{name}.scale", scales)
        zero = self.constant("zero", np.array(0, dtype=np.int8))
        return self.add("MatMulIntegerToFloat", x[0], matrix, x[1], scale, x[2], zero, bias, domain=_CONTRIB)

    def attend(self, x: str, name: str) -> str:
        shared = self.integral(x)
        heads = len(self.weights[f"{name}.self.query.bias"]) * self.config.num_attention_heads // self.config.hidden_size
        parts = [self.linear(shared, f"{name}.self.{part}") for part in ("query", "key", "value")]
        found = self.add("MultiHeadAttention", *parts, domain=_CONTRIB, num_heads=heads)
        return self.normalize(self.add("Add", self.linear(self.integral(found), f"{name}.output.dense"), x), f"{name}.output.LayerNorm")

    def feed_forward(self, x: str, name: str) -> str:
        sides = []
        for part in (self.rows(x, 0, _SPECIALS), self.rows(x, _SPECIALS)):
            hidden = self.add("Gelu", self.linear(self.integral(part), f"{name}.intermediate.dense"), domain=_CONTRIB)
            sides.append(self.linear(self.integral(hidden), f"{name}.output.dense"))
        return self.normalize(self.add("Add", self.add("Concat", *sides, axis=1), x), f"{name}.output.LayerNorm")

    def heads(self, x: str) -> Sequence[int]:
        """All heads as one layer, in float: they are narrow. Gives their widths."""
        weight = np.concatenate([self.weights[f"heads.{name}.weight"] for name in OUTPUTS]).T
        bias = np.concatenate([self.weights[f"heads.{name}.bias"] for name in OUTPUTS])
        every = self.add("Add", self.add("MatMul", x, self.constant("heads.weight", weight)), self.constant("heads.bias", bias))
        widths = [len(self.weights[f"heads.{name}.bias"]) for name in OUTPUTS]
        self.nodes.append(helper.make_node("Split", [every, self.integers(*widths)], list(OUTPUTS), name="heads", axis=-1))
        return widths


def build(weights: Weights, config: PretrainedConfig, *, quantize: bool = True) -> onnx.ModelProto:
    """The graph of a trained tagger: ids of one window with [CLS] and [SEP] in, the outputs of ``govie.model.heads`` out.

    Raises:
        ValueError: where the encoder is not of BERT's plain form.
    """
    if config.hidden_act != "gelu":
        raise ValueError(f"the encoder's activation is {config.hidden_act}; the export knows gelu")
    encoder = _Encoder(weights, config, quantize=quantize)
    x = encoder.embed()
    x = encoder.add("Concat", encoder.rows(x, 0, 1), encoder.rows(x, -1), encoder.rows(x, 1, -1), axis=1)  # order is nothing to attention
    for n in range(config.num_hidden_layers):
        layer = f"bert.encoder.layer.{n}"
        x = encoder.feed_forward(encoder.attend(x, f"{layer}.attention"), layer)
    x = encoder.add("Concat", encoder.rows(x, 0, 1), encoder.rows(x, _SPECIALS), encoder.rows(x, 1, _SPECIALS), axis=1)
    widths = encoder.heads(x)
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "length"])
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "length", width]) for name, width in zip(OUTPUTS, widths, strict=True)]
    graph = helper.make_graph(encoder.nodes, "tagger", [ids], outputs, list(encoder.constants.values()))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_CONTRIB, 1)], ir_version=_IR)


def quantized(weight: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A matrix in int8 with a scale for each of its columns.

    >>> values, scales = quantized(np.array([[1.0, 0.0], [-0.5, 0.0]], dtype=np.float32))
    >>> values.tolist(), [round(float(scale * 127), 6) for scale in scales]
    ([[127, 0], [-64, 0]], [1.0, 127.0])
    """
    largest = np.abs(weight).max(0)
    scales = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    return np.clip(np.round(weight / scales), -127, 127).astype(np.int8), scales
