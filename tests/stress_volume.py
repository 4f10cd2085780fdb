"""Extraction at volume under stress: ``make stress``. Kills by the dozen, a disk that is full, memory; prints what it measured."""

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from volume_files import PROGRAM, read_rows, write_reports

REPORT = (Path(__file__).parent / "data" / "example-report.txt").read_text(encoding="utf-8")
ROUNDS = int(os.environ.get("STRESS_ROUNDS", "1"))
SMALL = "全年共受理政府信息公开申请{n}件,办结{n}件。"


def run(*args: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, "extract", *map(str, args)], capture_output=True, text=True, env=dict(os.environ, **environment), check=False)


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


@pytest.mark.parametrize("seed", range(ROUNDS))
@pytest.mark.parametrize("model", [{}, {"REAL": "1"}], ids=["stand-in", "real"])
def test_parents_and_workers_killed_at_random(tmp_path: Path, seed: int, model: dict[str, str]) -> None:
    folder = write_reports(tmp_path / "in", 300, SMALL + "SLOW")
    for n in range(20):
        (folder / f"{n % 7}" / f"long{n}.txt").write_text(REPORT.replace("14632", str(n)), encoding="utf-8")
    (folder / "3" / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 100)
    assert run(folder, "--output", tmp_path / "whole.parquet", "--workers", "2", **model).returncode == 1
    output, journal = tmp_path / "o.parquet", tmp_path / "o.parquet.parts" / "journal.jsonl"
    chance = random.Random(seed)
    killed = {"parents": 0, "workers": 0}
    while True:
        lines = lambda: journal.read_bytes().count(b"\n") if journal.exists() else 0  # noqa: E731
        wanted = lines() + chance.choice([0, 0, 1, 1, 2])
        with subprocess.Popen(
            [*PROGRAM, "extract", str(folder), "--output", str(output), "--workers", "2"], env=dict(os.environ, **model), stderr=subprocess.PIPE
        ) as process:
            while process.poll() is None and lines() < wanted:
                time.sleep(0.005)
            until = time.monotonic() + chance.uniform(0, 3 if model else 1)
            worker_dies = chance.random() < 0.3
            while process.poll() is None and time.monotonic() < until:
                # the first child is the tracker of the standard library
                if worker_dies and len(workers := children(process.pid)[1:]) == 2 and time.monotonic() > until - 1:
                    os.kill(chance.choice(workers), signal.SIGKILL)
                    killed["workers"] += 1
                    worker_dies = False
                time.sleep(0.005)
            process.kill()
            said = process.stderr.read().decode() if process.stderr else ""
            if process.wait() != -signal.SIGKILL:
                assert process.returncode == 1, said
                break
            killed["parents"] += 1
    print(
        f"\n{'real model' if model else 'stand-in'}, seed {seed}: {killed['parents']} runs and {killed['workers']} workers killed; the result is that of a run in peace"
    )
    assert "321 reports" in said
    assert output.read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    failures = [(tmp_path / f"{name}.parquet.failures.jsonl").read_bytes() for name in ("o", "whole")]
    assert failures[0] == failures[1]
    assert failures[0].count(b"\n") == 1
    assert killed["parents"] > 3


def test_killed_before_every_step_that_makes_something_last(tmp_path: Path) -> None:
    folder = write_reports(tmp_path / "in", 40)
    (folder / "0" / "empty.txt").write_bytes(b"")
    command = (folder, "--output", tmp_path / "o.csv", "--workers", "1")
    assert run(*command).returncode == 1
    whole, failures = (tmp_path / "o.csv").read_bytes(), (tmp_path / "o.csv.failures.jsonl").read_bytes()
    step = 0
    while True:
        step += 1
        for path in (tmp_path / "o.csv", tmp_path / "o.csv.failures.jsonl"):
            path.unlink(missing_ok=True)
        if (first := run(*command, DIE_AT=str(step)).returncode) == 1:
            break
        assert first == -signal.SIGKILL
        assert not (tmp_path / "o.csv").exists() or (tmp_path / "o.csv").read_bytes() == whole
        second = run(*command)
        assert second.returncode == 1, second.stderr
        assert "41 reports with 80 claims" in second.stderr
        assert (tmp_path / "o.csv").read_bytes() == whole
        assert (tmp_path / "o.csv.failures.jsonl").read_bytes() == failures
        assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "o.csv", "o.csv.failures.jsonl"]
    print(f"\nkilled before each of {step - 1} steps")
    assert step > 10


def test_a_disk_that_is_full_in_truth(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", str(disk)], capture_output=True, check=False).returncode:
        pytest.skip("a disk cannot be mounted here")
    try:
        folder = write_reports(tmp_path / "in", 400)
        command = (folder, "--output", disk / "o.csv", "--workers", "2")
        stopped = run(*command)
        assert stopped.returncode == 1
        assert "No space left on device; make room" in stopped.stderr
        assert not (disk / "o.csv").exists()
        assert subprocess.run(["mount", "-o", "remount,size=16m", str(disk)], check=False).returncode == 0
        done = run(*command)
        assert done.returncode == 0, done.stderr
        assert "of an earlier run" in done.stderr
        assert [row["value"] for row in read_rows(disk / "o.csv")] == [n for k in range(7) for n in range(k, 400, 7) for _ in range(2)]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_memory_does_not_grow_with_the_reports(tmp_path: Path, form: str) -> None:
    taken = {}
    for count in (200, 2000):
        folder = write_reports(tmp_path / f"in{count}", count, SMALL)
        began = time.monotonic()
        done = run(folder, "--output", tmp_path / f"o{count}.{form}", "--workers", "2", REAL="1", MEMORY=str(tmp_path / "memory"))
        assert done.returncode == 0, done.stderr
        parent, worker = json.loads((tmp_path / "memory").read_text())
        taken[count] = (parent, worker)
        print(f"\n{form}, {count} reports: parent {parent} MiB, worker {worker} MiB, {count / (time.monotonic() - began):.1f} reports/s")
    assert taken[2000][0] < taken[200][0] + 15
    assert taken[2000][1] < taken[200][1] + 15
