"""The real reports of ../shared, read as text and rendered as pages, Word files and PDFs."""

import json
from pathlib import Path

import pytest
from rendering import LAYOUTS, grids, page, pdf, squeezed, word

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
    lines = [" ".join(line.split()) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    document = govie.read(pdf(lines))
    assert squeezed(document.text) == squeezed("".join(lines))
    assert claims(extractor, document) == claims(extractor, govie.Document("\n".join(lines)))


def test_the_real_pdf(shared: Path) -> None:
    document = govie.read(shared / "eval" / "dev" / "raw" / "huaian-2024.pdf")
    assert (document.publisher, document.year, document.division) == ("淮安市人民政府", 2024, "320800")
    rows = (shared / "eval" / "dev" / "huaian-2024.jsonl").read_text(encoding="utf-8").splitlines()
    gold = [squeezed(json.loads(row)["text"]) for row in rows]
    figures = {cell.text for grid in grids(document) for cell in grid}
    text = squeezed(document.text)
    assert all(figure in figures or figure in text for figure in gold)
    assert [len(grid) for grid in grids(document)] == [30, 215, 34]
    for again in (page(["前言。", *grids(document)], layout="tables"), word(grids(document))):
        assert grids(govie.read(again)) == grids(document)
