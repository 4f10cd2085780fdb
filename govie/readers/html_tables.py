"""Tables of a page as grids, with rowspan and colspan resolved."""

from __future__ import annotations

from collections.abc import Iterator

from govie.readers.html_tree import Element

_LONG = 500  # characters; a cell that holds more is a page's layout
_SPAN = 1000


def is_layout(table: Element) -> bool:
    """Whether a table only lays a page out: others inside it, a column alone, or cells as long as articles."""
    if any(node.tag == "table" for node in table.walk() if node is not table):
        return True
    if max((len(cells(row)) for row in rows(table)), default=0) < 2:
        return True
    return any(len(cell.text()) > _LONG for row in rows(table) for cell in cells(row))


def rows(table: Element) -> list[Element]:
    """The rows of a table that has no others in it."""
    return [node for node in table.walk() if node.tag == "tr"]


def cells(row: Element) -> list[Element]:
    """The cells of a row."""
    return [child for child in row.children if isinstance(child, Element) and child.tag in ("td", "th")]


def grid(table: Element, *, most: int) -> Iterator[tuple[int, int, int, int, Element]]:
    """Each cell as its row, column, rows, columns and element, placed as browsers place them.

    Args:
        table: a table without others in it.
        most: how many places all cells together may cover; what comes after them is not given.
    """
    lines = rows(table)
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(lines):
        column = 0
        for cell in cells(line):
            while (row, column) in taken:
                column += 1
            height = cell.number("rowspan") or len(lines)
            height, width = min(height, len(lines) - row), max(1, min(cell.number("colspan"), _SPAN))
            # A cell that runs into one from above ends before it, so that no place is covered twice.
            width = next((n for n in range(1, width) if (row, column + n) in taken), width)
            if len(taken) + height * width > most:
                return
            taken.update((row + below, column + beside) for below in range(height) for beside in range(width))
            yield row, column, height, width, cell
            column += width
