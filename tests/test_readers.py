"""What people have becomes the same document: pages, Word files, PDFs, text and Markdown."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from rendering import LAYOUTS, GridCell, grids, page, pdf, squeezed, word

import govie
from govie.document import Cell

PARAGRAPHS = [
    "2022年江阴市水利局政府信息公开工作年度报告",
    "本报告由江阴市水利局根据《中华人民共和国政府信息公开条例》编制，所列数据的统计期限自2022年1月1日起至2022年12月31日止，报告的电子版可以在本局网站上下载。",
    "一、总体情况",
    "2022年，本局共主动公开政府信息1,236条，其中通过政府网站公开1020条，占82.5%；受理政府信息公开申请17件，全部按期答复，未收取任何费用。",
    "二、统计表",
]
HEAD = [
    GridCell(0, 0, "信息内容", rows=2),
    GridCell(0, 1, "申请人情况", columns=2),
    GridCell(0, 3, "总计", rows=2),
    GridCell(1, 1, "自然人"),
    GridCell(1, 2, "法人"),
]
ROWS = [("一、本年新收", "12", "5", "17"), ("二、上年结转", "", "0", "0"), ("三、办理结果", "1,208", "/", "16")]
GRID = [*HEAD, *(GridCell(2 + row, column, text) for row, cells in enumerate(ROWS) for column, text in enumerate(cells))]
TABLE = "信息内容\t申请人情况\t\t总计\n\t自然人\t法人\t\n一、本年新收\t12\t5\t17\n二、上年结转\t\t0\t0\n三、办理结果\t1,208\t/\t16\n"
BLOCKS = [*PARAGRAPHS, GRID, "三、其他需要报告的事项", "无其他事项。"]
TEXT = "\n".join(PARAGRAPHS) + "\n" + TABLE + "三、其他需要报告的事项\n无其他事项。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_html(layout: str, encoding: str) -> None:
    document = govie.read(page(BLOCKS, layout=layout, title=PARAGRAPHS[0], encoding=encoding))
    assert document.text == TEXT
    assert grids(document) == [sorted(GRID, key=lambda cell: (cell.row, cell.column))]
    assert (document.publisher, document.year, document.division) == ("江阴市水利局", 2022, "320281")
    assert document.source is not None
    assert document.source.kind == "html"
    assert [document.text[h.start : h.end] for h in document.headings if h.level == 2][-3:] == [
        "一、总体情况",
        "二、统计表",
        "三、其他需要报告的事项",
    ]


def test_word() -> None:
    document = govie.read(word(BLOCKS))
    assert document.text == TEXT
    assert grids(document) == [sorted(GRID, key=lambda cell: (cell.row, cell.column))]
    assert (document.publisher, document.year) == ("江阴市水利局", 2022)


def test_pdf() -> None:
    document = govie.read(pdf(BLOCKS, running_head=None))
    assert squeezed(document.text) == squeezed(TEXT)
    assert document.text.count("\n") == TEXT.count("\n")
    assert grids(document) == [sorted(GRID, key=lambda cell: (cell.row, cell.column))]
    assert (document.publisher, document.year) == ("江阴市水利局", 2022)


def test_markdown() -> None:
    rows = [["信息内容", "新收", "结转"], ["自然人", "12", ""], ["法人\\|组织", "**5**", "0"]]
    lines = [f"# {PARAGRAPHS[0]}", "", "## 一、总体情况", "受理申请**17**件。", ""]
    table = ["| " + " | ".join(row) + " |" for row in rows]
    source = "\n".join([*lines, table[0], "|---|:-:|--:|", *table[1:], "", "完。"])
    document = govie.read(source.encode(), kind="markdown")
    assert document.text == f"{PARAGRAPHS[0]}\n\n一、总体情况\n受理申请17件。\n\n信息内容\t新收\t结转\n自然人\t12\t\n法人|组织\t5\t0\n\n完。\n"
    assert [cell.text for cell in grids(document)[0]] == ["信息内容", "新收", "结转", "自然人", "12", "", "法人|组织", "5", "0"]
    assert [heading.level for heading in document.headings] == [1, 2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-32"])
def test_text(encoding: str) -> None:
    text = "\n".join(PARAGRAPHS)
    document = govie.read(text.replace("\n", "\r\n").encode(encoding))
    assert document.text == text
    assert document.publisher == "江阴市水利局"


def test_big5() -> None:
    text = "主動公開政府信息九百六十條，受理政府信息公開申請5件，均已按期答覆。本年度未發生行政復議、行政訴訟案件，未收取費用。"
    assert govie.read(text.encode("big5")).text == text
    markup = f'<html><head><meta charset="big5"></head><body><p>{text}</p></body></html>'
    assert govie.read(markup.encode("big5")).text == text + "\n"


def test_a_page_that_declares_the_wrong_encoding() -> None:
    markup = page(PARAGRAPHS, layout="container").replace(b"charset=utf-8", b"charset=gb2312")
    assert "统计期限" in govie.read(markup).text


def test_where_the_source_comes_from(tmp_path: Path) -> None:
    path = tmp_path / "报告.html"
    path.write_bytes(page(PARAGRAPHS, layout="bare"))
    by_name, by_path, by_bytes = govie.read(str(path)), govie.read(path), govie.read(path.read_bytes())
    with path.open("rb") as file:
        by_file = govie.read(file)
    assert by_name == by_path == by_file
    assert by_bytes.text == by_name.text
    assert by_name.name == str(path)
    assert by_bytes.name is None
    assert {each.source.sha256 for each in (by_name, by_bytes)} == {by_file.source.sha256}
    assert govie.read(io.BytesIO(path.read_bytes())).text == by_name.text


def test_content_counts_more_than_the_extension(tmp_path: Path) -> None:
    path = tmp_path / "report.doc"
    path.write_bytes(page(PARAGRAPHS, layout="tables"))
    assert govie.read(path).source.kind == "html"
    path = tmp_path / "report.html"
    path.write_bytes(pdf(PARAGRAPHS))
    assert govie.read(path).source.kind == "pdf"


def test_web_archive() -> None:
    markup = page(PARAGRAPHS, layout="container", encoding="gb2312")
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
    assert "统计期限" in govie.read(head + markup + b"\r\n--b--\r\n").text


def test_html_places_are_elements() -> None:
    markup = '<div id="zoom"><p>甲。</p><p>受理申请<b>5</b>件，办结4件。</p><table><tr><td>新收</td><td>结转</td></tr><tr><td>7</td><td>8</td></tr></table></div>'
    document = govie.read(markup.encode(), kind="html")
    at = document.text.index("5件")
    found = document.where(Cell(0, 0, at, at + 2))
    assert [place.path for place in found] == [
        "html > body > div:nth-of-type(1) > p:nth-of-type(2) > b:nth-of-type(1)",
        "html > body > div:nth-of-type(1) > p:nth-of-type(2)",
    ]
    assert [document.text[place.start : place.end] for place in found] == ["5", "件"]
    (place,) = document.where(document.tables[0].cells[2])
    assert place.path == "html > body > div:nth-of-type(1) > table:nth-of-type(1) > tbody:nth-of-type(1) > tr:nth-of-type(2) > td:nth-of-type(1)"


def test_pdf_places_are_boxes() -> None:
    document = govie.read(pdf([*PARAGRAPHS * 4, GRID]))
    assert [place.start for place in document.places] == sorted(place.start for place in document.places)
    at = document.text.rindex("17件")
    (place,) = document.where(Cell(0, 0, at, at + 3))
    left, top, right, bottom = place.box
    assert place.page > 1
    assert 20 < right - left < 60
    assert 10 < bottom - top < 30
    cell = next(cell for cell in document.tables[0].cells if document.text[cell.start : cell.end] == "1,208")
    assert document.where(cell)[0].page == 2


def test_hidden_text_is_left_out() -> None:
    hidden = [
        "display:none",
        "visibility : hidden",
        "font-size:0px",
        "position:absolute;left:-9999px",
        "height:0;overflow:hidden",
        "text-indent:-999px",
    ]
    spam = (
        "".join(f'<span style="{style}">推广7件</span>' for style in hidden)
        + "<span hidden>推广8件</span><!-- 推广9件 --><noscript>推广10件</noscript>"
    )
    document = govie.read(f'<div><p>受理申请{spam}5件，<span style="font-size:0.8em;opacity:0.9">办结</span>4件。</p></div>'.encode(), kind="html")
    assert document.text == "受理申请5件，办结4件。\n"


def test_nested_layout_tables_and_broken_markup() -> None:
    inner = "<table><tr><td>新收<td>结转<tr><td>7<td>8</table>"
    document = govie.read(f"<table><tr><td><p>本年受理申请5件，均已办结。<p>二、统计表{inner}</table>".encode(), kind="html")
    assert document.text == "本年受理申请5件，均已办结。\n二、统计表\n新收\t结转\n7\t8\n"


def test_pdf_tables_across_pages_are_one() -> None:
    rows = [GridCell(n, column, f"（{n}）第{n}项" if column == 0 else str(100 * n + column)) for n in range(1, 60) for column in range(4)]
    grid = [*(GridCell(0, column, text) for column, text in enumerate(("指标", "甲", "乙", "丙"))), *rows]
    document = govie.read(pdf(["某市2020年统计表", grid, "以上数据均已核对无误。"]))
    assert grids(document) == [grid]
    assert max(place.page for place in document.places) >= 2
    assert "公报" not in document.text
    assert "— 2 —" not in document.text


def test_a_label_that_a_page_break_cuts_is_one_cell() -> None:
    from govie.readers.pdf_tables import PdfTable, joined

    def table(page: int, cells: list[GridCell]) -> PdfTable:
        return PdfTable(
            tuple(cells),
            page,
            70,
            80,
            520,
            700,
            (70, 170, 400),
            page,
            True,
        )

    upper = [GridCell(0, 0, "项目", columns=2), GridCell(0, 2, "数"), GridCell(1, 0, "（四）无", rows=2), GridCell(1, 1, "1.甲"), GridCell(1, 2, "7")]
    upper += [GridCell(2, 1, "2.乙"), GridCell(2, 2, "8")]
    lower = [GridCell(0, 0, "项目", columns=2), GridCell(0, 2, "数"), GridCell(1, 0, "法提供", rows=2), GridCell(1, 1, "3.丙"), GridCell(1, 2, "9")]
    lower += [GridCell(2, 1, "4.丁"), GridCell(2, 2, "0"), GridCell(3, 0, "（五）总计", columns=2), GridCell(3, 2, "24")]
    (whole,) = joined([table(1, upper), table(2, lower)])
    assert isinstance(whole, PdfTable)
    assert [(cell.row, cell.rows, cell.text) for cell in whole.cells if cell.column == 0] == [
        (0, 1, "项目"),
        (1, 4, "（四）无法提供"),
        (5, 1, "（五）总计"),
    ]
    assert [cell.text for cell in whole.cells if cell.column == 2] == ["数", "7", "8", "9", "0", "24"]
    assert len(joined([table(1, upper), table(3, lower)])) == 2


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_a_pdf_by_libreoffice(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(word(BLOCKS))
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "a.docx"),
        ],
        check=True,
        capture_output=True,
    )
    document = govie.read(tmp_path / "a.pdf")
    assert squeezed(document.text) == squeezed(TEXT)
    assert grids(document) == [sorted(GRID, key=lambda cell: (cell.row, cell.column))]


def test_pdf_tables_without_lines() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont("STSong-Light", 12)
    rows = [("指标名称", "本年", "累计"), ("主动公开信息数", "425", "1516"), ("网站公开", "418", ""), ("申请总数", "0", "12")]
    for n, row in enumerate(rows):
        for x, text in zip((80, 300, 400), row, strict=True):
            canvas.drawString(x, 700 - 24 * n, text)
    canvas.drawString(80, 560, "本年度没有发生行政复议。")
    canvas.save()
    document = govie.read(out.getvalue())
    assert document.text == "".join("\t".join(row) + "\n" for row in rows) + "本年度没有发生行政复议。\n"
    assert len(document.tables) == 1


def test_word_headings_changes_and_controls() -> None:
    import docx
    from docx.oxml import parse_xml

    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    made = docx.Document()
    made.add_heading("东台市2019年政府信息公开工作年度报告", 1)
    body = made.element.body
    body.insert(
        1,
        parse_xml(
            f"<w:p {names}><w:r><w:t>受理</w:t></w:r><w:del><w:r><w:delText>9</w:delText></w:r></w:del><w:ins><w:r><w:t>5</w:t></w:r></w:ins><w:r><w:t>件。</w:t></w:r></w:p>"
        ),
    )
    body.insert(2, parse_xml(f"<w:sdt {names}><w:sdtContent><w:p><w:r><w:t>办结4件。</w:t></w:r></w:p></w:sdtContent></w:sdt>"))
    out = io.BytesIO()
    made.save(out)
    document = govie.read(out.getvalue())
    assert document.text == "东台市2019年政府信息公开工作年度报告\n受理5件。\n办结4件。\n"
    assert document.headings[0].level == 1
    assert (document.publisher, document.division) == ("东台市", "320981")


def test_claims_of_all_kinds_are_the_same(extractor: govie.Extractor) -> None:
    def claims(document: govie.Document) -> list[tuple[object, ...]]:
        found = extractor.extract(document)
        assert all(document.text[claim.start : claim.end] == claim.text and document.where(claim) for claim in found)
        return [(squeezed(claim.text), claim.value, claim.unit, claim.bound, claim.metric, claim.kind) for claim in found]

    wanted = claims(govie.read(page(BLOCKS, layout="container")))
    assert len(wanted) >= 8
    assert claims(govie.read(page(BLOCKS, layout="tables", encoding="gb2312"))) == wanted
    assert claims(govie.read(pdf(BLOCKS, running_head=None))) == wanted
