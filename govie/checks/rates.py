"""Rates and shares against the counts that make them: 收件10332件,办结10324件,办结率99.9%; 425条中,县直303条,占71.3%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache

from govie.checks.finding import Finding
from govie.checks.intervals import stretch
from govie.checks.rules import checks
from govie.checks.sentences import Figure, Sentence
from govie.checks.wording import figure, number
from govie.claims import Claim

__all__ = ["check_rates"]

COMPLETION, SHARE = "prose.rate", "prose.share"
_HUNDRED = Decimal(100)
_PLACE = Decimal("0.01")
_SHARE_OF = re.compile(r"占[^,;。0-9]{0,14}$")
_CLOSE = 16
_OF_IT = re.compile("[,、(]?约?占(?:总数?量?的?|全部的?|总[^,;。]{1,4}的?|比为?)?")
_DIVIDES = re.compile("其中|^[^,;。]{0,12}中[,:]|^[:(]")
_NAMED = re.compile("率(?:均?达到?|均?为|是)?$")


@cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile("|".join(checks()["rates"][name]))


def check_rates(sentence: Sentence) -> Iterator[Finding]:
    """A finding for every rate of the sentence whose counts stand before it."""
    for n, found in enumerate(sentence.figures):
        claim = found.claim
        if claim is None or claim.unit != "%" or claim.metric == "rate.change":
            continue
        before = sentence.text[max(sentence.start, found.start - _CLOSE) : found.start]
        earlier = [f for f in sentence.figures[:n] if f.claim is not None and f.claim.unit not in ("%", "个百分点") and f.claim.per is None]
        if _SHARE_OF.search(before):
            yield from _share(sentence, found, claim, earlier)
        elif _words("names").search(before.rsplit(",", 1)[-1]) and not _words("narrower").search(before.rsplit(",", 1)[-1]):
            yield from _completion(sentence, found, claim, earlier)


def _near(rate: Claim, part: Claim, whole: Claim) -> bool:
    """Whether a rate may be that of the counts, as written: rounded or cut off at its last digit, the counts as exact as they are."""
    low, high = stretch(part)[0] / max(stretch(whole)[1], _PLACE), stretch(part)[1] / max(stretch(whole)[0], _PLACE)
    least, most = stretch(rate)
    exponent = rate.value.as_tuple().exponent
    step = Decimal(10) ** int(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(1)
    return least - step <= high * _HUNDRED and low * _HUNDRED <= most + step


def _share(sentence: Sentence, found: Figure, rate: Claim, earlier: Sequence[Figure]) -> Iterator[Finding]:
    """The count right before 占 is the part; its whole is a count of that unit further before."""
    if not earlier:
        return
    part = earlier[-1]
    between = sentence.text[part.end : found.start]
    if part.claim is None or re.search("[;。]", between) or len(between) > _CLOSE or part.bracket not in (found.bracket, -1):
        return
    wholes = [f for f in earlier[:-1] if f.claim is not None and f.unit == part.unit and f.value >= part.value and f.value > 0]
    right = next((f.claim for f in wholes if f.claim is not None and _near(rate, part.claim, f.claim)), None)
    if right is not None:
        yield _finding(SHARE, "pass", rate, (part.claim, right))
        return
    own = [f for f in wholes if not re.match("[^,;。]{0,4}[,、]?占", sentence.text[f.end : f.end + _CLOSE])]  # none that is a share itself
    if not own or not _OF_IT.fullmatch(between) or "成" in rate.text:
        return
    whole = own[-1]
    divides = _DIVIDES.search(sentence.text[whole.end : part.start])
    among = {f.value for f in own}
    if whole.claim and divides and len(among) == 1 and whole.claim.metric == part.claim.metric:
        yield _finding(SHARE, "fail", rate, (part.claim, whole.claim))
    elif whole.claim and divides:
        yield _finding(
            SHARE, "not_assessable", rate, (part.claim, whole.claim), ("不清楚占的是哪个总数", "it is not clear of which total it is the share")
        )


def _completion(sentence: Sentence, found: Figure, rate: Claim, earlier: Sequence[Figure]) -> Iterator[Finding]:
    """收…件, 办结…件 of one unit, the last of each kind before the rate, nothing ending between them."""
    pairs = _said(sentence, earlier)
    received = [f for f, kind in pairs if kind == "received"]
    handled = [f for f, kind in pairs if kind == "handled"]
    for part in reversed(handled):
        for whole in reversed(received):
            if part.claim and whole.claim and part.unit == whole.unit and whole.value and _near(rate, part.claim, whole.claim):
                yield _finding(COMPLETION, "pass", rate, (part.claim, whole.claim))
                return
    if not received or not handled:
        return
    part, whole = handled[-1], received[-1]
    if part.claim is None or whole.claim is None or part.unit != whole.unit or not whole.value:
        return
    stops = re.search("[;。]", sentence.text[min(part.start, whole.start) : found.start])
    others = [f for f in earlier if f.unit == part.unit and whole.start < f.start and f not in (part, whole)]
    named = _NAMED.search(sentence.text[: found.start].rstrip()[-6:])
    if len(received) == 1 and len(handled) == 1 and not stops and not others and named and whole.end <= part.start:
        yield _finding(COMPLETION, "fail", rate, (part.claim, whole.claim))
    else:
        reason = "不清楚是哪些数字的比率", "it is not clear of which counts it is the rate"
        yield _finding(COMPLETION, "not_assessable", rate, (part.claim, whole.claim), reason)


def _said(sentence: Sentence, figures: Sequence[Figure]) -> list[tuple[Figure, str]]:
    """The counts that their own clause calls received or handled, by the word nearest before each."""
    found = []
    for figure_ in figures:
        clause = re.split("[,;。:]", sentence.text[sentence.start : figure_.start])[-1]
        words = [(match.start(), kind) for kind in ("received", "handled") for match in _words(kind).finditer(clause)]
        if words and not re.search("其中|未|超期|满意|率", clause):
            found.append((figure_, max(words)[1]))
    return found


def _finding(code: str, status: str, rate: Claim, counts: tuple[Claim, Claim], reason: tuple[str, str] | None = None) -> Finding:
    part, whole = counts
    share = part.value / whole.value * _HUNDRED if whole.value else Decimal(0)
    shown = number(share.quantize(_PLACE))
    sign = "≈" if status == "pass" else "≠"
    exact = status == "pass" and rate.value == share
    sums = f"{figure(part)} ÷ {figure(whole)} = {shown}%" + ("" if exact else f" {sign} {figure(rate)}")
    zh, en = (f"比率与数字：{sums}", f"rate and counts: {sums}") if code == COMPLETION else (f"占比与数字：{sums}", f"share and counts: {sums}")
    if reason:
        zh, en = f"{zh}；{reason[0]}", f"{en}; {reason[1]}"
    return Finding(code, status, zh, en, (rate,), (part, whole), rate.value - share.quantize(_PLACE))
