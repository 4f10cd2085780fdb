"""Lines of a PDF page, and what repeats on every page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Any

from govie.document import Place

if TYPE_CHECKING:
    from govie.readers.pdf_tables import PdfTable

_PAGE_NUMBER = re.compile(
    r"[-—–─－·•.\s\[(（【]*(?:第\s*)?(?:\d{1,4}|[ivxIVX]{1,6})(?:\s*页)?(?:\s*[/／,，共]\s*(?:共\s*)?\d{1,4}(?:\s*页)?)?[-—–─－·•.\s\])）】]*"
)
_MARGIN = 0.12  # of a page's height, above and below, in which running heads stand


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text.

    Attributes:
        text: with a blank for every gap between words.
        x0, top, x1, bottom: its box in points.
        size: the height of its characters in points.
        page: from 1.
        segments: its parts between wide gaps, each with its left and right edge.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    page: int
    segments: tuple[tuple[str, float, float], ...]

    @property
    def place(self) -> Place:
        """Where it stands; its offsets are still to be set."""
        return Place(0, 0, page=self.page, box=(round(self.x0, 1), round(self.top, 1), round(self.x1, 1), round(self.bottom, 1)))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's lines and tables."""

    number: int
    height: float
    lines: list[Line]
    tables: list[PdfTable]

    def in_order(self) -> list[Line | PdfTable]:
        """Lines and tables from top to bottom."""
        return sorted([*self.lines, *self.tables], key=lambda piece: piece.top)


def lines_of(chars: Sequence[dict[str, Any]], page: int) -> list[Line]:
    """Characters as lines, from top to bottom. Characters belong to one line where their middles lie within half their height."""
    rows: list[list[dict[str, Any]]] = []
    for char in sorted(chars, key=lambda char: ((char["top"] + char["bottom"]) / 2, char["x0"])):
        middle = (char["top"] + char["bottom"]) / 2
        if rows and abs(middle - median((c["top"] + c["bottom"]) / 2 for c in rows[-1][-8:])) < 0.5 * max(char["size"], 4):
            rows[-1].append(char)
        else:
            rows.append([char])
    lines = [_line(sorted(row, key=lambda char: char["x0"]), page) for row in rows]
    return [line for line in lines if line.text]


def _line(row: list[dict[str, Any]], page: int) -> Line:
    size = median(char["size"] for char in row)
    parts: list[str] = []
    segments: list[tuple[str, float, float]] = []
    start, left, right = 0, 0.0, None
    for char in row:
        if not char["text"].strip():
            parts.append(" ")
            continue
        if right is None:
            parts, start, left = [], 0, char["x0"]
        elif char["x0"] - right > 1.2 * size:
            segments.append(("".join(parts[start:]).strip(), left, right))
            parts.append(" ")
            start, left = len(parts), char["x0"]
        elif char["x0"] - right > (0.25 if char["text"].isascii() or parts[-1].isascii() else 0.8) * size and parts[-1] != " ":
            parts.append(" ")
        parts.append(char["text"])
        right = char["x1"]
    if right is None:
        return Line("", 0, row[0]["top"], 0, row[0]["bottom"], size, page, ())
    segments.append(("".join(parts[start:]).strip(), left, right))
    inked = [char for char in row if char["text"].strip()]
    text = re.sub(r"[ \t\u00a0\u3000]+", " ", "".join(parts)).strip()
    box = min(c["x0"] for c in inked), min(c["top"] for c in inked), max(c["x1"] for c in inked), max(c["bottom"] for c in inked)
    return Line(text, *box, size, page, tuple(segments))


def without_running_heads(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Sheets without page numbers and without lines that stand on most pages in the same place.

    A bare number at a page's edge is its number where most pages have one that runs with them; else it may be a figure.
    """
    enough = max(2, 0.4 * len(sheets))
    seen = Counter(key for sheet in sheets for key in {_key(line) for line in sheet.lines if _marginal(line, sheet) and not line.text.isdigit()})
    running = {key for key, count in seen.items() if count >= enough}
    numbers = Counter(int(line.text) - sheet.number for sheet in sheets for line in sheet.lines if _numbers(line, sheet) and line.text.isdecimal())
    shifts = {shift for shift, count in numbers.items() if count >= enough}

    def kept(line: Line, sheet: Sheet) -> bool:
        if not _marginal(line, sheet) or _key(line) in running:
            return not _marginal(line, sheet)
        if not _numbers(line, sheet):
            return True
        return line.text.isdecimal() and int(line.text) - sheet.number not in shifts

    return [replace(sheet, lines=[line for line in sheet.lines if kept(line, sheet)]) for sheet in sheets]


def _numbers(line: Line, sheet: Sheet) -> bool:
    """Whether a line at the edge of a page looks like its number."""
    if not _marginal(line, sheet) or len(line.text) > 20 or not _PAGE_NUMBER.fullmatch(line.text):
        return False
    edges = [each.top for each in sheet.lines if each is not line and not _PAGE_NUMBER.fullmatch(each.text)] + [table.top for table in sheet.tables]
    return all(line.top >= edge for edge in edges) or all(line.top <= edge for edge in edges)


def _marginal(line: Line, sheet: Sheet) -> bool:
    return line.bottom < _MARGIN * sheet.height or line.top > (1 - _MARGIN) * sheet.height


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.top / 6)
