"""The trainable token classifier: a BERT encoder over characters with one linear head for each output of ``govie.model.heads``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from transformers import BertConfig, BertModel, BertPreTrainedModel

from govie.model.heads import LINK_WIDTH, OUTPUTS, widths

LOSS_WEIGHTS = {"metric": 1.0, "denied": 0.5, "kind": 0.2, "role": 1.0, "link": 1.0}


class ClaimTagger(BertPreTrainedModel):
    """Characters to the scores of :mod:`govie.model.heads`; with labels, also the loss.

    ``config.codes`` (the metric codes in label order) and ``config.govie_version`` are saved with the weights.
    """

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

    Pooled heads are means over a span's characters, ``spans`` (n, length) holding the weights and ``span_row`` (n,) the
    batch row of each. A quantity of two metrics has half of the target mass on each.
    """
    scores = dict(zip(OUTPUTS, (output.float() for output in outputs), strict=True))
    rows, weights = batch["span_row"], batch["spans"]
    pooled = {name: torch.bmm(weights[:, None], scores[name][rows])[:, 0] for name in ("metric", "kind", "query")}
    parts = {"metric": cross_entropy(pooled["metric"], batch["metric"], label_smoothing=0.05)}
    stated = batch["kind"] >= 0
    parts["kind"] = cross_entropy(pooled["kind"][stated], batch["kind"][stated]) if stated.any() else pooled["kind"].sum() * 0
    parts["denied"] = cross_entropy(scores["denied"].flatten(0, 1), batch["denied"].flatten(), ignore_index=-100)
    role = scores["role"].unflatten(-1, (-1, 3))
    parts["role"] = cross_entropy(role.flatten(0, 2), batch["role"].flatten(), ignore_index=-100)
    parts["link"] = _link_loss(pooled["query"][stated], scores["key"][rows[stated]], batch["link"][stated])
    return parts


def _link_loss(query: torch.Tensor, key: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Scores (n, roles, length) against ``target``: 1 in the role's span, 0 in other spans of the role, -100 elsewhere."""
    if not len(query):
        return query.sum()
    scores = link_scores(query, key)
    known = target >= 0
    return binary_cross_entropy_with_logits(scores[known], target[known].float()) if known.any() else scores.sum() * 0


def link_scores(query: torch.Tensor, key: torch.Tensor) -> torch.Tensor:
    """``query`` (n, roles × width) times ``key`` (n, length, roles × width): (n, roles, length)."""
    q = query.unflatten(-1, (-1, LINK_WIDTH))
    k = key.unflatten(-1, (-1, LINK_WIDTH))
    return torch.einsum("nrw,nlrw->nrl", q, k) / LINK_WIDTH**0.5
