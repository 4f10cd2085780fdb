"""A report's text with what is known about it, and the claims found in it."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, overload
from unicodedata import east_asian_width

from govie.claims import ROLES, Claim
from govie.errors import DependencyError

if TYPE_CHECKING:
    from pandas import DataFrame

    from govie.checks import Finding

__all__ = ["Cell", "Document", "Extraction", "Heading", "Place", "Source", "Table"]


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
class Heading:
    """A heading of the report.

    Attributes:
        level: 1 for the title, 2 for 一、, 3 for （一）, 4 for 1. and what stands below.
        start, end: half-open offsets into the document's text.
    """

    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stretch of the document's text stood in the file it was read from.

    Attributes:
        start, end: half-open offsets into the document's text.
        page: the page, from 1 (PDF).
        box: left, top, right and bottom in points of 1/72 inch from the page's upper left corner (PDF).
        path: a CSS selector of the element (HTML), as a browser's ``document.querySelector`` takes it.
    """

    start: int
    end: int
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The file that a document was read from.

    Attributes:
        name: its path or another label; None for bytes without one.
        sha256: the hexadecimal digest of its bytes.
        kind: html, pdf, docx, text or markdown.
    """

    name: str | None
    sha256: str
    kind: str


class _Spanned(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Document:
    """A report as read.

    Attributes:
        text: what all offsets refer to. A table stands in it a row a line, its cells parted by tabs; what a merged cell
            covers is left empty.
        name: the file's name or another label, or None.
        tables: the grids that the reader found, in text order; empty where the text is all there is.
        headings: in text order.
        source: the file; None where the text was given as such.
        publisher: who reports, as the report's title or its index head names them, or None.
        year: the year that is reported on, or None.
        division: the six-digit code (GB/T 2260) of the place that the publisher names, as it was in that year, or None.
        places: in text order and without overlap, where the text stood in the file; empty for kinds that have no pages
            and no elements.
    """

    text: str
    name: str | None = None
    tables: tuple[Table, ...] = ()
    headings: tuple[Heading, ...] = ()
    source: Source | None = None
    publisher: str | None = None
    year: int | None = None
    division: str | None = None
    places: tuple[Place, ...] = ()

    def where(self, span: _Spanned) -> tuple[Place, ...]:
        """Where a claim, a cell or any other span of the text stood in the file, one place a line or element, in order.

        Offsets and boxes are cut to the span; a box is cut in proportion to its characters, full width counting twice, and so
        is right to about one of them.
        """
        first = bisect_right(self.places, span.start, key=lambda place: place.end)
        last = bisect_left(self.places, max(span.end, span.start + 1), key=lambda place: place.start)
        return tuple(self._cut(place, span) for place in self.places[first:last])

    def _cut(self, place: Place, span: _Spanned) -> Place:
        start, end = max(place.start, span.start), min(place.end, max(span.end, span.start + 1))
        if place.box is None or (start, end) == (place.start, place.end):
            return replace(place, start=start, end=end)
        left, top, right, bottom = place.box
        whole = _width(self.text[place.start : place.end]) or 1
        before, upto = _width(self.text[place.start : start]), _width(self.text[place.start : end])
        box = (left + (right - left) * before / whole, top, left + (right - left) * upto / whole, bottom)
        return replace(place, start=start, end=end, box=box)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


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

    def to_frame(self, *, totals: bool = True) -> DataFrame:
        """The claims as a pandas table: a row a claim, the keys of :meth:`Claim.to_dict` as columns, a scope role as its text.

        ``value`` and ``high`` stay :class:`~decimal.Decimal`; missing is None.

        Args:
            totals: keep the cells of statutory tables that sum up others of them; without them nothing is summed twice.

        Raises:
            DependencyError: where pandas is not installed.
        """
        try:
            from pandas import DataFrame  # noqa: PLC0415 - an extra, and slow to load
        except ImportError as error:
            raise DependencyError("to_frame needs pandas: pip install 'govie[frame]'") from error
        columns = ("start", "end", "text", "value", "high", "unit", "bound", "per", "metric", *ROLES, "kind", "confidence", "is_total", "note")
        rows = [
            {name: getattr(claim, name) for name in columns if name not in ROLES} | {role: part.text for role, part in claim.scope}
            for claim in self.claims
            if totals or not claim.is_total
        ]
        return DataFrame(rows, columns=list(columns), dtype=object)

    def check(self, previous: Extraction | None = None) -> list[Finding]:
        """Whether the report adds up: :func:`govie.check`."""
        from govie.checks import check  # noqa: PLC0415 - the checks import this module

        return check(self, previous)

    def to_html(self, *, previous: Extraction | None = None) -> str:
        """One self-contained page in UTF-8: the text with its claims and their scopes, a list to sort and filter, the findings of
        :meth:`check` and charts. It asks for nothing from the network, and nothing in the report's text is taken for markup.

        Args:
            previous: the report of the year before, for the findings.
        """
        from govie.page import to_html  # noqa: PLC0415 - the page imports this module

        return to_html(self, self.check(previous))

    def _repr_html_(self) -> str:
        """The first claims and what does not add up, for notebooks."""
        from govie.page import to_short_html  # noqa: PLC0415

        return to_short_html(self, self.check())

    def to_jsonl(self) -> str:
        """One claim a line, as JSON in UTF-8 text; empty where there is no claim."""
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in self.to_dicts())
