"""What a training run starts from: a model of govie, whose head grows rows for new codes, or any BERT encoder made to read characters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModel, AutoTokenizer, BertConfig

from govie.errors import ModelError
from govie.model.heads import NO_METRIC
from govie.model.vocabulary import SPECIALS, Vocabulary
from training.backbone import characters
from training.network import ClaimTagger

_MARGIN = 8  # positions that [CLS], [SEP] and rounding may take
DROPOUT = 0.1  # of the encoder's hidden states and before the heads; without it a few epochs learn the corpus by heart


def load_start(backbone: str, codes: Sequence[str]) -> tuple[ClaimTagger, Vocabulary]:
    """The trainable model with an output for each code, and its vocabulary.

    Args:
        backbone: a folder with govie's ``vocabulary.txt`` (a checkpoint, an earlier run, :mod:`training.pretrain`), or the name or folder of
            a BERT encoder as Hugging Face's ``AutoModel`` takes it.
        codes: the metric codes in label order.

    Raises:
        ModelError: where there is no such model, or one that cannot read characters.
    """
    if (Path(backbone) / "vocabulary.txt").is_file():
        vocabulary = Vocabulary.load(Path(backbone) / "vocabulary.txt")
        return _own(Path(backbone), codes), vocabulary
    return _foreign(backbone, codes)


def _settings(config: BertConfig, codes: Sequence[str]) -> BertConfig:
    config.hidden_dropout_prob, config.attention_probs_dropout_prob = DROPOUT, 0.0  # that of attention costs a CPU too much
    config.codes, config.head_dropout = list(codes), DROPOUT
    return config


def _own(folder: Path, codes: Sequence[str]) -> ClaimTagger:
    try:
        config = AutoConfig.from_pretrained(folder)
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder} holds no trainable model: {error}; name a checkpoint or the folder of a training run") from error
    before = list(getattr(config, "codes", codes))
    model = ClaimTagger.from_pretrained(folder, config=_settings(config, before), attn_implementation="eager", dtype=torch.float32)
    if before != list(codes):
        model.heads["metric"] = _grown(model.heads["metric"], before, codes)
        model.config.codes = list(codes)
    return model


def _grown(head: torch.nn.Linear, before: Sequence[str], codes: Sequence[str]) -> torch.nn.Linear:
    """The metric head with the rows of other codes: known ones keep theirs, a new one begins as the mean of its family, else of all."""
    rows = {code: n for n, code in enumerate(before, NO_METRIC + 1)}
    grown = torch.nn.Linear(head.in_features, len(codes) + 1)
    with torch.no_grad():
        for new, code in enumerate((None, *codes)):
            family = [row for other, row in rows.items() if code and other.split(".")[0] == code.split(".")[0]]
            chosen = [NO_METRIC] if code is None else [rows[code]] if code in rows else family or list(rows.values())
            grown.weight[new] = head.weight[chosen].mean(0)
            grown.bias[new] = head.bias[chosen].mean()
    return grown


def _foreign(name: str, codes: Sequence[str]) -> tuple[ClaimTagger, Vocabulary]:
    try:
        config = AutoConfig.from_pretrained(name)
    except (OSError, ValueError) as error:
        raise ModelError(f"{name}: no model there: {str(error).splitlines()[0]} Name a folder, or a model that a hub in reach has") from error
    if config.model_type != "bert":
        raise ModelError(
            f"{name} is of type {config.model_type}; encoders of type bert can be made to read characters (bert, roberta-wwm, macbert …)"
        )
    pieces = AutoTokenizer.from_pretrained(name).get_vocab()
    vocabulary = Vocabulary(characters(list(pieces)))
    known = sum("\u4e00" <= character <= "\u9fff" for character in vocabulary.characters)
    if known < 1000:
        raise ModelError(f"{name} has {known} Chinese characters in its vocabulary; one that splits text into characters has thousands")
    if config.max_position_embeddings < 512 - _MARGIN:
        raise ModelError(f"{name} reads {config.max_position_embeddings} positions at most; 512 are wanted")
    encoder = AutoModel.from_pretrained(name, dtype=torch.float32)
    unknown = pieces.get("[UNK]", 0)
    ids = [pieces.get(piece, pieces.get("▁" + piece, unknown)) for piece in (*SPECIALS, *vocabulary.characters)]
    config = _settings(config, codes)
    config.vocab_size, config.pad_token_id = len(vocabulary), 0
    config._attn_implementation = "eager"
    model = ClaimTagger(config)
    state = encoder.state_dict()
    state["embeddings.word_embeddings.weight"] = state["embeddings.word_embeddings.weight"][ids].clone()
    missing, _ = model.bert.load_state_dict({key: value for key, value in state.items() if not key.startswith("pooler.")}, strict=False)
    if [key for key in missing if not key.endswith("position_ids")]:
        raise ModelError(f"{name} does not fit a BERT encoder: {', '.join(missing[:3])} are missing")
    return model, vocabulary
