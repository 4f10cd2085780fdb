"""Retraining: what it starts from, resuming, own codes, and the whole way from passages to a model that finds a new code."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from retraining import COURT, COURT_CODES, SHIPPED, save_tiny
from transformers import BertConfig, BertModel, BertTokenizerFast, RobertaConfig, RobertaModel

import govie
from govie.claims import ROLES
from govie.errors import ModelError, SaveError
from govie.formats import dump, load
from govie.linking.linker import Linker
from govie.metrics import metrics, read_metrics
from training import train as training
from training.dataset import read_split
from training.evaluate import main as evaluate
from training.linker import annotated
from training.network import ClaimTagger
from training.sources import known_metrics
from training.start import load_start


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("tiny"))


def test_a_head_grows_for_new_codes_and_keeps_the_old_ones(tiny: Path) -> None:
    codes = [*metrics(), *COURT_CODES]
    before, _ = load_start(str(tiny), list(metrics()))
    grown, _ = load_start(str(tiny), codes)
    rows = len(metrics()) + 1
    assert torch.equal(grown.heads["metric"].weight[:rows], before.heads["metric"].weight)
    assert grown.heads["metric"].out_features == len(codes) + 1
    assert list(grown.config.codes) == codes
    fewer, _ = load_start(str(tiny), codes[:5])
    assert torch.equal(fewer.heads["metric"].weight, before.heads["metric"].weight[:6])


def test_another_encoder_is_made_to_read_characters(tmp_path: Path) -> None:
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *map(str, range(10)), *"%.,", *map(chr, range(0x4E00, 0x4E00 + 3000)), "##中"]
    (tmp_path / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    config = BertConfig(vocab_size=len(pieces), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16)
    torch.manual_seed(0)
    encoder = BertModel(config)
    encoder.save_pretrained(tmp_path)
    BertTokenizerFast(str(tmp_path / "vocab.txt")).save_pretrained(tmp_path)
    model, vocabulary = load_start(str(tmp_path), ["a.b"])
    row = int(vocabulary.encode("中")[0])
    expected = encoder.embeddings.word_embeddings.weight[pieces.index("中")]
    assert torch.equal(model.bert.embeddings.word_embeddings.weight[row], expected)
    assert model.heads["metric"].out_features == 2


def test_encoders_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    RobertaModel(RobertaConfig(vocab_size=9, hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8)).save_pretrained(
        tmp_path / "r"
    )
    with pytest.raises(ModelError, match="is of type roberta"):
        load_start(str(tmp_path / "r"), ["a.b"])
    with pytest.raises(ModelError, match="no model there"):
        load_start(str(tmp_path / "none"), ["a.b"])


def test_a_code_that_the_linker_never_met_counts_as_an_average_one() -> None:
    """The claim's bias stands in the metrics' rows: without a row, an unknown code would be scored without it."""
    linker = Linker.load(SHIPPED / "linker.npz")
    weights: dict[str, Any] = {**linker._weights, "codes": [*linker._codes, "court.cases"]}
    for role in ROLES:
        rows = weights[f"{role}.metric"]
        weights[f"{role}.metric"] = np.concatenate([rows, rows.mean(0, keepdims=True)])
    taught = Linker(weights)
    for passage in read_split(COURT / "train"):
        own = annotated(passage)
        mentions = [replace(mention, metric="court.cases") for mention in own.mentions]
        assert linker.link(own.text, mentions, own.spans) == taught.link(own.text, mentions, own.spans)


def options(tiny: Path, output: Path, *more: object) -> list[str]:
    words = ["--data", COURT / "train" / "c01.txt", "--metrics", COURT / "metrics.tsv", "--backbone", tiny, "--output", output]
    words += ["--replay", 0, "--epochs", 3, "--report-every", 1, "--no-export", *more]
    return [str(word) for word in words]


FULL = OSError(28, "No space left on device")
MOMENTS = [
    (training, "score_passages", 3, KeyboardInterrupt()),  # while the second epoch is measured
    (training.TaggerTrainer, "compute_loss", 3, KeyboardInterrupt()),
    (training.TaggerTrainer, "_save_optimizer_and_scheduler", 2, FULL),  # a checkpoint without its state
    (training, "write_bytes", 2, SaveError("no room")),  # the best weights
    (training, "finish", 1, FULL),
    (training, "finish", 1, KeyboardInterrupt()),
]


@pytest.mark.parametrize("moment", MOMENTS, ids=[f"{name}-{error!r:.9}" for _, name, _, error in MOMENTS])
def test_a_run_cut_short_goes_on(
    moment: tuple[Any, str, int, BaseException], tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C or a full disk at any moment: the status and the message say so, what was there stays, and the same command ends the work."""
    place, name, call, error = moment
    (tmp_path / "model.safetensors").write_bytes(b"an earlier model")
    own, calls = getattr(place, name), []

    def cut_short(*args: Any, **more: Any) -> Any:
        calls.append(name)
        if len(calls) == call:
            raise error
        return own(*args, **more)

    monkeypatch.setattr(place, name, cut_short)
    assert training.main(options(tiny, tmp_path)) == (130 if isinstance(error, KeyboardInterrupt) else 1)
    said = capsys.readouterr().err
    assert ("goes on from the last whole checkpoint" in said) or ("no room" in said)
    assert (tmp_path / "model.safetensors").read_bytes() == b"an earlier model"
    assert training.last_checkpoint(tmp_path / "run") is not None
    assert training.main(options(tiny, tmp_path)) == 0
    assert not (tmp_path / "run").exists()
    assert ClaimTagger.from_pretrained(tmp_path).config.codes[-1].startswith("court.")
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "own, before" in card


def test_a_run_goes_on_where_it_was(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    score = training.score_passages
    calls: list[int] = []

    def interrupt(*args: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return score(*args)

    monkeypatch.setattr(training, "score_passages", interrupt)
    assert training.main(options(tiny, tmp_path)) == 130
    kept = training.last_checkpoint(tmp_path / "run")
    assert kept is not None
    (tmp_path / "run" / "checkpoint-99").mkdir()  # one that a full disk has cut short
    assert training.last_checkpoint(tmp_path / "run") == kept
    assert training.main(options(tiny, tmp_path, "--seed", 2)) == 1
    assert "other options" in capsys.readouterr().err
    assert training.main(options(tiny, tmp_path)) == 0
    assert len(calls) == 5  # before, first and second epoch (interrupted); then the second again, and the third
    assert read_metrics(tmp_path / "metrics.tsv")["court.closed"].unit == "件"


def test_the_whole_way_to_a_model_that_finds_a_new_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Passages → Label Studio → import → some steps from the shipped checkpoint → evaluate → govie.load → extract."""
    known = known_metrics([COURT], None)
    dump(load(COURT / "train" / "c01.txt", "markup", metrics=known), tmp_path / "tasks.json", "label-studio", metrics=known)
    (tmp_path / "data").mkdir()
    dump(load(tmp_path / "tasks.json", "label-studio", metrics=known), tmp_path / "data" / "court.jsonl", "jsonl", metrics=known)
    shutil.copy(COURT / "metrics.tsv", tmp_path / "data")
    mine = tmp_path / "mine"
    words = ["--data", tmp_path / "data" / "court.jsonl", "--output", mine, "--replay", 0, "--batch", 10, "--epochs", 12, "--report-every", 12,
             "--rate", "2e-4", "--head-rate", "5e-3"]  # fmt: skip
    assert training.main([str(word) for word in words]) == 0
    assert {"model.onnx", "model.safetensors", "linker.npz", "metrics.tsv", "vocabulary.txt", "config.json", "README.md", "SHA256SUMS"} == {
        p.name for p in mine.iterdir()
    }
    extractor = govie.load(mine)
    assert extractor.metrics["court.recovered"].name == "执行到位金额"
    found = extractor.extract("2020年,全市法院共受理各类案件5321件,审结5107件。")
    assert [claim.text for claim in found] == ["5321件", "5107件"]
    assert {"court.closed"} <= {claim.metric for claim in found} <= set(COURT_CODES)
    card = (mine / "README.md").read_text(encoding="utf-8")
    assert "| court.closed |" in card
    assert str(tmp_path) not in card
    capsys.readouterr()
    told = tmp_path / "figures.json"
    words = [mine, "--data", COURT / "dev" / "c02.txt", "--against", SHIPPED, "--errors", 3, "--confusion", 3, "--seqeval", "--json", told]
    assert evaluate([str(word) for word in words]) == 0
    printed = capsys.readouterr().out
    assert "【" in printed
    figures = json.loads(told.read_text(encoding="utf-8"))
    assert figures["difference"]["typed"]["difference"] > 0.3
    assert figures["sources"]["all"]["typed"]["f1"] > 0.5
    assert {row["gold"] for row in figures["against"]["confusion"]} >= {"court.closed"}
