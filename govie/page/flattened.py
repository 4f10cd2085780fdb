"""Rows of statutory tables that a page has flattened to one cell a line: what stands in which column, so that they can be shown as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from govie.claims import Claim
from govie.document import Extraction
from govie.tables import read_tables

__all__ = ["Row", "flattened"]

Span = tuple[int, int]
_TOTAL = ("总计", "合计")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its label's lines, and for each column the span of its cell; None where it is empty."""

    start: int
    end: int
    label: tuple[Span, ...]
    cells: tuple[Span | None, ...]


def flattened(extraction: Extraction) -> Iterator[list[Row]]:
    """The tables of a text that are one cell a line, as rows; rows with nothing but blanks between them are one table."""
    text = extraction.document.text
    group: list[tuple[int, int, list[Span], list[Claim]]] = []
    claims = sorted(extraction, key=lambda claim: claim.start)
    n = 0
    for start, end in read_tables(extraction.document).regions:
        while n < len(claims) and claims[n].start < start:
            n += 1
        own = []
        while n < len(claims) and claims[n].end <= end:
            own.append(claims[n])
            n += 1
        lines = list(_lines(text, start, end))
        if not own or len(lines) < 2 or {(claim.start, claim.end) for claim in own} - set(lines):
            continue
        if group and text[group[-1][1] : start].strip():
            yield _rows(group)
            group = []
        group.append((start, end, lines, own))
    if group:
        yield _rows(group)


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        line = text[at:stop]
        if line.strip():
            left = at + len(line) - len(line.lstrip())
            yield left, at + len(line.rstrip())
        at = stop + 1


def _rows(group: Sequence[tuple[int, int, list[Span], list[Claim]]]) -> list[Row]:
    """The applicants that any row names are the columns; rows that name none are filled from the left."""
    named = {(claim.scope.applicant.text in _TOTAL, claim.scope.applicant.start) for *_, own in group for claim in own if claim.scope.applicant}
    heads = [start for _, start in sorted(named)]  # a head of two lines may name the total before the applicants
    made = []
    for start, end, lines, own in group:
        column = {(claim.start, claim.end): heads.index(claim.scope.applicant.start) for claim in own if claim.scope.applicant is not None}
        first = next(n for n, line in enumerate(lines) if line in {(claim.start, claim.end) for claim in own})
        cells: list[Span | None] = []
        for line in lines[first:]:
            cells += [None] * (column.get(line, 0) - len(cells))
            cells.append(line)
        made.append(Row(start, end, tuple(lines[:first]), tuple(cells)))
    width = max(len(row.cells) for row in made)
    return [Row(row.start, row.end, row.label, (*row.cells, *[None] * (width - len(row.cells)))) for row in made]
