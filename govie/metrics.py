"""The metric codes, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

__all__ = ["Metric", "metrics"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A row of ``metrics.tsv``: code, Chinese name, the unit of a number without one, and what the code covers."""

    code: str
    name: str
    unit: str
    covers: str


@cache
def metrics() -> Mapping[str, Metric]:
    """Every metric by its code, in the file's order.

    >>> metrics()["review.cases"].unit
    '起'
    """
    lines = files("govie").joinpath("data", "metrics.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = (Metric(*line.split("\t")) for line in lines if line)
    return MappingProxyType({row.code: row for row in rows})
