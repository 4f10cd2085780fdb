"""What rules alone reach: candidates of the number grammar, and the metric of the nearest trigger word before them.

Kept beside the model so that every report of quality shows what the model adds. ``baseline.tsv`` holds the words.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from govie.claims import Claim
from govie.document import Document, Extraction
from govie.metrics import metrics
from govie.numbers import find_quantities
from govie.text import fold

REACH = 30
_DENIAL = re.compile("(?:未发生|未收到|没有收到|没有发生|未产生|无)[^。;\n]{0,30}?(行政复议|行政诉讼|诉讼|复议|申请|投诉|举报|申诉|收取费用|收费)")


class Baseline:
    """The rules as an extractor."""

    def __init__(self) -> None:
        lines = Path(__file__).with_name("baseline.tsv").read_text(encoding="utf-8").splitlines()
        rows = (line.split("\t") for line in lines if not line.startswith("#"))
        self._words = {word: code for code, words in rows for word in words.split()}
        self._trigger = re.compile("|".join(sorted(map(re.escape, self._words), key=len, reverse=True)))

    def extract(self, text: str) -> Extraction:
        """Every candidate with a unit, and every plain denial, as a claim without scope."""
        folded = fold(text)
        claims = []
        for q in find_quantities(folded.text):
            if q.unit is None:
                continue
            code = self._metric(folded.text, q.start, q.unit)
            start, end = folded.source_span(q.start, q.end)
            claims.append(Claim(start, end, q.value, q.unit, code, high=q.high, bound=q.bound, source=text))
        for match in _DENIAL.finditer(folded.text):
            code = self._metric(folded.text, match.end(), None)
            claims.append(Claim(*folded.source_span(*match.span(1)), Decimal(0), metrics()[code].unit, code, source=text))
        return Extraction(Document(text), tuple(sorted(claims, key=lambda claim: claim.start)))

    def _metric(self, text: str, start: int, unit: str | None) -> str:
        found = [match[0] for match in self._trigger.finditer(text, max(0, start - REACH), start)]
        return self._words[found[-1]] if found else "rate.other" if unit == "%" else "other"
