"""Puts a document's text together, piece by piece, and keeps the offset of every line, heading and cell."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from govie.document import Cell, Heading, Place, Table
from govie.readers.limits import Limits
from govie.readers.source import Input

_NUMBERED = (
    (2, re.compile(r"[一二三四五六七八九十]{1,3}[、.．]|第[一二三四五六七八九十\d]{1,3}(?:部分|章|篇)")),
    (3, re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]")),
    (4, re.compile(r"\d{1,2}(?:[、．]|\.(?!\d))|[（(]\d{1,2}[）)]")),
)
_HEADING_WIDTH = 40
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")
_HAN = r"\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_IS_HAN = re.compile(f"[{_HAN}]")


def heading_level(line: str) -> int | None:
    """The level that a line's numbering gives it as a heading, 2 to 4; None where it is none."""
    line = line.strip()
    if not line or len(line) > _HEADING_WIDTH or line[-1] in "。；;，,、：:":
        return None
    return next((level for level, pattern in _NUMBERED if pattern.match(line)), None)


def one_line(text: str) -> str:
    """A cell's or heading's text in one line: breaks beside Chinese go, others become a blank, and no tab is left."""
    pieces = [piece for line in text.split("\n") if (piece := line.strip())]
    joined = pieces[:1]
    for before, piece in pairwise(pieces):
        beside = _IS_HAN.match(before[-1]) or _IS_HAN.match(piece[0])
        joined.append(piece if beside else f" {piece}")
    return _BLANKS.sub(" ", "".join(joined))


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell on its way into the text: its first row and column, its spans, its text and where it stood."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    place: Place | None = None


def _narrow(cells: Sequence[GridCell]) -> list[GridCell]:
    """Cells without the columns in which none begins: pages and Word span more of them than there are."""
    starts = sorted({cell.column for cell in cells})
    at = {column: n for n, column in enumerate(starts)}
    return [replace(cell, column=at[cell.column], columns=bisect_left(starts, cell.column + cell.columns) - at[cell.column]) for cell in cells]


class TextBuilder:
    """Collects lines and tables in reading order.

    Args:
        file: what is read, for errors.
        limits: how many characters there may be.
    """

    def __init__(self, file: Input, limits: Limits) -> None:
        self._file, self._limits = file, limits
        self._parts: list[str] = []
        self._length = 0
        self.tables: list[Table] = []
        self.headings: list[Heading] = []
        self.places: list[Place] = []

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    def line(self, pieces: str | Sequence[tuple[str, Place | None]], *, level: int | None = None, end: str = "\n") -> None:
        """Add a line, given as its text or as pieces with their places.

        Args:
            pieces: what the line is made of.
            level: the heading's level; None to go by its numbering.
            end: what follows the line.
        """
        start = self._length
        pieces = [(pieces, None)] if isinstance(pieces, str) else pieces
        for text, place in pieces:
            self._put(text, place)
        line = "".join(text for text, _ in pieces)
        level = heading_level(line) or level
        if level is not None and line.strip():
            self.headings.append(Heading(level, start, self._length))
        self._put(end)

    def table(self, cells: Sequence[GridCell]) -> None:
        """Add a table, a row a line with tabs between its cells. A table without any text is left out."""
        if not any(cell.text for cell in cells):
            return
        cells = _narrow(sorted(cells, key=lambda cell: (cell.row, cell.column)))
        rows: dict[int, dict[int, GridCell]] = {}
        for cell in cells:
            rows.setdefault(cell.row, {})[cell.column] = cell
        height = max(cell.row + cell.rows for cell in cells)
        width = max(cell.column + cell.columns for cell in cells)
        if self._length + height * width > self._limits.characters:
            raise self._too_much()
        done = []
        for row in range(height):
            for column in range(width):
                if column:
                    self._put("\t")
                found = rows.get(row, {}).get(column)
                if found is not None:
                    start = self._length
                    self._put(found.text, found.place)
                    done.append(Cell(row, column, start, self._length, found.rows, found.columns))
            self._put("\n")
        self.tables.append(Table(tuple(done)))

    def _put(self, text: str, place: Place | None = None) -> None:
        if place is not None and text:
            self.places.append(replace(place, start=self._length, end=self._length + len(text)))
        self._parts.append(text)
        self._length += len(text)
        if self._length > self._limits.characters:
            raise self._too_much()

    def _too_much(self) -> Exception:
        return self._file.error(f"more than {self._limits.characters:,} characters of text; split it, or raise Limits.characters")
