"""Empty cells that a page has written as empty lines: how many line breaks part two cells, and how many more an empty one adds.

Nothing on the page says so, and pages differ; but the number of columns is known. So all rows of the document are tried with each habit,
and the habit that gives most rows just their number of cells is the page's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from govie.tables.zones import Value, Zone

__all__ = ["Habit", "cells_by_gaps", "find_habit"]

Habit = tuple[int, int, int]
HABITS: tuple[Habit, ...] = tuple((*cell, row) for row in (0, 1, 2) for cell in ((1, 1), (2, 1), (2, 2), (3, 1), (3, 3)))


def find_habit(rows: Iterable[tuple[Zone, int]], base: int | None) -> Habit | None:
    """The habit of a document's rows; None where no row has the right number of cells under any.

    Args:
        rows: each with its number of columns.
        base: the line breaks between most heads, which are never empty; 0 where they stand on one line, None where there are none.

    Returns:
        the line breaks between two cells, those that an empty cell adds, and those that the end of a row adds.
    """
    habits = [habit for habit in HABITS if base in (None, habit[0])]
    counts = Counter(habit for zone, columns in rows if columns > 1 for habit in habits if _exact(zone, columns, habit))
    return max(habits, key=lambda habit: counts[habit]) if counts else None


def cells_by_gaps(zone: Zone, columns: int, habit: Habit) -> tuple[Value | None, ...] | None:
    """The row's cells under a habit, or None where they are not ``columns``. Empty cells at its end count only where the next label
    follows, for breaks also part tables and paragraphs."""
    cells = _inner(zone, habit)
    if cells is None or len(cells) > columns:
        return None
    if len(cells) < columns and not (zone.closed and len(cells) + _behind(zone, habit) == columns):
        return None
    return (*cells, *[None] * (columns - len(cells)))


def _exact(zone: Zone, columns: int, habit: Habit) -> bool:
    cells = _inner(zone, habit)
    return cells is not None and len(cells) + (_behind(zone, habit) if zone.closed else 0) == columns


def _inner(zone: Zone, habit: Habit) -> list[Value | None] | None:
    """The cells up to the last filled one, or None where the breaks do not fit the habit."""
    base, step, _ = habit
    if zone.ruled or not zone.cells:
        return None
    cells: list[Value | None] = []
    for cell, gap in zip(zone.cells, zone.gaps, strict=False):
        empty, rest = divmod(max(gap - base, 0), step)
        if rest or (0 < gap < base):
            return None
        cells += [None] * empty + [cell]
    return cells


def _behind(zone: Zone, habit: Habit) -> int:
    base, step, row = habit
    return max(zone.gaps[-1] - base - row, 0) // step
