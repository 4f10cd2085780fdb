"""Train the claim tagger on annotated passages.

    python -m training.train --backbone runs/pretrained --data corpora --output runs/model

``--backbone`` takes a folder of :mod:`training.backbone`, :mod:`training.pretrain` or an earlier run of this script; the
checkpoint in ``models/checkpoint`` is the default. The last epoch's weights are saved with the codes and the vocabulary.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from transformers import AutoConfig, Trainer, TrainerCallback, TrainingArguments, set_seed

from govie.linking.linker import Linker
from govie.metrics import metrics
from govie.model.vocabulary import Vocabulary
from training.dataset import Collator, examples, read_split, share_of
from training.evaluate import TorchTagger, score_split
from training.network import LOSS_WEIGHTS, ClaimTagger, loss

ROOT = Path(__file__).resolve().parent.parent


class TaggerTrainer(Trainer):
    """Trainer with the loss of :mod:`training.network`, and heads that learn faster than the encoder."""

    head_rate: float = 1e-3
    optimizer: torch.optim.Optimizer | None

    def compute_loss(self, model: Any, inputs: Any, return_outputs: bool = False, **_: Any) -> Any:
        with torch.autocast(model.device.type, torch.bfloat16, enabled=self.args.bf16):
            outputs = model(inputs["input_ids"], inputs["attention_mask"])
        parts = loss(outputs, inputs)
        total = sum(LOSS_WEIGHTS[name] * part for name, part in parts.items())
        return (total, outputs) if return_outputs else total

    def create_optimizer(self, *_: Any) -> torch.optim.Optimizer:
        if self.optimizer is None:
            head = list(self.model.heads.parameters())
            groups = [{"params": list(self.model.bert.parameters())}, {"params": head, "lr": self.head_rate}]
            self.optimizer = torch.optim.AdamW(groups, lr=self.args.learning_rate, weight_decay=self.args.weight_decay)
        return self.optimizer


class Report(TrainerCallback):
    """Writes the claim-level figures on the dev split after every so many epochs; the linker is the shipped one."""

    def __init__(self, folder: Path, tagger: TorchTagger, every: int) -> None:
        self.folder, self.tagger, self.every = folder, tagger, every
        self.linker = Linker.load(ROOT / "models" / "shipped" / "linker.npz")

    def on_epoch_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        epoch = round(state.epoch)
        if epoch % self.every == 0 and any(self.folder.glob("*.txt")):
            self.tagger.model.eval()
            print(json.dumps({"epoch": epoch, **score_split(self.tagger, self.linker, self.folder)}), flush=True)
            self.tagger.model.train()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", type=Path, default=ROOT / "models" / "checkpoint")
    parser.add_argument("--data", type=Path, default=ROOT / "corpora", help="folder with train/ and dev/")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=10)
    parser.add_argument("--batch", type=int, default=32, help="passages a step; they are packed into rows")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--share", type=float, default=1.0, help="take so much of the passages, for a learning curve")
    parser.add_argument("--report-every", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    set_seed(args.seed)
    vocabulary = Vocabulary.load(args.backbone / "vocabulary.txt")
    codes = list(metrics())
    config = AutoConfig.from_pretrained(args.backbone, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    config.codes, config.head_dropout = codes, 0.1
    model = ClaimTagger.from_pretrained(args.backbone, config=config, attn_implementation="eager", dtype=torch.float32)
    passages = share_of(read_split(args.data / "train"), args.share, seed=args.seed)
    trainer = TaggerTrainer(
        model=model,
        args=TrainingArguments(
            output_dir=str(args.output), num_train_epochs=args.epochs, per_device_train_batch_size=args.batch, learning_rate=args.rate,
            lr_scheduler_type="linear", warmup_steps=0.06, weight_decay=0.01, bf16=True, use_cpu=not torch.cuda.is_available(), logging_steps=50,
            train_sampling_strategy="group_by_length",
            save_strategy="epoch", save_total_limit=1, remove_unused_columns=False, report_to=[], seed=args.seed, max_grad_norm=1.0,
        ),
        train_dataset=Dataset.from_list(examples(passages)), data_collator=Collator(vocabulary, codes, augment=passages, seed=args.seed),
        callbacks=[Report(args.data / "dev", TorchTagger(model, vocabulary, codes), args.report_every)],
    )  # fmt: skip
    trainer.head_rate = args.head_rate
    trainer.train(resume_from_checkpoint=any(args.output.glob("checkpoint-*")) or None)
    trainer.save_model(str(args.output))
    vocabulary.save(args.output / "vocabulary.txt")


if __name__ == "__main__":
    main()
