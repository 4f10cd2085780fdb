"""PDF reports: lines rejoined to paragraphs, ruled and aligned tables as grids, a place for every line.

pdfplumber was chosen over pypdfium2. On a six-page report it takes 0.5 s where pypdfium2 takes 0.03 s, but it finds ruling lines
and cells itself, which with pypdfium2 would be own code over raw page objects. Both are permissively licensed (MIT; BSD and Apache 2.0),
and pdfplumber brings pypdfium2 along anyway.
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from typing import Any

from govie.errors import ReadError
from govie.readers.builder import TextBuilder, heading_level
from govie.readers.limits import Limits
from govie.readers.masthead import Masthead
from govie.readers.pdf_layout import Line, Sheet, lines_of, without_running_heads
from govie.readers.pdf_paragraphs import Paragraph, paragraphs
from govie.readers.pdf_tables import PdfTable, aligned_tables, joined, ruled_tables
from govie.readers.source import Input, need

_STREAM = re.compile(rb"stream\r?\n")
_END = re.compile(rb"%%EOF|startxref")
_CHUNK = 1 << 20
_NAMELESS = 0.1  # the share of characters that may be a font's numbers, such as the pictures of a seal or a bullet


def read_pdf(file: Input, limits: Limits) -> tuple[TextBuilder, Masthead]:
    """The report of a PDF.

    Raises:
        ReadError: where it is truncated, locked, damaged, too large, or a scan without text; or pdfplumber is missing.
    """
    pdfplumber: Any = need("pdfplumber", file=file)
    if not _END.search(file.data[-2048:]):
        raise file.error("a truncated PDF: its end is missing; fetch it again")
    _refuse_bombs(file, limits)
    try:
        with pdfplumber.open(BytesIO(file.data)) as pdf:
            if len(pdf.pages) > limits.pages:
                raise file.error(f"more than {limits.pages:,} pages; split it, or raise Limits.pages")
            sheets, pictures, characters, nameless = [], 0, 0, 0
            for page in pdf.pages:
                sheets.append(_sheet(page))
                characters += len(page.chars)
                nameless += sum(char["text"].startswith("(cid:") for char in page.chars)
                pictures += len(page.images)
                if characters > limits.characters:
                    raise file.error(f"more than {limits.characters:,} characters of text; split it, or raise Limits.characters")
                page.close()
    except ReadError:
        raise
    except Exception as error:  # pdfminer raises whatever a damaged file makes it stumble over, down to TypeError and struct.error
        raise file.error(_reason(error)) from error
    if not any(sheet.lines or sheet.tables for sheet in sheets):
        what = "a scanned PDF: its pages are pictures" if pictures else "a PDF without text"
        raise file.error(f"{what}; run text recognition (OCR) on it first, for example: ocrmypdf -l chi_sim IN.pdf OUT.pdf")
    if nameless > _NAMELESS * characters:
        raise file.error("a PDF whose fonts do not tell which characters they show; run text recognition (OCR) on it, or print it to a new PDF")
    return _build(file, limits, without_running_heads(sheets))


def _sheet(page: Any) -> Sheet:
    page = page.dedupe_chars()
    chars = [char for char in page.chars if char.get("upright", True)]
    tables = ruled_tables(page, chars)
    rest = [char for char in chars if not any(table.holds(char) for table in tables)]
    lines = lines_of(rest, page.page_number)
    more, lines = aligned_tables(lines, page.page_number)
    return Sheet(page.page_number, float(page.height), lines, [*tables, *more])


def _build(file: Input, limits: Limits, sheets: list[Sheet]) -> tuple[TextBuilder, Masthead]:
    built = TextBuilder(file, limits)
    pieces: list[Line | PdfTable] = [piece for sheet in sheets for piece in sheet.in_order()]
    titles = []
    for piece in paragraphs(joined(pieces)):
        if isinstance(piece, Paragraph):
            level = 1 if piece.centred and len(built.text) < 200 and not heading_level(piece.text) else None
            titles += [piece.text] if level else []
            built.line(piece.pieces(), level=level)
        else:
            built.table(piece.cells)
    return built, Masthead(("".join(titles),) if titles else (), name=file.name)


def _reason(error: Exception) -> str:
    causes = [error, error.__cause__, error.__context__, *error.args]
    names = " ".join(type(cause).__name__ for cause in causes if isinstance(cause, BaseException))
    if "Password" in names or "Encrypt" in names:
        return "a PDF locked with a password: open it, take the password off and save it again"
    return f"a damaged PDF ({type(error).__name__}: {str(error)[:80]}); fetch it again, or print it to a new PDF"


def _refuse_bombs(file: Input, limits: Limits) -> None:
    """Unpack every deflated stream piece by piece and throw it away, before a library unpacks it into memory.

    Raises:
        ReadError: where they hold more than ``limits.unpacked_bytes`` together.
    """
    total = 0
    for match in _STREAM.finditer(file.data):
        if file.data[match.end() : match.end() + 1] not in (b"x", b"h", b"H", b"X", b"\x08", b"\x18", b"8", b"("):
            continue
        unpacker, rest = zlib.decompressobj(), file.data[match.end() : file.data.find(b"endstream", match.end())]
        try:
            while rest and not unpacker.eof:
                total += len(unpacker.decompress(rest, _CHUNK))
                rest = unpacker.unconsumed_tail
                if total > limits.unpacked_bytes:
                    raise file.error(f"unpacks to more than {limits.unpacked_bytes:,} bytes; raise Limits.unpacked_bytes if you trust it")
        except zlib.error:
            continue
