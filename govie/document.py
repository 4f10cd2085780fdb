"""A report's text with what is known about it, and the claims found in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

from govie.claims import Claim

__all__ = ["Cell", "Document", "Extraction", "Table"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table, and where its content stands in the document's text.

    Attributes:
        row, column: its first row and column, from 0.
        start, end: half-open offsets into the document's text; equal where the cell is empty.
        rows, columns: how many rows and columns it covers (merged cells).
    """

    row: int
    column: int
    start: int
    end: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A grid as a reader found it: its cells in reading order, a merged cell once."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A report as read.

    Attributes:
        text: what all offsets refer to.
        name: the file's name or another label, or None.
        tables: the grids that the reader found, in text order; empty where the text is all there is.
    """

    text: str
    name: str | None = None
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction(Sequence[Claim]):
    """The claims of one document in text order; a sequence that also knows its document."""

    document: Document
    claims: tuple[Claim, ...]

    def __len__(self) -> int:
        return len(self.claims)

    @overload
    def __getitem__(self, index: int) -> Claim: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Claim, ...]: ...
    def __getitem__(self, index: int | slice) -> Claim | tuple[Claim, ...]:
        return self.claims[index]

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.claims)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Every claim in the shape of the gold files."""
        return [claim.to_dict() for claim in self.claims]

    def to_jsonl(self) -> str:
        """One claim a line, as JSON in UTF-8 text; empty where there is no claim."""
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in self.to_dicts())
