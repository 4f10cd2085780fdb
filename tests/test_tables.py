"""Statutory tables: rendered in every layout with random cells and read back; damaged ones; real ones where there are any."""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

import govie
from govie.claims import Claim
from govie.document import Document, Extraction
from govie.errors import DependencyError
from govie.formats.passages import read_hand
from govie.tables import read_tables
from govie.text import fold_table
from tests.layouts import EXACT, OPEN, document
from tests.statutory import FORMS, Wanted
from training.scoring import Tally

CORPORA = Path(__file__).resolve().parent.parent / "corpora"
SEEDS = 15  # for each form and layout: 11 forms, 15 layouts and 2 damages make about 2,500 tables


def _plain(text: object) -> str:
    return re.sub(r"[\s“”\"]", "", str(text or "").translate(fold_table())).replace("合计", "总计").replace("其它", "其他")


def _said(claim: Claim) -> Wanted:
    scope = claim.scope
    return Wanted(claim.value, claim.metric, *(_plain(part) for part in (scope.category, scope.channel, scope.applicant, scope.period)))


def _meant(wanted: Wanted) -> Wanted:
    return Wanted(wanted.value, wanted.metric, *(_plain(part) for part in (wanted.category, wanted.channel, wanted.applicant, wanted.period)))


def _check(source: Document, cells: Mapping[int, tuple[str, Wanted]], *, exact: bool) -> None:
    """No claim that does not say it is in doubt may be wrong; in an ``exact`` layout all cells are there and none is in doubt."""
    claims = read_tables(source).claims
    for claim in claims:
        assert source.text[claim.start : claim.end] == claim.text
        if claim.note is None:
            assert claim.start in cells, (claim, source.text)
            assert claim.text.strip() == cells[claim.start][0]
            assert _said(claim) == _meant(cells[claim.start][1]), source.text
    if exact:
        assert {claim.start for claim in claims} == set(cells), source.text
        assert all(claim.confidence == 1 for claim in claims if claim.note is None)


@pytest.mark.parametrize("layout", [*EXACT, "grid"])
@pytest.mark.parametrize("form", FORMS)
def test_every_cell_in_every_layout(form: str, layout: str) -> None:
    for seed in range(SEEDS):
        dice = random.Random(f"{form} {layout} {seed}")
        _check(*document(form, layout, dice, sums=seed % 4 > 0), exact=True)


@pytest.mark.parametrize("layout", OPEN)
@pytest.mark.parametrize("form", FORMS)
def test_no_cell_is_wrong_without_a_note(form: str, layout: str) -> None:
    for seed in range(SEEDS):
        dice = random.Random(f"{form} {layout} {seed}")
        _check(*document(form, layout, dice), exact=False)


@pytest.mark.parametrize("damage", ["lost", "■■", "暂无"])
@pytest.mark.parametrize("layout", [*EXACT, "grid", "blanks"])
@pytest.mark.parametrize("form", FORMS)
def test_a_damaged_cell_moves_no_other(form: str, layout: str, damage: str) -> None:
    """Every other row is as it was, and no cell of the damaged row is wrong without a note."""
    if (layout, damage) == ("tabs with merged labels", "lost"):
        pytest.skip("a lost cell looks like a label merged over one cell less")
    for seed in range(SEEDS // 3):
        dice = random.Random(f"{damage} {form} {layout} {seed}")
        source, cells = document(form, layout, dice, empties=0, fancy=False, damage=damage)
        claims = {claim.start: claim for claim in read_tables(source).claims}
        for start, (_, wanted) in cells.items():
            if not wanted.damaged:
                assert start in claims, source.text
                assert _said(claims[start]) == _meant(wanted), source.text
                assert claims[start].note is None, source.text
            elif start in claims and claims[start].note is None:
                assert _said(claims[start]) == _meant(wanted), source.text
        assert set(claims) <= set(cells)


PAGES = {
    "heads of two storeys and rules at the line's end": (
        "第二十条第(一)项 |\n|||\n信息内容 |\n本年新 |\n本年新 |\n对外公开总数量 |\n规章 |\n0 |\n/ |\n7 |\n规范性文件 |\n3 |\n|\n9 |\n第二十条第(五)项 |\n",
        [("0", "本年新"), ("7", "对外公开总数量"), ("3", "本年新"), ("9", "对外公开总数量")],
    ),
    "what a head explains in brackets": (
        "信息内容 | 上一年项目数量(指2019年事项数) | 本年增/减(减用负值表示,如-8) | 处理决定数量(指2020年办件量)\n行政许可(含变更) | 8 | +5 | 93\n",
        [("8", "上一年项目数量"), ("+5", "本年增/减"), ("93", "处理决定数量")],
    ),
    "one head for tables below one another": (
        "信息内容 本年处理决定数量\n行政许可 12件\n第二十条第(六)项\n行政处罚 1,973件\n行政强制 无\n第二十条第(八)项\n",
        [("12件", "本年处理决定数量"), ("1,973件", "本年处理决定数量")],
    ),
    "a foreign row": (
        "信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t0\t0\t0\n其他文件\t186\t86\t255\n行政规范性文件\t2\t1\t19\n",
        [("0", "本年制发件数"), ("0", "本年废止件数"), ("0", "现行有效件数"), ("2", "本年制发件数"), ("1", "本年废止件数"), ("19", "现行有效件数")],
    ),
    "parts of section four below one another": (
        "行政复议\n结果维持 结果纠正 其他结果 尚未审结 总计\n3 1 0 1 5\n行政诉讼\n未经复议直接起诉\n结果维持 结果纠正 其他结果 尚未审结 总计\n2 0 0 0 2\n"
        "复议后起诉\n结果维持 结果纠正 其他结果 尚未审结 总计\n1 0 0 1 2\n",
        [*((n, None) for n in "31015"), *((n, "未经复议直接起诉") for n in "20002"), *((n, "复议后起诉") for n in "10012")],
    ),
    "parts of section four without heads of their own": (
        "行政复议 结果维持 结果纠正 其他结果 尚未审结 总计\n14 15 60 34 123\n行政诉讼 未经复议直接起诉\n7 2 1 2 12\n复议后起诉\n5 1 1 1 8\n",
        [*((n, None) for n in ["14", "15", "60", "34", "123"]), *((n, "未经复议直接起诉") for n in ["7", "2", "1", "2", "12"]), *((n, "复议后起诉") for n in "51118")],
    ),
    "heads broken into two lines": (
        "行政复议 行政诉讼\n未经复议直接起诉 复议后起诉\n结果 结果 其他 尚未 总计 结果 结果 其他 尚未 总计 结果 结果 其他 尚未 总计\n"
        "维持 纠正 结果 审结 维持 纠正 结果 审结 维持 纠正 结果 审结\n1 0 0 0 1 0 0 0 0 0 0 0 0 2 2\n五、存在的问题\n",
        [*((n, None) for n in "10001"), *((n, "未经复议直接起诉") for n in "00000"), *((n, "复议后起诉") for n in "00022")],
    ),
    "a numbering run together with digits": (
        "本年新收政府信息公开申请数量230000023二、上年结转政府信息公开申请数量0000000三、本年度办理结果(一)予以公开7000007(四)无法提供"
        "1.本机关不掌握相关政府信息70000072.没有现成信息需要另行制作00000003.补正后申请内容仍不明确9000009",
        [
            *((n, None) for n in ["23", "0", "0", "0", "0", "0", "23", "0", "0", "0", "0", "0", "0", "0", "7", "0", "0", "0", "0", "0", "7"]),
            *((n, "本机关不掌握相关政府信息") for n in "7000007"),
            *((n, "没有现成信息需要另行制作") for n in "0000000"),
            *((n, "补正后申请内容仍不明确") for n in "9000009"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_pages(page: str) -> None:
    text, wanted = PAGES[page]
    found = read_tables(Document(text)).claims
    assert [(claim.text, claim.scope.category and _plain(claim.scope.category)) for claim in found] == wanted


def test_fewer_columns() -> None:
    text = "自然人 法人或其他组织 总计\n一、本年新收政府信息公开申请数量\n6 2 8\n二、上年结转政府信息公开申请数量\n1 0 1\n(一)予以公开\n4 1 5\n"
    found = read_tables(Document(text)).claims
    assert [str(claim.scope.applicant) for claim in found] == ["自然人", "法人或其他组织", "总计"] * 3
    assert [claim.is_total for claim in found] == [False, False, True] * 3


def test_two_reports_in_one_text() -> None:
    one, cells = document("applications-2021", "pipes", random.Random(1))
    two, more = document("applications-2021", "lines", random.Random(2))
    claims = read_tables(Document(one.text + two.text)).claims
    assert {claim.start for claim in claims} == {*cells, *(at + len(one.text) for at in more)}


def test_a_figure_of_the_prose_settles_digits_run_together() -> None:
    table = "指标名称计量单位2011年度历年累计主动公开信息数条4251516受理依申请公开信息总数条00行政复议数条00"
    open_claims = read_tables(Document(table)).claims
    claims = read_tables(Document("全年主动公开政府信息425条。" + table)).claims
    assert [claim.text for claim in claims[:2]] == ["425", "1516"]
    assert (claims[0].note, claims[0].confidence) == (None, 1)
    assert open_claims[0].note
    assert (open_claims[0].confidence or 0) < 1


def test_cells_without_a_gap_fill_from_the_left() -> None:
    heads = "行政复议\n行政诉讼\n" + "结果维持\n结果纠正\n其他结果\n尚未审结\n总计\n" * 3
    claims = read_tables(Document(heads + "0\n" * 9 + "五、其他\n")).claims
    assert [claim.metric for claim in claims[:5]] == ["review.upheld", "review.corrected", "review.other", "review.pending", "review.cases"]
    assert len(claims) == 9
    assert claims[-1].note


@pytest.mark.parametrize("digits", ["9" * 40, "0" * 40, "1" + "0" * 60, "12345678901234567890.5万元"])
def test_endless_digits_raise_nothing(digits: str) -> None:
    for form in ("disputes", "applications-2021", "items-2019-1"):
        text = document(form, "run together", random.Random(3))[0].text
        for claim in read_tables(Document(re.sub("[0-9]{3,}", digits, text))).claims:
            assert claim.value.is_finite()


def test_prose_gives_no_table_claim() -> None:
    """A table of the corpus may be read; a sentence never."""
    for path in sorted(CORPORA.glob("*/*.txt")):
        for passage in read_hand(path):
            for claim in read_tables(Document(passage.text)).claims:
                line = passage.text[passage.text.rfind("\n", 0, claim.start) + 1 :].partition("\n")[0]
                assert not re.search(r"[，。；,;。].*[，。；;。]", re.sub(r"[（(].*?[)）]|[0-9０-９],", "", line)), (passage.id, line)


LIKE_TABLES = [
    "二、主动公开政府信息情况\n信息内容 | 数量\n部门动态 | 120\n通知公告 | 33\n行政许可 | 4\n",
    "2020年本年新收政府信息公开申请73件,其中自然人71件,商业企业2件,总计73件;予以公开50件,部分公开3件,结转下年度继续办理3件。",
    "行政复议结果维持5件,结果纠正1件,其他结果0件,尚未审结2件,总计8件。",
    "全年本年处理决定数量中行政许可87,行政处罚1,行政强制0;本年收费金额0。",
    "项目 | 单位 | 数量\n道路 | 公里 | 12\n桥梁 | 座 | 3\n学校 | 所 | 7\n医院 | 家 | 2\n公园 | 个 | 9\n",
    "公开内容包括:行政许可、行政处罚、行政强制、行政事业性收费、政府集中采购等。规章0件,规范性文件5件。",
]  # fmt: skip


@pytest.mark.parametrize("text", LIKE_TABLES)
def test_what_only_looks_like_a_table_is_left_to_the_model(text: str) -> None:
    assert read_tables(Document(text)).claims == ()


def test_dev_reports_cell_for_cell(shared: Path) -> None:
    """Every cell that stands in a table's region, also those that the gold leaves optional where digits are run together."""
    wanted = 0
    for path in sorted((shared / "eval" / "dev").glob("*.jsonl")):
        reading = read_tables(Document(path.with_suffix(".txt").read_text(encoding="utf-8")))
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        inside = [row for row in rows if any(start <= row["start"] < end for start, end in reading.regions)]
        tally = Tally()
        tally.add(path.stem, inside, [claim.to_dict() for claim in reading.claims])
        assert tally.errors == []
        wanted += tally.gold
    assert wanted >= 340


def test_the_pdf_of_a_dev_report(shared: Path) -> None:
    text = (shared / "eval" / "dev" / "huaian-2024.txt").read_text(encoding="utf-8")
    flat, grids = read_tables(Document(text)), read_tables(govie.read(shared / "eval" / "dev" / "raw" / "huaian-2024.pdf"))
    assert [_said(claim) for claim in grids.claims] == [_said(claim) for claim in flat.claims]


@pytest.mark.parametrize("layout", ["lines", "pipes", "blanks", "grid"])
def test_a_reports_tables_take_under_20_ms(layout: str) -> None:
    sources = [document(form, layout, random.Random(5))[0] for form in FORMS if form.startswith(("items-2021", "applications", "disputes"))]
    if layout != "grid":
        sources = [Document("".join(source.text for source in sources) + "各级机关做好主动公开、依申请公开、行政复议工作。" * 300)]
    for source in sources:
        read_tables(source)
    best = min(_seconds(sources) for _ in range(20))
    assert best < 0.02, best


@pytest.mark.parametrize(
    "text", ["行政复议数 件 0 上一年项目数量 本年新收政府信息公开申请 5 ", "1.政府网站公开政府信息数条3", "信息内容|本年处理决定数量|行政许可|5|"]
)
def test_time_grows_with_the_length(text: str) -> None:
    assert _seconds([Document(text * 4000)]) < 5


def _seconds(sources: list[Document]) -> float:
    start = time.process_time()
    for source in sources:
        read_tables(source)
    return time.process_time() - start


def test_one_list_of_claims(extractor: govie.Extractor) -> None:
    source, cells = document("applications-2021", "lines", random.Random(7), fancy=False)
    text = "2021年,全市收到政府信息公开申请30件,未发生行政复议案。\n" + source.text + "全年举办培训3次。\n"
    found = extractor.extract(text)
    assert [claim.start for claim in found] == sorted(claim.start for claim in found)
    before = text.index(source.text)
    inside = [claim for claim in found if before <= claim.start < before + len(source.text)]
    assert [claim.start - before for claim in inside] == sorted(cells)
    assert {(claim.text, claim.metric) for claim in found if claim.start < before} >= {
        ("30件", "application.received"),
        ("行政复议案", "review.cases"),
    }
    assert any(claim.text == "3次" for claim in found)
    zeros = [claim for claim in found if claim.value == 0]
    assert {str(claim.value) for claim in zeros} == {"0"}
    assert {claim.unit for claim in zeros if claim.metric.startswith("application")} == {"件"}


def test_frame_without_totals() -> None:
    source, cells = document("applications-2021", "pipes", random.Random(7), empties=0, fancy=False)
    found = Extraction(source, read_tables(source).claims)
    frame = found.to_frame()
    parts = found.to_frame(totals=False)
    assert len(frame) == len(cells)
    received = parts[parts.metric == "application.received"]
    assert sum(received.value) == frame[(frame.metric == "application.received") & frame.is_total].value.item()
    assert set(parts.metric) == set(frame.metric) - {"application.handled"}
    assert list(frame.columns[:4]) == ["start", "end", "text", "value"]


def test_frame_needs_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(DependencyError, match=r"govie\[frame\]"):
        Extraction(Document(""), ()).to_frame()
