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
    """Characters to the scores of :mod:`govie.model.heads`; ``config.codes``, the metric codes in label order, is saved with the weights."""

    config_class = BertConfig

    def __init__(self, config: BertConfig) -> None:
        super().__init__(config)
        self.bert = BertModel(config, add_pooling_layer=False)
        self.dropout = nn.Dropout(getattr(config, "head_dropout", 0.1))
        self.heads = nn.ModuleDict({name: nn.Linear(config.hidden_size, width) for name, width in widths(len(config.codes)).items()})
        self.post_init()

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None) -> tuple[torch.Tensor, ...]:
        """Ids of shape (batch, length) with [CLS] and [SEP]; one tensor (batch, length, width) for each of ``OUTPUTS``."""
        hidden = self.dropout(self.bert(input_ids, attention_mask=attention_mask).last_hidden_state)
        return tuple(self.heads[name](hidden) for name in OUTPUTS)


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
