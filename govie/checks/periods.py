"""Figures of each month or quarter multiplied: 每月编印1期,全年共12期."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from govie.checks.finding import Finding
from govie.checks.intervals import grain, stretch
from govie.checks.rules import checks
from govie.checks.sentences import Figure, Sentence
from govie.checks.verdicts import of_product
from govie.checks.wording import figure, number
from govie.claims import Claim

__all__ = ["check_periods"]

_HALF = Decimal("0.5")
_NEAR = 12  # characters from 每月 to its figure, and from 全年 to the total
_MOST = 2  # a product further from the total than this many times is of something else


def check_periods(sentence: Sentence) -> Iterator[Finding]:
    """A finding for every figure of each month, quarter or half year that stands beside the year's total in one sentence.

    Nothing is said where the months are not all of the year (自5月起每月), or where the figure is a least or a most.
    """
    counts = [f for f in sentence.figures if f.claim is not None and f.unit not in ("%", "个百分点", "元") and f.claim.kind == "reported"]
    for each in counts:
        times = _times(sentence, each)
        if each.claim is None or times is None or not each.value or each.claim.bound != "=":
            continue
        totals = [
            total for total in counts if total.unit == each.unit and total.claim and total.claim.per is None and _is_total(sentence, each, total)
        ]
        if len(totals) == 1 and totals[0].claim is not None:
            sure = re.search("|".join(checks()["periods"]["sure"]), _clause(sentence, totals[0])) is not None
            yield from _judged(sentence, each.claim, times, totals[0].claim, sure=sure)


@cache
def _periods() -> tuple[tuple[re.Pattern[str], Decimal], ...]:
    return tuple((re.compile(rf"(?:{row['words']})[^,;。:、0-9]{{0,{_NEAR}}}$"), Decimal(row["times"])) for row in checks()["periods"]["each"])


def _times(sentence: Sentence, each: Figure) -> Decimal | None:
    """How many of the periods named right before a figure there are in a year."""
    before = sentence.text[max(sentence.start, each.start - _NEAR - 6) : each.start]
    return next((times for pattern, times in _periods() if pattern.search(before)), None)


def _is_total(sentence: Sentence, each: Figure, total: Figure) -> bool:
    """Whether a figure is the year's total of what another is of each month: nothing but words between them, 全年 or 共 before it."""
    if total is each:
        return False
    first, last = (each, total) if each.end <= total.start else (total, each)
    if re.search("[;。]", sentence.text[first.end : last.start]) or any(first.end <= f.start and f.end <= last.start for f in sentence.figures):
        return False
    return re.search("|".join(checks()["periods"]["totals"]), _clause(sentence, total)) is not None


def _clause(sentence: Sentence, total: Figure) -> str:
    return re.split("[,;。:]", sentence.text[max(sentence.start, total.start - _NEAR) : total.start])[-1]


def _judged(sentence: Sentence, each: Claim, times: Decimal, total: Claim, *, sure: bool) -> Iterator[Finding]:
    made = each.value * times
    least, most = stretch(total)
    rounded = _HALF * grain(total.value) if re.search("[万亿]", total.text) else Decimal(0)
    if least - rounded <= made <= most + rounded:
        yield _finding("pass", total, each, times)
        return
    apart = max(made, total.value) > min(made, total.value) * _MOST
    loose = re.search("|".join(checks()["periods"]["loose"]), sentence.text[sentence.start : sentence.end])
    if sure and total.bound == "=" and total.value and not apart and not loose:
        yield _finding("fail", total, each, times)


def _finding(status: str, total: Claim, each: Claim, times: Decimal) -> Finding:
    names = "每期与全年", "each period and the year"
    return of_product(status, names, total, each.value * times, factors=[each], written=f"{figure(each)} × {number(times)}")
