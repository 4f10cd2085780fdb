"""Every way to put a row's cells into its columns, where the page does not show which cell stands in which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, islice

from govie.tables.forms import Identity
from govie.tables.gaps import Habit, cells_by_gaps
from govie.tables.numbers import number
from govie.tables.zones import Value, Zone

__all__ = ["Filling", "fillings", "holds"]

Filling = tuple[Value | None, ...]
MOST = 400  # ways to part digits; a row with more of them is not to be told apart
LONGEST = 12  # digits of a figure; more of them are several figures
TRIED, STEPS = 128, 3_000


def holds(filling: Filling, identity: Identity) -> bool:
    """Whether a row keeps an identity. An empty cell counts 0 in a sum, and leaves an order open."""
    if identity.at_least and any(filling[n] is None for n in (*identity.left, *identity.right)):
        return True
    left, right = (sum(number(filling[n]) for n in side) for side in (identity.left, identity.right))
    return left >= right if identity.at_least else left == right


def shown(zone: Zone, columns: int, *, habit: Habit | None, pieces: int) -> Filling | None:
    """The row's cells where the page shows which is which, else None.

    Args:
        habit: how the document writes empty cells in lines.
        pieces: into how many pieces the rules of this table part most rows.
    """
    cells = zone.cells
    if not any(cells):
        return (None,) * columns
    # What closes a line looks like an empty cell behind the last: in a row shorter than others a cell may be missing farther left.
    if zone.ruled and len(cells) >= columns and not any(cells[columns:]) and (cells[columns - 1] or len(cells) >= pieces):
        return cells[:columns]
    if len(cells) == columns and not zone.ruled:
        return cells
    filled = tuple(cell for cell in cells if cell)
    if zone.ruled and len(filled) == columns:
        return filled
    return cells_by_gaps(zone, columns, habit) if habit else None


def fillings(zone: Zone, columns: int, identities: Sequence[Identity]) -> tuple[list[Filling], bool]:
    """The possible rows of ``columns`` cells where the page does not show them, the likeliest first: those that keep the row's identities,
    or, where none does, all. With them, whether they are all that there are."""
    cells = zone.cells[: max(n for n, cell in enumerate(zone.cells) if cell) + 1] if zone.ruled else zone.cells
    if zone.run_together and len(cells) < columns:
        filled = tuple(cell for cell in cells if cell)
        found, complete = _parted(filled, columns, identities)
        if not found:
            found, complete = _parted(filled, columns, ())[0], False
        if found or any(len(cell.number) > LONGEST for cell in filled):
            return found or [(None,) * columns], complete
    sums = [identity for identity in identities if not identity.at_least]
    ways = list(islice(_dropped(cells, columns) if len(cells) > columns else _placed(cells, columns), TRIED))
    kept = [way for way in ways if all(holds(way, identity) for identity in sums)]
    return kept or ways, len(ways) < TRIED


def _placed(cells: Sequence[Value | None], columns: int) -> Iterator[Filling]:
    """Cells that are fewer than the columns, from the left."""
    for places in combinations(range(columns), len(cells)):
        row: list[Value | None] = [None] * columns
        for place, cell in zip(places, cells, strict=True):
            row[place] = cell
        yield tuple(row)


def _dropped(cells: Sequence[Value | None], columns: int) -> Iterator[Filling]:
    """Cells that are more than the columns: something else, such as a page number, stands among them; more likely behind them."""
    return combinations(cells, columns)


def _parted(cells: Sequence[Value], columns: int, identities: Sequence[Identity]) -> tuple[list[Filling], bool]:
    """Digits that have been run together, parted into ``columns`` numbers that keep the identities, and whether that is all ways.

    From the right, because the total is the last of a sum's columns: its parts can then be no larger than what is left of it.
    """
    before = [sum(len(earlier.number) for earlier in cells[:n]) for n in range(len(cells))]
    sums = {n: identity for identity in identities if len(identity.left) == 1 and not identity.at_least for n in identity.right}
    due: dict[int, list[Identity]] = {}
    for identity in identities:
        due.setdefault(min(*identity.left, *identity.right), []).append(identity)
    steps = 0

    def grow(row: tuple[Value, ...], cell: int, at: int) -> Iterator[Filling]:
        """Fill the column left of ``row`` with digits of ``cell`` that end at ``at``."""
        nonlocal steps
        steps += 1
        column = columns - len(row) - 1
        if cell < 0 or column < 0:
            if cell < 0 and column < 0:
                yield row
            return
        most = column - cell  # each earlier cell holds a number at least
        for piece, start in _pieces(cells[cell], at, most=most):
            if start + before[cell] < column:
                break
            grown = (piece, *row)
            if steps > STEPS or not _bears(grown, column, sums.get(column), due.get(column, ()), columns):
                continue
            yield from grow(grown, cell if start else cell - 1, start or (len(cells[cell - 1].number) if cell else 0))

    found = list(islice(grow((), len(cells) - 1, len(cells[-1].number)), MOST))
    return found, len(found) < MOST and steps <= STEPS


def _bears(row: tuple[Value, ...], column: int, part_of: Identity | None, due: Sequence[Identity], columns: int) -> bool:
    """Whether the numbers from ``column`` on may still keep the identities."""
    if part_of and column != min(part_of.right) and part_of.left[0] > column:
        parts = sum(number(row[n - column]) for n in part_of.right if n >= column)
        if parts > number(row[part_of.left[0] - column]):
            return False
    return all(holds((*[None] * (columns - len(row)), *row), identity) for identity in due)


def _pieces(cell: Value, end: int, *, most: int) -> Iterator[tuple[Value, int]]:
    """The numbers that may end at ``end`` of a cell's digits, with where each begins; ``most`` may still stand before it."""
    digits = cell.number
    whole = len(digits.partition(".")[0])
    last = end == len(digits)
    for start in range(min(end, whole) - 1, -1, -1):
        if "," in digits[start:end] and start:
            continue  # thousands are not parted
        if not digits[start].isdigit() or (digits[start] == "0" and start + 1 < min(end, whole)):
            continue
        begin = start - (start > 0 and digits[start - 1] in "+-")
        if (begin and most > 0) or not begin:
            yield Value(cell.start + begin, cell.end if last else cell.start + end, digits[begin:end], cell.unit if last else None), begin
