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
MOST = 400  # ways to try; a row with more of them is not to be told apart
TRIED, STEPS = 500, 20_000


def holds(filling: Filling, identity: Identity) -> bool:
    """Whether a row keeps an identity; an empty cell counts 0."""
    left, right = (sum(number(filling[n]) for n in side) for side in (identity.left, identity.right))
    return left >= right if identity.at_least else left == right


def fillings(zone: Zone, columns: int, identities: Sequence[Identity], habit: Habit | None) -> list[Filling]:
    """The possible rows of ``columns`` cells, the likeliest first. One where the page shows it; else those that keep the row's identities,
    or, where none does, all."""
    cells = zone.cells
    if not any(cells):
        return []
    if zone.ruled and len(cells) >= columns and not any(cells[columns:]):
        return _ruled(cells, columns, identities)
    if len(cells) == columns:
        return [cells]
    if habit and (by_gaps := cells_by_gaps(zone, columns, habit)):
        return [by_gaps]
    filled = tuple(cell for cell in cells if cell)
    if zone.ruled and len(filled) == columns:
        return [filled]
    if zone.run_together and len(cells) < columns:
        found = _kept(_parted(filled, columns, identities), ()) or _kept(_parted(filled, columns, ()), ())
        if found:
            return found
    ways = _dropped(cells, columns) if len(cells) > columns else _placed(cells, columns)
    tried = list(islice(ways, TRIED))
    return _kept(tried, identities) or tried[:MOST]


def _kept(ways: Iterator[Filling] | Sequence[Filling], identities: Sequence[Identity]) -> list[Filling]:
    return list(islice((way for way in ways if all(holds(way, identity) for identity in identities)), MOST))


def _ruled(cells: Filling, columns: int, identities: Sequence[Identity]) -> list[Filling]:
    """A row whose cells the page shows. A rule that closes a line looks like an empty cell behind the last, so where the last is empty
    and the sums are wrong, a cell may be missing farther left."""
    shown = cells[:columns]
    if shown[-1] is None and not all(holds(shown, identity) for identity in identities):
        last = max(n for n, cell in enumerate(shown) if cell)
        return _kept(list(islice(_placed(shown[: last + 1], columns), TRIED)), identities) or [shown]
    return [shown]


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


def _parted(cells: Sequence[Value], columns: int, identities: Sequence[Identity]) -> Iterator[Filling]:
    """Digits that have been run together, parted into ``columns`` numbers that keep the identities."""
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

    return grow((), 0, 0)


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
