"""The trainable token classifier: a BERT encoder over characters with one linear head for each output of ``govie.model.heads``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy
from transformers import BertConfig, BertModel, BertPreTrainedModel

from govie.model.heads import OUTPUTS, widths

LOSS_WEIGHTS = {"metric": 1.0, "denied": 4.0, "kind": 0.2, "role": 8.0}  # denied and role are means over mostly empty characters


class ClaimTagger(BertPreTrainedModel):
    """Characters to the scores of :mod:`govie.model.heads`.

    ``config.codes``, the metric codes in label order, is saved with the weights; so are ``config.heads_kept`` and ``config.neurons_kept``, how many
    attention heads and feed-forward neurons each layer has, where :mod:`training.prune` has taken some away.
    """

    config_class = BertConfig

    def __init__(self, config: BertConfig) -> None:
        super().__init__(config)
        self.bert = BertModel(config, add_pooling_layer=False)
        if getattr(config, "heads_kept", None):
            for layer, heads, neurons in zip(self.bert.encoder.layer, config.heads_kept, config.neurons_kept, strict=True):
                narrow(layer, heads, neurons)
        self.dropout = nn.Dropout(getattr(config, "head_dropout", 0.1))
        self.heads = nn.ModuleDict({name: nn.Linear(config.hidden_size, width) for name, width in widths(len(config.codes)).items()})
        self.post_init()

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None) -> tuple[torch.Tensor, ...]:
        """Ids of shape (batch, length) with [CLS] and [SEP]; one tensor (batch, length, width) for each of ``OUTPUTS``."""
        return self.outputs(self.bert(input_ids, attention_mask=attention_mask).last_hidden_state)

    def outputs(self, hidden: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """What the heads say of the encoder's last layer, shape (batch, length, hidden)."""
        hidden = self.dropout(hidden)
        return tuple(self.heads[name](hidden) for name in OUTPUTS)


def narrow(layer: nn.Module, heads: int, neurons: int) -> None:
    """Give an encoder layer so many attention heads of the size they have, and so many feed-forward neurons; the weights are new."""
    attention, hidden = layer.attention.self, layer.output.dense.out_features
    width = heads * attention.attention_head_size
    for name in ("query", "key", "value"):
        setattr(attention, name, nn.Linear(hidden, width))
    attention.num_attention_heads, attention.all_head_size = heads, width
    layer.attention.output.dense = nn.Linear(width, hidden)
    layer.intermediate.dense, layer.output.dense = nn.Linear(hidden, neurons), nn.Linear(neurons, hidden)


def loss(outputs: Sequence[torch.Tensor], batch: dict[str, Any]) -> dict[str, torch.Tensor]:
    """Every part of the loss of one batch as :class:`training.dataset.Collator` makes it.

    Pooled heads are means over a span's characters: ``spans`` (batch, n, length) holds the weights, all 0 where a text has
    fewer spans than its neighbours. A quantity of two metrics has half of the target mass on each.
    """
    scores = dict(zip(OUTPUTS, (output.float() for output in outputs), strict=True))
    pooled = {name: torch.bmm(batch["spans"], scores[name]) for name in ("metric", "kind")}
    real, stated = batch["spans"].any(-1), batch["kind"] >= 0
    role = scores["role"].unflatten(-1, (-1, 3))
    return {
        "metric": _mean(cross_entropy(pooled["metric"][real], batch["metric"][real], label_smoothing=0.05, reduction="none")),
        "kind": _mean(cross_entropy(pooled["kind"][stated], batch["kind"][stated], reduction="none")),
        "denied": cross_entropy(scores["denied"].flatten(0, 1), batch["denied"].flatten(), ignore_index=-100),
        "role": cross_entropy(role.flatten(0, 2), batch["role"].flatten(), ignore_index=-100),
    }


def _mean(losses: torch.Tensor) -> torch.Tensor:
    """The mean, and 0 with a gradient where a batch holds nothing of a kind."""
    return losses.sum() / max(1, losses.numel())
