"""Extraction at volume: nothing lost, nothing doubled, whatever is killed. The heavier half is in ``stress_volume.py``."""

import csv
import gzip
import io
import json
import lzma
import os
import random
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import volume_workers
from hypothesis import given, settings
from hypothesis import strategies as st

import govie
from govie.cli import main
from govie.commands.progress import Reporter, rates
from govie.errors import SaveError, VolumeError
from govie.rows import COLUMNS, arrow_schema, rows
from govie.volume import Failure, Progress, extract_files
from govie.volume.inputs import Entry, chunks, entries, outermost, read_entry
from govie.volume.journal import Done, Journal

PROGRAM = [sys.executable, str(Path(volume_workers.__file__))]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers with a stand-in for the model."""
    monkeypatch.setattr("govie.volume.pool.work", volume_workers.quick)


def write_reports(folder: Path, count: int, text: str = "受理{n}件,办结{n}件。") -> Path:
    for n in range(count):
        path = folder / f"{n % 7}" / f"r{n:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(n=n), encoding="utf-8")
    return folder


def read_rows(path: Path) -> list[dict[str, object]]:
    """The rows of an output of any format, values as Decimal."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        assert table.schema.equals(arrow_schema())
        return table.to_pylist()
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        found = [json.loads(line) for line in text.splitlines()]
        return [row | {key: row[key] and Decimal(row[key]) for key in ("value", "high")} for row in found]
    empty = {"": None}
    made = [{key: empty.get(value, value) for key, value in row.items()} for row in csv.DictReader(io.StringIO(text, newline=""))]
    whole = [key for key in COLUMNS if key.endswith(("start", "end")) or key == "year"]
    kinds = {"value": Decimal, "high": Decimal, "confidence": float, "is_total": "true".__eq__, **dict.fromkeys(whole, int)}
    return [{key: value if value is None else kinds.get(key, str)(value) for key, value in row.items()} for row in made]


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
    done = extract_files([folder, tmp_path / "none"], tmp_path / "o.jsonl", workers=2, timeout=3, on_failure=said.append, on_progress=seen.append)
    wanted = {
        "empty": "no text", "r00030-fail": "ValueError: what nobody", "r00030-hang": "after 3 seconds", "r00030-kill": "SIGKILL, twice",
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


def run_program(*args: object, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ, **({"FILE_LIMIT": str(limit)} if limit else {}))
    return subprocess.run([*PROGRAM, "extract", *map(str, args)], capture_output=True, text=True, env=environment, check=False)


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


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--workers", "2"], "--workers needs a file: --output"),
        (["--format", "parquet"], "Parquet needs a file: --output"),
        (["--format", "table", "-o", "x.csv"], "a table is for the screen"),
        (["-", "-o", "x.csv"], "standard input cannot be read again"),
    ],
)
def test_options_that_do_not_go_together(args: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", "in", *args]) == 1
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("args", [["--min-confidence", "1.5"], ["--workers", "0"]])
def test_options_out_of_range(args: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(["extract", "in", *args])


def test_min_confidence_on_the_screen(tmp_path: Path, extractor: govie.Extractor, report: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "r.txt").write_text(report, encoding="utf-8")
    least = sorted(claim.confidence or 0 for claim in extractor.extract(report))[10]
    assert main(["extract", str(tmp_path / "r.txt"), "--format", "csv", "--min-confidence", str(least)]) == 0
    found = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert tuple(found[0]) == COLUMNS
    assert len(found) == len(extractor.extract(report)) - 10


def test_files_in_order_hidden_ones_and_the_output_left_out(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/10.txt", "b.txt", "a/z/1.txt", ".git/x", "a/.x", "c.csv", "c.csv.parts/00/x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    found = [
        Path(entry.name).relative_to(tmp_path).as_posix()
        for entry in entries([str(tmp_path)], leave_out=[tmp_path / "c.csv", tmp_path / "c.csv.parts"])
    ]
    assert found == ["a/z/1.txt", "b/10.txt", "b/2.txt", "b.txt"]
    names = [str(tmp_path / "b"), str(tmp_path), str(tmp_path / "b" / "2.txt"), str(tmp_path) + "/.", "none"]
    assert outermost(names) == [str(tmp_path), "none"]


def test_a_folder_that_cannot_be_looked_into_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shut").mkdir()
    (tmp_path / "z.txt").write_text("5件", encoding="utf-8")
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    shut, readable = entries([str(tmp_path)])
    assert shut.error is not None
    assert "Permission denied" in shut.error
    assert readable.error is None


def test_a_bulk_file_holds_a_report_a_line(tmp_path: Path) -> None:
    lines = [
        json.dumps({"text": "受理5件。", "name": "甲", "year": 2020, "publisher": "甲县", "division": "320682"}, ensure_ascii=False),
        "",
        '{"text": "办结6件。"}',
        "no json",
        '{"text": ""}',
        '{"text": "7件", "year": "2020"}',
        "[]",
    ]
    data = "\n".join(lines).encode()
    for name, packed in (("r.jsonl", data), ("r.jsonl.gz", gzip.compress(data)), ("r.jsonl.xz", lzma.compress(data))):
        path = tmp_path / name
        path.write_bytes(packed)
        first, second, *bad = entries([str(path)])
        document = read_entry(first)
        assert (document.text, document.name, document.year, document.publisher, document.division) == ("受理5件。", "甲", 2020, "甲县", "320682")
        assert read_entry(second).name == f"{path}:3"
        for entry, words in zip(bad, ("no JSON", "no text", "year must be a whole number", "no text"), strict=True):
            with pytest.raises(govie.GovieError, match=words):
                read_entry(entry)
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(data)[:-9])
    *_, last = entries([str(tmp_path / "cut.jsonl.gz")])
    assert last.error is not None
    assert "was not read" in last.error
    [missing] = entries([str(tmp_path / "none.jsonl")])
    assert missing.error is not None


@given(st.lists(st.text("ab甲\udcff/", min_size=1), unique=True, max_size=60), st.text("cd", min_size=1), st.randoms())
@settings(max_examples=50)
def test_chunks_hold_every_report_once_and_a_new_one_changes_few(names: list[str], new: str, randoms: random.Random) -> None:
    reports = [Entry(name, 10) for name in names]
    before = list(chunks(reports))
    assert [entry for chunk in before for entry in chunk.entries] == reports
    reports.insert(randoms.randrange(len(reports) + 1), Entry(new, 10))
    after = list(chunks(reports))
    assert len({chunk.key for chunk in before}) == len(before)
    changed = {chunk.key for chunk in after} - {chunk.key for chunk in before}
    assert 1 <= len(changed) <= 2  # itself, or both halves of the one that it parts


def test_a_large_file_makes_a_small_chunk_and_a_changed_one_is_another() -> None:
    assert [len(chunk.entries) for chunk in chunks(Entry(f"{n}", 600_000) for n in range(4))] in ([2, 2], [1, 2, 1])
    assert max(len(chunk.entries) for chunk in chunks(Entry(f"{n}") for n in range(10_000))) <= 64
    first, second, third = (next(chunks([entry])).key for entry in (Entry("a", 1, 1), Entry("a", 1, 2), Entry("a", 2, 1)))
    assert len({first, second, third}) == 3


def test_a_journal_cut_anywhere_keeps_what_came_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)  # a thousand of them take their time
    made = [Done(f"{n:024x}", n, 10 * n, 0, 0, (Failure("坏\udcff", "e", None),) * (n % 2)) for n in range(3)]
    with Journal(tmp_path / "whole", {"s": 1}) as journal:
        for done in made:
            journal.add(done)
        assert [journal.done(done.key) for done in made] == made
    data = (tmp_path / "whole" / "journal.jsonl").read_bytes()
    ends = [n + 1 for n, byte in enumerate(data) if byte == 10]
    folder = tmp_path / "cut"
    folder.mkdir()
    for cut in range(len(data) + 1):
        for tail in (b"", b"\0\0\0\n"):
            (folder / "journal.jsonl").write_bytes(data[:cut] + (tail if cut > ends[0] else b""))
            with Journal(folder, {"s": 1}) as journal:
                known = [done for done in made if done.key in journal]
                assert known == made[: max(0, sum(end <= cut for end in ends) - 1)]
                journal.add(made[-1])
                assert journal.done(made[-1].key) == made[-1]


def test_a_part_that_is_gone_or_short_is_made_again(tmp_path: Path) -> None:
    keys = [f"{n:024x}" for n in range(3)]
    with Journal(tmp_path / "j", {}) as journal:
        for key in keys:
            journal.part(key).parent.mkdir(exist_ok=True)
            journal.part(key).write_bytes(b"12345")
            journal.add(Done(key, 1, 1, 1, 5))
        journal.part(keys[0]).unlink()
        journal.part(keys[1]).write_bytes(b"123")
        (journal.part(keys[2]).parent / "x.1.new").write_bytes(b"")
    with Journal(tmp_path / "j", {}) as journal:
        assert [key in journal for key in keys] == [False, False, True]
        assert not list((tmp_path / "j").glob("*/*.new"))


def test_rate_and_remaining_time_leave_earlier_runs_out() -> None:
    now = Progress(reports=1200, total=11_200, resumed=1000, characters=1_000_000, failed=3, seconds=20)
    assert rates(now) == "10.0 reports/s  50,000 characters/s  0:16:40 left  3 failed"
    assert rates(Progress(1000, None, 1000, 0, 0, 0.5)) == ""


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_and_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "160")
    now = Progress(reports=50, total=200, resumed=0, characters=5000, failed=1, seconds=5)
    terminal = _Terminal()
    with Reporter(terminal) as reporter:
        reporter.progress(now)
        reporter.failure(Failure("x", "x: [bold]broken[/bold]"))
    assert "50/200" in terminal.getvalue()
    assert "10.0 reports/s  1,000 characters/s  0:00:15 left" in terminal.getvalue()
    assert "govie: x: [bold]broken[/bold]" in terminal.getvalue()
    log = io.StringIO()
    with Reporter(log) as reporter:
        reporter.progress(now)
        assert log.getvalue() == ""
        monkeypatch.setattr("govie.commands.progress._LOGGED", -1.0)
        reporter.progress(now)
        reporter.failure(Failure("x", "x: broken"))
    assert log.getvalue() == "govie: 50 of 200 reports  10.0 reports/s  1,000 characters/s  0:00:15 left  1 failed\ngovie: x: broken\n"
