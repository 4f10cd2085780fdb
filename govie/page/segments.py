"""A document's text as HTML: cut wherever a claim or a scope span begins or ends, so that each can be lit, also where spans overlap."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from govie.document import Document, Extraction, Table
from govie.page.data import group_of
from govie.page.flattened import Row, flattened

__all__ = ["body"]


def body(extraction: Extraction) -> str:
    """The text in blocks, headings as headings and tables as tables; every character of it once, escaped."""
    return "".join(_Body(extraction).blocks())


class _Body:
    def __init__(self, extraction: Extraction) -> None:
        self._document: Document = extraction.document
        self._text = extraction.document.text
        cuts = {0, len(self._text)}
        marked: list[tuple[int, int]] = []
        for claim in extraction:
            spans = [(claim.start, claim.end), *((part.start, part.end) for _, part in claim.scope)]
            cuts.update(offset for span in spans for offset in span)
            marked += spans
        self._flattened = list(flattened(extraction))
        self._cuts = sorted(cuts)
        self._of: dict[int, list[int]] = {}
        for n, claim in enumerate(extraction):
            for offset in self._cuts[bisect_left(self._cuts, claim.start) : bisect_left(self._cuts, claim.end)]:
                self._of.setdefault(offset, []).append(n)
        self._groups = [group_of(claim.metric) for claim in extraction]
        self._marked = set()
        for start, end in set(marked):
            self._marked.update(self._cuts[bisect_left(self._cuts, start) : bisect_left(self._cuts, end)])
        self._headings = sorted((heading.start, heading.level) for heading in self._document.headings)

    def blocks(self) -> Iterator[str]:
        at = 0
        for start, end, shown in self._grids():
            if start >= at:
                yield from self._paragraphs(at, start)
                yield shown
                at = end
        yield from self._paragraphs(at, len(self._text))

    def _grids(self) -> list[tuple[int, int, str]]:
        """The document's tables, and those that the text has flattened, with the stretch of text that each stands for."""
        found = []
        for table in self._document.tables:
            cells = [cell for cell in table.cells if cell.end > cell.start]
            if not cells:
                continue
            start, end = min(cell.start for cell in cells), max(cell.end for cell in cells)
            if self._holds_all(table, start, end):
                found.append((start, end, self._table(table)))
        taken = [(start, end) for start, end, _ in found]
        for rows in self._flattened:
            start, end = rows[0].start, rows[-1].end
            if not any(start < right and left < end for left, right in taken):
                found.append((start, end, self._rows(rows)))
        return sorted(found)

    def _rows(self, rows: Sequence[Row]) -> str:
        lines = []
        for row in rows:
            label = " ".join(self._runs(*line) for line in row.label)
            cells = "".join(f"<td>{self._runs(*cell) if cell else ''}</td>" for cell in row.cells)
            lines.append(f"<tr><td>{label}</td>{cells}</tr>")
        return f'<div class="scroll" tabindex="0" role="region" aria-label="table"><table class="grid flat">{"".join(lines)}</table></div>'

    def _holds_all(self, table: Table, start: int, end: int) -> bool:
        """Whether nothing but blanks stands between the cells, and no two overlap: only then can a table stand for its text."""
        at = start
        for cell in sorted((cell for cell in table.cells if cell.end > cell.start), key=lambda cell: cell.start):
            if cell.start < at or self._text[at : cell.start].strip():
                return False
            at = cell.end
        return at == end

    def _table(self, table: Table) -> str:
        rows: dict[int, list[str]] = {}
        for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
            size = (f' rowspan="{cell.rows}"' if cell.rows > 1 else "") + (f' colspan="{cell.columns}"' if cell.columns > 1 else "")
            rows.setdefault(cell.row, []).append(f"<td{size}>{self._runs(cell.start, cell.end)}</td>")
        lines = "".join(f"<tr>{''.join(cells)}</tr>" for _, cells in sorted(rows.items()))
        return f'<div class="scroll" tabindex="0" role="region" aria-label="table"><table class="grid">{lines}</table></div>'

    def _paragraphs(self, start: int, end: int) -> Iterator[str]:
        at = start
        while at < end:
            stop = self._text.find("\n", at, end)
            stop = end if stop < 0 else stop
            if self._text[at:stop].strip():
                level = self._level(at, stop)
                role = f' class="h h{level}" role="heading" aria-level="{min(level, 6)}"' if level else ""
                yield f"<p{role}>{self._runs(at, stop)}</p>"
            at = stop + 1

    def _level(self, start: int, end: int) -> int:
        n = bisect_left(self._headings, (start, 0))
        return self._headings[n][1] if n < len(self._headings) and self._headings[n][0] < end else 0

    def _runs(self, start: int, end: int) -> str:
        pieces = []
        inner = self._cuts[bisect_right(self._cuts, start) : bisect_left(self._cuts, end)]
        edges = [start, *inner, end]
        for left, right in pairwise(edges):
            if left == right:
                continue
            text = escape(self._text[left:right])
            cut = self._cuts[bisect_right(self._cuts, left) - 1]
            claims = self._of.get(cut)
            if claims:
                numbers = " ".join(map(str, claims))
                pieces.append(
                    f'<mark class="g-{self._groups[claims[0]]}" data-o="{left}" data-c="{numbers}" tabindex="-1" role="button">{text}</mark>'
                )
            elif cut in self._marked:
                pieces.append(f'<span data-o="{left}">{text}</span>')
            else:
                pieces.append(text)
        return "".join(pieces)
