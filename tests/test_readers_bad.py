"""Bad input ends in an error that names the file and says what to do, in bounded time and memory."""

import contextlib
import io
import os
import re
import resource
import socket
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from rendering import page, pdf, word

import govie
from govie import Limits
from govie.errors import ReadError

LINES = ["2022年某局工作总结", "全年共受理政府信息公开申请5件，均已办结。"]
DOCUMENT = "word/document.xml"


def refused(data: bytes, *, name: str, tmp_path: Path, limits: Limits | None = None) -> str:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        govie.read(path, limits=limits)
    message = str(caught.value)
    assert str(path) in message
    assert ";" in message or ":" in message.removeprefix(str(path))
    return message


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: object) -> None:
        raise AssertionError("a reader went to the network")

    monkeypatch.setattr(socket.socket, "connect", connect)


def test_a_truncated_pdf(tmp_path: Path) -> None:
    data = pdf(LINES)
    assert "truncated" in refused(data[: len(data) // 2], name="a.pdf", tmp_path=tmp_path)


def test_a_locked_pdf(tmp_path: Path) -> None:
    assert "password" in refused(pdf(LINES, password="secret"), name="a.pdf", tmp_path=tmp_path)


def test_a_scanned_pdf(tmp_path: Path) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawImage(ImageReader(Image.new("L", (50, 50))), 0, 0, 500, 700)
    canvas.save()
    message = refused(out.getvalue(), name="a.pdf", tmp_path=tmp_path)
    assert "scan" in message
    assert "OCR" in message


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_pdf_never_raises_anything_else(seed: int) -> None:
    data = bytearray(pdf(LINES))
    for n in range(40):
        data[(n * 7919 + seed * 104729) % (len(data) - 600) + 20] = (n * 31 + seed) % 256
    with contextlib.suppress(ReadError):
        assert isinstance(govie.read(bytes(data)), govie.Document)


def test_no_pdf_in_spite_of_its_name(tmp_path: Path) -> None:
    assert "%PDF-" in refused(b"no report at all", name="a.pdf", tmp_path=tmp_path)
    with pytest.raises(ReadError, match="no pdf file but html"):
        govie.read(page(LINES, layout="bare"), kind="pdf")
    with pytest.raises(ReadError, match="is not known"):
        govie.read(b"text", kind="doc")


def test_a_pdf_bomb(tmp_path: Path) -> None:
    bomb = zlib.compress(b"\x00" * 8_000_000)
    data = b"%PDF-1.4\n1 0 obj<</Filter/FlateDecode/Length " + str(len(bomb)).encode() + b">>\nstream\n" + bomb + b"\nendstream endobj\n%%EOF"
    assert "unpacked_bytes" in refused(data, name="a.pdf", tmp_path=tmp_path, limits=Limits(unpacked_bytes=1_000_000))


def test_a_pdf_of_too_many_pages(tmp_path: Path) -> None:
    assert "Limits.pages" in refused(pdf(LINES * 60), name="a.pdf", tmp_path=tmp_path, limits=Limits(pages=1))


def test_a_zip_bomb(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(DOCUMENT, b" " * 8_000_000)
    assert "unpacked_bytes" in refused(out.getvalue(), name="a.docx", tmp_path=tmp_path, limits=Limits(unpacked_bytes=1_000_000))


def repacked(part: str, change: bytes, into: bytes) -> bytes:
    """A Word document with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word(LINES))) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            data = old.read(entry)
            new.writestr(entry, data.replace(change, into, 1) if entry == part else data)
    return out.getvalue()


@pytest.mark.parametrize(
    "what", ['<!ENTITY a SYSTEM "file:///etc/passwd">', '<!ENTITY a SYSTEM "http://127.0.0.1:9/x">', '<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">']
)
def test_word_with_entities(what: str, tmp_path: Path) -> None:
    data = repacked(DOCUMENT, b"<w:document", f"<!DOCTYPE d [{what}]><w:document".encode())
    assert "entities" in refused(data, name="a.docx", tmp_path=tmp_path)


def test_a_damaged_word_document(tmp_path: Path) -> None:
    data = word(LINES)
    assert "damaged" in refused(data[: len(data) // 2], name="a.docx", tmp_path=tmp_path)
    assert "damaged" in refused(repacked(DOCUMENT, b"<w:body>", b"<w:body><broken"), name="b.docx", tmp_path=tmp_path)
    deep = b"<w:sdt><w:sdtContent>" * 5000 + b"</w:sdtContent></w:sdt>" * 5000
    assert "damaged" in refused(repacked(DOCUMENT, b"<w:body>", b"<w:body>" + deep), name="c.docx", tmp_path=tmp_path)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc", ("old Word", ".docx")),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "a.xls", ("old Excel",)),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.docx", ("password",)),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "a.png", ("PNG", "OCR")),
        (b"\xff\xd8\xff\xe0" + bytes(60), "a.jpg", ("JPEG", "OCR")),
        (b"BM" + bytes(60), "a.bmp", ("BMP", "OCR")),
        (b"Rar!\x1a\x07" + bytes(60), "a.rar", ("RAR", "unpack")),
        (b"7z\xbc\xaf\x27\x1c" + bytes(60), "a.7z", ("7z", "unpack")),
        (b"\x1f\x8b\x08" + bytes(60), "a.txt.gz", ("gzip", "unpack")),
        (b"{\\rtf1 }", "a.rtf", ("RTF", ".docx")),
        (b"MZ" + bytes(60), "a.exe", ("program",)),
        (bytes(100), "a.txt", ("null bytes",)),
        (b"", "a.txt", ("no text",)),
        (b" \n\n", "a.txt", ("no text",)),
        (b"\x81\x20\xff\xfe\x80" * 400, "a.txt", ("no text", "UTF-8")),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_kinds_that_are_not_read(data: bytes, name: str, words: tuple[str, ...], tmp_path: Path) -> None:
    message = refused(data, name=name, tmp_path=tmp_path)
    assert all(word in message for word in words)


@pytest.mark.parametrize(
    ("part", "word"), [("xl/workbook.xml", "Excel"), ("ppt/presentation.xml", "PowerPoint"), ("report.txt", "unpack"), ("OFD.xml", "OFD")]
)
def test_archives_that_are_not_read(part: str, word: str, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(part, "x")
    assert word in refused(out.getvalue(), name="a.zip", tmp_path=tmp_path)


def test_files_that_vanish(tmp_path: Path) -> None:
    for path in (tmp_path / "none.pdf", tmp_path, tmp_path / ("n" * 300), "a\x00b"):
        with pytest.raises(ReadError, match=re.escape(str(path))):
            govie.read(path)
    path = tmp_path / "closed.txt"
    path.write_text("text", encoding="utf-8")
    with path.open("rb") as file:
        pass
    with pytest.raises(ReadError, match="still open"):
        govie.read(file)
    with path.open(encoding="utf-8") as file, pytest.raises(ReadError, match="binary mode"):
        govie.read(file)
    with pytest.raises(TypeError, match="int"):
        govie.read(7)


def test_two_encodings_in_one_file(tmp_path: Path) -> None:
    data = "一、总体情况很好\n".encode("gb18030") + "受理政府信息公开申请五件\n".encode()
    assert "line 2" in refused(data, name="a.txt", tmp_path=tmp_path)
    cut = "受理申请5件，均已按期答复。".encode() * 20 + "件".encode()[:2] + b"\n"
    assert govie.read(cut).text.count("受理申请5件") == 20


def test_html_nested_ten_thousand_deep() -> None:
    start = time.perf_counter()
    for tag in ("div", "table><tr><td", "b", "ul><li"):
        closing = "".join(f"</{name}>" for name in reversed(tag.split("><")))
        document = govie.read(("<html>" + f"<{tag}>" * 10_000 + "受理申请5件，办结4件。" + closing * 10_000 + "完，共3件。").encode())
        assert "受理申请5件，办结4件。" in document.text
        assert all(len(place.path) < 4000 for place in document.places)
    assert time.perf_counter() - start < 20


def test_html_with_endless_spans() -> None:
    rows = '<tr><td rowspan="99999" colspan="99999">甲</td><td colspan="0">5</td></tr>' * 200
    document = govie.read(f"<table>{rows}</table>".encode(), limits=Limits(characters=500_000))
    assert len(document.text) < 500_000


def test_html_of_fifty_megabytes(tmp_path: Path) -> None:
    markup = "<p>申请5件。".encode()
    path = tmp_path / "big.html"
    path.write_bytes(markup * (50_000_000 // len(markup)))
    start = time.perf_counter()
    with pytest.raises(ReadError, match="markup_bytes"):
        govie.read(path)
    assert time.perf_counter() - start < 3
    code = "import govie, sys; govie.read(sys.argv[1], limits=govie.Limits(markup_bytes=2**27))"
    limit = 3 * 2**30
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False, timeout=60, env=os.environ | {"OMP_NUM_THREADS": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )  # fmt: skip
    assert "ReadError" in done.stderr
    assert "MemoryError" not in done.stderr


@pytest.mark.parametrize(
    ("limits", "data", "word"),
    [
        (Limits(bytes=100), b"a" * 101, "Limits.bytes"),
        (Limits(characters=100), b"a" * 101, "Limits.characters"),
        (Limits(elements=10), b"<p>a</p>" * 11, "Limits.elements"),
        (Limits(markup_bytes=10), b"<p>a</p>" * 11, "Limits.markup_bytes"),
    ],
)
def test_limits(limits: Limits, data: bytes, word: str, tmp_path: Path) -> None:
    assert word in refused(data, name="a.txt", tmp_path=tmp_path, limits=limits)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("selectolax.lexbor", "pdfplumber", "docx"):
        monkeypatch.setitem(sys.modules, module, None)
    assert govie.read("受理申请5件。".encode()).text == "受理申请5件。"
    for data in (page(LINES, layout="bare"), b"%PDF-1.4 %%EOF", _WORD):
        with pytest.raises(ReadError, match=re.escape("pip install 'govie[readers]'")):
            govie.read(data)


_WORD = word(LINES)


def test_reading_imports_no_reader_until_it_is_needed() -> None:
    code = "import govie, sys; govie.read(b'text'); print([m for m in ('selectolax', 'pdfplumber', 'docx', 'lxml', 'pypdfium2') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
