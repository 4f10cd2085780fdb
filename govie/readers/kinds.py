"""What kind of file bytes are: by their content, then by the name's extension."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from govie.readers.source import Input

KINDS = ("html", "pdf", "docx", "text", "markdown")
_ALIASES = {"htm": "html", "txt": "text", "md": "markdown"}
_MARKUP = re.compile(rb"<!doctype\s+html|<(?:html|head|body|meta|title|div|table|p|script|span|td)\b", re.IGNORECASE)
_MHTML = re.compile(rb"(?im)^content-type:\s*multipart/related")
_BINARY = (
    (b"\x89PNG", "a PNG picture"), (b"\xff\xd8\xff", "a JPEG picture"), (b"GIF8", "a GIF picture"), (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"), (b"MM\x00*", "a TIFF picture"), (b"Rar!", "a RAR archive"), (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"), (b"BZh", "a bzip2 archive"), (b"\xfd7zXZ", "an xz archive"), (b"{\\rtf", "an RTF file"),
    (b"MZ", "a program"), (b"\x7fELF", "a program"),
)  # fmt: skip
_WAYS = {
    "picture": "it has no text; run text recognition (OCR) on it and give the text",
    "archive": "unpack it and give the files in it",
    "program": "a report is wanted",
    "RTF file": "save it as .docx, for example: soffice --headless --convert-to docx FILE",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED = {"xl/": "an Excel workbook", "ppt/": "a PowerPoint file", "content.xml": "an OpenDocument file", "OFD.xml": "an OFD file"}


def kind_of(file: Input, *, kind: str | None) -> str:
    """One of :data:`KINDS`. What a file holds counts more than what it is called.

    Args:
        file: the file.
        kind: what the caller says it is; None to find out.

    Raises:
        ReadError: where govie does not read this kind, saying which it is and what to do; or ``kind`` contradicts the content.
    """
    found = _by_content(file)
    if kind is None:
        return found or {".md": "markdown", ".markdown": "markdown"}.get(file.suffix, "text")
    wanted = _ALIASES.get(kind, kind)
    if wanted not in KINDS:
        raise file.error(f"kind {kind!r} is not known; it is one of {', '.join(KINDS)}")
    if (found in ("pdf", "docx") or wanted in ("pdf", "docx")) and found != wanted:
        raise file.error(f"no {wanted} file but {found or 'text'}; leave kind out, or check that the file is whole")
    return wanted


def _by_content(file: Input) -> str | None:
    data = file.data
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if head.startswith(b"%PDF-") or b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _packed(file)
    if data.startswith(_OLE):
        raise file.error(_old_office(data))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        raise file.error(f"a WebP picture: {_WAYS['picture']}")
    for magic, name in _BINARY:
        if data.startswith(magic) and (len(magic) > 2 or b"\x00" in data[:64]):
            way = next(way for word, way in _WAYS.items() if name.endswith(word))
            raise file.error(f"{name}: {way}")
    if file.suffix == ".pdf":
        raise file.error("no PDF in spite of its name: its head %PDF- is missing; fetch it again")
    if file.suffix in (".htm", ".html", ".shtml", ".xhtml", ".mht", ".mhtml", ".aspx", ".jsp", ".php"):
        return "html"
    if file.suffix in (".md", ".markdown"):
        return "markdown"
    if _MHTML.search(data[:4096]) or _MARKUP.search(data[:4096].replace(b"\x00", b"")):
        return "html"
    return None


def _packed(file: Input) -> str:
    try:
        with zipfile.ZipFile(BytesIO(file.data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError) as error:
        raise file.error("a damaged or truncated DOCX or ZIP archive; fetch it again") from error
    if "word/document.xml" in names:
        return "docx"
    for mark, name in _PACKED.items():
        if any(entry.startswith(mark) for entry in names):
            raise file.error(f"{name}: save it as PDF or .docx and give that")
    if "[Content_Types].xml" in names:
        raise file.error("an Office file without a document in it: open it in Word and save it as .docx")
    raise file.error(f"a ZIP archive: {_WAYS['archive']}")


def _old_office(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "a DOCX locked with a password: open it, take the password off and save it again"
    for stream, name in (("Workbook", "an old Excel workbook (.xls)"), ("PowerPoint Document", "an old PowerPoint file (.ppt)")):
        if stream.encode("utf-16-le") in data:
            return f"{name}: save it as PDF or .docx and give that"
    return "an old Word file (.doc): save it as .docx, for example: soffice --headless --convert-to docx FILE"
