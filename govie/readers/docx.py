"""Word documents: paragraphs, tables with merged cells, headings by style and by numbering."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from govie.errors import ReadError
from govie.readers.builder import GridCell, TextBuilder, one_line
from govie.readers.limits import Limits
from govie.readers.masthead import Masthead
from govie.readers.source import Input, need

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TRANSPARENT = {_W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "hyperlink", "fldSimple", "r", "dir", "bdo")}
_GONE = {_W + name for name in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "tblPr", "trPr", "tcPr")} | {_CHOICE}
_ENTRIES = 10_000
_CHUNK = 1 << 20
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_STYLE = re.compile(r"(?:heading|标题)\s*([1-6])$", re.IGNORECASE)


def read_docx(file: Input, limits: Limits) -> tuple[TextBuilder, Masthead]:
    """The report of a Word document (.docx), with tracked changes accepted.

    Raises:
        ReadError: where it is damaged, declares entities, unpacks to too much, or python-docx is missing.
    """
    docx: Any = need("docx", file=file)
    _refuse_bombs(file, limits)
    try:
        document = docx.Document(BytesIO(file.data))
        body, styles, title = document.element.body, _style_levels(document), document.core_properties.title or ""
    except Exception as error:  # python-docx and lxml raise KeyError, ValueError and XMLSyntaxError on damaged packages
        raise file.error(f"a damaged Word document ({type(error).__name__}); open it in Word and save it again") from error
    built = TextBuilder(file, limits)
    titles = []
    count = 0
    for element in _blocks(body):
        count += 1
        if count > limits.elements:
            raise file.error(f"more than {limits.elements:,} paragraphs and tables; raise Limits.elements")
        if element.tag == _W + "tbl":
            built.table(_grid(element, file, limits))
            continue
        text, level = _text(element), styles.get(_style(element))
        if level == 1:
            titles.append(text)
        for line in text.split("\n"):
            built.line(line.strip(), level=level)
    return built, Masthead(("".join(titles), title) if titles else (), name=file.name)


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, those inside content controls and text boxes too."""
    stack = [iter(parent)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag in (_W + "p", _W + "tbl"):
            yield child
        elif child.tag in _TRANSPARENT:
            stack.append(iter(child))


def _text(paragraph: Any) -> str:
    """A paragraph's text; a break is ``\\n``, a tab a blank, so that tabs only part cells."""
    parts: list[str] = []
    stack = [iter(paragraph)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag == _W + "t":
            parts.append(child.text or "")
        elif child.tag in (_W + "br", _W + "cr"):
            parts.append("\n")
        elif child.tag == _W + "tab":
            parts.append(" ")
        elif child.tag == _W + "noBreakHyphen":
            parts.append("-")
        elif child.tag == _W + "p" and parts:
            parts.append("\n")
            stack.append(iter(child))
        elif child.tag not in _GONE:
            stack.append(iter(child))
    return "".join(parts)


def _grid(table: Any, file: Input, limits: Limits) -> list[GridCell]:
    cells: list[GridCell] = []
    above: dict[int, int] = {}  # column → index of the cell that a vertical merge would go on
    area = 0
    for row, line in enumerate(_inside(table, "tr")):
        column = _number(line.find(f"{_W}trPr/{_W}gridBefore"), 0)
        for cell in _inside(line, "tc"):
            columns = max(1, _number(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1))
            area += columns
            if area > limits.elements:
                raise file.error(f"a table of more than {limits.elements:,} cells; raise Limits.elements")
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merge is not None and merge.get(_W + "val", "continue") == "continue" and column in above:
                n = above[column]
                cells[n] = GridCell(cells[n].row, column, cells[n].text, row - cells[n].row + 1, cells[n].columns)
            else:
                text = "\n".join(_text(paragraph) for paragraph in cell.iter(_W + "p"))
                above[column] = len(cells)
                cells.append(GridCell(row, column, one_line(text), 1, columns))
            column += columns
    return cells


def _inside(parent: Any, name: str) -> Iterator[Any]:
    stack = [iter(parent)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag == _W + name:
            yield child
        elif child.tag in _TRANSPARENT:
            stack.append(iter(child))


def _number(element: Any, otherwise: int) -> int:
    value = element.get(_W + "val", "") if element is not None else ""
    return min(int(value[:5]), 1000) if value.isdecimal() else otherwise


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style.get(_W + "val", "") if style is not None else ""


def _style_levels(document: Any) -> dict[str, int]:
    levels = {}
    for style in document.styles:
        name = style.name or ""
        if name.lower() in ("title", "标题"):
            levels[style.style_id] = 1
        elif match := _STYLE.match(name):
            levels[style.style_id] = int(match[1])
    return levels


def _refuse_bombs(file: Input, limits: Limits) -> None:
    """Unpack every part piece by piece before a library does.

    Raises:
        ReadError: where the parts are too many or too large, or one declares a document type, and with it entities.
    """
    total = 0
    try:
        with zipfile.ZipFile(BytesIO(file.data)) as archive:
            entries = archive.infolist()
            if len(entries) > _ENTRIES:
                raise file.error(f"more than {_ENTRIES:,} parts; it is no ordinary Word document")
            for entry in entries:
                if entry.flag_bits & 1:
                    raise file.error("a DOCX locked with a password: open it, take the password off and save it again")
                with archive.open(entry) as part:
                    head = b""
                    while chunk := part.read(_CHUNK):
                        head = head or chunk[:4096].replace(b"\x00", b"")
                        total += len(chunk)
                        if total > limits.unpacked_bytes:
                            raise file.error(f"unpacks to more than {limits.unpacked_bytes:,} bytes; raise Limits.unpacked_bytes if you trust it")
                if entry.filename.endswith((".xml", ".rels")) and _DECLARATION.search(head):
                    raise file.error(f"its part {entry.filename} declares entities, which Word never does; open it in Word and save it again")
    except ReadError:
        raise
    except Exception as error:  # zipfile raises zlib.error, EOFError, NotImplementedError and more on damaged archives
        raise file.error(f"a damaged Word document ({type(error).__name__}); fetch it again") from error
