"""The table of ``make benchmark``, in Markdown, from what pytest-benchmark has written."""

import json
import sys
from pathlib import Path

if __name__ == "__main__":
    print("| | characters a second | a second of processor time | best round, s |\n| --- | --- | --- | --- |")
    for row in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["benchmarks"]:
        known = row["extra_info"]
        speeds = (known.get(key, "") for key in ("characters_per_second", "characters_per_processor_second"))
        cells = [row["name"].removeprefix("test_").replace("_", " "), *(f"{speed:,}" if speed else "" for speed in speeds)]
        print(f"| {' | '.join(cells)} | {row['stats']['min']:.3f} |")
