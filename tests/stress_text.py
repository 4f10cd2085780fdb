"""Time and memory from a thousand characters on: ``make stress``.

    python tests/stress_text.py [--model] [SIZE …]

Prints a row a size, and ends with status 1 where the time a character grows by more than half from the smallest size that counts, or
the memory a character is more than a text as dense in claims as this one may take: most of it are the claims themselves.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path

SIZES = (1_000, 10_000, 100_000, 1_000_000)  # ten million are to be named: they take minutes
COUNTS = 100_000  # characters below which the start costs more than the text
BYTES = 300  # a character, at most: a claim in every twelve characters, of about a thousand bytes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--model", action="store_true", help="the shipped model instead of the stand-in")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        return _one(given.sizes[0], model=given.model)
    rates, taken = {}, {}
    print("characters\tclaims\tseconds\tmicroseconds a character\tpeak MiB\tof it bytes a character")
    for size in given.sizes:  # each in a process of its own, whose peak is then its own
        command = [sys.executable, __file__, "--one", str(size), *(["--model"] if given.model else [])]
        row = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        print(row, flush=True)
        rates[size], taken[size] = float(row.split("\t")[3]), float(row.split("\t")[5])
    counted = [size for size in rates if size >= COUNTS]
    return int(bool(counted) and (rates[counted[-1]] > 1.5 * rates[counted[0]] or max(taken[size] for size in counted) > BYTES))


def _one(size: int, *, model: bool) -> int:
    sys.path.insert(0, str(Path(__file__).parent))
    from fuzz.tiny import real, tiny
    from test_robust import SENTENCES

    extractor = real() if model else tiny()
    extractor.extract(SENTENCES)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    text = (SENTENCES * (size // len(SENTENCES) + 1))[:size]
    start = time.process_time()
    claims = len(extractor.extract(text))
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{size}\t{claims}\t{seconds:.1f}\t{seconds / size * 1e6:.1f}\t{peak / 1024:.0f}\t{(peak - before) * 1024 / size:.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
