"""Claims as flat rows for tables: the same columns in CSV, JSON lines, Parquet and Arrow, whatever the report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from govie.claims import ROLES
from govie.document import Extraction
from govie.errors import DependencyError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["COLUMNS", "PRECISION", "SCALE", "arrow_schema", "arrow_table", "rows"]

_QUANTITY = ("start", "end", "text", "value", "high", "unit", "bound", "per", "metric")
COLUMNS = (
    *("document", "publisher", "division", "year"),
    *_QUANTITY,
    *(f"{role}{part}" for role in ROLES for part in ("", "_start", "_end")),
    *("kind", "confidence", "is_total", "note"),
)
PRECISION, SCALE = 38, 10  # of decimals in Arrow: the widest that databases share


def rows(extraction: Extraction) -> Iterator[dict[str, Any]]:
    """A row a claim, in text order, with every column of :data:`COLUMNS` in that order; what is not known is None.

    A scope role is its text, with its offsets in two columns of their own. ``value`` and ``high`` are exact :class:`~decimal.Decimal`,
    ``confidence`` is rounded to four places. A file name that is no Unicode text is written with escapes.

    >>> import govie
    >>> row = next(rows(govie.extract("全年共受理政府信息公开申请5件。")))
    >>> row["value"], row["unit"], row["metric"], row["period"], row["period_start"], row["period_end"], row["is_total"]
    (Decimal('5'), '件', 'application.received', '全年', 0, 2, False)
    """
    document = extraction.document
    name = document.name and document.name.encode("utf-8", "backslashreplace").decode("utf-8")
    head = {"document": name, "publisher": document.publisher, "division": document.division, "year": document.year}
    for claim in extraction:
        row = head | {column: getattr(claim, column) for column in _QUANTITY}
        for role in ROLES:
            part = getattr(claim.scope, role)
            row[role], row[f"{role}_start"], row[f"{role}_end"] = (part.text, part.start, part.end) if part else (None, None, None)
        row["kind"], row["confidence"] = claim.kind, None if claim.confidence is None else round(claim.confidence, 4)
        row["is_total"], row["note"] = claim.is_total, claim.note
        yield row


def arrow_schema() -> pa.Schema:
    """The Arrow types of :func:`rows`: text, 64-bit offsets, and ``decimal128(38, 10)`` for ``value`` and ``high``.

    Raises:
        DependencyError: where pyarrow is not installed.

    >>> arrow_schema().field("value")
    pyarrow.Field<value: decimal128(38, 10)>
    """
    pa = _pyarrow()
    types = dict.fromkeys(COLUMNS, pa.string())
    types |= {column: pa.int64() for column in COLUMNS if column.rpartition("_")[2] in ("start", "end")}
    types |= {"value": pa.decimal128(PRECISION, SCALE), "high": pa.decimal128(PRECISION, SCALE)}
    types |= {"year": pa.int32(), "confidence": pa.float64(), "is_total": pa.bool_()}
    always = {*_QUANTITY, "kind", "is_total"} - {"value", "high", "per"}
    return pa.schema([pa.field(column, types[column], nullable=column not in always) for column in COLUMNS])


def arrow_table(rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Rows as an Arrow table of :func:`arrow_schema`, also where there are none.

    A number with more digits than the type holds is null there, and its digits stand in ``note``, so that none is lost or rounded.

    Raises:
        DependencyError: where pyarrow is not installed.

    >>> import govie
    >>> table = arrow_table(rows(govie.extract("全年共受理政府信息公开申请5件。")))
    >>> table["value"].to_pylist()
    [Decimal('5.0000000000')]
    """
    return _pyarrow().Table.from_pylist([_held(row) for row in rows], schema=arrow_schema())


def _held(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its numbers in the type's bounds."""
    wide = [column for column in ("value", "high") if row[column] is not None and not _fits(row[column])]
    if not wide:
        return row
    notes = [row["note"]] if row["note"] else []
    notes += [f"{column} is {row[column]:f}, more than decimal128({PRECISION}, {SCALE}) holds" for column in wide]
    return row | dict.fromkeys(wide) | {"note": "; ".join(notes)}


def _fits(number: Decimal) -> bool:
    _, digits, exponent = number.as_tuple()
    return isinstance(exponent, int) and exponent >= -SCALE and len(digits) + exponent <= PRECISION - SCALE


def _pyarrow() -> Any:
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise DependencyError("Arrow tables and Parquet need pyarrow: pip install 'govie[frame]'") from error
    return pa
