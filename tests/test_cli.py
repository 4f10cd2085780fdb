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


def test_a_folder_of_mixed_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "gbk.txt").write_bytes("受理政府信息公开申请5件。".encode("gb18030"))
    (tmp_path / "page.html").write_text("<p>受理政府信息公开申请6件。</p>", encoding="utf-8")
    (tmp_path / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)
    (tmp_path / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 100)
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / ".hidden").write_bytes(b"\x00")
    assert main(["extract", str(tmp_path / "none.txt"), str(tmp_path), str(EXAMPLE), "--format", "csv"]) == 1
    printed = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(printed.out)))
    assert [(Path(row["document"]).name, row["value"]) for row in rows[:2]] == [("gbk.txt", "5"), ("page.html", "6")]
    assert len(rows) >= 35
    assert [next(name for name in ("none.txt", "empty.txt", "old.doc", "scan.png") if name in line) for line in printed.err.splitlines()] == [
        "none.txt", "empty.txt", "old.doc", "scan.png",
    ]  # fmt: skip


def test_a_closed_pipe_is_no_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m govie extract {EXAMPLE} {EXAMPLE} {EXAMPLE} --format jsonl | head -1", shell=True, capture_output=True, check=False
    )
    assert b"Traceback" not in done.stderr


WRONG = "全年共受理政府信息公开申请20件，其中网络申请12件、信函申请9件。"


def test_check_exits_with_1_where_a_report_does_not_add_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    (tmp_path / "wrong.txt").write_text(WRONG, encoding="utf-8")
    (tmp_path / "right.txt").write_text(WRONG.replace("9件", "8件"), encoding="utf-8")
    assert main(["check", str(tmp_path / "right.txt")]) == 0
    assert "pass 1" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "right.txt"), str(tmp_path / "wrong.txt")]) == 1
    assert "20件 ≠ 21 = 12件 + 9件" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "wrong.txt"), "--format", "json"]) == 1
    [report] = json.loads(capsys.readouterr().out)
    assert [finding["status"] for finding in report["findings"]] == ["fail"]
    assert report["findings"][0]["left"][0]["text"] == "20件"
    assert main(["check", str(tmp_path / "none.txt")]) == 1
    assert main(["check", str(tmp_path / "right.txt"), "--previous", str(tmp_path / "none.txt")]) == 1


def test_view_writes_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "wrong.txt").write_text(WRONG, encoding="utf-8")
    assert main(["view", str(tmp_path / "wrong.txt"), "-o", str(tmp_path / "page.html")]) == 0
    assert "≠" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert main(["view", str(tmp_path / "wrong.txt"), "-o", str(tmp_path / "no" / "page.html")]) == 1
    assert main(["view", str(tmp_path), "-o", str(tmp_path / "page.html")]) == 1
    said = capsys.readouterr().err
    assert "can be written" in said
    assert "name one file" in said
