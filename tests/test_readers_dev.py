"""The real reports of ../shared, read as text and rendered as pages, Word files and PDFs."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from rendering import LAYOUTS, Block, grids, page, pdf, squeezed, word

import govie
from govie.readers.html_main import is_boilerplate, is_index

REPORTS = sorted((Path(__file__).resolve().parents[2] / "shared" / "eval" / "dev").glob("*.txt"))
pytestmark = pytest.mark.skipif(not REPORTS, reason="needs ../shared")


def claims(extractor: govie.Extractor, document: govie.Document) -> list[tuple[object, ...]]:
    return [
        (
            squeezed(claim.text),
            claim.value,
            claim.high,
            claim.unit,
            claim.bound,
            claim.per,
            claim.metric,
            claim.kind,
            *(squeezed(str(part)) for _, part in claim.scope),
        )
        for claim in extractor.extract(document)
    ]


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_publisher_and_year(path: Path) -> None:
    known = json.loads(path.with_suffix(".meta.json").read_text(encoding="utf-8"))
    document = govie.read(path)
    assert (document.publisher, document.year) == (known["publisher"], known["year"])
    assert document.text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_pages(path: Path, layout: str, encoding: str) -> None:
    lines = [" ".join(line.split()) for line in path.read_text(encoding="utf-8").split("\n")]
    read = govie.read(page(lines, layout=layout, encoding=encoding)).text.split("\n")
    own = [line for line in lines if line and not is_boilerplate(line) and not is_index(line)]
    assert [line for line in read if line and line != "信息公开"] == own


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_word(path: Path) -> None:
    lines = [line.strip() for line in path.read_text(encoding="utf-8").split("\n")]
    assert govie.read(word(lines)).text == "\n".join(lines) + "\n"


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_pdfs(path: Path, extractor: govie.Extractor) -> None:
    if path.stem == "huaian-2024":
        pytest.skip("its text is a PDF's, with wrapped lines and page numbers; the PDF itself is read below")
    lines = [" ".join(line.split()) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    document = govie.read(pdf(lines))
    assert squeezed(document.text) == squeezed("".join(lines))
    assert claims(extractor, document) == claims(extractor, govie.Document("\n".join(lines) + "\n"))


def test_the_real_pdf(shared: Path, extractor: govie.Extractor) -> None:
    document = govie.read(shared / "eval" / "dev" / "raw" / "huaian-2024.pdf")
    assert (document.publisher, document.year, document.division) == ("淮安市人民政府", 2024, "320800")
    rows = (shared / "eval" / "dev" / "huaian-2024.jsonl").read_text(encoding="utf-8").splitlines()
    gold = Counter((squeezed(row["text"]), Decimal(row["value"]), row["unit"], row["metric"]) for row in map(json.loads, rows))
    read = extractor.extract(document)
    flat = extractor.extract((shared / "eval" / "dev" / "huaian-2024.txt").read_text(encoding="utf-8"))
    found, same = (Counter((squeezed(c.text), c.value, c.unit, c.metric) for c in each) for each in (read, flat))
    cells, same_cells = (
        [(squeezed(c.text), c.value, c.unit, c.metric, *(squeezed(str(part)) for _, part in c.scope)) for c in each if c.confidence == 1]
        for each in (read, flat)
    )
    assert len(cells) == 200
    assert cells == same_cells
    assert (found & same).total() >= 0.98 * same.total()  # the text's page numbers and line ends stand in the model's view
    assert (found & gold).total() >= 0.95 * gold.total()
    assert [len(grid) for grid in grids(document)] == [30, 215, 34]
    blocks = with_grids(document)
    for again in (*(page(blocks, layout=layout, encoding=encoding) for layout in LAYOUTS for encoding in ("utf-8", "gb2312")), word(blocks)):
        read = govie.read(again)
        assert grids(read) == grids(document)
        assert read.text.removeprefix("信息公开\n") == document.text


def with_grids(document: govie.Document) -> list[Block]:
    """A document as blocks to render: its lines, and its tables as grids."""
    blocks: list[Block] = []
    at = 0
    for table, grid in zip(document.tables, grids(document), strict=True):
        start = document.text.rfind("\n", 0, table.cells[0].start) + 1
        blocks += [*document.text[at:start].split("\n")[:-1], grid]
        at = document.text.index("\n", table.cells[-1].end) + 1
    return blocks + document.text[at:].split("\n")[:-1]
