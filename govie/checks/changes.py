"""Rates of change against the counts of both years: 33件,比2020年的30件增长10%; 46件,比上年减少4件,降幅8%."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from govie.checks.differences import pair_of
from govie.checks.finding import Finding
from govie.checks.intervals import last_place, stretch
from govie.checks.rules import checks
from govie.checks.sentences import Figure, Sentence, claims_of
from govie.checks.wording import figure, number
from govie.claims import Claim

__all__ = ["check_changes"]

CODE = "prose.change"
_HUNDRED = Decimal(100)
_MOST = 3
_PLACE = Decimal("0.01")
_DOWN = re.compile("降|减|少|下滑|回落")
_CHANGED = re.compile("(?<!新)(?:净?增加?|净?减少?|增长|下降|多|少|上升|多出)了?约?$")
_PLAIN = "[,(]?(?:同比|环比|整体|共|实现|[比较](?:上年|去年|此前|原来))?(?:增|减|上升|提|下降|降|涨|回落|多|压)"
_THEN = re.compile("(?:比|较|相比|上年|去年|上一年|年)[^,;。0-9]{0,8}$")


def check_changes(sentence: Sentence) -> Iterator[Finding]:
    """A finding for every rate of change whose two counts stand before it in a paragraph; one that fails has both in its own sentence."""
    for n, found in enumerate(sentence.figures):
        rate = found.claim
        before = sentence.text[max(sentence.start, found.start - 8) : found.start]
        if rate is None or found.unit != "%" or not re.search("|".join(checks()["changes"]["words"]), before):
            continue
        counts = [f for f in sentence.figures[:n] if f.claim is not None and f.unit not in ("%", "个百分点") and f.claim.per is None]
        if len(counts) < 2 or not _close(sentence, counts[-1], found):
            continue
        last, other = counts[-1], counts[-2]
        if last.unit != other.unit or last.claim is None or other.claim is None or re.search("[;。]", sentence.text[last.end : found.start]):
            continue
        label = sentence.text[max(sentence.start, other.end) : last.start]
        change = _CHANGED.search(label)
        down = bool(_DOWN.search(change[0] if change else sentence.text[last.end : found.start]))
        pair = None if change else pair_of(sentence, other, last)
        if pair is not None and pair.now is last:
            down = last.value < other.value and bool(_DOWN.search(sentence.text[last.end : found.start]))
            own = re.match(_PLAIN, sentence.text[last.end : found.start])  # 由7天缩短到2.6天,投诉率下降四成
            moved = None if pair.saved or not own else _two(rate, last.claim, other.claim, down=down)
            yield from [moved] if moved else []
            continue
        if not change and not (re.search("比|较", label) and _THEN.search(label)):
            continue
        same = claims_of(f for f in counts[:-1] if f.unit == last.unit)
        made = [_by_change(rate, now, last.claim, down=down) if change else _two(rate, now, last.claim, down=down) for now in same]
        held = [one for one in made if one is not None and one.status == "pass"]
        if held:
            yield held[0]
        elif len(made) == 1 and made[0] is not None and not re.search("[;。]", sentence.text[other.end : found.start]):
            yield made[0]


def _close(sentence: Sentence, count: Figure, rate: Figure) -> bool:
    return len(sentence.text[count.end : rate.start]) <= 14


def _by_change(rate: Claim, now: Claim, change: Claim, *, down: bool) -> Finding | None:
    then = now.value + change.value if down else now.value - change.value
    sign = "+" if down else "-"
    return _judged(rate, (now, change), (change.value, then), f"{figure(change)} ÷ ({figure(now)} {sign} {figure(change)})")


def _two(rate: Claim, now: Claim, then: Claim, *, down: bool) -> Finding | None:
    change = then.value - now.value if down else now.value - then.value
    terms = (figure(then), figure(now)) if down else (figure(now), figure(then))
    return _judged(rate, (now, then), (change, then.value), f"({terms[0]} - {terms[1]}) ÷ {figure(then)}")


def _judged(rate: Claim, counts: tuple[Claim, Claim], quotient: tuple[Decimal, Decimal], written: str) -> Finding | None:
    if quotient[1] <= 0 or any(claim.bound != "=" for claim in counts):
        return None
    share = quotient[0] / quotient[1] * _HUNDRED
    least, most = stretch(rate)
    step = last_place(rate)
    holds = least - step <= share <= most + step
    if not holds and max(counts[0].value, quotient[1]) > min(counts[0].value, quotient[1]) * _MOST:
        return None  # counts of two things
    shown = number(share.quantize(_PLACE))
    sums = f"{written} = {shown}%" + ("" if share == rate.value else f" {'≈' if holds else '≠'} {figure(rate)}")
    zh, en = f"增幅与数字：{sums}", f"change and counts: {sums}"
    return Finding(CODE, "pass" if holds else "fail", zh, en, (rate,), counts, Decimal(0) if holds else rate.value - share.quantize(_PLACE))
