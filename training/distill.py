"""Teach a smaller tagger what a larger one knows, on annotated passages and on plain text that holds numbers.

    python -m training.distill runs/pruned --teacher models/checkpoint --text ../shared/corpus --output runs/small --steps 2000

The small one has the teacher's layers, thinner (:mod:`training.prune`), so it is taught what every layer gives (Sun et al. 2019, "Patient
Knowledge Distillation") besides how sure the teacher is of each label (Hinton et al. 2015). No annotation is looked at: what is right, the teacher
has learnt from :mod:`training.train`, and a few epochs of that afterwards do the rest.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from torch.nn.functional import kl_div, log_softmax, mse_loss
from transformers import Trainer, TrainingArguments, set_seed

from govie.formats.passages import Passage
from govie.metrics import metrics
from govie.model.heads import BEGIN, INSIDE, OUTPUTS, OUTSIDE
from govie.numbers import find_quantities
from training.console import run
from training.dataset import Collator, examples
from training.network import LOSS_WEIGHTS, ClaimTagger
from training.pretrain import blocks, paragraphs
from training.sources import read_data
from training.start import load_start

ROOT = Path(__file__).resolve().parent.parent
HIDDEN_WEIGHT = 2.0  # of what the layers give, beside the labels
LABELS = len((OUTSIDE, BEGIN, INSIDE))
BLOCK = 360  # characters of a stretch of plain text
LEAST_QUANTITIES = 3  # in a stretch, for it to be worth reading
_LAW = re.compile(r"第[一二三四五六七八九十百零]+[条章节]")  # laws number their articles and state little


def stretches(folder: Path, *, most: int, seed: int) -> Iterator[Passage]:
    """Stretches of plain text with several quantities each, as passages without a claim.

    Args:
        folder: holds ``*.txt`` or ``*.txt.xz``, a paragraph a line.
        most: how many at most.
    """
    texts = [text for text in blocks([line for line in paragraphs(folder) if not _LAW.match(line)], BLOCK) if re.search("[0-9]{2}", text)]
    np.random.default_rng(seed).shuffle(texts)
    found = 0
    for text in texts:
        if found == most:
            return
        if len(find_quantities(text)) >= LEAST_QUANTITIES:
            found += 1
            yield Passage(f"text-{found}", "text", "", "", "", text, (), ())


class Distiller(Trainer):
    """Trainer whose loss is how far the small tagger is from the teacher."""

    teacher: ClaimTagger

    def compute_loss(self, model: Any, inputs: Any, return_outputs: bool = False, **_: Any) -> Any:
        with torch.autocast(model.device.type, torch.bfloat16, enabled=self.args.bf16):
            states, outputs = _read(model, inputs)
            with torch.no_grad():
                right_states, right = _read(self.teacher, inputs)
        total = distance(outputs, right, inputs) + HIDDEN_WEIGHT * apart(states, right_states, inputs["denied"] >= 0)
        return (total, outputs) if return_outputs else total


def _read(model: ClaimTagger, batch: Any) -> tuple[Sequence[torch.Tensor], tuple[torch.Tensor, ...]]:
    found = model.bert(batch["input_ids"], attention_mask=batch["attention_mask"], output_hidden_states=True)
    return found.hidden_states[1:], model.outputs(found.last_hidden_state)


def apart(states: Sequence[torch.Tensor], right: Sequence[torch.Tensor], real: torch.Tensor) -> torch.Tensor:
    """How far the layers' outputs at real characters are from the teacher's, as a share of their variance; the mean over layers."""
    pairs = [(own[real].float(), other[real].float()) for own, other in zip(states, right, strict=True)]
    return torch.stack([mse_loss(own, other) / other.var() for own, other in pairs]).mean()


def distance(outputs: Sequence[torch.Tensor], right: Sequence[torch.Tensor], batch: Any) -> torch.Tensor:
    """The divergence of each head's labels from the teacher's, weighed as in training: at candidates where a head is pooled, else at characters."""
    total = torch.zeros(())
    real = batch["denied"] >= 0
    for name, own, other in zip(OUTPUTS, outputs, right, strict=True):
        pair = (own.float(), other.float())
        if name in ("metric", "kind"):
            scores = [torch.bmm(batch["spans"], each)[batch["spans"].any(-1)] for each in pair]
        else:
            scores = [each[real].unflatten(-1, (-1, LABELS)).flatten(0, 1) for each in pair]
        guess, goal = (log_softmax(each, -1) for each in scores)
        total = total + LOSS_WEIGHTS[name] * kl_div(guess, goal, reduction="batchmean", log_target=True)
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="the small tagger, as training.prune writes it")
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--text", type=Path, help="folder of *.txt or *.txt.xz, a paragraph a line")
    parser.add_argument("--stretches", type=int, default=6000, help="of plain text to read at most (default: 6000)")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--batch", type=int, default=32, help="passages and stretches a step")
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    set_seed(args.seed)
    codes = list(metrics())
    model, vocabulary = load_start(str(args.source), codes)
    teacher, _ = load_start(str(args.teacher), codes)
    for part in model.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = 0.0  # the teacher's doubts keep it from learning by heart, and it is too small to be disturbed
    passages = read_data([ROOT / "corpora"], metrics())
    if args.text:
        passages += stretches(args.text, most=args.stretches, seed=args.seed)
    trainer = Distiller(
        model=model,
        args=TrainingArguments(
            output_dir=str(args.output), max_steps=args.steps, per_device_train_batch_size=args.batch, learning_rate=args.rate,
            lr_scheduler_type="linear", warmup_steps=0.05, weight_decay=0.01, bf16=True, use_cpu=not torch.cuda.is_available(), logging_steps=50,
            train_sampling_strategy="group_by_length", save_steps=250, save_total_limit=1, remove_unused_columns=False, report_to=[], seed=args.seed,
        ),
        train_dataset=Dataset.from_list(examples(passages)), data_collator=Collator(vocabulary, codes, augment=passages, seed=args.seed),
    )  # fmt: skip
    trainer.teacher = teacher.eval().to(trainer.args.device)
    trainer.train()
    trainer.save_model(str(args.output))
    vocabulary.save(args.output / "vocabulary.txt")


if __name__ == "__main__":
    run(main)
