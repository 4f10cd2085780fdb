"""Empty cells that a page has written as empty lines: how many line breaks part two cells, and how many more an empty one adds.

Nothing on the page says so, and pages differ; but the number of columns is known. So all rows of the document are tried with each habit,
and the habit that gives most rows just their number of cells is the page's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from govie.tables.zones import Value, Zone

__all__ = ["Habit", "cells_by_gaps", "find_habit"]

Habit = tuple[int, int]
HABITS: tuple[Habit, ...] = ((1, 1), (2, 1), (2, 2), (3, 1), (3, 3))


def find_habit(rows: Iterable[tuple[Zone, int]]) -> Habit | None:
    """The habit ``(breaks between cells, breaks that an empty one adds)`` of a document's rows, each with its number of columns; None
    where no row has the right number of cells under any."""
    counts = Counter(habit for zone, columns in rows if columns > 1 for habit in HABITS if cells_by_gaps(zone, columns, habit))
    return max(HABITS, key=lambda habit: counts[habit]) if counts else None


def cells_by_gaps(zone: Zone, columns: int, habit: Habit) -> tuple[Value | None, ...] | None:
    """The row's cells under a habit, or None where they are not ``columns``; empty ones at its end may be fewer than the breaks there,
    which also part rows and tables."""
    base, step = habit
    if zone.ruled or not zone.cells:
        return None
    cells: list[Value | None] = []
    for cell, gap in zip(zone.cells, zone.gaps, strict=False):
        empty, rest = divmod(max(gap - base, 0), step)
        if rest or (0 < gap < base):
            return None
        cells += [None] * empty + [cell]
    missing = columns - len(cells)
    if missing < 0 or (zone.gaps[-1] - base) // step < missing:
        return None
    return (*cells, *[None] * missing)
