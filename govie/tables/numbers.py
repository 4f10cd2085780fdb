"""The value of a cell, in the base unit."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from govie.numbers.patterns import grammar
from govie.tables.zones import Value

__all__ = ["in_base_unit", "is_figure", "number"]

_ZERO, _HUGE = Decimal(0), Decimal(10**20)
_MOST = 20  # digits: with 亿 as many as a Decimal keeps
_SCALES = {"万": 10**4, "亿": 10**8}


def number(cell: Value | None) -> Decimal:
    """The numeral as written, without its unit; an empty cell is 0."""
    return (_decimal(cell.number) if is_figure(cell) else _HUGE) if cell else _ZERO


def is_figure(cell: Value) -> bool:
    """Whether the numeral is short enough to be a figure of a report, and to be counted with exactly."""
    return len(cell.number) <= _MOST


@lru_cache(maxsize=4096)
def _decimal(numeral: str) -> Decimal:
    return Decimal(numeral.replace(",", ""))


def in_base_unit(cell: Value, unit: str) -> tuple[Decimal, str | None]:
    """The cell's exact value and canonical unit, where ``unit`` is its own or that of its head: 万 is folded in, money is in 元. The unit
    is None where ``unit`` only scales (12.5万)."""
    value = number(cell)
    for word, scale in _SCALES.items():
        if unit.startswith(word):
            value, unit = value * scale, unit[1:]
    value = Decimal(int(value)) if value == value.to_integral_value() else value.normalize()
    return value, grammar().canonical.get(unit, unit) or None
