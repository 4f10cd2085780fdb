"""A report as the checks see it: its claims parted into tables and prose, and its text with every claim's place in it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from govie.claims import Claim
from govie.document import Extraction
from govie.numbers import Quantity, find_quantities
from govie.tables import read_tables
from govie.text import Folded, fold

__all__ = ["Report", "squeezed"]

_LABELS = ("category", "channel", "applicant", "period")


def squeezed(part: object) -> str:
    """A scope part's text without blanks, empty for None."""
    return "" if part is None else "".join(str(part).split())


@dataclass(frozen=True)
class Report:
    """One extraction, looked at once.

    Attributes:
        extraction: what is checked.
        tables: the claims of each statutory table, in text order.
        prose: all other claims, in text order.
    """

    extraction: Extraction
    tables: tuple[tuple[Claim, ...], ...]
    prose: tuple[Claim, ...]

    @classmethod
    def of(cls, extraction: Extraction) -> Report:
        """Part the claims of ``extraction`` by where the statutory tables stand in its document."""
        regions = read_tables(extraction.document).regions
        starts, ends = [start for start, _ in regions], [end for _, end in regions]

        def region(claim: Claim) -> int | None:
            n = bisect_right(starts, claim.start) - 1
            return n if n >= 0 and claim.end <= ends[n] else None

        claims = sorted(extraction, key=lambda claim: (claim.start, claim.end))
        tables = _tables([claim for claim in claims if region(claim) is not None])
        return cls(extraction, tables, tuple(claim for claim in claims if region(claim) is None))

    @cached_property
    def folded(self) -> Folded:
        """The text in plain simplified characters and half width."""
        return fold(self.extraction.document.text)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every number of the folded text, claim or not."""
        return tuple(find_quantities(self.folded.text))

    @property
    def year(self) -> int | None:
        """The year that is reported on, if the document knows it."""
        return self.extraction.document.year


def _tables(claims: list[Claim]) -> tuple[tuple[Claim, ...], ...]:
    """A cell that comes a second time opens a new table. The list of 2014 has two totals of handled applications."""
    tables: list[list[Claim]] = [[]]
    seen: set[tuple[str, ...]] = set()
    for claim in claims:
        key = (claim.metric, *(squeezed(getattr(claim.scope, name)) for name in _LABELS))
        if key in seen and key[0] != "application.handled":
            tables.append([])
            seen.clear()
        tables[-1].append(claim)
        seen.add(key)
    return tuple(tuple(table) for table in tables if table)
