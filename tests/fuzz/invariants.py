"""What must hold of whatever govie makes of any input."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import pairwise

from govie.checks import STATUSES
from govie.claims import BOUNDS, KINDS, Claim
from govie.document import Document, Extraction
from govie.text import fold

BASE, PER_CHARACTER = 5.0, 1e-3  # seconds of processor time that an input may take: far over what any needs
_PLAIN = re.compile(r"[^0-9]*(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?)[万亿千百十]*[^0-9一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟半零〇成]*")
_STATED = re.compile("[0-9零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖幺拾佰仟几数成]")


class BrokenError(AssertionError):
    """Something that must hold does not."""


def holds(condition: object, what: str) -> None:
    """Raise unless ``condition`` is true; not ``assert``, which ``-O`` would drop."""
    if not condition:
        raise BrokenError(what)


@contextmanager
def in_time(size: int) -> Iterator[None]:
    """Whether what is done in it stays within the time that an input of ``size`` may take."""
    start = time.process_time()
    yield
    spent = time.process_time() - start
    holds(spent < BASE + PER_CHARACTER * size, f"took {spent:.1f} s for {size} characters")


def document_holds(document: Document) -> None:
    """Cells, headings and places lie in the text and in order."""
    text, size = document.text, len(document.text)
    for table in document.tables:
        for cell in table.cells:
            holds(0 <= cell.start <= cell.end <= size, f"cell {cell} outside a text of {size}")
            holds(min(cell.row, cell.column) >= 0 and min(cell.rows, cell.columns) >= 1, f"no cell: {cell}")
            holds("\n" not in text[cell.start : cell.end] and "\t" not in text[cell.start : cell.end], f"a cell of several lines: {cell}")
        filled = sorted((cell.start, cell.end) for cell in table.cells if cell.end > cell.start)
        holds(all(a[1] <= b[0] for a, b in pairwise(filled)), "cells overlap")
    for heading in document.headings:
        holds(0 <= heading.start < heading.end <= size and 1 <= heading.level <= 6, f"no heading: {heading}")
    holds(all(a.start <= b.start for a, b in pairwise(document.headings)), "headings out of order")
    holds(all(0 <= place.start < place.end <= size for place in document.places), "a place outside the text")
    holds(all(a.end <= b.start for a, b in pairwise(document.places)), "places overlap or are out of order")
    holds(document.year is None or 1900 <= document.year <= 2100, f"no year: {document.year}")
    holds(document.division is None or re.fullmatch("[0-9]{6}", document.division), f"no division: {document.division}")


def claims_hold(found: Extraction) -> None:
    """Offsets are sacred; values are finite, and what the span's text can state."""
    text = found.document.text
    for claim in found:
        _claim_holds(claim, text)
    holds(all((a.start, a.end) <= (b.start, b.end) for a, b in pairwise(found)), "claims out of order")
    for one, other in pairwise(found):
        same = (one.start, one.end) == (other.start, other.end)
        holds(same or one.end <= other.start, f"claims cross: {one.text!r} {one.start}:{one.end} and {other.text!r} {other.start}:{other.end}")
        holds(not same or one.metric != other.metric, f"{one.metric} twice on {one.text!r}")
    rows = found.to_dicts()
    holds(json.loads(json.dumps(rows)) == rows, "claims are no JSON")
    holds([Claim.from_dict(row, source=text) for row in rows] == list(found), "claims do not come back from their dicts")


def _claim_holds(claim: Claim, text: str) -> None:
    holds(
        0 <= claim.start < claim.end <= len(text) and text[claim.start : claim.end] == claim.text, f"{claim.start}:{claim.end} is not {claim.text!r}"
    )
    for role, part in claim.scope:
        holds(text[part.start : part.end] == part.text and part.text, f"the {role} {part.start}:{part.end} is not {part.text!r}")
    for number in (claim.value, claim.high):
        holds(number is None or (type(number) is Decimal and number.is_finite()), f"no finite Decimal: {number!r}")
        holds(number is None or len(format(number, "f")) <= 60, f"no figure of a report: {number!r}")
    holds(claim.high is None or claim.high > claim.value, f"a range from {claim.value} to {claim.high}")
    holds(claim.bound in BOUNDS and claim.kind in KINDS and claim.unit and claim.metric, f"not of the contract: {claim}")
    holds(claim.confidence is None or 0 <= claim.confidence <= 1, f"no share: {claim.confidence}")
    written = fold(claim.text).text
    holds(claim.value == 0 or _STATED.search(written), f"{claim.text!r} cannot state {claim.value}")
    plain = _PLAIN.fullmatch(written.replace(" ", "").replace("\n", ""))
    if plain and claim.high is None and claim.value != 0:  # a denied mention may be any words
        holds(_digits(Decimal(plain["number"].replace(",", ""))) == _digits(claim.value), f"{claim.text!r} does not state {claim.value}")


def _digits(number: Decimal) -> str:
    return "".join(map(str, number.as_tuple().digits)).strip("0")


def findings_hold(found: Extraction) -> None:
    """Every finding is of the contract and speaks of the extraction's own claims."""
    known = {id(claim) for claim in found}
    for finding in found.check():
        holds(finding.status in STATUSES and finding.code and finding.message_zh and finding.message_en, f"no finding: {finding}")
        holds(all(id(claim) in known for claim in finding.claims), f"a finding on foreign claims: {finding}")


def page_holds(found: Extraction) -> None:
    """The page can be written, and asks for nothing."""
    page = found.to_html()
    page.encode("utf-8")
    holds(page.count("<script") == page.count("</script>"), "the text has broken out of its element")
    found._repr_html_().encode("utf-8")
