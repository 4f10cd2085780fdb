"""Settle a table's doubtful rows by what is known: the sums of its columns, and the same figures in prose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from govie.tables.fillings import Filling, fillings, holds, shown
from govie.tables.forms import Identity
from govie.tables.gaps import Habit
from govie.tables.locate import Located
from govie.tables.numbers import number
from govie.tables.zones import Value, Zone

__all__ = ["Settled", "settle"]

FEW = 2  # rows that say nothing of how long a table's rows are
_FIGURE = re.compile(r"(?<![0-9.,])[0-9]{3,}(?:\.[0-9]+)?(?![0-9.,%年])")  # shorter ones are met by chance


@dataclass(frozen=True, slots=True)
class Settled:
    """A row's cells by column, and for each the share of the possible fillings that have it there: 1 where the page leaves no doubt."""

    cells: Filling
    shares: tuple[float, ...]


def settle(table: Located, habit: Habit | None, prose: Callable[[], str]) -> list[Settled]:
    """Each row's cells.

    Args:
        table: the table as located.
        habit: how the document writes empty cells, see :func:`govie.tables.gaps.find_habit`.
        prose: gives the text around the table, for figures that it repeats; asked only where there is doubt.
    """
    width = len(table.columns)
    order = {id(column.line): n for n, column in enumerate(table.columns)}
    across = [moved for identity in table.form.across if (moved := _moved(identity, table, order))]
    zones = _aligned([row.zone for row in table.rows], width)
    counts = Counter(len(zone.cells) for zone in zones if zone.ruled and any(zone.cells))
    pieces = max(counts, key=lambda count: (counts[count], count)) if counts.total() > FEW else width + table.closing
    rows = [shown(zone, width, habit=habit, pieces=pieces) for zone in zones]
    across = [identity for identity in across if _is_kept(identity, [row for row in rows if row])]
    tried = [([row], True) if row else fillings(zone, width, across) for row, zone in zip(rows, zones, strict=True)]
    ways, complete = [way for way, _ in tried], [all_of_them for _, all_of_them in tried]
    _by_columns(table, ways)
    if any(len(way) > 1 for way in ways):
        known = {match[0] for match in _FIGURE.finditer(prose())}
        ways = [_by_prose(way, known) for way in ways]
        _likeliest_first(table, ways)
    return [_settled(way, most=1 if sure else 0.5) for way, sure in zip(ways, complete, strict=True)]


def _is_kept(identity: Identity, certain: Sequence[Filling]) -> bool:
    """Whether the rows that are certain bear an identity out: one that they break cannot settle the others."""
    tried = [row for row in certain if all(row[n] for n in identity.left) and any(row[n] for n in identity.right)]
    return sum(holds(row, identity) for row in tried) * 4 >= len(tried) * 3


def _aligned(zones: list[Zone], width: int) -> list[Zone]:
    """Rows between rules may hold more pieces than columns, for merged cells leave empty ones: those of a label before the row's cells,
    those that make up a line behind them. The side is the one that loses no figure in most rows; ``closing`` is the rule at a line's end."""
    wide = [zone for zone in zones if zone.ruled and len(zone.cells) > width]
    if not any(any(zone.cells[width:]) for zone in wide):
        return zones

    def cut(zone: Zone, closing: int) -> tuple[Value | None, ...]:
        end = len(zone.cells) - closing
        return zone.cells[end - width : end]

    def kept(closing: int) -> int:
        return sum(sum(map(bool, cut(zone, closing))) == sum(map(bool, zone.cells)) for zone in wide)

    closing = max((0, 1), key=kept)
    if kept(closing) <= sum(not any(zone.cells[width:]) for zone in wide):
        return zones
    return [replace(zone, cells=cut(zone, closing)) if zone in wide and len(zone.cells) >= width + closing else zone for zone in zones]


def _moved(identity: Identity, table: Located, order: Mapping[int, int]) -> Identity | None:
    """An identity of the form's columns as one of the page's, which may have some of them only, or in another order."""
    left, right = (
        tuple(order[id(table.form.columns[n])] for n in side if id(table.form.columns[n]) in order) for side in (identity.left, identity.right)
    )
    return Identity(left, right, identity.at_least) if left and right else None


def _by_columns(table: Located, ways: list[list[Filling]]) -> None:
    """Leave of a doubtful row the fillings under which every column keeps its sums, where all other rows of a sum are settled."""
    place = {row.index: n for n, row in enumerate(table.rows) if row.index is not None}
    for _ in range(3):
        changed = False
        for identity in table.form.down:
            rows = [place[index] for index in (*identity.left, *identity.right) if index in place and ways[place[index]]]
            doubtful = [row for row in rows if len(ways[row]) > 1]
            if len(doubtful) != 1 or len(rows) < 2:
                continue
            row = doubtful[0]
            kept = [way for way in ways[row] if _adds_up(identity, place, ways, row, way)]
            if kept and len(kept) < len(ways[row]):
                ways[row], changed = kept, True
        if not changed:
            return


def _adds_up(identity: Identity, place: dict[int, int], ways: Sequence[Sequence[Filling]], row: int, way: Filling) -> bool:
    def total(side: Sequence[int], column: int) -> object:
        rows = [place[index] for index in side if index in place]
        return sum(number((way if n == row else ways[n][0])[column]) for n in rows if n == row or ways[n])

    return all(total(identity.left, column) == total(identity.right, column) for column in range(len(way)))


def _by_prose(ways: list[Filling], known: set[str]) -> list[Filling]:
    """Leave the fillings with most figures that the prose repeats."""
    if len(ways) < 2:
        return ways
    scores = [sum(cell.number in known for cell in way if cell) for way in ways]
    return [way for way, score in zip(ways, scores, strict=True) if score == max(scores)]


def _likeliest_first(table: Located, ways: list[list[Filling]]) -> None:
    """Order what is left of digits that have been run together: most zeros first, for they are common; then zeros in a column that may
    hold them in most rows; then numbers of like length."""
    rows = [n for n, row in enumerate(table.rows) if row.zone.run_together and len(ways[n]) > 1]
    for n in rows:
        most = max(map(len, map(_zeros, ways[n])))
        ways[n].sort(key=lambda way: len(_zeros(way)) < most)
    counts = Counter(zeros for n in rows for zeros in {_zeros(way) for way in ways[n] if len(_zeros(way)) == len(_zeros(ways[n][0]))})
    for n in rows:
        ways[n].sort(key=lambda way: (-len(_zeros(way)), -counts[_zeros(way)], sum(len(cell.number) ** 2 for cell in way if cell)))


def _zeros(way: Filling) -> frozenset[int]:
    return frozenset(n for n, cell in enumerate(way) if cell and cell.number == "0")


def _settled(ways: list[Filling], *, most: float) -> Settled:
    chosen = ways[0]
    shares = tuple(min(most, sum(way[n] == cell for way in ways) / len(ways)) for n, cell in enumerate(chosen))
    return Settled(chosen, shares)
