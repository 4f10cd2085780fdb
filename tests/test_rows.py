"""Flat rows: one shape for every table, with nothing lost on the way into Arrow."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import govie
from govie.claims import Claim, Scope, Span
from govie.document import Document, Extraction
from govie.rows import COLUMNS, PRECISION, SCALE, arrow_schema, arrow_table, rows


def test_a_row_says_what_the_claim_says(extractor: govie.Extractor, report: str) -> None:
    document = Document(report, name="报告.txt", publisher="如皋市", year=2023, division="320682")
    extraction = extractor.extract(document)
    made = list(rows(extraction))
    assert len(made) == len(extraction) >= 33
    for row, claim in zip(made, extraction, strict=True):
        assert tuple(row) == COLUMNS
        assert (row["document"], row["publisher"], row["division"], row["year"]) == ("报告.txt", "如皋市", "320682", 2023)
        assert report[row["start"] : row["end"]] == row["text"] == claim.text
        assert (row["value"], row["high"], row["metric"], row["is_total"], row["note"]) == (
            claim.value, claim.high, claim.metric, claim.is_total, claim.note,
        )  # fmt: skip
        for role, part in claim.scope:
            assert report[row[f"{role}_start"] : row[f"{role}_end"]] == row[role] == part.text
    table = arrow_table(made)
    assert table.schema.equals(arrow_schema())
    table.validate(full=True)
    assert table.to_pylist() == made  # decimals compare by value


def test_no_claim_is_an_empty_table_of_the_same_types() -> None:
    assert arrow_table([]).schema.equals(arrow_schema())


def test_a_file_name_that_is_no_text_can_be_written() -> None:
    name = "a\udcff.txt"
    extraction = Extraction(Document("5件", name=name), (Claim(0, 2, Decimal(5), "件", "other", source="5件"),))
    assert arrow_table(rows(extraction))["document"].to_pylist() == ["a\\udcff.txt"]


def _table(value: Decimal, high: Decimal | None = None, note: str | None = None) -> pa.Table:
    text = "去年5件"
    scope = Scope(period=Span(0, 2, source=text))
    claim = Claim(2, 4, value, "件", "other", high=high, bound=".." if high else "=", scope=scope, note=note, source=text)
    return arrow_table(rows(Extraction(Document(text), (claim,))))


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_any_value_is_held_exactly_or_said_in_the_note(value: Decimal) -> None:
    [row] = _table(value).to_pylist()
    if row["value"] is None:
        assert f"{value:f}" in row["note"]
    else:
        assert row["value"] == value
        assert row["note"] is None


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (Decimal(10) ** (PRECISION - SCALE) - 1, True),
        (Decimal(10) ** (PRECISION - SCALE), False),
        (Decimal(1).scaleb(-SCALE), True),
        (Decimal(1).scaleb(-SCALE - 1), False),
        (Decimal("-0.00"), True),
        (Decimal("1E+25"), True),
    ],
)
def test_borders_of_the_type(value: Decimal, held: bool) -> None:
    [row] = _table(value).to_pylist()
    assert (row["value"] is not None) is held


def test_what_was_noted_before_stays() -> None:
    [row] = _table(Decimal(1), Decimal("1E+40"), "in doubt").to_pylist()
    assert row["value"] == 1
    assert row["high"] is None
    assert row["note"].startswith("in doubt; high is 1" + "0" * 40)
