"""The metric codes, as data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from govie.errors import DataError
from govie.resources import data_text

__all__ = ["Metric", "metrics", "read_metrics", "write_metrics"]

_HEAD = ("code", "name", "unit", "covers")
_CODE = re.compile(r"[a-z_]+(\.[a-z_]+)?")


@dataclass(frozen=True, slots=True)
class Metric:
    """A row of ``metrics.tsv``: code, Chinese name, the unit of a number without one, and what the code covers."""

    code: str
    name: str
    unit: str
    covers: str


@cache
def metrics() -> Mapping[str, Metric]:
    """Every metric of the shipped model by its code, in the file's order.

    >>> metrics()["review.cases"].unit
    '起'
    """
    return _parsed(data_text("metrics.tsv").splitlines(), "metrics.tsv")


def read_metrics(path: str | Path) -> Mapping[str, Metric]:
    """The metrics of a file of the shipped one's shape: tab-separated columns code, name, unit and covers below a head.

    Raises:
        DataError: with file and line, where the file cannot be read, a row is not of that shape, or a code stands twice.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: no metrics: {error}; a UTF-8 file with the columns {', '.join(_HEAD)} is wanted") from error
    return _parsed(lines, path)


def _parsed(lines: Sequence[str], path: str | Path) -> Mapping[str, Metric]:
    if not lines or tuple(lines[0].split("\t")) != _HEAD:
        raise DataError(f"{path}:1: the head must be {'<tab>'.join(_HEAD)}")
    found: dict[str, Metric] = {}
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(_HEAD) or not all(cells[:3]):
            raise DataError(f"{path}:{number}: {len(_HEAD)} cells parted by tabs are wanted, the first three filled: {line!r}")
        if not _CODE.fullmatch(cells[0]):
            raise DataError(f"{path}:{number}: {cells[0]!r} is no code; small letters and _ are wanted, as in family.thing")
        if cells[0] in found:
            raise DataError(f"{path}:{number}: {cells[0]} stands there twice")
        found[cells[0]] = Metric(*cells)
    return MappingProxyType(found)


def write_metrics(rows: Iterable[Metric], path: Path) -> None:
    """Write what :func:`read_metrics` reads."""
    lines = ["\t".join(_HEAD), *("\t".join((row.code, row.name, row.unit, row.covers)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
