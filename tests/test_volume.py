"""Extraction at volume: nothing lost, nothing doubled, whatever is killed. The heavier half is in ``stress_volume.py``."""

import json
import signal
import subprocess
import time
from decimal import Decimal
from pathlib import Path

import pytest
import volume_workers
from volume_files import PROGRAM, read_rows, run_program, write_reports

import govie
from govie.errors import SaveError, VolumeError
from govie.rows import rows
from govie.volume import Failure, Progress, extract_files
from govie.volume.journal import Journal


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers with a stand-in for the model."""
    monkeypatch.setattr("govie.volume.pool.work", volume_workers.quick)


def test_two_workers_find_what_one_extractor_finds(tmp_path: Path, extractor: govie.Extractor, report: str) -> None:
    folder = write_reports(tmp_path / "in", 20, "全年共受理政府信息公开申请{n}件,上年12{n}件。")
    (folder / "3" / "long.txt").write_text(report, encoding="utf-8")
    (folder / "3" / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 100)
    done = extract_files([folder], tmp_path / "claims.parquet", workers=2, min_confidence=0.3)
    wanted = [
        row
        for path in sorted(folder.rglob("*.txt"))
        for row in rows(extractor.extract(govie.read(path), min_confidence=0.3))
    ]  # fmt: skip
    got = read_rows(tmp_path / "claims.parquet")
    assert got == wanted
    assert (done.reports, done.claims, done.failed, done.resumed) == (22, len(wanted), 1, 0)
    [failure] = [json.loads(line) for line in (tmp_path / "claims.parquet.failures.jsonl").read_text(encoding="utf-8").splitlines()]
    assert failure["document"] == str(folder / "3" / "scan.png")
    assert "PNG" in failure["error"]
    assert not (tmp_path / "claims.parquet.parts").exists()


@pytest.mark.usefixtures("quick")
def test_formats_hold_the_same_rows(tmp_path: Path) -> None:
    folder = write_reports(tmp_path / "in", 40)
    (folder / "none.txt").write_text("没有数字", encoding="utf-8")
    (folder / "lines.txt").write_text('1件\n"2件",\n3件', encoding="utf-8")
    for form in ("parquet", "jsonl", "csv"):
        extract_files([folder], tmp_path / f"o.{form}", workers=1)
    parquet, jsonl, table = (read_rows(tmp_path / f"o.{form}") for form in ("parquet", "jsonl", "csv"))
    assert len(parquet) == 83
    assert parquet == jsonl == table
    assert [row["document"] for row in parquet] == sorted((str(row["document"]) for row in parquet), key=lambda name: Path(name).parts)
    extract_files([folder / "none.txt"], tmp_path / "empty.parquet", workers=1)
    assert read_rows(tmp_path / "empty.parquet") == []


@pytest.mark.usefixtures("quick")
def test_what_fails_is_listed_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = write_reports(tmp_path / "in", 60)
    bad = {
        "kill": "KILL", "killed": "KILL too", "hang": "HANG", "fail": "FAIL", "surrogate": "SURROGATE 7件",
        "once": f"ONCE {tmp_path / 'mark'} 77件",
    }  # fmt: skip
    for name, text in bad.items():
        (folder / "4" / f"r00030-{name}.txt").write_text(text, encoding="utf-8")
    (folder / "4" / "empty.txt").write_bytes(b"")
    (folder / "gone.txt").symlink_to(tmp_path / "nothing")
    said: list[Failure] = []
    seen: list[Progress] = []
    done = extract_files([folder, tmp_path / "none"], tmp_path / "o.jsonl", workers=2, timeout=8, on_failure=said.append, on_progress=seen.append)
    wanted = {
        "empty": "no text", "r00030-fail": "ValueError: what nobody", "r00030-hang": "after 8 seconds", "r00030-kill": "SIGKILL, twice",
        "r00030-killed": "SIGKILL, twice", "r00030-surrogate": "UnicodeEncodeError", "gone": "No such file", "none": "No such file",
    }  # fmt: skip
    listed = [json.loads(line) for line in (tmp_path / "o.jsonl.failures.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [Path(failure["document"]).stem for failure in listed] == list(wanted)
    for failure, words in zip(listed, wanted.values(), strict=True):
        assert words in failure["error"]
        assert failure["document"] in failure["error"]
    assert "in extract" in listed[1]["detail"]
    assert {failure.document for failure in said} == {failure["document"] for failure in listed}
    assert (done.reports, done.failed) == (69, 8)
    values = [row["value"] for row in read_rows(tmp_path / "o.jsonl")]
    assert sorted(values) == sorted([Decimal(n) for n in range(60) for _ in range(2)] + [Decimal(77)])
    assert (seen[-1].reports, seen[-1].total, seen[-1].failed) == (69, 69, 8)
    assert max(now.reports for now in seen) == 69


def kill_when(journal: Path, lines: int, *args: object) -> bool:
    """Run the program, and kill it when its journal has so many lines; whether it was killed before it ended."""
    with subprocess.Popen([*PROGRAM, "extract", *map(str, args)], stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            try:
                there = journal.read_bytes().count(b"\n")
            except OSError:
                there = 0
            if there >= lines:
                process.send_signal(signal.SIGKILL)
                break
            time.sleep(0.002)
        return process.wait() == -signal.SIGKILL


def test_a_killed_run_goes_on_and_loses_and_doubles_nothing(tmp_path: Path) -> None:
    folder = write_reports(tmp_path / "in", 150, "SLOW 受理{n}件,办结{n}件。")
    (folder / "2" / "empty.txt").write_bytes(b"")
    journal = tmp_path / "o.parquet.parts" / "journal.jsonl"
    command = (folder, "--output", tmp_path / "o.parquet", "--workers", "2")
    kills = [kill_when(journal, lines, *command) for lines in (1, 2, 4)]  # early: the run must not be done before
    assert all(kills)
    with journal.open("ab") as file:
        file.write(b'{"chunk": "cut sho')  # as a kill in the middle of a line leaves it
    done = run_program(*command)
    assert done.returncode == 1, done.stderr
    assert "after" in done.stderr
    assert "151 reports with 300 claims" in done.stderr
    assert [row["value"] for row in read_rows(tmp_path / "o.parquet")] == [n for k in range(7) for n in range(k, 150, 7) for _ in range(2)]
    assert "empty.txt" in (tmp_path / "o.parquet.failures.jsonl").read_text(encoding="utf-8")
    assert not journal.parent.exists()


@pytest.mark.parametrize("limit", [200, 5000, 30_000])  # the first part, the journal, the joined file: each outgrows one of them
def test_a_full_disk_stops_a_run_that_goes_on_later(tmp_path: Path, limit: int) -> None:
    folder = write_reports(tmp_path / "in", 100, "受理{n}件。")
    (tmp_path / "o.jsonl").write_text("what stood here before", encoding="utf-8")
    stopped = run_program(folder, "--output", tmp_path / "o.jsonl", "--workers", "1", limit=limit)
    assert stopped.returncode == 1
    assert "cannot be written: File too large; make room" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert (tmp_path / "o.jsonl").read_text(encoding="utf-8") == "what stood here before"
    done = run_program(folder, "--output", tmp_path / "o.jsonl", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert [row["value"] for row in read_rows(tmp_path / "o.jsonl")] == [n for k in range(7) for n in range(k, 100, 7)]


@pytest.mark.usefixtures("quick")
def test_what_cannot_be_run_is_said_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_reports(tmp_path / "in", 3)
    output = tmp_path / "o.csv"
    parts = tmp_path / "o.csv.parts"
    with Journal(parts, {"other": 1}):
        with pytest.raises(SaveError, match="another run writes there"):
            extract_files([folder], output)
        with pytest.raises(SaveError, match="another run writes there"):
            Journal(parts, {"other": 1})
    with pytest.raises(SaveError, match="begun with other settings"):
        extract_files([folder], output)
    (parts / "journal.jsonl").write_bytes(b"\0\0\n")
    with pytest.raises(SaveError, match="its journal is damaged"):
        extract_files([folder], output)
    with pytest.raises(SaveError, match="names no format"):
        extract_files([folder], tmp_path / "o.txt")
    with pytest.raises(SaveError, match="a folder; name a file"):
        extract_files([folder], tmp_path, form="csv")
    with pytest.raises(govie.GovieError, match="no model folder"):
        extract_files([folder], tmp_path / "p.csv", model=tmp_path / "no")
    monkeypatch.setattr("govie.volume.pool.work", volume_workers.modelless)
    with pytest.raises(VolumeError, match=r"a worker was killed by SIGKILL before it could do anything, .* memory"):
        extract_files([folder], tmp_path / "p.csv", workers=1)
