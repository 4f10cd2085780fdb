"""Publisher, year and division, from heads as they are in use."""

from pathlib import Path

import pytest

from govie.divisions import find_division
from govie.readers.masthead import Masthead, identify

TITLES = [
    row.split("\t") for row in (Path(__file__).parent / "data" / "titles.tsv").read_text(encoding="utf-8").splitlines() if not row.startswith("#")
]


@pytest.mark.parametrize(("head", "publisher", "year", "division"), TITLES)
def test_titles(head: str, publisher: str, year: str, division: str) -> None:
    found = identify(head.replace("⏎", "\n"), Masthead())
    assert (found.publisher, found.year, found.division or "") == (publisher, int(year), division)


def test_a_head_beside_the_text() -> None:
    head = ("索引号：\t014/2023-1\t发布机构：\t如皋市城市管理局", "发布日期\t2023-01-12")
    assert identify("一、总体情况\n全年共受理5件。", Masthead(head=head)).publisher == "如皋市城市管理局"
    assert identify("一、总体情况\n全年共受理5件。", Masthead(head=head)).year == 2022


def test_the_name_of_the_file() -> None:
    found = identify("一、总体情况\n全年共受理5件。", Masthead(name="/tmp/如皋市财政局2021年政府信息公开年度报告.docx"))
    assert (found.publisher, found.year) == ("如皋市财政局", 2021)


def test_nothing_is_made_up() -> None:
    assert identify("今天天气很好。", Masthead()) == identify("", Masthead())
    assert identify("今天天气很好。", Masthead()).publisher is None


@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("海门市", 2015, "320684"), ("南通市海门区", 2022, "320614"), ("崇川区", 2019, "320602"), ("崇川区", 2022, "320613"),
        ("襄樊市", 2009, "420600"), ("云南省红河州个旧市", 2011, "532501"), ("南京市鼓楼区人民政府", 2019, "320106"), ("攸县", 2013, "430223"),
    ],
)  # fmt: skip
def test_divisions_through_the_years(name: str, year: int, code: str) -> None:
    division = find_division(name, year=year)
    assert division is not None
    assert division.code == code


def test_namesakes_are_told_apart_by_the_text() -> None:
    assert find_division("鼓楼区司法局") is None
    division = find_division("鼓楼区司法局", text="福州市鼓楼区司法局地址：福州市。")
    assert division is not None
    assert division.code == "350102"
