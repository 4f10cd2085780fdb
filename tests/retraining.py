"""What tests of retraining share: the example of court reports, and an encoder small enough to train in a second."""

from pathlib import Path

import torch
from transformers import BertConfig

from govie.metrics import metrics, read_metrics
from govie.model.vocabulary import Vocabulary
from training.network import ClaimTagger

ROOT = Path(__file__).resolve().parent.parent
COURT = ROOT / "corpora" / "examples" / "court"
SHIPPED = ROOT / "models" / "shipped"
COURT_CODES = sorted(set(read_metrics(COURT / "metrics.tsv")))


def save_tiny(folder: Path) -> Path:
    """Write a random encoder of one layer with the shipped vocabulary and codes to ``folder``."""
    vocabulary = Vocabulary.load(SHIPPED / "vocabulary.txt")
    torch.manual_seed(0)
    config = BertConfig(vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    config.codes = list(metrics())
    ClaimTagger(config).save_pretrained(folder)
    vocabulary.save(folder / "vocabulary.txt")
    return folder
