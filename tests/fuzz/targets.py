"""What is fuzzed: each target takes bytes, makes an input of them and asserts what must hold. Only govie's own errors may come out."""

from __future__ import annotations

import contextlib
import json
import logging
import tempfile
import warnings
from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import govie
from fuzz.files import page, pdf, word
from fuzz.inputs import text_of
from fuzz.invariants import claims_hold, document_holds, findings_hold, holds, in_time, page_holds
from fuzz.tiny import real, tiny
from govie.document import Cell, Document, Extraction, Table
from govie.errors import GovieError
from govie.formats import FORMATS, dump, load, losses
from govie.numbers import find_quantities, parse_numeral
from govie.tables import read_tables
from govie.text import fold

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it reports every damage that it passes over
LIMITS = govie.Limits(characters=200_000, elements=20_000, unpacked_bytes=4 << 20, pages=20)
TRIPS = ("jsonl", "label-studio", "doccano", "brat", "conll", "markup")


def extract(data: bytes) -> None:
    """Text to claims to findings to a page, without the network's cost."""
    text = text_of(data)
    with in_time(len(text)):
        found = tiny().extract(text)
        claims_hold(found)
        findings_hold(found)
        if len(data) % 4 == 0:  # the page costs more than all the rest
            page_holds(found)


def model(data: bytes) -> None:
    """The same with the shipped model."""
    text = text_of(data)
    with in_time(len(text)):
        found = real().extract(text)
        claims_hold(found)
        findings_hold(found)


def numbers(data: bytes) -> None:
    """The number grammar: candidates in order and apart, values finite, folding with a way back."""
    text = text_of(data)
    with in_time(len(text)):
        folded = fold(text)
        found = find_quantities(folded.text)
    holds(all(a.end <= b.start for a, b in pairwise(found)), "quantities overlap")
    for n in range(0, len(folded.text), max(1, len(folded.text) // 50)):
        start, end = folded.source_span(n, n + 1)
        holds(0 <= start < end <= len(text) and folded.folded_offset(start) == n, f"folded {n} comes back as {folded.folded_offset(start)}")
    for quantity in found:
        numbers_ = [number for number in (quantity.value, quantity.high) if number is not None]
        holds(all(type(number) is Decimal and number.is_finite() and abs(number) < 10**24 for number in numbers_), f"no figure: {quantity}")
        holds(quantity.high is None or quantity.high > quantity.value, f"no range: {quantity}")
        holds(0 <= quantity.start < quantity.end <= len(folded.text), f"no span: {quantity}")
    value = parse_numeral(folded.text[:64])
    holds(value is None or value.is_finite(), f"{folded.text[:64]!r} is {value}")


def tables(data: bytes) -> None:
    """The statutory tables, of text and of a grid whose cells follow the bytes."""
    text = text_of(data)
    document = Document(text)
    if data[:1] > b"\x80":
        cells, at = [], 0
        for row, line in enumerate(text.split("\n")[:60]):
            for column, content in enumerate(line.split("\t")):
                cells.append(Cell(row, column, at, at + len(content), 1 + (data[-1] == row), 1 + (data[-1] == column)))
                at += len(content) + 1
        document = Document(text, tables=(Table(tuple(cells)),))
    with in_time(len(text)):
        reading = read_tables(document)
        claims_hold(Extraction(document, reading.claims))
    for claim in reading.claims:
        holds((claim.value != 0) == any(digit in fold(claim.text).text for digit in "123456789"), f"the cell {claim.text!r} is read as {claim.value}")
    holds(all(0 <= start < end <= len(text) for start, end in reading.regions), f"a region outside the text: {reading.regions}")


def _read(data: bytes, kind: str | None) -> None:
    with in_time(len(data)), contextlib.suppress(GovieError):
        document = govie.read(data, kind=kind, limits=LIMITS)
        document_holds(document)
        found = tiny().extract(document)
        claims_hold(found)
        findings_hold(found)
        if len(data) % 4 == 0:
            page_holds(found)


def html(data: bytes) -> None:
    """Web pages."""
    _read(page(data), "html")


def docx(data: bytes) -> None:
    """Word documents."""
    _read(word(data), None)


def pdf_(data: bytes) -> None:
    """PDFs."""
    _read(pdf(data), None)


def plain(data: bytes) -> None:
    """Text, Markdown and bytes of no known kind."""
    ways = ("utf-8", "gb18030", "utf-16", "big5hkscs", None)
    encoding = ways[data[0] % len(ways)] if data else None
    raw = data[2:] if encoding is None else text_of(data[1:]).encode(encoding, "replace")
    _read(raw, (None, "markdown", "text")[data[0] // 5 % 3] if data else None)


def trips(data: bytes) -> None:
    """What a format writes, it reads back, without a claim lost but by CoNLL and markup."""
    form, text = TRIPS[data[0] % len(TRIPS)] if data else "jsonl", text_of(data[1:])
    found = tiny().extract(Document(text, "r", publisher="县政府", year=2012))
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), in_time(len(text)), contextlib.suppress(GovieError):
        warnings.simplefilter("ignore")
        dump([found], Path(folder) / "out", form)
        try:
            back = load(Path(folder) / "out", form)
        except GovieError as error:
            if form == "conll":
                return  # a table's cell is a quantity that the grammar may not know, and there is no room for its value
            raise AssertionError(f"{form} does not read what it wrote: {error}") from error
        lost = losses([found], back)
        holds(not lost.get("documents"), f"{form} changed the text")
        holds(form in ("conll", "markup") or not lost.get("claims"), f"{form} lost {lost}")
        for each in back:
            claims_hold(each)


ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    10**30,
    0.5,
    float("nan"),
    "",
    "x",
    "1E+9",
    "NaN",
    "\ud800",
    [],
    {},
    [[]],
    {"text": 5},
    ["5"],
    "application.received",
    "period",
    7,
)


def _twisted(value: Any, data: bytes) -> Any:
    """A JSON value with some of its parts replaced."""
    for n in range(0, len(data) - 2, 3):
        node: Any = value
        at = data[n] + 256 * data[n + 1]
        for _ in range(12):
            if not isinstance(node, (dict, list)) or not node:
                break
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            key = keys[at % len(keys)]
            at //= max(1, len(keys))
            if at % 3 == 0 or not isinstance(node[key], (dict, list)) or not node[key]:
                odd = ODD[data[n + 2] % (len(ODD) + 1) - 1]
                if data[n + 2] % 7 == 6 and isinstance(node, dict):
                    del node[key]
                else:
                    node[key] = json.loads(json.dumps(odd))
                break
            node = node[key]
    return value


def annotations(data: bytes) -> None:
    """Files of annotations that are damaged: an AnnotationError, or claims that hold."""
    forms = [form for form in FORMATS if form != "spacy"]
    form, way, rest = forms[data[0] % len(forms)] if data else "jsonl", data[1] % 4 if len(data) > 1 else 0, data[2:]
    found = tiny().extract(Document("全年,县政府共受理申请5件,其中网络申请3件。\n未发生行政复议案。", "r", year=2012))
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), contextlib.suppress(GovieError), in_time(len(data)):
        warnings.simplefilter("ignore")
        out = Path(folder) / "out"
        dump([found], out, form)
        file = out / "r.ann" if out.is_dir() else out
        whole = file.read_bytes()
        if way == 0 and form in ("jsonl", "doccano", "label-studio"):
            rows = [json.loads(line) for line in whole.splitlines()] if form != "label-studio" else json.loads(whole)
            rows = _twisted(rows, rest)
            file.write_text("\n".join(map(json.dumps, rows)) if form != "label-studio" else json.dumps(rows), encoding="utf-8")
        elif way == 1:
            file.write_bytes(rest)
        elif way == 2:
            file.write_bytes(text_of(rest).encode("utf-8", "replace"))
        else:
            changed = bytearray(whole)
            for n in range(0, len(rest) - 2, 3):
                changed[(rest[n] * 256 + rest[n + 1]) % len(changed)] = rest[n + 2]
            file.write_bytes(bytes(changed))
        for each in load(out, form):
            claims_hold(each)


def checks(data: bytes) -> None:
    """The checks over claims that a caller made, of any value and scope, with a year before."""
    from govie.claims import BOUNDS, Claim, Scope, Span

    text = text_of(b"\x01" + data[:80])
    codes, claims = sorted(govie.metrics()), []
    spots = data[80:]
    for n in range(0, len(spots) - 5, 6):
        start, size, code, value, bound, role = spots[n : n + 6]
        if start + size % 6 + 1 > len(text):
            continue
        span = Span(0, 1 + role % len(text), source=text) if role % 2 else None
        kind = BOUNDS[bound % len(BOUNDS)]
        number = Decimal((0, (value, 7)[value % 2 :] and (value % 10,), value % 9 - 2))
        claims.append(
            Claim(
                start, start + size % 6 + 1, number, ("件", "%", "元")[role % 3], codes[code % len(codes)], high=number + 5 if kind == ".." else None, bound=kind,
                scope=Scope(period=span) if role % 4 == 1 else Scope(applicant=span, category=span), is_total=role > 200, source=text,
            )
        )  # fmt: skip
    claims.sort(key=lambda claim: (claim.start, claim.end))
    found = Extraction(Document(text), tuple(claims))
    with in_time(len(text)):
        findings_hold(found)
        page_holds(found)
        for finding in found.check(found):
            holds(finding.message_zh and json.dumps(finding.to_dict()), "no finding")


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "extract": extract, "numbers": numbers, "tables": tables, "html": html, "docx": docx, "pdf": pdf_, "plain": plain, "trips": trips,
    "annotations": annotations, "checks": checks, "model": model,
}  # fmt: skip
