"""``python -m fuzz``: run the targets for a time each, keep what breaks them."""

from __future__ import annotations

import argparse
import hashlib
import importlib
import os
import pkgutil
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

RUNS = Path(__file__).resolve().parents[2] / "runs" / "fuzz"
PARTS = ("checks", "formats", "linking", "model", "numbers", "page", "readers", "tables")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help="which; all by default")
    parser.add_argument("--seconds", type=int, default=600, help="in all, shared evenly")
    parser.add_argument("--output", type=Path, default=RUNS, help="corpora and finds are kept here")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--replay", type=Path, help="run the one target on this file, without atheris")
    given = parser.parse_args(arguments)
    if given.replay:
        from fuzz.targets import TARGETS

        TARGETS[given.targets[0]](given.replay.read_bytes())
        return 0
    if given.child:
        return _fuzz(given.targets[0], given.seconds, given.output / given.targets[0])
    from fuzz.targets import TARGETS

    names = given.targets or list(TARGETS)
    for name in names:
        command = [
            sys.executable,
            "-m",
            "fuzz",
            name,
            "--child",
            "--seconds",
            str(max(1, given.seconds // len(names))),
            "--output",
            str(given.output),
        ]
        started = time.time()
        done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
        runs = next((line.split()[-1] for line in done.stderr.splitlines() if "number_of_executed_units" in line), "?")
        if done.returncode:
            finds = given.output / name / "finds"
            finds.mkdir(parents=True, exist_ok=True)
            (finds / f"ended-{int(started)}.txt").write_text(done.stderr[-8000:], encoding="utf-8")
        with (given.output / "log.tsv").open("a", encoding="utf-8") as log:
            log.write(f"{int(started)}\t{name}\t{time.time() - started:.0f}\t{runs}\t{done.returncode}\n")
        print(f"{name}: {time.time() - started:.0f} s, {runs} runs", flush=True)
    found = sorted(path for name in names for path in (given.output / name / "finds").glob("*.txt"))
    print("\n".join(f"found: {path}" for path in found) or "nothing found")
    return 1 if found else 0


def _fuzz(name: str, seconds: int, folder: Path) -> int:
    import atheris

    with atheris.instrument_imports(include=["govie"]):
        import govie
        from fuzz.targets import TARGETS

        for part in PARTS:  # many load at first use, which would be too late
            for module in pkgutil.walk_packages([f"{govie.__path__[0]}/{part}"], f"govie.{part}."):
                importlib.import_module(module.name)
    corpus, finds = folder / "corpus", folder / "finds"
    for each in (corpus, finds):
        each.mkdir(parents=True, exist_ok=True)
    target = TARGETS[name]

    def one(data: bytes) -> None:
        try:
            target(data)
        except Exception as error:
            _keep(finds, error, data)

    options = [
        f"-max_total_time={seconds}",
        "-timeout=600",
        "-rss_limit_mb=4096",
        "-max_len=1500",
        "-print_final_stats=1",
        f"-artifact_prefix={finds}{os.sep}",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()
    return 0


def _keep(folder: Path, error: Exception, data: bytes) -> None:
    """Keep an input once for each kind of error at each place in govie; the shortest counts."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if f"{os.sep}govie{os.sep}" in frame.filename] or traceback.extract_tb(
        error.__traceback__
    )
    place = f"{type(error).__name__}-{Path(frames[-1].filename).stem}-{frames[-1].lineno}"
    words = "".join(c for c in str(error) if not c.isdigit())[:12] if isinstance(error, AssertionError) else ""
    stem = folder / f"{place}-{hashlib.sha256(words.encode('utf-8', 'replace')).hexdigest()[:6]}"
    known = stem.with_suffix(".input")
    if not known.exists() or known.stat().st_size > len(data):
        known.write_bytes(data)
        text = "".join(traceback.format_exception(error))
        stem.with_suffix(".txt").write_text(text, encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
