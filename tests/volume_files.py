"""Reports to be read at volume, the program that reads them, and its outputs read back."""

import csv
import io
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import volume_workers

from govie.rows import COLUMNS, arrow_schema

PROGRAM = [sys.executable, str(Path(volume_workers.__file__))]


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


def run_program(*args: object, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ, **({"FILE_LIMIT": str(limit)} if limit else {}))
    return subprocess.run([*PROGRAM, "extract", *map(str, args)], capture_output=True, text=True, env=environment, check=False)
