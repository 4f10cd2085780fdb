"""Reports beside each other."""

import sys
from decimal import Decimal
from pathlib import Path

import pytest

import govie
from tests.reports import RECEIVED, applications, cells, prose

RECEIVED_IN_ALL = applications()[RECEIVED][-1]


def test_totals_are_not_doubled_and_claims_stay_within_reach() -> None:
    one = cells(applications(), year=2023, publisher="青禾市人民政府", division="110000")
    made = govie.panel([one])
    row = made.rows[0]
    assert (row.publisher, row.division, row.year) == ("青禾市人民政府", "110000", 2023)
    assert row.value("application.received") == RECEIVED_IN_ALL
    assert [claim.text for claim in made.claims(0, "application.received")] == [str(RECEIVED_IN_ALL)]
    assert row.value("application.denied") == sum(claim.value for claim in made.claims(0, "application.denied"))
    assert row.value("staff.count") is None


def test_prose_fills_in_and_a_contradiction_stays_empty() -> None:
    said = prose("全年受理申请{5件|application.received},公开信息{20条|disclosure.items},又公开信息{30条|disclosure.items}。")
    made = govie.panel([said])
    assert made.columns == ("application.received",)
    assert made.rows[0].value("application.received") == 5


def test_columns_are_in_the_order_of_the_metrics() -> None:
    made = govie.panel([prose("培训{3次|training.sessions},公开{9条|disclosure.items}。"), prose("")])
    assert made.columns == ("disclosure.items", "training.sessions")
    assert made.claims(1, "disclosure.items") == ()


def test_every_format(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    made = govie.panel([cells(applications(), year=2023, publisher="青禾市"), prose("受理{5件|application.received}。", year=2022)])
    frame = made.to_frame()
    assert list(frame["year"]) == [2023, 2022]
    assert list(frame["application.received"]) == [Decimal(RECEIVED_IN_ALL), Decimal(5)]
    made.to_csv(tmp_path / "panel.csv")
    assert pandas.read_csv(tmp_path / "panel.csv")["application.received"].tolist() == [RECEIVED_IN_ALL, 5]
    pytest.importorskip("openpyxl")
    made.to_excel(tmp_path / "panel.xlsx")
    book = pandas.read_excel(tmp_path / "panel.xlsx", sheet_name=None)
    assert book["panel"]["application.received"].tolist() == [RECEIVED_IN_ALL, 5]
    assert {"metric", "text", "start"} <= set(book["claims"].columns)
    pytest.importorskip("pyarrow")
    made.to_parquet(tmp_path / "panel.parquet")
    assert pandas.read_parquet(tmp_path / "panel.parquet")["application.received"].tolist() == [RECEIVED_IN_ALL, 5]


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(govie.GovieError, match="govie\\[frame\\]"):
        govie.panel([]).to_frame()
    with pytest.raises(govie.GovieError, match=r"govie\.extract"):
        govie.panel(["text"])  # type: ignore[list-item]
