"""Reports rendered as people find them: web pages in three layouts, Word documents and PDFs. What is made here is read back by the tests."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from html import escape

import docx
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as PdfTable

from govie.readers.builder import GridCell

LAYOUTS = ("container", "tables", "bare")
NAVIGATION = (
    "首页",
    "走进本地",
    "政务公开",
    "政务服务",
    "互动交流",
    "数据开放",
    "专题专栏",
    "机构职能",
    "政策文件",
    "法定主动公开内容",
    "依申请公开",
    "公开年报",
)
FOOTER = "主办单位：某市人民政府办公室　技术支持：某市大数据中心　网站标识码：3206000001　备案号：ICP备05000001号"


Grid = Sequence[GridCell]
Block = str | Grid


def page(blocks: Sequence[Block], *, layout: str, title: str = "信息公开", publisher: str = "某市人民政府办公室", encoding: str = "utf-8") -> bytes:
    """A page of a government site around the blocks, in one of :data:`LAYOUTS`."""
    links = [f'<a href="/c{n}/">{name}</a>' for n, name in enumerate(NAVIGATION)]
    hidden = '<div style="display: none">隐藏的推广文字，共999件。</div><script>var count = "共888件。";</script><style>p{margin:0}</style>'
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
    head = f"<html><head>{meta}<title>{escape(title)}_某市人民政府</title></head>"
    if layout == "container":
        index = f'<table class="xxgk_top"><tr><td>索 引 号：</td><td>014000001/2024-00001</td><td>发布机构：</td><td>{publisher}</td></tr><tr><td>发布日期：</td><td>2024-01-20</td><td>文号：</td><td></td></tr></table>'
        body = f'<div class="header"><ul class="nav">{"".join(f"<li>{link}</li>" for link in links)}</ul></div><div class="position">您当前的位置：{" &gt; ".join(links[:3])}</div>{index}<div class="article"><h1 class="title">{escape(title)}</h1><div class="info">发布时间：2024-01-20　浏览次数：<span>1234</span>　字体：[大 中 小]</div>{hidden}<div id="zoom"><div class="TRS_Editor">{_html(blocks)}</div></div><div class="share">分享到：{"".join(links[:4])}</div></div><div class="footer"><p>{FOOTER}</p></div>'
    elif layout == "tables":
        body = f'<form id="form1"><table width="1000"><tr><td colspan="2">{" | ".join(links)}</td></tr><tr><td width="200" valign="top"><table>{"".join(f"<tr><td>{link}</td></tr>" for link in links)}</table></td><td><table><tr><td align="center"><font size="5">{escape(title)}</font></td></tr><tr><td>{hidden}{_html(blocks)}</td></tr></table></td></tr><tr><td colspan="2" align="center">{FOOTER}</td></tr></table></form>'
    else:
        index = f"<ul><li>索引号：014000001/2024-00001</li><li>发布机构：{publisher}</li><li>发布日期：2024-01-20</li></ul>"
        related = f'<div class="xgnews">相关链接 {" ".join(links)}</div>'
        body = f'<div>{" ".join(links)}</div>{index}<h2>{escape(title)}</h2>{hidden}{_html(blocks)}{related}<p align="center">{FOOTER}</p><p>扫一扫在手机打开当前页</p>'
    return f"<!DOCTYPE html>{head}<body>{body}</body></html>".encode({"gb2312": "gb18030"}.get(encoding, encoding))


def _html(blocks: Sequence[Block]) -> str:
    return "\n".join(f"<p>{escape(block) or '&nbsp;'}</p>" if isinstance(block, str) else html_table(block) for block in blocks)


def html_table(grid: Grid) -> str:
    """A grid as an HTML table with rowspan and colspan."""
    lines = []
    for row in range(max(cell.row + cell.rows for cell in grid)):
        cells = sorted((cell for cell in grid if cell.row == row), key=lambda cell: cell.column)
        spans = "".join(f'<td rowspan="{cell.rows}" colspan="{cell.columns}"><p>{escape(cell.text) or "&nbsp;"}</p></td>' for cell in cells)
        lines.append(f"<tr>{spans}</tr>")
    return f'<table border="1" cellspacing="0"><tbody>{"".join(lines)}</tbody></table>'


def word(blocks: Sequence[Block]) -> bytes:
    """A Word document."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(max(cell.row + cell.rows for cell in block), max(cell.column + cell.columns for cell in block))
        table.style = "Table Grid"
        for cell in block:
            first = table.cell(cell.row, cell.column)
            if cell.rows > 1 or cell.columns > 1:
                first = first.merge(table.cell(cell.row + cell.rows - 1, cell.column + cell.columns - 1))
            first.text = cell.text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(blocks: Sequence[Block], *, running_head: str | None = "某市人民政府公报", password: str | None = None) -> bytes:
    """A PDF on A4 with indented, justified paragraphs, page numbers and, where given, a running head."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    body = ParagraphStyle("body", fontName="STSong-Light", fontSize=14, leading=26, wordWrap="CJK", firstLineIndent=28, alignment=4)
    small = ParagraphStyle("cell", fontName="STSong-Light", fontSize=9, leading=11, wordWrap="CJK")
    story = []
    for block in blocks:
        if isinstance(block, str):
            story.append(Paragraph(escape(block), body) if block.strip() else Spacer(1, 4))
            continue
        height, width = max(cell.row + cell.rows for cell in block), max(cell.column + cell.columns for cell in block)
        data: list[list[object]] = [[""] * width for _ in range(height)]
        style: list[tuple[object, ...]] = [
            ("GRID", (0, 0), (-1, -1), 0.5, "black"),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ]
        for cell in block:
            data[cell.row][cell.column] = Paragraph(escape(cell.text), small)
            if cell.rows > 1 or cell.columns > 1:
                style.append(("SPAN", (cell.column, cell.row), (cell.column + cell.columns - 1, cell.row + cell.rows - 1)))
        story += [PdfTable(data, colWidths=[450 / width] * width, style=style), Spacer(1, 12)]
    out = io.BytesIO()

    def furniture(canvas: object, document: object) -> None:
        canvas.setFont("STSong-Light", 9)
        if running_head:
            canvas.drawCentredString(A4[0] / 2, A4[1] - 40, running_head)
        canvas.drawCentredString(A4[0] / 2, 40, f"— {document.page} —")

    encrypt = None
    if password:
        from reportlab.lib.pdfencrypt import StandardEncryption

        encrypt = StandardEncryption(password)
    SimpleDocTemplate(out, pagesize=A4, topMargin=72, bottomMargin=72, encrypt=encrypt).build(story, onFirstPage=furniture, onLaterPages=furniture)
    return out.getvalue()


def grids(document: object) -> list[list[GridCell]]:
    """A read document's tables as cells with their text."""
    return [
        [GridCell(cell.row, cell.column, document.text[cell.start : cell.end], cell.rows, cell.columns) for cell in table.cells]
        for table in document.tables
    ]


def squeezed(text: str) -> str:
    """Text without blanks and line breaks."""
    return re.sub(r"\s", "", text)
