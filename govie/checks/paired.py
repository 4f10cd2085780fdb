"""Counts and shares in pairs: 网上120件,占60%;信函80件,占40%, which nobody sums up, and 分别为120件、60件、20件,占比分别为60%、30%、10%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from govie.checks.finding import Finding
from govie.checks.intervals import last_place
from govie.checks.ratios import HUNDRED, SHARE
from govie.checks.sentences import Figure, Sentence
from govie.checks.wording import figure, number
from govie.claims import Claim

__all__ = ["check_paired"]

_PLACE = Decimal("0.01")
_JOINED = re.compile("、|,|和|及|与|[、,]?以及")
_OF_IT = re.compile("[,、(]?约?(?:占|占比|比重|比例)(?:为|达到?|是)?")
_BOTH = re.compile("[,;](?:[^,;。0-9]{0,6}(?:分别|依次|各自)[^,;。0-9]{0,6}(?:占|比重|比例)|(?:占比|比重|比例)[^,;。0-9]{0,4}分别)[^,;。0-9]{0,6}")
_FAR = 2  # points: what rounding does not explain
_MOST = Decimal("0.25")  # of the whole: counts further off are of something else

Pairs = Sequence[tuple[Claim, Claim]]


def check_paired(sentence: Sentence) -> Iterator[Finding]:
    """A finding for every share of such pairs; those that fail have shares that make up 100 %."""
    figures = [f for f in sentence.figures if f.claim is not None]
    for pairs, before in (*_in_turn(sentence, figures), *_listed(sentence, figures)):
        yield from _judged(pairs, before)


def _in_turn(sentence: Sentence, figures: Sequence[Figure]) -> Iterator[tuple[Pairs, list[Figure]]]:
    """Each count with its share behind it."""
    found = [
        (one, other)
        for one, other in pairwise(figures)
        if other.unit == "%" and one.unit not in ("%", "个百分点") and _OF_IT.fullmatch(sentence.text[one.end : other.start])
    ]
    if len(found) > 1 and len({count.unit for count, _ in found}) == 1:
        own = {count.start for count, _ in found}
        rest = [f for f in figures if f.unit == found[0][0].unit and f.start not in own]
        yield _claims(found), rest


def _listed(sentence: Sentence, figures: Sequence[Figure]) -> Iterator[tuple[Pairs, list[Figure]]]:
    """A list of counts, and one of as many shares behind it."""
    rows: list[list[Figure]] = []
    for found in figures:
        joined = rows and rows[-1][-1].unit == found.unit and _JOINED.fullmatch(sentence.text[rows[-1][-1].end : found.start])
        if joined:
            rows[-1].append(found)
        else:
            rows.append([found])
    for counts, shares in pairwise(rows):
        if len(counts) == len(shares) > 1 and shares[0].unit == "%" and _BOTH.fullmatch(sentence.text[counts[-1].end : shares[0].start]):
            yield (
                _claims(list(zip(counts, shares, strict=True))),
                [f for f in figures if f.unit == counts[0].unit and f.end <= counts[0].start],
            )


def _claims(pairs: Sequence[tuple[Figure, Figure]]) -> Pairs:
    return [(count.claim, share.claim) for count, share in pairs if count.claim is not None and share.claim is not None]


def _judged(pairs: Pairs, others: Sequence[Figure]) -> Iterator[Finding]:
    counts, shares = [count for count, _ in pairs], [share for _, share in pairs]
    if any(claim.bound != "=" for claim in (*counts, *shares)) or any("成" in share.text for share in shares):
        return
    made = sum((count.value for count in counts), Decimal(0))
    full = abs(sum((share.value for share in shares), Decimal(0)) - HUNDRED) <= max(map(last_place, shares)) * len(shares) / 2
    stated = [f.value for f in others if f.value >= max(count.value for count in counts) and f.value]
    near = [value for value in stated if abs(value - made) <= value * _MOST]
    wholes = [*stated, made] if full else stated
    for whole in wholes:
        if whole and all(_gap(pair, whole) <= last_place(pair[1]) for pair in pairs):
            yield from (_finding("pass", pair, whole, counts) for pair in pairs if made == whole)
            return
    if not full or not made or (stated and not near):
        return
    whole = near[0] if near else made
    wrong = [pair for pair in pairs if _gap(pair, whole) > _FAR]
    if wrong and (near or len(pairs) > 1):
        worst = max(wrong, key=lambda pair: _gap(pair, whole))
        yield _finding("fail", worst, whole, counts)


def _gap(pair: tuple[Claim, Claim], whole: Decimal) -> Decimal:
    return abs(pair[0].value / whole * HUNDRED - pair[1].value)


def _finding(status: str, pair: tuple[Claim, Claim], whole: Decimal, counts: Sequence[Claim]) -> Finding:
    count, share = pair
    exact = (count.value / whole * HUNDRED).quantize(_PLACE)
    sign = "≠" if status == "fail" else "=" if exact == share.value else "≈"
    sums = f"{figure(count)} ÷ {number(whole)} = {number(exact)}%" + ("" if sign == "=" else f" {sign} {figure(share)}")
    right = (count,) if status == "pass" else (count, *(one for one in counts if one is not count))
    return Finding(
        SHARE, status, f"占比与数字：{sums}", f"share and counts: {sums}", (share,), right, share.value - exact if status == "fail" else Decimal(0)
    )
