"""Findings: what adds up passes, what does not fails, what cannot be decided says so."""

import json
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import govie
from govie.checks.rules import checks, table_rules
from govie.resources import parse_toml
from tests.reports import CARRIED_IN, CARRIED_OUT, COLUMNS, HANDLED, RECEIVED, ROWS, applications, cells, prose, statuses, table_text, tables

CASES = parse_toml((Path(__file__).parent / "data" / "checks.toml").read_text(encoding="utf-8"))["cases"]
REVIEW = "四、政府信息公开行政复议、行政诉讼情况\n| 行政复议 | | | | | 行政诉讼 | | | | | | | | | |\n| 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 | 未经复议直接起诉 | | | | | 复议后起诉 | | | | |\n"
HEADS = "| | | | | | 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 | 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 |\n"


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_prose(case: dict[str, Any]) -> None:
    found = govie.check(prose(case["text"], year=2023))
    assert {finding.code: finding.status for finding in found} == case["wants"]


def test_the_arithmetic_is_written_out() -> None:
    [finding] = govie.check(prose(CASES[1]["text"]))
    assert "22000余条 ≠ 20380 = 17380条 + 3000条" in finding.message_zh
    assert "22000余条 ≠ 20380 = 17380条 + 3000条" in finding.message_en
    assert [claim.text for claim in finding.left] == ["22000余条"]
    assert [claim.text for claim in finding.right] == ["17380条", "3000条"]
    assert finding.difference == 1620
    assert govie.Finding(**{name: getattr(finding, name) for name in finding.__slots__}) == finding
    assert finding.to_dict()["difference"] == "1620"


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_a_table_that_adds_up_never_fails(seed: int) -> None:
    found = govie.check(cells(applications(seed)))
    assert {finding.status for finding in found} == {"pass"}
    codes = statuses(found)
    assert len(codes["table.applications.balance"]) == len(codes["table.applications.results"]) == len(COLUMNS)
    assert len(codes["table.applications.applicants"]) == len(ROWS)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, len(ROWS) - 1), st.integers(0, len(COLUMNS) - 1), st.integers(1, 90))
def test_a_changed_cell_fails_its_row_and_its_column(seed: int, row: int, column: int, more: int) -> None:
    rows = applications(seed)
    rows[row][column] += more
    failed = [finding for finding in govie.check(cells(rows)) if finding.status != "pass"]
    wanted = {"table.applications.applicants"}
    wanted |= {"table.applications.balance"} if row in (RECEIVED, CARRIED_IN, HANDLED, CARRIED_OUT) else set()
    wanted |= {"table.applications.results"} if row not in (RECEIVED, CARRIED_IN, CARRIED_OUT) else set()
    assert {finding.code for finding in failed} == wanted
    assert {finding.status for finding in failed} == {"fail"}
    assert all(abs(finding.difference or 0) == more for finding in failed)
    balance = [finding for finding in failed if finding.code != "table.applications.applicants"]
    assert all(COLUMNS[column] in finding.message_zh for finding in balance)


def test_empty_cells_count_nothing() -> None:
    text = table_text(applications(3)).replace(" 0 ", "  ")
    assert {finding.status for finding in govie.check(tables(text))} == {"pass"}


def test_reviews() -> None:
    right = tables(REVIEW + HEADS + "| 3 | 1 | 0 | 2 | 6 | 1 | 0 | 0 | 1 | 2 | 0 | 2 | 0 | 0 | 2 |\n")
    assert statuses(govie.check(right)) == {"table.review.results": ["pass"], "table.litigation.results": ["pass", "pass"]}
    wrong = tables(REVIEW + HEADS + "| 3 | 1 | 0 | 2 | 6 | 1 | 0 | 0 | 1 | 4 | 0 | 2 | 0 | 0 | 2 |\n")
    assert statuses(govie.check(wrong)) == {"table.review.results": ["pass"], "table.litigation.results": ["fail", "pass"]}


def test_prose_against_table() -> None:
    rows = applications(5)
    received = rows[RECEIVED][-1]
    found = _with_prose(rows, f"2023年共收到政府信息公开申请{{{received}件|application.received}}。\n")
    assert statuses(found)["prose.table"] == ["pass"]
    found = _with_prose(rows, f"2023年共收到政府信息公开申请{{{received + 400}件|application.received}}。\n")
    assert statuses(found)["prose.table"] == ["fail"]
    found = _with_prose(rows, f"市政府办公室共收到政府信息公开申请{{{received + 400}件|application.received entity=市政府办公室}}。\n")
    assert statuses(found)["prose.table"] == ["not_assessable"]


def _with_prose(rows: list[list[int]], marked: str) -> list[govie.Finding]:
    said = prose(marked)
    document = govie.Document(said.document.text + table_text(rows), year=2023, publisher="青禾市人民政府")
    whole = tables(document.text).claims
    claims = (govie.Claim.from_dict(claim.to_dict(), source=document.text) for claim in (*said, *whole))
    return govie.check(govie.Extraction(document, tuple(claims)))


def test_from_year_to_year() -> None:
    then, now = applications(1), applications(2)
    last = cells(then, year=2022, publisher="青禾市人民政府")
    found = govie.check(cells(now, year=2023, publisher="青禾市人民政府"), last)
    assert "fail" in statuses(found)["years.carried"]
    now[CARRIED_IN] = list(then[CARRIED_OUT])
    found = govie.check(cells(now, year=2023, publisher="青禾市人民政府"), last)
    assert set(statuses(found)["years.carried"]) == {"pass"}
    found = govie.check(cells(now, year=2024, publisher="青禾市人民政府"), last)
    assert statuses(found)["years.pair"] == ["not_assessable"]
    assert "years.carried" not in statuses(found)


def test_stock_and_items_from_year_to_year() -> None:
    stock = "第二十条第（一）项\n| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n| 规章 | 0 | 0 | 3 |\n| 行政规范性文件 | {} | {} | {} |\n"
    last = tables(stock.format(5, 1, 40), year=2022)
    assert set(statuses(govie.check(tables(stock.format(8, 6, 42), year=2023), last))["years.stock"]) == {"pass"}
    assert sorted(statuses(govie.check(tables(stock.format(8, 6, 43), year=2023), last))["years.stock"]) == ["fail", "pass"]
    assert statuses(govie.check(tables(stock.format(50, 0, 40))))["table.normative.stock"] == ["pass", "fail"]


def test_a_leap_is_doubtful() -> None:
    rows = applications(4)
    more = [[value * 20 for value in row] for row in rows]
    found = govie.check(cells(more, year=2023), cells(rows, year=2022))
    assert set(statuses(found)["years.leap"]) == {"uncertain"}


def test_doubtful_cells_do_not_fail() -> None:
    rows = applications(6)
    rows[RECEIVED][-1] += 1
    extraction = cells(rows)
    doubtful = tuple(govie.Claim.from_dict({**claim.to_dict(), "confidence": 0.5}, source=extraction.document.text) for claim in extraction)
    found = govie.check(replace(extraction, claims=doubtful))
    assert {finding.status for finding in found} == {"pass", "uncertain"}


def test_sums_that_are_right_never_fail() -> None:
    chance = random.Random(11)
    labels = ("网络", "信函", "当面", "传真")
    for _ in range(60):
        parts = [chance.randint(0, 900) for _ in range(chance.randint(2, 4))]
        said = "、".join(f"{label}{{{part}件|application.received channel={label}}}" for label, part in zip(labels, parts, strict=False))
        found = govie.check(prose(f"全年受理申请{{{sum(parts)}件|application.received}},其中{said}。"))
        assert {finding.status for finding in found} <= {"pass", "not_assessable"}
        found = govie.check(prose(f"全年受理申请{{{sum(parts) + 3}件|application.received}},其中{said}。"))
        assert "pass" not in {finding.status for finding in found}


def test_a_negative_count_fails_and_a_negative_change_does_not() -> None:
    text = "新收申请-5件，本年增/减-5件。"
    claims = tuple(
        govie.Claim(start, start + 3, Decimal(-5), "件", "application.received", scope=scope, source=text)
        for start, scope in ((4, govie.Scope()), (13, govie.Scope(category=govie.Span(8, 13, source=text))))
    )
    found = govie.check(govie.Extraction(govie.Document(text), claims))
    assert [(finding.code, finding.left) for finding in found] == [("plausible.negative", claims[:1])]


def test_only_extractions_are_checked() -> None:
    with pytest.raises(govie.GovieError, match=r"govie\.extract"):
        govie.check("text")  # type: ignore[arg-type]
    assert govie.check(prose("没有数字。")) == []


def test_rules_name_metrics_that_exist() -> None:
    known = govie.metrics()
    assert all(side.metric in known for rule in table_rules() for side in (*rule.left, *rule.right))
    assert all(code in known for group in checks()["sums"]["groups"] for part in group.values() for code in part)
    assert all(code in known for code in checks()["repeats"]["metrics"])


def test_dev_reports(shared: Path) -> None:
    """What stands in real reports: two identities of one table break, everything of another holds."""
    broken = govie.check(_gold(shared / "eval" / "dev" / "macheng-2019.txt"))
    failed = {finding.code for finding in broken if finding.status == "fail"}
    assert failed == {"table.applications.balance", "table.applications.results"}
    right = govie.check(_gold(shared / "eval" / "dev" / "huaian-2024.txt"))
    assert {finding.status for finding in right} == {"pass"}
    sums = [finding for finding in govie.check(_gold(shared / "eval" / "dev" / "youxian-2013.txt")) if finding.code == "prose.sum"]
    assert [finding.status for finding in sums].count("pass") == 3


def _gold(path: Path) -> govie.Extraction:
    text = path.read_text(encoding="utf-8")
    rows = [json.loads(line) for line in path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()]
    known = json.loads(path.with_suffix(".meta.json").read_text(encoding="utf-8"))
    document = govie.Document(text, year=known["year"], publisher=known["publisher"])
    return govie.Extraction(document, tuple(govie.Claim.from_dict(row, source=text) for row in rows))
