"""The table of ``make benchmark``, in Markdown, from what pytest-benchmark has written."""

import json
import sys
from pathlib import Path

if __name__ == "__main__":
    print("| | characters a second | best round, s |\n| --- | --- | --- |")
    for row in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["benchmarks"]:
        speed = row["extra_info"].get("characters_per_second")
        name = row["name"].removeprefix("test_").replace("_", " ")
        print(f"| {name} | {format(speed, ',') if speed else ''} | {row['stats']['min']:.3f} |")
