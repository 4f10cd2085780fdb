"""Statutory tables: every cell of the forms that Chinese administrative bodies publish once a year, read by its labels.

text ──squeeze──▶ text without blanks, with places      squeeze.py
     ──locate──▶ tables: heads, row labels, zones       locate.py, labels.py, zones.py; the forms: forms.py, govie/data/forms/
     ──settle──▶ each row's cells by column             gaps.py, fillings.py, settle.py
     ──claims──▶ claims with scope, unit and total      reading.py
grids of a reader go the same way, as text with pipes   grids.py
"""

from __future__ import annotations

from dataclasses import dataclass

from govie.claims import Claim
from govie.document import Document

__all__ = ["TableReading", "read_tables"]


@dataclass(frozen=True, slots=True)
class TableReading:
    """The claims of a document's statutory tables, and the half-open spans of the text that these tables take up: heads, labels and cells."""

    claims: tuple[Claim, ...]
    regions: tuple[tuple[int, int], ...]


def read_tables(document: Document) -> TableReading:
    """Read every statutory table of ``document``: in the grids that its reader found, and in what remains of its text."""
    from govie.tables.reading import read  # noqa: PLC0415 - forms and patterns load with the first document, not with `import govie`

    claims, regions = read(document)
    return TableReading(tuple(claims), tuple(regions))
