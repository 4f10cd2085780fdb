"""Grids of a reader as text with pipes, so that they go the same way as text: a row a line, an empty cell as nothing between two pipes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from govie.document import Document, Table

__all__ = ["Sheet", "sheets"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A grid as ``text``, and where its stretches stand in the document: ``starts`` in the text, ``places`` in the document."""

    text: str
    starts: tuple[int, ...]
    places: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span of the document for a non-empty one of ``text``; where it runs over several cells, of all of them."""
        return self._offset(start), self._offset(end - 1) + 1

    def _offset(self, at: int) -> int:
        n = bisect_right(self.starts, at) - 1
        return self.places[n] + at - self.starts[n]


def sheets(document: Document) -> Iterator[Sheet]:
    """One sheet for each grid of ``document``."""
    for table in document.tables:
        if any(cell.end > cell.start for cell in table.cells):
            yield _sheet(document.text, table)


def _sheet(source: str, table: Table) -> Sheet:
    parts: list[str] = []
    starts: list[int] = []
    places: list[int] = []
    at = 0
    for _, cells in groupby(sorted(table.cells, key=lambda cell: (cell.row, cell.column)), key=lambda cell: cell.row):
        for n, cell in enumerate(cells):
            parts.append("|" if n else "\n")
            at += 1
            content = source[cell.start : cell.end].replace("|", " ").replace("\n", " ").replace("\t", " ")
            if content:
                starts.append(at)
                places.append(cell.start)
            parts.append(content)
            at += len(content)
    return Sheet("".join(parts), tuple(starts), tuple(places))
