"""A panel of reports: one row a report, one column a metric, and behind every cell the claims it was made from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from govie.claims import Claim
from govie.document import Extraction
from govie.errors import DependencyError, TextError
from govie.metrics import metrics

if TYPE_CHECKING:
    from pandas import DataFrame

    from govie.checks.report import Report

__all__ = ["Panel", "PanelRow", "panel"]

HEAD = ("publisher", "division", "year", "document")


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One report.

    Attributes:
        publisher, division, year, document: who reports, the six-digit code of the place, the year, and the document's name; None
            where the document does not know.
        cells: for each metric that the report states a total of, the claims whose sum is the value.
    """

    publisher: str | None
    division: str | None
    year: int | None
    document: str | None
    cells: Mapping[str, tuple[Claim, ...]] = field(default_factory=dict)

    def value(self, metric: str) -> Decimal | None:
        """The report's total of a metric in the metric's own unit; None where it states none."""
        cells = self.cells.get(metric)
        return sum((claim.value for claim in cells), Decimal(0)) if cells else None


@dataclass(frozen=True, slots=True)
class Panel:
    """Reports beside each other.

    Attributes:
        rows: one a report, in the order given.
        columns: the metrics that at least one report states, in the order of :func:`govie.metrics`.
    """

    rows: tuple[PanelRow, ...]
    columns: tuple[str, ...]

    def claims(self, row: int, metric: str) -> tuple[Claim, ...]:
        """The claims behind a cell; empty where the report states no such total."""
        return self.rows[row].cells.get(metric, ())

    def to_frame(self) -> DataFrame:
        """A pandas table: publisher, division, year and document, then a column a metric; values stay :class:`~decimal.Decimal`.

        Raises:
            DependencyError: where pandas is not installed.
        """
        try:
            from pandas import DataFrame  # noqa: PLC0415 - an extra, and slow to load
        except ImportError as error:
            raise DependencyError("a panel's table needs pandas: pip install 'govie[frame]'") from error
        lines = [[getattr(row, name) for name in HEAD] + [row.value(metric) for metric in self.columns] for row in self.rows]
        return DataFrame(lines, columns=[*HEAD, *self.columns], dtype=object)

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write the panel as CSV in UTF-8 with a byte-order mark, as Excel reads it; missing cells are empty.

        Raises:
            DependencyError: where pandas is not installed.
        """
        self.to_frame().to_csv(path, index=False, encoding="utf-8-sig")

    def to_excel(self, path: str | os.PathLike[str]) -> None:
        """Write an Excel workbook: the panel, and a second sheet with the claims behind each cell.

        Raises:
            DependencyError: where pandas or openpyxl is not installed.
        """
        frame, sources = self.to_frame(), self._sources()
        try:
            from pandas import ExcelWriter  # noqa: PLC0415

            with ExcelWriter(path, engine="openpyxl") as book:
                _numbers(frame, self.columns).to_excel(book, sheet_name="panel", index=False)
                sources.to_excel(book, sheet_name="claims", index=False)
        except ImportError as error:
            raise DependencyError("an Excel panel needs openpyxl: pip install 'govie[frame]'") from error

    def to_parquet(self, path: str | os.PathLike[str]) -> None:
        """Write the panel as Parquet; values are 64-bit floats there, exact up to 15 digits.

        Raises:
            DependencyError: where pandas or pyarrow is not installed.
        """
        frame = _numbers(self.to_frame(), self.columns)
        frame["year"] = frame["year"].astype("Int64")
        try:
            frame.to_parquet(path, engine="pyarrow", index=False)
        except ImportError as error:
            raise DependencyError("a Parquet panel needs pyarrow: pip install 'govie[frame]'") from error

    def _sources(self) -> DataFrame:
        from pandas import DataFrame  # noqa: PLC0415

        lines = [
            [row.document, row.publisher, row.year, metric, claim.text, float(claim.value), claim.unit, claim.start, claim.end]
            for row in self.rows
            for metric, claims in row.cells.items()
            for claim in claims
        ]
        return DataFrame(lines, columns=["document", "publisher", "year", "metric", "text", "value", "unit", "start", "end"])


def _numbers(frame: DataFrame, columns: Iterable[str]) -> DataFrame:
    """The values as floats, for formats that know no decimals."""
    return frame.assign(**{name: frame[name].astype("Float64") for name in columns})


def panel(extractions: Iterable[Extraction]) -> Panel:
    """Set reports beside each other, one row each, with every metric's total counted once.

    A total is the cell of a statutory table that states it (the column 总计 of the applications), or, where no table does, the one
    figure of the prose that stands for the whole year without channel, category or applicant. Where a report gives several different
    ones the cell stays empty: a panel does not choose.

    Raises:
        TextError: where one of them is no extraction.
    """
    rows = tuple(map(_row, extractions))
    stated = {metric for row in rows for metric in row.cells}
    known = [code for code in metrics() if code in stated]
    return Panel(rows, (*known, *sorted(stated - set(known))))


def _row(extraction: Extraction) -> PanelRow:
    if not isinstance(extraction, Extraction):
        raise TextError(f"panel takes what govie.extract returns, not {type(extraction).__name__}; call govie.extract(text) first")
    from govie.checks.repeats import totals  # noqa: PLC0415 - so that `import govie` stays light
    from govie.checks.report import Report  # noqa: PLC0415

    report = Report.of(extraction)
    document = extraction.document
    cells = {**_of_prose(report), **totals(report)}
    return PanelRow(document.publisher, document.division, document.year, document.name, MappingProxyType(cells))


def _of_prose(report: Report) -> dict[str, tuple[Claim, ...]]:
    """The totals of the prose: of each metric the figures without a slice, if they agree."""
    found: dict[str, list[Claim]] = {}
    for claim in report.prose:
        scope = claim.scope
        sliced = scope.category or scope.channel or scope.applicant or claim.per or claim.kind != "reported"
        past = report.year is not None and scope.period is not None and _is_other_year(str(scope.period), report.year)
        if not sliced and not past and not claim.metric.startswith("rate.") and claim.metric != "other":
            found.setdefault(claim.metric, []).append(claim)
    return {metric: (claims[0],) for metric, claims in found.items() if len({(claim.value, claim.unit) for claim in claims}) == 1}


def _is_other_year(period: str, year: int) -> bool:
    return any(word in period for word in ("去年", "上年", "历年", "累计", "以来")) or (
        any(map(str.isdigit, period)) and "年" in period and str(year) not in period
    )
