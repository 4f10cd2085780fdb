"""Rates and shares against the counts that make them: 收件10332件,办结10324件,办结率99.9%; 425条中,县直303条,占71.3%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from govie.checks.finding import Finding
from govie.checks.portions import is_share, of_own_phrase, shares_of, with_siblings
from govie.checks.ratios import COMPLETION, HUNDRED, agree, is_near_miss, of_ratio
from govie.checks.rules import checks
from govie.checks.sentences import Figure, Sentence
from govie.claims import Claim

__all__ = ["check_rates"]

_CLOSE = 16
_RATE_OF = re.compile("([\u4e00-\u9fff]{2,8})率(?:均?达到?|均?为|是)?约?$")
_LESS = re.compile("减|缩|降|压|简|节|增")  # 压减率 is of what is gone
_NAMED = re.compile("率(?:均?达到?|均?为|是)?$")


@cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile("|".join(checks()["rates"][name]))


def check_rates(sentence: Sentence, paragraph: Sentence | None = None) -> Iterator[Finding]:
    """A finding for every rate of the sentence whose counts stand before it.

    Args:
        paragraph: where the whole of a share may stand, if the sentence does not say it.
    """
    yield from with_siblings(sentence, list(_rates(sentence, paragraph)))


def _rates(sentence: Sentence, paragraph: Sentence | None) -> Iterator[Finding]:
    for n, found in enumerate(sentence.figures):
        claim = found.claim
        if claim is None or claim.unit != "%" or claim.metric == "rate.change":
            continue
        before = sentence.text[max(sentence.start, found.start - _CLOSE) : found.start]
        name = before.rsplit(",", 1)[-1]
        earlier = [f for f in sentence.figures[:n] if f.claim is not None and f.claim.unit not in ("%", "个百分点") and f.claim.per is None]
        stated, share = of_own_phrase(sentence, found, claim, earlier), is_share(before)
        if stated is not None:
            yield stated
        elif share:
            yield from shares_of(sentence, n, claim, earlier, paragraph)
        elif named := list(_named(sentence, found, claim, earlier)):
            yield from named
            continue
        if not share and _words("names").search(name) and not _words("narrower").search(name):
            yield from _completion(sentence, found, claim, earlier)


def _completion(sentence: Sentence, found: Figure, rate: Claim, earlier: Sequence[Figure]) -> Iterator[Finding]:
    """收…件, 办结…件 of one unit, the last of each kind before the rate, nothing ending between them."""
    pairs = _said(sentence, earlier)
    received = [f for f, kind in pairs if kind == "received"]
    handled = [f for f, kind in pairs if kind == "handled"]
    for part in reversed(handled):
        for whole in reversed(received):
            if part.claim and whole.claim and part.unit == whole.unit and whole.value and agree(rate, part.claim, whole.claim):
                yield of_ratio(COMPLETION, "pass", rate, (part.claim, whole.claim))
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
        yield of_ratio(COMPLETION, "fail", rate, (part.claim, whole.claim))
    else:
        reason = "不清楚是哪些数字的比率", "it is not clear of which counts it is the rate"
        yield of_ratio(COMPLETION, "not_assessable", rate, (part.claim, whole.claim), reason)


def _named(sentence: Sentence, found: Figure, rate: Claim, earlier: Sequence[Figure]) -> Iterator[Finding]:
    """A rate by the name of what its part is: 接件86420件,提前办结71300件,提前办结率82.5%; 应公开48件,实际公开46件,公开率95.8%."""
    match = _RATE_OF.search(sentence.text[max(sentence.start, found.start - _CLOSE) : found.start])
    same = [f for f in earlier if not re.search("[;。]", sentence.text[f.end : found.start])]
    reach = _CLOSE
    if len(same) > 2 and re.match("[,、]?(?:其余|剩余|尚|还有|仍有|未|正在)[^,;。0-9]{0,8}$", sentence.text[same[-2].end : same[-1].start]):
        same, reach = same[:-1], 2 * _CLOSE  # 已公开469项,尚未公开的7项,公开率98.5%
    if match is None or len(same) < 2:
        return
    stem, part = match[1], same[-1]
    if part.claim is None or len(sentence.between(part.end, found.start)) > reach:
        return
    label = sentence.text[same[-2].end : part.start]
    wholes = [f for f in same[:-1] if f.claim is not None and f.unit == part.unit and f.value >= part.value and f.value]
    if not _is_named(stem, label) and not _LESS.search(stem):
        return
    wholes.reverse()
    if _LESS.search(stem):  # 预算…, 支出…, 节约…, 节约率: both are near
        wholes.sort(key=lambda f: abs(part.value * HUNDRED / f.value - rate.value))
    for whole in wholes:
        if whole.claim and agree(rate, part.claim, whole.claim):
            yield of_ratio(COMPLETION, "pass", rate, (part.claim, whole.claim))
            return
    whole = same[-2]
    if (
        not whole.claim
        or part.value > whole.value
        or whole.unit != part.unit
        or not whole.value
        or not part.claim.bound == whole.claim.bound == "="
        or _LESS.search(stem)
    ):
        return
    if _says(stem, label) and not re.search("其中|另|未|不", label) and (len(same) == 2 or is_near_miss(rate, part.claim, whole.claim)):
        yield of_ratio(COMPLETION, "fail", rate, (part.claim, whole.claim))


def _says(stem: str, label: str) -> bool:
    """Whether a count's words name the rate: all words of 提前办结 but none of its own, such as 按时 in 按时办结 beside 办结率."""
    narrow = _words("narrower").search(stem)
    return _is_named(stem, label) and (narrow is None or narrow[0] in label) and (narrow is not None or not _words("narrower").search(label))


def _is_named(stem: str, label: str) -> bool:
    """Whether the word that a rate is named by stands before a count, or that word turned round (收回 of 回收率)."""
    return stem[-2:] in label or stem[:-3:-1] in label


def _said(sentence: Sentence, figures: Sequence[Figure]) -> list[tuple[Figure, str]]:
    """The counts that their own clause calls received or handled, by the word nearest before each."""
    found = []
    for figure_ in figures:
        clause = re.split("[,;。:]", sentence.text[sentence.start : figure_.start])[-1]
        words = [(match.start(), kind) for kind in ("received", "handled") for match in _words(kind).finditer(clause)]
        if words and not re.search("其中|未|超期|满意|率", clause):
            found.append((figure_, max(words)[1]))
    return found
