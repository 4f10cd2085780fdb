"""Averages of a day or a month against the total of the year: 全年访问146万次,日均4000次."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from govie.checks.finding import Finding
from govie.checks.intervals import grain, last_place, stretch
from govie.checks.rules import checks
from govie.checks.sentences import Figure, Sentence
from govie.checks.verdicts import of_product
from govie.checks.wording import figure, number
from govie.claims import Claim

__all__ = ["check_averages"]

_HALF = Decimal("0.5")
_ROOM, _FAR = Decimal("0.03"), Decimal("0.15")  # what rounding and leap years explain, and what they do not
_MOST = 3  # a total further off than this many times is of something else
_LEAST = 100
_REACH = 24


def check_averages(sentence: Sentence) -> Iterator[Finding]:
    """A finding for every average of a day, month or quarter that stands in one sentence with the year's total of the same unit."""
    counts = [f for f in sentence.figures if f.claim is not None and f.unit not in ("%", "个百分点") and f.claim.kind == "reported"]
    for each in counts:
        row = next((row for row in checks()["averages"]["each"] if _is_average(sentence, each, row["per"], row["words"])), None)
        if row is None or each.claim is None or not each.value:
            continue
        totals = [f for f in counts if f.unit == each.unit and f is not each and f.claim is not None and f.claim.per is None]
        most = Decimal(row["times"][-1])
        least = most if each.claim.metric in checks()["averages"]["every_day"] else Decimal(row["times"][0])
        for total in totals:
            if total.claim and _holds(total.claim, each.claim, least, most):
                times = min(most, max(least, (total.value / each.value).quantize(Decimal(1))))
                yield _finding("pass", total.claim, each.claim, times)
                break
        else:
            if len(totals) == 1 and _must(sentence, totals[0], each, (least, most)):
                times = most if totals[0].value > each.value * most else least
                yield from [_finding("fail", totals[0].claim, each.claim, times)] if totals[0].claim else []


def _is_average(sentence: Sentence, each: Figure, per: str, words: str) -> bool:
    before = sentence.text[max(sentence.start, each.start - 10) : each.start]
    return each.claim is not None and (each.claim.per in (per, None)) and re.search(rf"(?:{words})[^,;。0-9]{{0,6}}$", before) is not None


def _holds(total: Claim, each: Claim, least: Decimal, most: Decimal) -> bool:
    (low, high), (few, many) = stretch(total), stretch(each)
    half = _HALF * grain(total.value) if re.search("[万亿]", total.text) else Decimal(0)
    step = last_place(each) if not re.search("[万亿]", each.text) else grain(each.value)
    return (few - step / 2) * least * (1 - _ROOM) <= high + half and low - half <= (many + step) * most * (1 + _ROOM)


def _must(sentence: Sentence, total: Figure, each: Figure, times: tuple[Decimal, Decimal]) -> bool:
    """Whether a total and an average that disagree should not: both are exact, of one thing and of the whole year."""
    one, other = total.claim, each.claim
    if one is None or other is None or one.metric != other.metric or not one.bound == other.bound == "=" or total.value < _LEAST:
        return False
    between = sentence.text[min(total.end, each.end) : max(total.start, each.start)]
    loose = re.search("|".join(checks()["averages"]["loose"]), sentence.text[sentence.start : sentence.end])
    whole = "全年" in sentence.text[max(sentence.start, total.start - _REACH) : total.start]
    if re.search("[;。]", between) or len(between) > _REACH or loose or not whole:
        return False
    least, most = times
    made = total.value / each.value
    return made * _MOST > least and made < most * _MOST and not least * (1 - _FAR) <= made <= most * (1 + _FAR)


def _finding(status: str, total: Claim, each: Claim, times: Decimal) -> Finding:
    names = "平均与全年", "average and the year"
    return of_product(status, names, total, each.value * times, factors=[each], written=f"{figure(each)} × {number(times)}")
