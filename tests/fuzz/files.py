"""Bytes as files of reports: pages, Word documents and PDFs whose parts follow the bytes, and damaged ones."""

from __future__ import annotations

import io
import zipfile
from functools import cache

from fuzz.inputs import text_of

TAGS = (
    "p", "div", "table", "tr", "td", "th", "tbody", "span", "a href='/x'", "ul", "li", "h1", "h2", "br", "pre", "b", "caption", "script", "style", "title", "select", "option", "template",
    "form", "td rowspan=2", "td colspan=3", "td rowspan=99999 colspan=99999", "td colspan=0", "td colspan=-1", "td rowspan=９", "div class=TRS_Editor", "div id=zoom", "div class=footer",
    "p style='display:none'", "meta name=ArticleTitle content='2023年某市报告'", "meta charset=gb2312", "frameset", "svg", "math", "textarea", "noscript", "iframe", "body", "html", "head", "center", "font",
)  # fmt: skip
WORD = (
    "<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>", "<w:tc>", "</w:tc>", "<w:p><w:r><w:t>", "</w:t></w:r></w:p>", "<w:tc><w:p><w:r><w:t>", "</w:t></w:r></w:p></w:tc>",
    '<w:tcPr><w:gridSpan w:val="3"/></w:tcPr>', '<w:tcPr><w:gridSpan w:val="²"/></w:tcPr>', '<w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>', '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>',
    "<w:tcPr><w:vMerge/></w:tcPr>", '<w:trPr><w:gridBefore w:val="2"/></w:trPr>', "<w:br/>", "<w:tab/>", "<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", "<w:ins>", "</w:ins>", "<w:del>", "</w:del>",
    '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>', '<w:pPr><w:pStyle w:val="Title"/></w:pPr>', "<w:noBreakHyphen/>", "<w:instrText>5件</w:instrText>", "<w:hyperlink>", "</w:hyperlink>",
)  # fmt: skip
PDF = (
    "BT /F1 12 Tf ", " ET ", " 72 700 Td ", " 0 -14 Td ", "(5) Tj ", "(2023 12) Tj ", " 200 0 Td ", "1 0 0 1 72 60 Tm ", "0 0 m 100 0 l S ", "72 600 100 20 re S ", "172 600 100 20 re S ", "72 580 100 20 re S ",
    "172 580 100 20 re S ", "q ", "Q ", "0 1 -1 0 0 0 cm ", "/F1 0 Tf ", "/F1 -5 Tf ", "/F9 12 Tf ", "(1" + "7" * 40 + ") Tj ", "[(5) -2000 (6)] TJ ", "1e30 0 0 1 0 0 cm ", "0 0 0 0 0 0 cm ", "(\\377) Tj ", "BI ID EI ",
    "0 Tw ", "100 Tc ", "T* ", "14 TL ", "(a) ' ", "(\\)) Tj ", "<48656c6c6f> Tj ",
)  # fmt: skip


def page(data: bytes) -> bytes:
    """An HTML page, or the bytes as they are behind ``<html>``."""
    if data[:1] < b"\x20":
        return b"<html><p>" + data[1:]
    out, at = ["<html><body>"], 1
    while at < len(data):
        byte, at = data[at], at + 1
        if byte < 128:
            out.append(f"<{TAGS[byte % len(TAGS)]}>")
        elif byte < 176:
            out.append(f"</{TAGS[byte % len(TAGS)].split()[0]}>")
        else:
            size = byte % 16 + 1
            out.append(text_of(bytes([byte % 5]) + data[at : at + size]).replace("\ud800", ""))
            at += size
    encoding = ("utf-8", "gb18030", "utf-16", "big5")[data[0] % 4] if data else "utf-8"
    return "".join(out).encode(encoding, "replace")


@cache
def _word_parts() -> dict[str, bytes]:
    import docx

    out = io.BytesIO()
    docx.Document().save(out)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def docx_of(body: str, *, extra: dict[str, bytes] | None = None, packed: int = zipfile.ZIP_STORED) -> bytes:
    """A Word document with this body."""
    parts = _word_parts()
    xml = parts["word/document.xml"].decode()
    head, _, rest = xml.partition("<w:body>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as archive:
        for name, content in (parts | (extra or {})).items():
            archive.writestr(
                name,
                f"{head}<w:body>{body}{rest.removeprefix('<w:body>')}".encode("utf-8", "surrogatepass") if name == "word/document.xml" else content,
            )
    return out.getvalue()


def word(data: bytes) -> bytes:
    """A Word document whose body follows the bytes, or a damaged one."""
    whole = docx_of("<w:p><w:r><w:t>受理申请5件。</w:t></w:r></w:p>")
    if data[:1] < b"\x30":
        return _damaged(whole, data[1:])
    out, open_tags = [], list[str]()
    for at in range(1, len(data)):
        byte = data[at]
        if byte < 200:
            piece = WORD[byte % len(WORD)]
            names = [
                part
                for part in piece.replace("</", "<\x00").split("<")[1:]
                if not part.endswith(("/>", "/w:t>")) and "/>" not in part.split(">")[0] + ">"
            ]
            for part in names:
                name = part.lstrip("\x00").split(">")[0].split()[0]
                if part.startswith("\x00"):
                    if name in open_tags[-1:]:
                        open_tags.pop()
                        out.append(f"</{name}>")
                else:
                    open_tags.append(name)
                    out.append("<" + part)
            out.extend("<" + part for part in piece.split("<")[1:] if "/>" in part and not part.startswith("/"))
        else:
            out.append(text_of(bytes([0, byte, byte * 7 % 256])).translate(dict.fromkeys([0, 0xD800, *map(ord, "<>&")])))
    return docx_of("".join([*out, *(f"</{name}>" for name in reversed(open_tags))]))


def pdf_of(content: bytes, *, pages: int = 1) -> bytes:
    """A PDF whose pages show this content."""
    kids = " ".join(f"{4 + n} 0 R" for n in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode(), b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *[f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents {4 + pages} 0 R>>".encode()] * pages,
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
    ]  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, len(out),
    )  # fmt: skip


def pdf(data: bytes) -> bytes:
    """A PDF whose page follows the bytes, or a damaged one."""
    if data[:1] < b"\x40":
        return _damaged(pdf_of(b"BT /F1 12 Tf 72 700 Td (2023 5 6) Tj 0 -20 Td (7 8 9) Tj ET", pages=1 + data[0] % 3 if data else 1), data[1:])
    return pdf_of("".join(PDF[byte % len(PDF)] for byte in data[1:]).encode())


def _damaged(whole: bytes, changes: bytes) -> bytes:
    """Bytes with some of them changed: three bytes say where and to what."""
    out = bytearray(whole)
    for n in range(0, len(changes) - 2, 3):
        out[(changes[n] * 256 + changes[n + 1]) % len(out)] = changes[n + 2]
    return bytes(out)
