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
TRIED, STEPS = 128, 20_000


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
    """Digits that have been run together, parted into ``columns`` numbers that keep the identities, and whether that is all ways."""
    due: dict[int, list[Identity]] = {}
    for identity in identities:
        due.setdefault(max(*identity.left, *identity.right), []).append(identity)
    behind = [sum(len(later.number) for later in cells[n + 1 :]) for n in range(len(cells))]
    steps = 0

    def grow(row: tuple[Value, ...], cell: int, at: int) -> Iterator[Filling]:
        nonlocal steps
        steps += 1
        if steps > STEPS:
            return
        if row and any(not holds((*row, *[None] * (columns - len(row))), identity) for identity in due.get(len(row) - 1, ())):
            return
        if cell == len(cells):
            if len(row) == columns:
                yield row
            return
        left = columns - len(row) - (len(cells) - cell - 1)
        for piece, stop in _pieces(cells[cell], at, most=left):
            if len(cells[cell].number) - stop + behind[cell] < columns - len(row) - 1:
                break
            done = stop == len(cells[cell].number)
            yield from grow((*row, piece), cell + done, 0 if done else stop)

    found = list(islice(grow((), 0, 0), MOST))
    return found, len(found) < MOST and steps <= STEPS


def _pieces(cell: Value, at: int, *, most: int) -> Iterator[tuple[Value, int]]:
    """The numbers that may begin at ``at`` of a cell's digits, with where each ends; ``most`` numbers are still to come from it."""
    digits = cell.number
    whole = len(digits.partition(".")[0])
    if most < 1 or "," in digits[at:]:
        if most == 1 or (most > 1 and at == 0):
            yield Value(cell.start + at, cell.end, digits[at:], cell.unit), len(digits)
        return
    for stop in range(at + 1, whole + 1):
        if digits[at] == "0" and stop > at + 1:
            return
        if digits[at:stop] not in ("-", "+"):
            if stop == whole:
                yield Value(cell.start + at, cell.end, digits[at:], cell.unit), len(digits)
            elif most > 1 and whole - stop >= 1:
                yield Value(cell.start + at, cell.start + stop, digits[at:stop]), stop
