"""Retraining: what --data may be, and what is said of bad data."""

import json
import re
from argparse import Namespace
from collections import Counter
from pathlib import Path

import pytest
from retraining import COURT, COURT_CODES, save_tiny

from govie.errors import AnnotationError
from govie.formats import load
from govie.metrics import metrics
from training import train as training
from training.corpus import check
from training.sources import known_metrics, read_data


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("tiny"))


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
