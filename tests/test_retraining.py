"""Retraining: what --data may be, bad input, resuming, own codes, and the whole way from passages to a model that finds a new code."""

import json
import re
import shutil
from argparse import Namespace
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel, BertTokenizerFast, RobertaConfig, RobertaModel

import govie
from govie.claims import ROLES
from govie.errors import AnnotationError, ModelError, SaveError
from govie.formats import dump, load
from govie.linking.linker import Linker
from govie.metrics import metrics, read_metrics
from govie.model.vocabulary import Vocabulary
from training import train as training
from training.compare import compare
from training.corpus import check
from training.dataset import read_split
from training.evaluate import main as evaluate
from training.linker import annotated
from training.network import ClaimTagger
from training.scoring import Tally
from training.sources import known_metrics, read_data
from training.start import load_start

ROOT = Path(__file__).resolve().parent.parent
COURT = ROOT / "corpora" / "examples" / "court"
SHIPPED = ROOT / "models" / "shipped"
COURT_CODES = sorted(set(read_metrics(COURT / "metrics.tsv")))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random encoder of one layer with the shipped vocabulary and codes."""
    folder = tmp_path_factory.mktemp("tiny")
    vocabulary = Vocabulary.load(SHIPPED / "vocabulary.txt")
    torch.manual_seed(0)
    config = BertConfig(vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    config.codes = list(metrics())
    ClaimTagger(config).save_pretrained(folder)
    vocabulary.save(folder / "vocabulary.txt")
    return folder


def arguments(*words: object) -> Namespace:
    args = training.parser().parse_args([str(word) for word in words])
    assert args.data
    return args


def test_the_example_reads_with_its_codes() -> None:
    known = known_metrics([COURT], None)
    assert set(COURT_CODES) <= set(known)
    parts = {part: read_data([COURT], known, part=part) for part in ("train", "dev", "test")}
    assert {part: len(passages) for part, passages in parts.items()} == {"train": 56, "dev": 12, "test": 10}
    used = Counter(claim.metric for passage in parts["train"] for claim in passage.claims)
    assert min(used[code] for code in COURT_CODES) >= 8
    assert check([COURT]) == []
    with pytest.raises(AnnotationError, match=r"c01.txt:4: c01-01: unknown code 'court.received'"):
        read_data([COURT], metrics())


def test_long_documents_are_cut_without_losing_a_claim(tmp_path: Path) -> None:
    known = known_metrics([COURT], None)
    documents = load(COURT / "train" / "c01.txt", "markup", metrics=known)
    text, claims = "", []
    for found in documents:
        shift = len(text)
        text += found.document.text + "\n"
        for row in found.to_dicts():
            row |= {"start": row["start"] + shift, "end": row["end"] + shift}
            row["scope"] = {r: p and {"start": p["start"] + shift, "end": p["end"] + shift, "text": p["text"]} for r, p in row["scope"].items()}
            claims.append(row)
    (tmp_path / "long.jsonl").write_text(json.dumps({"text": text, "claims": claims}), encoding="utf-8")
    passages = read_data([tmp_path / "long.jsonl"], known)
    assert len(passages) >= 3
    assert "".join(passage.text for passage in passages) == text
    assert max(len(passage.text) for passage in passages) <= 400
    cut = [(passage.text[claim.start : claim.end], claim.metric) for passage in passages for claim in passage.claims]
    assert cut == [(row["text"], row["metric"]) for row in claims]
    assert all(passage.text.endswith(("\n", "。")) for passage in passages)


GOOD = '{"name": "r", "text": "受理5件。", "claims": []}'
HAND = "hand: x\n---\n§ x-1 | 县政府 | 2012 | 年度报告\n受理[5件|other]。\n"
HEAD = "code\tname\tunit\tcovers\n"


def jsonl(*claims: str, name: str = "s") -> str:
    return f'{{"name": "{name}", "text": "受理5件。", "claims": [{", ".join(claims)}]}}'


BAD: dict[str, tuple[dict[str, str | bytes], str]] = {
    "an id twice in a file": ({"a.jsonl": f"{GOOD}\n\n{GOOD}"}, r"a.jsonl:3: the id 'r' stands in \S+a.jsonl:1 too"),
    "an id in two files": ({"a.jsonl": GOOD, "b.jsonl": GOOD}, r"b.jsonl:1: the id 'r' stands in \S+a.jsonl:1 too"),
    "an id twice in markup": ({"a.txt": HAND + HAND.split("---\n")[1]}, r"a.txt:5: the id 'x-1' stands in \S+a.txt:3 too"),
    "no claim": ({"a.jsonl": GOOD}, "no claim in 1 passages"),
    "past the end": ({"a.jsonl": jsonl('{"start": 2, "end": 9, "metric": "other"}')}, r"a.jsonl:1: 2:9 is no span of a text of 5 characters"),
    "an empty span": ({"a.jsonl": GOOD + "\n" + jsonl('{"start": 2, "end": 2, "metric": "other"}')}, r"a.jsonl:2: 2:2 is no span"),
    "an empty scope": ({"a.jsonl": jsonl('{"start": 2, "end": 4, "metric": "other", "scope": {"entity": {"start": 0, "end": 0}}}')}, r"a.jsonl:1: 0:0 is no span"),
    "an empty span in markup": ({"a.txt": HAND.replace("5件", "")}, r"a.txt:3: x-1: an empty claim"),
    "spans that overlap": (
        {"a.jsonl": jsonl('{"start": 2, "end": 4, "metric": "other"}', '{"start": 2, "end": 3, "metric": "other", "value": "5"}')},
        r"a.jsonl:1: the quantities '5' and '5件' overlap",
    ),
    "spans that overlap in markup": ({"a.txt": HAND.replace("5件", "5[件")}, r"a.txt:3: x-1: a claim inside a claim"),
    "an unknown code": ({"a.jsonl": GOOD + "\n" + jsonl('{"start": 2, "end": 4, "metric": "othr"}')}, r"a.jsonl:2: unknown code 'othr'; other\?"),
    "an unknown code in markup": ({"a.txt": HAND.replace("other", "court.closed")}, r"a.txt:3: x-1: unknown code 'court.closed'; own codes go into"),
    "mixed encodings": ({"a.jsonl": GOOD.encode() + b"\n" + jsonl().encode("gb18030")}, r"a.jsonl:2: byte 0x\w\w is not UTF-8"),
    "mixed encodings in markup": ({"a.txt": HAND.encode() + "§ x-2 | 县".encode("gb18030")}, r"a.txt:5: .*not UTF-8"),
    "no markup": ({"a.txt": "no head"}, "no line '---'"),
    "another format": ({"a.docx": ""}, r"no .txt, .jsonl, .json file in it"),
    "codes without a head": ({"a.jsonl": GOOD, "metrics.tsv": "code\tname\n"}, r"metrics.tsv:1: the head must be"),
    "no code": ({"a.jsonl": "", "metrics.tsv": f"{HEAD}A B\tx\t件\ty\n"}, r"metrics.tsv:2: 'A B' is no code"),
    "a code twice": ({"a.jsonl": "", "metrics.tsv": f"{HEAD}a.b\tx\t件\ty\na.b\tx\t件\ty\n"}, r"metrics.tsv:3: a.b stands there twice"),
    "cells missing": ({"a.jsonl": "", "metrics.tsv": f"{HEAD}a.b\tx\n"}, r"metrics.tsv:2: 4 cells"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_bad_data_is_named(what: str, tmp_path: Path, tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is trained, and the message says where and what."""
    content, says = BAD[what]
    for name, text in content.items():
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    assert training.main(["--data", str(tmp_path), "--backbone", str(tiny), "--output", str(tmp_path / "out"), "--replay", "0"]) == 1
    assert re.match(f"training.train: .*{says}", capsys.readouterr().err)
    assert not (tmp_path / "out").exists()


def test_missing_data_is_named(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="no such file or folder"):
        training.train(arguments("--data", tmp_path / "none.jsonl", "--backbone", tiny, "--output", tmp_path))
    with pytest.raises(AnnotationError, match="govie convert"):
        training.train(arguments("--data", __file__, "--backbone", tiny, "--output", tmp_path))


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


def test_the_interval_of_a_difference() -> None:
    row = {
        "start": 0,
        "end": 2,
        "text": "5件",
        "value": "5",
        "unit": "件",
        "bound": "=",
        "per": None,
        "metric": "a.b",
        "scope": {},
        "kind": "reported",
    }
    good, bad = [], []
    for n in range(40):
        for tallies, metric in ((good, "a.b"), (bad, "a.b" if n % 2 else "c.d")):
            tallies.append(Tally())
            tallies[-1].add(str(n), [row], [{**row, "metric": metric}])
    typed = compare(good, bad)["typed"]
    assert (typed["first"], typed["second"]) == (1.0, 0.5)
    assert 0.3 < typed["low"] < 0.5 < typed["high"] < 0.7
    same = compare(good, good)["typed"]
    assert (same["low"], same["high"]) == (0, 0)


def test_evaluating_nothing_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(["baseline", "--data", str(tmp_path)]) == 1
    assert "no annotated data there" in capsys.readouterr().err
