"""Train the claim tagger on annotated passages, and make a model folder of it that ``govie.load`` takes.

    python -m training.train --data corpora --output models/mine
    python -m training.train --data my.jsonl --data more/ --output models/mine          # some of corpora/ is replayed
    python -m training.train --backbone NAME_OR_PATH --data corpora --output models/mine

``--data`` takes what :mod:`training.sources` reads. Own metric codes stand in a ``metrics.tsv`` beside the data, or in that of ``--metrics``; codes
that the start knows already keep what it has learnt. An interrupted run goes on from its last checkpoint with the same command. The best
epoch on the passages held out is kept, exported (ONNX, int8), calibrated and described in a model card.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from transformers import Trainer, TrainerCallback, TrainingArguments, set_seed

from govie.errors import AnnotationError, GovieError, SaveError
from govie.extractor import Extractor
from govie.formats.files import write_bytes, write_text
from govie.formats.passages import Passage
from govie.linking.linker import Linker
from govie.metrics import metrics, write_metrics
from govie.model.vocabulary import Vocabulary
from training.console import run
from training.dataset import Collator, examples, share_of
from training.evaluate import TorchTagger, score_passages
from training.finish import finish, linker_of
from training.network import LOSS_WEIGHTS, ClaimTagger, loss
from training.sources import known_metrics, read_data
from training.start import load_start

ROOT = Path(__file__).resolve().parent.parent
CORPORA = ROOT / "corpora"
HELD_OUT = 0.1  # of the passages, where the data has no dev part
# What a run does where it is not told: from a backbone or with the whole corpus, and from a model that has learnt the corpus already, where little
# is to be forgotten (corpora/examples/court/README.md).
AFRESH = {"epochs": 10.0, "rate": 2e-4, "replay": 0.2}
CONTINUED = {"epochs": 6.0, "rate": 1e-4, "replay": 0.1}
LEAST_SHARE = 0.25  # of an epoch that is own data beside a replay; it is repeated for that, MOST_REPEATS times at most
MOST_REPEATS = 8
FILES = ("config.json", "linker.npz", "metrics.tsv", "model.onnx", "model.safetensors", "README.md", "SHA256SUMS", "vocabulary.txt")  # of a model
MEASURE = "typed"  # figure on the passages held out that decides which epoch is kept


@dataclass(frozen=True, slots=True)
class Parts:
    """The passages of a run: to train on, held out of the same data, and those of the corpus that show what is forgotten."""

    train: list[Passage]
    own: list[Passage]
    dev: list[Passage]
    corpus: list[Passage]


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
    """Claim-level figures on the passages held out, before training and after every so many epochs; keeps the best weights in ``best``.

    Training stops where ``patience`` reports in a row have not been better than the best; 0 never stops it.
    """

    def __init__(
        self, parts: Parts, score: Callable[[Sequence[Passage]], dict[str, float]], model: torch.nn.Module, folder: Path, *, every: int, patience: int
    ) -> None:
        self.parts, self.score, self.model, self.every, self.patience = parts, score, model, every, patience
        self.weights, self.log = folder / "best.safetensors", folder / "reports.json"
        self.reports: list[dict[str, Any]] = json.loads(self.log.read_text(encoding="utf-8")) if self.log.exists() else []

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if not self.reports:
            self._report(0)

    def on_epoch_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        epoch = round(state.epoch)
        if epoch % self.every or not self.parts.dev:
            return
        self._report(epoch)
        best = self.best()
        if best["epoch"] == epoch:
            write_bytes(self.weights, save({name: tensor.contiguous() for name, tensor in self.model.state_dict().items()}))
        control.should_training_stop |= 0 < self.patience <= sum(row["epoch"] > best["epoch"] for row in self.reports)

    def _report(self, epoch: int) -> None:
        self.model.eval()
        row: dict[str, Any] = {"epoch": epoch}
        for name, passages in (("dev", self.parts.dev), ("corpus", self.parts.corpus)):
            if passages:
                row[name] = self.score(passages)
        self.model.train()
        self.reports = [*(earlier for earlier in self.reports if earlier["epoch"] < epoch), row]  # a run that goes on repeats its last report
        write_text(self.log, json.dumps(self.reports) + "\n")
        print(json.dumps({"epoch": epoch, **row.get("dev", {}), **({"corpus": row["corpus"][MEASURE]} if "corpus" in row else {})}), flush=True)

    def best(self) -> dict[str, Any]:
        """The best report of a trained epoch; the later of two that are alike."""
        return max((row for row in self.reports if row["epoch"]), key=lambda row: (row["dev"][MEASURE], row["epoch"]))


def parts_of(args: argparse.Namespace, known: dict[str, Any]) -> Parts:
    """Read, hold out, replay and repeat.

    Raises:
        AnnotationError: where the data is broken, or has no claim at all.
    """
    passages, dev = read_data(args.data, known), read_data(args.data, known, part="dev")
    if not any(passage.claims for passage in passages):
        raise AnnotationError(f"{', '.join(map(str, args.data))}: no claim in {len(passages)} passages; there is nothing to learn from")
    passages = share_of(passages, args.share, seed=args.seed)
    if not dev and len(passages) >= 20:
        dev = share_of(passages, HELD_OUT, seed=args.seed)
        out = {passage.id for passage in dev}
        passages = [passage for passage in passages if passage.id not in out]
    if args.replay == 0 or _is_corpus(args.data) or not CORPORA.is_dir():
        return Parts(passages, passages, dev, [])
    taken = {passage.id for passage in (*passages, *dev)}
    replayed = [passage for passage in share_of(read_data([CORPORA], known), args.replay, seed=args.seed) if passage.id not in taken]
    repeats = min(MOST_REPEATS, max(1, round(LEAST_SHARE / (1 - LEAST_SHARE) * len(replayed) / len(passages))))
    return Parts(passages * repeats + replayed, passages, dev, read_data([CORPORA], known, part="dev"))


def last_checkpoint(folder: Path) -> Path | None:
    """The last checkpoint that was written whole: the trainer writes its state last, so one cut short by a full disk has none."""
    whole = []
    for path in folder.glob("checkpoint-*"):
        try:
            json.loads((path / "trainer_state.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        whole.append(path)
    return max(whole, key=lambda path: int(path.name.rpartition("-")[2]), default=None)


def train(args: argparse.Namespace) -> Path:
    """Run the training that the arguments describe, and return the model folder.

    Raises:
        GovieError: where the data, the start or the folder is not as it must be; the message says what to do.
    """
    began = time.monotonic()
    set_seed(args.seed)
    start = Path(args.backbone)
    for name, value in (CONTINUED if _continues(start, args.data) else AFRESH).items():
        if getattr(args, name) is None:
            setattr(args, name, value)
    known = known_metrics(args.data, args.metrics, start)
    parts = parts_of(args, known)
    used = {claim.metric for passage in parts.train for claim in passage.claims}
    codes = [code for code in known if code in metrics() or code in used or (start / "metrics.tsv").is_file()]
    model, vocabulary = load_start(args.backbone, codes)
    work = args.output / "run"
    resume = _resume(work, args)
    extractor = Extractor(TorchTagger(model, vocabulary, codes), Linker.load(linker_of(start)), known=known)
    report = Report(parts, partial(score_passages, extractor), model, work, every=args.report_every, patience=args.patience)
    trainer = TaggerTrainer(
        model=model,
        args=TrainingArguments(
            output_dir=str(work), num_train_epochs=args.epochs, per_device_train_batch_size=args.batch, learning_rate=args.rate,
            lr_scheduler_type="linear", warmup_steps=0.06, weight_decay=0.01, bf16=True, use_cpu=not torch.cuda.is_available(), logging_steps=50,
            train_sampling_strategy="group_by_length", max_steps=args.max_steps,
            save_strategy="epoch", save_total_limit=1, remove_unused_columns=False, report_to=[], seed=args.seed, max_grad_norm=1.0,
        ),
        train_dataset=Dataset.from_list(examples(parts.train)), data_collator=Collator(vocabulary, codes, augment=parts.train, seed=args.seed),
        callbacks=[report],
    )  # fmt: skip
    trainer.head_rate = args.head_rate
    trainer.train(resume_from_checkpoint=str(resume) if resume else None)
    if report.weights.exists():
        model.load_state_dict(load_file(report.weights))
    made = work / "model"  # all of it is made there, so that a model that stands in the folder is whole at any moment
    _save(model.cpu(), vocabulary, made, [known[code] for code in codes])
    minutes = (time.monotonic() - began) / 60
    finish(made, name=args.output.name, start=start, parts=parts, reports=report.reports, options=vars(args), minutes=minutes, runtime=args.export)
    for name in FILES:
        if (made / name).is_file():
            (made / name).replace(args.output / name)
        else:
            (args.output / name).unlink(missing_ok=True)
    shutil.rmtree(work, ignore_errors=True)
    return args.output


def _continues(start: Path, data: Sequence[Path]) -> bool:
    """Whether a run with other data than the corpus goes on from a model that knows its codes."""
    config = start / "config.json"
    return not _is_corpus(data) and config.is_file() and "codes" in json.loads(config.read_text(encoding="utf-8"))


def _is_corpus(data: Sequence[Path]) -> bool:
    return CORPORA.resolve() in {path.resolve() for path in data}


def _resume(work: Path, args: argparse.Namespace) -> Path | None:
    """The checkpoint to go on from, where an earlier run with the same data, start and seed has left one."""
    own = {name: str(value) for name, value in vars(args).items() if name in ("data", "metrics", "backbone", "seed", "share", "replay", "batch")}
    said = work / "options.json"
    checkpoint = last_checkpoint(work)
    if checkpoint and said.exists() and json.loads(said.read_text(encoding="utf-8")) != own:
        raise SaveError(f"{work} holds an unfinished run with other options; give the same ones to go on, or name another --output")
    try:
        work.mkdir(parents=True, exist_ok=True)
        said.write_text(json.dumps(own) + "\n", encoding="utf-8")
        if not checkpoint:
            (work / "reports.json").unlink(missing_ok=True)
            (work / "best.safetensors").unlink(missing_ok=True)
    except OSError as error:
        raise SaveError(f"{work}: cannot be written: {error.strerror or error}") from error
    return checkpoint


def _save(model: ClaimTagger, vocabulary: Vocabulary, folder: Path, rows: Sequence[Any]) -> None:
    model.save_pretrained(folder)
    vocabulary.save(folder / "vocabulary.txt")
    if [row.code for row in rows] != list(metrics()):
        write_metrics(rows, folder / "metrics.tsv")


def parser() -> argparse.ArgumentParser:
    """The options of a run."""

    def default(name: str) -> str:
        return f"{CONTINUED[name]:g} where own data is learnt from a model of govie, else {AFRESH[name]:g}"

    top = argparse.ArgumentParser(prog="python -m training.train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--data", type=Path, action="append", help="annotated passages; may be given several times (default: corpora)")
    top.add_argument("--metrics", type=Path, help="a metrics.tsv with own codes")
    top.add_argument("--backbone", default=str(ROOT / "models" / "checkpoint"), help="what to start from: a folder, or a BERT encoder's name")
    top.add_argument("--output", type=Path, required=True, help="the model folder to write")
    top.add_argument(
        "--replay", type=float, help=f"share of corpora/ to train on beside other data, against forgetting (default: {default('replay')})"
    )
    top.add_argument("--epochs", type=float, help=f"default: {default('epochs')}")
    top.add_argument("--max-steps", type=int, default=-1, help="stop after so many steps, to try things out")
    top.add_argument("--batch", type=int, default=32, help="passages a step; they are packed into rows")
    top.add_argument("--rate", type=float, help=f"learning rate of the encoder (default: {default('rate')})")
    top.add_argument("--head-rate", type=float, default=1e-3)
    top.add_argument("--share", type=float, default=1.0, help="take so much of the passages, for a learning curve")
    top.add_argument("--report-every", type=int, default=2, help="epochs between two reports on what is held out")
    top.add_argument("--patience", type=int, default=3, help="stop after so many reports without a better one; 0 never (default: 3)")
    top.add_argument("--seed", type=int, default=1)
    top.add_argument("--no-export", dest="export", action="store_false", help="leave the ONNX model, its calibration and the card to training.export")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    args = parser().parse_args(argv)
    args.data = args.data or [CORPORA]
    again = f"the same command goes on from the last whole checkpoint in {args.output / 'run'}"
    try:
        train(args)
    except KeyboardInterrupt:
        print(f"interrupted; {again}", file=sys.stderr)
        return 130
    except GovieError as error:
        print(f"training.train: {error}", file=sys.stderr)
        return 1
    except (OSError, SafetensorError) as error:
        print(f"training.train: {error}; where the disk is full, make room: {again}", file=sys.stderr)
        return 1
    print(f"govie.load({str(args.output)!r}) takes the model" if args.export else f"trained weights in {args.output}")
    return 0


if __name__ == "__main__":
    run(main)
