"""The commands that convert annotations and pre-annotate reports."""

import json
from pathlib import Path

import pytest

from govie.cli import main

ROOT = Path(__file__).resolve().parent.parent
COURT = ROOT / "corpora" / "examples" / "court" / "train" / "c01.txt"
CODES = str(COURT.parent.parent / "metrics.tsv")


def test_convert_says_what_a_format_cannot_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", str(COURT), str(tmp_path / "court.json"), "--metrics", CODES]) == 0
    assert capsys.readouterr().err == "govie: 20 documents with 60 claims: markup → label-studio\n"
    assert main(["convert", str(tmp_path / "court.json"), str(tmp_path / "court.conll"), "--metrics", CODES]) == 0
    said = capsys.readouterr().err
    assert "conll cannot hold scope.period: " in said
    assert "cannot hold claims" not in said
    assert main(["convert", str(tmp_path / "court.json"), str(tmp_path / "brat"), "--to", "brat", "--metrics", CODES]) == 0
    assert len(list((tmp_path / "brat").glob("*.ann"))) == 20


def test_convert_takes_the_codes_beside_the_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", str(COURT), str(tmp_path / "court.json")]) == 1
    assert "unknown code 'court.received'" in capsys.readouterr().err
    (tmp_path / "c.txt").write_bytes(COURT.read_bytes())
    (tmp_path / "metrics.tsv").write_bytes(Path(CODES).read_bytes())
    assert main(["convert", str(tmp_path / "c.txt"), str(tmp_path / "court.json")]) == 0
    assert main(["convert", str(tmp_path / "c.txt"), str(tmp_path / "court.docx")]) == 1
    assert "names no format" in capsys.readouterr().err


def test_annotate_puts_the_least_certain_report_first(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    for name, text in {"a": "全年共受理政府信息公开申请5件。", "b": "共7件次、3圈。", "c": "这里没有数字。"}.items():
        (tmp_path / "in" / f"{name}.txt").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["annotate", "in", "--to", "label-studio"]) == 0
    tasks = json.loads((tmp_path / "in.label-studio.json").read_text(encoding="utf-8"))
    scores = [task["predictions"][0]["score"] for task in tasks]
    assert scores == sorted(scores)
    assert scores[0] < scores[-1]
    assert "这里没有数字" in tasks[0]["data"]["text"]
    assert any("score" in row for row in tasks[-1]["predictions"][0]["result"])
    assert (tmp_path / "in.label-studio.config.xml").exists()
    assert "3 reports" in capsys.readouterr().err
