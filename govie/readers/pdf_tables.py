"""Tables of a PDF: by ruling lines, by alignment, and across pages."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from govie.document import Place
from govie.readers.builder import GridCell
from govie.readers.pdf_layout import Line, lines_of

_SNAP = 3.0  # points within which two edges are one
_NUMERIC = re.compile(r"[\d,，.．%+\-—/\s]*")
_OPENS = re.compile(r"[（(]|[一二三四五六七八九十]{1,3}、|\d|其中|注")


@dataclass(frozen=True, slots=True)
class PdfTable:
    """A grid on a page.

    Attributes:
        cells: as they go into the text.
        page: where it begins, from 1.
        x0, top, x1, bottom: its box in points.
        edges: the left edges of its columns, for joining it with the next page's.
        last: the page and lower edge where it ends.
        ruled: whether it has ruling lines.
    """

    cells: tuple[GridCell, ...]
    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    edges: tuple[float, ...]
    last: int
    ruled: bool

    @property
    def height(self) -> int:
        """How many rows it has."""
        return max(cell.row + cell.rows for cell in self.cells)

    def holds(self, char: dict[str, Any]) -> bool:
        """Whether a character stands in it."""
        return bool(self.x0 <= (char["x0"] + char["x1"]) / 2 <= self.x1 and self.top <= (char["top"] + char["bottom"]) / 2 <= self.bottom)


def ruled_tables(page: Any, chars: Sequence[dict[str, Any]]) -> list[PdfTable]:
    """Tables whose cells are closed in by lines. A single column of boxes is the ground of a paragraph and no table."""
    found = []
    for table in page.find_tables():
        boxes = [box for box in table.cells if box[2] - box[0] > _SNAP and box[3] - box[1] > _SNAP]
        columns, rows = _edges([box[0] for box in boxes]), _edges([box[1] for box in boxes])
        if len(columns) < 2 or not boxes:
            continue
        inside: dict[int, list[dict[str, Any]]] = {}
        for char in chars:
            x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
            hit = next((n for n, box in enumerate(boxes) if box[0] <= x <= box[2] and box[1] <= y <= box[3]), None)
            if hit is not None:
                inside.setdefault(hit, []).append(char)
        cells = []
        for n, (x0, top, x1, bottom) in enumerate(boxes):
            row, column = _index(rows, top), _index(columns, x0)
            cells.append(
                GridCell(
                    row, column, _cell_text(lines_of(inside.get(n, []), page.page_number), x0, x1),
                    max(1, _index(rows, bottom - _SNAP) - row + 1), max(1, _index(columns, x1 - _SNAP) - column + 1),
                    Place(0, 0, page=page.page_number, box=(round(x0, 1), round(top, 1), round(x1, 1), round(bottom, 1))),
                )
            )  # fmt: skip
        if any(cell.text for cell in cells):
            found.append(_table(cells, page.page_number, table.bbox, columns, ruled=True))
    return found


def aligned_tables(lines: Sequence[Line], page: int) -> tuple[list[PdfTable], list[Line]]:
    """Tables without ruling lines, and the lines that are left: three rows and more whose parts stand under one another."""
    found: list[PdfTable] = []
    left: list[Line] = []
    run: list[Line] = []
    for line in [*lines, None]:
        if line is not None and len(line.segments) >= 2:
            run.append(line)
            continue
        table = _aligned(run, page) if len(run) >= 3 else None
        if table is None:
            left += run
        else:
            found.append(table)
        run = []
        if line is not None:
            left.append(line)
    return found, left


def _aligned(run: Sequence[Line], page: int) -> PdfTable | None:
    spans: list[list[float]] = []  # columns: parts whose horizontal extents overlap
    for x0, x1 in sorted((x0, x1) for line in run for _, x0, x1 in line.segments):
        if spans and x0 < spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], x1)
        else:
            spans.append([x0, x1])
    figures = sum(1 for line in run for text, _, _ in line.segments if _NUMERIC.fullmatch(text))
    if len(spans) < 2 or figures < len(run) - 1:
        return None
    starts = [span[0] - 0.1 for span in spans]
    cells = []
    for row, line in enumerate(run):
        texts: dict[int, list[tuple[str, float, float]]] = {}
        for segment in line.segments:
            texts.setdefault(_index(starts, segment[1]), []).append(segment)
        for column in range(len(spans)):
            parts = texts.get(column, [])
            box = (parts[0][1], line.top, parts[-1][2], line.bottom) if parts else None
            cells.append(GridCell(row, column, " ".join(text for text, _, _ in parts), place=Place(0, 0, page=page, box=box)))
    box = min(line.x0 for line in run), run[0].top, max(line.x1 for line in run), run[-1].bottom
    return _table(cells, page, box, starts, ruled=False)


def _table(cells: Sequence[GridCell], page: int, box: tuple[float, float, float, float], edges: Sequence[float], *, ruled: bool) -> PdfTable:
    return PdfTable(tuple(cells), page, *box, tuple(edges), page, ruled)


def joined(pieces: Iterable[Line | PdfTable]) -> list[Line | PdfTable]:
    """Tables that a page break has cut, made whole: the same columns, with nothing but the break between them."""
    done: list[Line | PdfTable] = []
    for piece in pieces:
        before = done[-1] if done else None
        if isinstance(piece, PdfTable) and isinstance(before, PdfTable) and piece.page == before.last + 1 and _same_columns(before, piece):
            done[-1] = _join(before, piece)
        else:
            done.append(piece)
    return done


def _same_columns(upper: PdfTable, lower: PdfTable) -> bool:
    if upper.ruled != lower.ruled or abs(upper.x0 - lower.x0) > 2 * _SNAP or abs(upper.x1 - lower.x1) > 2 * _SNAP:
        return False
    few, many = sorted((upper.edges, lower.edges), key=len)
    return len(few) > 1 and all(any(abs(a - b) <= 2 * _SNAP for b in many) for a in few)


def _join(upper: PdfTable, lower: PdfTable) -> PdfTable:
    edges = _edges([*upper.edges, *lower.edges])
    first, second = _on_edges(upper, edges), _on_edges(lower, edges)
    second = _without_head(first, second)
    height = upper.height
    first, second = _whole_row(first, second, height)
    moved = [replace(cell, row=cell.row + height) for cell in second]
    whole = list(first)
    for cell in moved:
        above = _ends_above(whole, cell, height)
        if cell.row == height and above is not None and _continues(whole[above], cell):
            up = whole[above]
            whole[above] = replace(up, rows=up.rows + cell.rows, text=up.text + cell.text)
        else:
            whole.append(cell)
    return replace(upper, cells=tuple(whole), last=lower.last, edges=tuple(edges), bottom=lower.bottom)


def _ends_above(cells: Sequence[GridCell], lower: GridCell, height: int) -> int | None:
    """Which of the cells ends at ``height`` in the columns of ``lower``."""
    return next((n for n, up in enumerate(cells) if up.row + up.rows == height and (up.column, up.columns) == (lower.column, lower.columns)), None)


def _whole_row(upper: Sequence[GridCell], lower: Sequence[GridCell], height: int) -> tuple[list[GridCell], list[GridCell]]:
    """The cells with a row made whole that the page break has cut: under it stand only rests of labels, and no figure."""
    row = [cell for cell in lower if cell.row == 0 and cell.rows == 1]
    rests = [cell for cell in row if cell.text]
    figures = any(cell.text and _NUMERIC.fullmatch(cell.text) for cell in upper if cell.row + cell.rows == height)
    if not rests or not figures or len(rests) == len(row) or any(_NUMERIC.fullmatch(cell.text) or _OPENS.match(cell.text) for cell in rests):
        return list(upper), list(lower)
    found = {cell.column: _ends_above(upper, cell, height) for cell in row}
    if any(found[cell.column] is None for cell in rests):
        return list(upper), list(lower)
    whole = list(upper)
    for cell in rests:
        n = found[cell.column]
        if n is not None:
            whole[n] = replace(whole[n], text=whole[n].text + cell.text)
    left = [replace(cell, rows=cell.rows - 1) if cell.row == 0 else replace(cell, row=cell.row - 1) for cell in lower if cell not in row]
    return whole, left


def _continues(upper: GridCell, lower: GridCell) -> bool:
    """Whether a page break has cut one cell in two: a merged label with nothing or an unnumbered rest under it."""
    if _NUMERIC.fullmatch(upper.text) or (lower.text and _NUMERIC.fullmatch(lower.text)):
        return False
    if not lower.text:
        return upper.rows > 1 or lower.rows > 1
    return _OPENS.match(upper.text) is not None and _OPENS.match(lower.text) is None and (upper.rows > 1 or lower.rows > 1)


def _on_edges(table: PdfTable, edges: Sequence[float]) -> list[GridCell]:
    """A table's cells on a finer set of columns."""
    at = [_index(edges, edge + _SNAP) for edge in table.edges] + [len(edges)]
    return [replace(cell, column=at[cell.column], columns=at[min(cell.column + cell.columns, len(at) - 1)] - at[cell.column]) for cell in table.cells]


def _without_head(upper: Sequence[GridCell], lower: Sequence[GridCell]) -> list[GridCell]:
    """The lower cells without the head rows of the upper ones, where they repeat them."""
    rows = max(cell.row for cell in lower) + 1
    same = 0
    while same < rows and _row(upper, same) == _row(lower, same) and any(text and not _NUMERIC.fullmatch(text) for _, text in _row(lower, same)):
        same += 1
    if same in (0, rows) or all(_NUMERIC.fullmatch(text) for _, text in _row(lower, 0)):
        return list(lower)
    return [replace(cell, row=cell.row - same) for cell in lower if cell.row >= same]


def _row(cells: Sequence[GridCell], row: int) -> list[tuple[int, str]]:
    return [(cell.column, cell.text) for cell in cells if cell.row == row]


def _edges(values: Iterable[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _SNAP:
            found.append(value)
    return found


def _index(edges: Sequence[float], value: float) -> int:
    return max(0, bisect_right(edges, value + _SNAP / 2) - 1)


def _cell_text(lines: Sequence[Line], x0: float, x1: float) -> str:
    """A cell's lines as one: wrapped inside a word or number where they fill the cell, else parted by a blank between figures."""
    text = ""
    for n, line in enumerate(lines):
        full = n > 0 and lines[n - 1].x1 - lines[n - 1].x0 > x1 - x0 - 2 * line.size
        digits = text[-1:].isdigit() and line.text[:1].isdigit()
        latin = text[-1:].isascii() and text[-1:].isalpha() and line.text[:1].isascii() and line.text[:1].isalpha()
        text += (" " if (digits and not full) or latin else "") + line.text
    return text
