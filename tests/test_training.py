"""Training, export and loading, end to end on a tiny random encoder."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig

import govie
from govie.metrics import metrics
from govie.model.heads import OUTPUTS, widths
from govie.model.vocabulary import CLS, MASK, PAD, SEP, UNK, Vocabulary
from training.baseline import Baseline
from training.dataset import Collator, examples, join, read_split
from training.evaluate import evaluate, show
from training.export import export
from training.network import ClaimTagger, loss
from training.pretrain import SpanMasking, blocks

TRAIN = Path(__file__).resolve().parent.parent / "corpora" / "train"


@pytest.fixture(scope="module")
def passages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    first = sorted(TRAIN.glob("*.txt"))[0].read_text(encoding="utf-8")
    (folder / "h.txt").write_text("§ ".join(first.split("§ ")[:25]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load(govie.load()._tagger.folder / "vocabulary.txt")


@pytest.fixture(scope="module")
def model(vocabulary: Vocabulary) -> ClaimTagger:
    torch.manual_seed(0)
    config = BertConfig(vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    config.codes = list(metrics())
    return ClaimTagger(config)


def test_labels_match_the_text(passages: Path, vocabulary: Vocabulary) -> None:
    rows = examples(read_split(passages))
    batch = Collator(vocabulary, list(metrics()))(list(rows))
    assert batch["input_ids"][0, 0] == CLS
    assert (batch["input_ids"] == SEP).sum() == len(rows)
    real, stated = batch["spans"].any(-1), batch["kind"] >= 0
    assert real.sum() == sum(len(row["spans"]) for row in rows)
    assert torch.allclose(batch["metric"][real].sum(-1), torch.tensor(1.0))
    assert torch.allclose(batch["spans"][real].sum(-1), torch.tensor(1.0))
    assert stated.sum() == sum(bool(span["metrics"]) for row in rows for span in row["spans"])
    for row in rows:
        for span in row["spans"]:
            assert 0 <= span["start"] < span["end"] <= len(row["text"])


def test_joined_examples_keep_their_spans(passages: Path) -> None:
    first, second = examples(read_split(passages))[:2]
    both = join([first, second], "\n")
    texts = [row["text"][s["start"] : s["end"]] for row in (first, second) for s in row["spans"]]
    assert [both["text"][s["start"] : s["end"]] for s in both["spans"]] == texts


def test_a_few_steps_learn_and_the_export_agrees(tmp_path: Path, passages: Path, vocabulary: Vocabulary, model: ClaimTagger) -> None:
    collate = Collator(vocabulary, list(metrics()), augment=read_split(passages))
    rows = examples(read_split(passages))
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    losses = []
    for step in range(30):
        batch = collate(rows[step % 3 * 8 :][:8])
        parts = loss(model(batch["input_ids"], batch["attention_mask"]), batch)
        total = sum(parts.values())
        total.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(total.item())
    assert losses[-1] < 0.7 * losses[0]
    model.save_pretrained(tmp_path / "model")
    vocabulary.save(tmp_path / "model" / "vocabulary.txt")
    export(tmp_path / "model", tmp_path / "fp32", quantize=False)
    export(tmp_path / "model", tmp_path / "int8")
    import onnxruntime

    ids = np.array([[CLS, *vocabulary.encode("全年受理申请5件"), SEP]])
    session = onnxruntime.InferenceSession(str(tmp_path / "fp32" / "model.onnx"))
    ours = model.eval()(torch.from_numpy(ids))
    for name, mine, theirs in zip(OUTPUTS, ours, session.run(list(OUTPUTS), {"input_ids": ids}), strict=True):
        assert theirs.shape[-1] == widths(len(metrics()))[name]
        np.testing.assert_allclose(mine.detach().numpy(), theirs, atol=1e-4)
    result = evaluate(govie.load(tmp_path / "int8"), passages)
    assert "span" in show(result, seqeval=True, errors=3)
    assert json.loads((tmp_path / "int8" / "config.json").read_text())["codes"] == list(metrics())


def test_some_characters_are_hidden_at_training_time_only(passages: Path, vocabulary: Vocabulary) -> None:
    given = read_split(passages)
    rows = examples(given)
    plain = Collator(vocabulary, list(metrics()))(rows)["input_ids"]
    masked = Collator(vocabulary, list(metrics()), augment=given, seed=1)(rows)["input_ids"]
    assert not (plain == MASK).any()
    assert 0.01 < (masked == MASK).sum() / (masked != PAD).sum() < 0.12


def test_baseline_on_the_corpus(passages: Path) -> None:
    figures = evaluate(Baseline(), passages)["tallies"]["all"].figures()
    assert 0.5 < figures["span"]["f1"] < 1
    assert 0.05 < figures["typed"]["f1"] < 0.8


def test_vocabulary(vocabulary: Vocabulary, tmp_path: Path) -> None:
    assert len(set(vocabulary.encode("123456789"))) == 1
    assert vocabulary.encode("0") != vocabulary.encode("1")
    assert vocabulary.encode("𠀀")[0] == UNK
    assert UNK not in vocabulary.encode("政府信息公开,。\n ")
    vocabulary.save(tmp_path / "vocabulary.txt")
    assert Vocabulary.load(tmp_path / "vocabulary.txt").characters == vocabulary.characters


def test_span_masking(vocabulary: Vocabulary) -> None:
    texts = list(blocks(["全年受理申请1234件。" * 5] * 10, 96))
    batch = SpanMasking(vocabulary, seed=1)([{"text": text} for text in texts])
    masked = batch["labels"] != -100
    assert 0.1 < masked.float().mean() < 0.3
    assert (batch["input_ids"] == MASK).sum() > 0.5 * masked.sum()
    assert (batch["labels"][:, 0] == -100).all()
