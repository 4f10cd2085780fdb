"""Rates and memory of ``govie extract DIR --output`` by the number of workers, as a table in Markdown: ``make benchmark-workers``.

    python tests/benchmarks/workers.py [FOLDER] [--reports N] [--workers 1 2 …] [--form parquet] [--rounds 2] [--model FOLDER]

Each line is the best of the rounds, of a run of its own from nothing, model's load included. Without a FOLDER of reports, N reports of a usual
length are made of the corpus's test split. Nothing else should be running: the last column says how much of the processors' time it got.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from govie.formats.passages import read_hand
from govie.volume import Summary, extract_files

ROOT = Path(__file__).resolve().parents[2]
LENGTH = 4_000


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds by the clock, seconds of processors, the most MiB that the parent and one worker have taken."""

    reports: int
    claims: int
    characters: int
    seconds: float
    processor: float
    parent: float
    worker: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="reports, of any kind that govie reads")
    parser.add_argument("--reports", type=int, default=400, help="how many are made where no folder is given")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--form", default="parquet", choices=["parquet", "jsonl", "csv"])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--model", help="a model folder instead of the shipped one")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        return _one(given)
    with tempfile.TemporaryDirectory() as made:
        folder = given.folder or _reports(Path(made, "in"), given.reports)
        print("| workers | reports | claims | s | reports a second | characters a second | processor seconds | parent, MiB | a worker, MiB |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        for workers in given.workers:
            rounds = [_run(folder, Path(made), workers, given) for _ in range(given.rounds)]
            best = min(rounds, key=lambda run: run.seconds)
            rates = f"{best.reports / best.seconds:.1f} | {best.characters / best.seconds:,.0f}"
            spent = f"{best.processor:.1f} ({best.processor / best.seconds:.2f} processors)"
            print(
                f"| {workers} | {best.reports} | {best.claims} | {best.seconds:.1f} | {rates} | {spent} | {best.parent:.0f} | {best.worker:.0f} |",
                flush=True,
            )
    return 0


def _run(folder: Path, made: Path, workers: int, given: argparse.Namespace) -> Run:
    """In a process of its own, so that its times and peaks are its own."""
    command = [sys.executable, __file__, str(folder), "--one", str(made / "figures"), "--workers", str(workers), "--form", given.form]
    subprocess.run([*command, *(["--model", given.model] if given.model else [])], check=True)
    return Run(**json.loads((made / "figures").read_text(encoding="ascii")))


def _one(given: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as made:
        began = time.monotonic()
        done: Summary = extract_files([given.folder], Path(made, f"o.{given.form}"), form=given.form, workers=given.workers[0], model=given.model)
        seconds = time.monotonic() - began
    own, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = sum(used.ru_utime + used.ru_stime for used in (own, theirs))
    figures = {
        "reports": done.reports, "claims": done.claims, "characters": done.characters, "seconds": seconds, "processor": processor,
        "parent": own.ru_maxrss / 1024, "worker": theirs.ru_maxrss / 1024,
    }  # fmt: skip
    given.one.write_text(json.dumps(figures), encoding="ascii")
    return 0


def _reports(folder: Path, count: int) -> Path:
    """Reports of a usual length; each begins elsewhere in the corpus's test split."""
    folder.mkdir()
    text = "\n".join(passage.text for path in sorted((ROOT / "corpora/test").glob("*.txt")) for passage in read_hand(path))
    for n in range(count):
        at = n * LENGTH * 7 // 4 % (len(text) - LENGTH)
        (folder / f"{n:05}.txt").write_text(text[at : at + LENGTH], encoding="utf-8")
    return folder


if __name__ == "__main__":
    sys.exit(main())
