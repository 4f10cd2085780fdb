"""From a document to the claims of its statutory tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from govie.claims import Claim, Scope, Span
from govie.document import Document
from govie.metrics import metrics
from govie.tables.gaps import find_habit
from govie.tables.grids import Sheet, sheets
from govie.tables.labels import Found
from govie.tables.locate import Column, Located, Row, locate
from govie.tables.numbers import in_base_unit, is_figure
from govie.tables.settle import Settled, settle
from govie.tables.squeeze import Squeezed, squeeze
from govie.tables.zones import MEASURES

__all__ = ["read"]

Place = tuple[int, int]
_UNIT = re.compile(rf"\((?:单位:?)?({'|'.join(MEASURES)})\)")
_NEAR = 4
AROUND = 20_000  # characters: a report
NOTE = "the page does not show which columns the cells of this row belong to"


@dataclass(frozen=True, slots=True)
class _Page:
    """What a table was read from: the document's text or one of its grids, and the way back to the document's text."""

    source: str
    text: Squeezed
    sheet: Sheet | None

    def place(self, start: int, end: int) -> Place:
        """The span in the document for one of the text that was read."""
        return self.sheet.place(start, end) if self.sheet else (start, end)

    def squeezed(self, start: int, end: int) -> Place:
        """The same for a span of the squeezed text."""
        return self.place(*self.text.span(start, end))


def read(document: Document) -> tuple[list[Claim], list[Place]]:
    """The claims of every statutory table of ``document``, in text order, and the spans that the tables take up."""
    claims: list[Claim] = []
    regions: list[Place] = []
    for sheet in [*sheets(document), None]:
        page = _Page(document.text, squeeze(sheet.text if sheet else _without(document.text, regions)), sheet)
        tables = locate(page.text)
        habit = find_habit(((row.zone, len(table.columns)) for table in tables for row in table.rows), _breaks(page.text, tables))
        for table in tables:
            own = list(_regions(page, table))
            regions += own
            settled = settle(table, habit, partial(_around, document.text, own))
            for row, cells in zip(table.rows, settled, strict=True):
                claims += _claims(page, table, row, cells)
    return sorted(claims, key=lambda claim: (claim.start, claim.end)), sorted(regions)


def _breaks(text: Squeezed, tables: Sequence[Located]) -> int | None:
    """How many line breaks stand between most heads that follow one another."""
    counts: Counter[int] = Counter()
    for table in tables:
        heads = sorted({column.found.core for column in table.columns if column.found})
        for (_, end), (start, _) in pairwise(heads):
            if start - end < _NEAR:
                counts[text.plain.count("\n", text.at[end - 1], text.at[start])] += 1
    return counts.most_common(1)[0][0] if counts else None


def _without(text: str, regions: Iterable[Place]) -> str:
    """The text with these stretches blanked out, so that offsets hold."""
    parts: list[str] = []
    at = 0
    for start, end in sorted(regions):
        if end > at:
            parts += [text[at : max(at, start)], " " * (end - max(at, start))]
            at = end
    return "".join([*parts, text[at:]])


def _around(text: str, regions: Sequence[Place]) -> str:
    """The prose around a table, for what it repeats of it."""
    low, high = max(0, min(start for start, _ in regions) - AROUND), max(end for _, end in regions) + AROUND
    return _without(text[low:high], [(start - low, end - low) for start, end in regions])


def _regions(page: _Page, table: Located) -> Iterator[Place]:
    heads = page.text.text[slice(*table.heads)]
    if heads and not any(char.isdigit() for char in heads):
        yield page.squeezed(*table.heads)
    else:  # figures among the heads are not of the table
        yield from {page.squeezed(*column.found.core) for column in table.columns if column.found}
    for row in table.rows:
        if row.found:
            start, end = page.text.span(row.found.start, row.found.end)
            yield page.place(start, max(end, row.zone.end))
        elif any(row.zone.cells):
            yield page.place(page.text.at[table.heads[1] - 1] + 1, row.zone.end)


def _claims(page: _Page, table: Located, row: Row, settled: Settled) -> Iterator[Claim]:
    line = table.form.rows[row.index] if row.index is not None else None
    for column, cell, share in zip(table.columns, settled.cells, settled.shares, strict=True):
        if cell is None or column.line.role == "code" or not is_figure(cell):
            continue
        places = {**_scope(column), **(row.found.spans if row.found else {})}
        scope = Scope(**{role: Span(*page.squeezed(*place), source=page.source) for role, place in places.items()})
        start, end = page.place(cell.start, cell.end)
        for metric in (line.metrics if line else ()) or column.line.metrics:
            default = (line and line.unit) or column.line.unit or metrics()[metric].unit
            value, unit = in_base_unit(cell, cell.unit or row.zone.measure or _stated(row.found) or _stated(column.found) or default)
            yield Claim(
                start, end, value, unit or metrics()[metric].unit, metric, scope=scope, confidence=share, source=page.source,
                is_total=column.line.total or bool(line and line.total), note=None if share == 1 else NOTE,
            )  # fmt: skip


def _stated(found: Found | None) -> str | None:
    """The unit that stands in brackets behind a label: 采购总金额(万元)."""
    match = _UNIT.fullmatch(found.bracket) if found else None
    return match[1] if match else None


def _scope(column: Column) -> dict[str, Place]:
    """The spans that a column's label gives to all cells below it."""
    if column.found is None:
        return {}
    return {**({column.line.role: column.found.core} if column.line.role else {}), **column.found.spans}
