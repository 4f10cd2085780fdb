"""Lines of a name and a number each with a total above or below them: 来信:126件 / 来电:1740件 / 合计:1866件."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from govie.checks.finding import Finding
from govie.checks.intervals import compare
from govie.checks.sentences import Figure, Sentence, claims_of
from govie.checks.verdicts import of_sums
from govie.checks.wholes import may_join

__all__ = ["check_lines"]

CODE = "prose.sum"
_NAME = re.compile(r"[^\S\n]*([^\s,;。:0-9][^\n,;。:0-9]{0,19}?)[^\S\n]*:[^\S\n]*")
_END = re.compile(r"[^\S\n]*(?:[;,。、][^\S\n]*)?(?:\n|$)")
_TOTAL = re.compile("总计|合计|小计|共计|总数|总量")
_FAR = Decimal("0.3")


def check_lines(paragraph: Sentence) -> Iterator[Finding]:
    """A finding for every run of such lines that one of a total ends or opens."""
    row: list[tuple[str, Figure]] = []
    for name, figure in _entries(paragraph):
        if row and (row[-1][1].unit != figure.unit or paragraph.text.count("\n", row[-1][1].end, figure.start) != 1):
            yield from _judged(row)
            row = []
        row.append((name, figure))
    yield from _judged(row)


def _entries(paragraph: Sentence) -> Iterator[tuple[str, Figure]]:
    """The figures that have a line of their own with a name before them."""
    for figure in paragraph.figures:
        start = max(paragraph.start, paragraph.text.rfind("\n", paragraph.start, figure.start) + 1)
        name = _NAME.fullmatch(paragraph.text, start, figure.start)
        if figure.claim is not None and name and _END.match(paragraph.text, figure.end):
            yield name[1], figure


def _judged(row: Sequence[tuple[str, Figure]]) -> Iterator[Finding]:
    totals = [n for n, (name, _) in enumerate(row) if _TOTAL.fullmatch(name)]
    if len(totals) != 1 or totals[0] not in (0, len(row) - 1) or len(row) < 3:
        return
    figures = [figure for _, figure in row]
    whole = claims_of([figures.pop(totals[0])])
    parts = claims_of(figures)
    sides = compare(whole, parts)
    near = abs(sides.difference) <= whole[0].value * _FAR and all(may_join(whole[0], part) for part in parts)
    if sides.status != "fail" or near:
        yield of_sums(CODE, sides.status, ("总数与分项", "total and parts"), whole, parts)
