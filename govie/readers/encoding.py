"""Bytes to text: by byte order mark, by trial, by what the page declares, by detection."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from govie.readers.source import Input

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*(?:["']\s*)?([a-z0-9_\-:]+)""", re.IGNORECASE)
_CHINESE = ("gb18030", "big5hkscs")
_SAMPLE = 1 << 16
_UTF8_HAN = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){4,}")
_GB_HAN = re.compile(rb"(?:[\xb0-\xf7][\xa1-\xfe]){4,}")
_PLAUSIBLE = re.compile(r"[\n\r\t -~\u3000-\u303f\u4e00-\u9fa5\uff01-\uff5e“”—]")
_LOST = 0.005  # the share of unreadable characters that a page may have: a CMS cuts summaries inside a character
_DAMAGE = 0.01  # the same of its non-ASCII characters, for UTF-8


def decode(file: Input, *, declared: bool = False) -> str:
    """The text of a file, with ``\\n`` for every line break.

    A byte order mark decides; then strict UTF-8, because a page that is valid UTF-8 is UTF-8 whatever it declares; then the
    declaration, GB2312 and GBK read as GB18030; then detection among the encodings that Chinese pages use.

    Args:
        file: the file.
        declared: whether to heed a ``charset`` or ``encoding`` in the first bytes (HTML).

    Raises:
        ReadError: where the bytes are no text, or of several encodings at once.
    """
    return _decode(file, declared=declared).replace("\r\n", "\n").replace("\r", "\n")


def _decode(file: Input, *, declared: bool) -> str:
    data = file.data
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _tolerant(file, data[len(mark) :], encoding)
    if b"\x00" in data[:_SAMPLE]:
        return _unmarked_utf16(file)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    if text.count("\ufffd") <= 1 + _DAMAGE * sum(not character.isascii() for character in text) and not text.isascii():
        return text
    _refuse_mixture(file)
    encodings = [_detected(data)]
    if declared and (match := _DECLARED.search(data[:4096])):
        encodings.insert(0, _known(match[1].decode("ascii")))
    for encoding in filter(None, encodings):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return _tolerant(file, data, next(filter(None, encodings), "utf-8"))


def _known(name: str) -> str | None:
    name = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs"}.get(name.lower(), name)
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def _detected(data: bytes) -> str | None:
    cut = data.rfind(b"\n", 0, _SAMPLE) + 1 if len(data) > _SAMPLE else len(data)
    best = from_bytes(data[: cut or _SAMPLE], cp_isolation=[*_CHINESE, "utf_8"], threshold=0.5).best()
    return _known(best.encoding) if best is not None else "gb18030"


def _tolerant(file: Input, data: bytes, encoding: str) -> str:
    text = data.decode(encoding, "replace")
    if text.count("\ufffd") > 2 + _LOST * len(text):
        raise file.error(f"no text in {encoding}, nor in any other encoding that is known; is it the right file? Else convert it to UTF-8")
    return text


def _unmarked_utf16(file: Input) -> str:
    for encoding in ("utf-16-le", "utf-16-be"):
        text = file.data[:_SAMPLE].decode(encoding, "replace")
        if len(_PLAUSIBLE.findall(text)) > 0.9 * len(text):
            return _tolerant(file, file.data, encoding)
    raise file.error("no text: it holds null bytes; govie reads HTML, PDF, DOCX, TXT and Markdown")


def _refuse_mixture(file: Input) -> None:
    """Lines of UTF-8 between lines of GB18030 decode without an error to nonsense, so they are looked for."""
    foreign = []
    other = False
    for number, line in enumerate(file.data.split(b"\n"), 1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            other = other or (_GB_HAN.search(line) is not None and not _UTF8_HAN.search(line))
        else:
            if _UTF8_HAN.search(line):
                foreign.append(number)
    if foreign and other:
        raise file.error(f"of two encodings: line {foreign[0]} is UTF-8, other lines are not; convert it to UTF-8 as a whole")
