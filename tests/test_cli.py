"""The command line, as a person and as a program use it."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from govie.cli import main

EXAMPLE = Path(__file__).parent / "data" / "example-report.txt"


def test_jsonl_is_the_gold_shape(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", str(EXAMPLE), "--format", "jsonl"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    text = EXAMPLE.read_text(encoding="utf-8")
    assert len(rows) >= 33
    assert all(text[row["start"] : row["end"]] == row["text"] for row in rows)
    wanted = {"start", "end", "text", "value", "high", "unit", "bound", "per", "metric", "scope", "kind", "confidence"}
    assert all(set(row) == wanted and isinstance(row["value"], str) for row in rows)


def test_csv(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", str(EXAMPLE), str(EXAMPLE), "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["document"] for row in rows} == {str(EXAMPLE)}
    assert any(row["text"] == "14632条" and row["metric"] == "disclosure.items" for row in rows)


def test_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    assert main(["extract", str(EXAMPLE)]) == 0
    out = capsys.readouterr().out
    assert "14632条" in out
    assert "disclosure.items 主动公开政府信息数" in out
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["extract", str(EXAMPLE)]) == 0
    out = capsys.readouterr().out
    assert "主动公开" in out
    assert "disclosure" not in out


def test_standard_input() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "govie", "extract", "-", "--format", "jsonl"],
        input="受理政府信息公开申请5件。".encode(),
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["text"] == "5件"


def test_a_bad_file_is_named_and_the_rest_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gbk = tmp_path / "gbk.txt"
    gbk.write_bytes("受理政府信息公开申请5件".encode("gb18030"))
    assert main(["extract", str(tmp_path / "none.txt"), str(gbk), str(tmp_path), str(EXAMPLE), "--format", "jsonl"]) == 1
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) >= 33
    assert all(word in printed.err for word in ("none.txt", "gbk.txt", "GB18030"))
    assert len(printed.err.splitlines()) == 3


def test_a_closed_pipe_is_no_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m govie extract {EXAMPLE} {EXAMPLE} {EXAMPLE} --format jsonl | head -1", shell=True, capture_output=True, check=False
    )
    assert b"Traceback" not in done.stderr
