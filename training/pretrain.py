"""Masked-language training of a backbone on plain official Chinese.

    python -m training.pretrain --backbone runs/backbone --text ../shared/corpus --output runs/pretrained --minutes 60

Text is folded, cut into blocks of whole paragraphs, and masked in spans: runs of digits as one, other characters in runs
of one to four, 15 % in all, so that the model must use what stands around a word and not its other half.
"""

from __future__ import annotations

import argparse
import lzma
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from transformers import AutoModelForMaskedLM, Trainer, TrainerCallback, TrainingArguments, set_seed

from govie.model.vocabulary import CLS, MASK, PAD, SEP, SPECIALS, Vocabulary
from govie.text import fold
from training.console import run

_UNITS = re.compile(r"[0-9][0-9.,]*|.", re.DOTALL)
SHARE, LONGEST = 0.15, 4


def paragraphs(folder: Path) -> Iterator[str]:
    """The folded paragraphs of every ``*.txt`` and ``*.txt.xz`` below ``folder``."""
    for path in sorted([*folder.glob("*.txt"), *folder.glob("*.txt.xz")]):
        with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as file:
            for line in file:
                if len(line) > 20:
                    yield fold(line.strip()).text


def blocks(lines: Sequence[str], size: int) -> Iterator[str]:
    """Neighbouring paragraphs joined by line breaks and cut to at most ``size`` characters."""
    held = ""
    for line in lines:
        held = f"{held}\n{line}" if held else line
        while len(held) >= size:
            yield held[:size]
            held = held[size:]


class SpanMasking:
    """Collates texts to a batch with fresh masks: ``input_ids``, ``attention_mask`` and ``labels``, shape (batch, length)."""

    def __init__(self, vocabulary: Vocabulary, seed: int) -> None:
        self.vocabulary = vocabulary
        self.random = np.random.default_rng(seed)

    def __call__(self, rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        ids = [np.concatenate([[CLS], self.vocabulary.encode(row["text"]), [SEP]]) for row in rows]
        width = max(map(len, ids))
        inputs = np.full((len(ids), width), PAD)
        labels = np.full((len(ids), width), -100)
        for n, (row, own) in enumerate(zip(rows, ids, strict=True)):
            inputs[n, : len(own)] = own
            chosen = self._choose(row["text"])
            labels[n, chosen + 1] = own[chosen + 1]
            fate = self.random.random(len(chosen))
            inputs[n, chosen[fate < 0.8] + 1] = MASK
            swapped = chosen[fate > 0.9]
            inputs[n, swapped + 1] = self.random.integers(len(SPECIALS), len(self.vocabulary), len(swapped))
        return {
            "input_ids": torch.from_numpy(inputs), "attention_mask": torch.from_numpy((inputs != PAD).astype(np.int64)),
            "labels": torch.from_numpy(labels),
        }  # fmt: skip

    def _choose(self, text: str) -> np.ndarray:
        units = [match.span() for match in _UNITS.finditer(text)]
        chosen: list[int] = []
        while len(chosen) < SHARE * len(text):
            first = int(self.random.integers(len(units)))
            last = min(first + int(self.random.integers(1, LONGEST + 1)), len(units)) - 1
            chosen += range(units[first][0], units[last][1])
        return np.unique(chosen)


class MaskedTrainer(Trainer):
    """Scores only the masked places: the softmax over the vocabulary is the dearest part of a small encoder."""

    def compute_loss(self, model: Any, inputs: Any, return_outputs: bool = False, **_: Any) -> Any:
        labels = inputs.pop("labels")
        masked = labels != -100
        with torch.autocast(model.device.type, torch.bfloat16):  # the model's parts are called one by one, outside Trainer's own context
            scores = model.cls(model.bert(**inputs).last_hidden_state[masked])
        loss = torch.nn.functional.cross_entropy(scores.float(), labels[masked])
        return (loss, {"loss": loss}) if return_outputs else loss


class StopAfter(TrainerCallback):
    """Ends training when the time is up, so that a run fits the machine."""

    def __init__(self, minutes: float) -> None:
        self.end = time.monotonic() + 60 * minutes

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        control.should_training_stop = control.should_training_stop or time.monotonic() > self.end


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", type=Path, required=True)
    parser.add_argument("--text", type=Path, required=True, help="folder of *.txt or *.txt.xz, a paragraph a line")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--minutes", type=float, default=600.0, help="stop after so many, whatever the steps")
    parser.add_argument("--block", type=int, default=192)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    set_seed(args.seed)
    vocabulary = Vocabulary.load(args.backbone / "vocabulary.txt")
    model = AutoModelForMaskedLM.from_pretrained(
        args.backbone, attn_implementation="eager", hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )  # without dropout and with plain attention a step on a CPU takes a third of the time
    texts = list(blocks(list(paragraphs(args.text)), args.block))
    np.random.default_rng(args.seed).shuffle(texts)
    held_out, texts = texts[:200], texts[200 : 200 + args.steps * args.batch]
    trainer = MaskedTrainer(
        model=model,
        args=TrainingArguments(
            output_dir=str(args.output), max_steps=args.steps, per_device_train_batch_size=args.batch,
            per_device_eval_batch_size=args.batch, learning_rate=args.rate, lr_scheduler_type="linear", warmup_steps=200,
            weight_decay=0.01, bf16=True, use_cpu=not torch.cuda.is_available(), logging_steps=100, save_steps=500, save_total_limit=1,
            remove_unused_columns=False, prediction_loss_only=True, report_to=[], seed=args.seed, dataloader_num_workers=0,
        ),
        train_dataset=Dataset.from_dict({"text": texts}), eval_dataset=Dataset.from_dict({"text": held_out}),
        data_collator=SpanMasking(vocabulary, args.seed), callbacks=[StopAfter(args.minutes)],
    )  # fmt: skip
    print("before", trainer.evaluate()["eval_loss"])
    trainer.train()
    print("after", trainer.evaluate()["eval_loss"])
    trainer.save_model(str(args.output))
    vocabulary.save(args.output / "vocabulary.txt")


if __name__ == "__main__":
    run(main)
