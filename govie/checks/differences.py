"""Two figures and what lies between them: 156件,比上年的129件增加27件; 从88.4%升至93.1%,提高4.7个百分点; 由18个增至36个,翻了一番.

A plan and what it took belong here, too: 预算92万元,成交88万元,节约4万元.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from govie.checks.finding import Finding
from govie.checks.intervals import compare, last_place
from govie.checks.rules import checks
from govie.checks.sentences import Figure, Sentence
from govie.checks.verdicts import of_product, of_sums
from govie.checks.wholes import may_join
from govie.checks.wording import figure, number

__all__ = ["Pair", "check_differences", "pair_of"]

CODE = "prose.change"
_POINTS = "个百分点"
_REACH = 16  # characters before the first figure and from the second to what parts them
_APART, _FAR = Decimal("0.1"), Decimal("0.2")  # of 翻一番: what still is a doubling, and what is none
_DATES = re.compile("(?:19|20)[0-9]{2}年度?|(?:[0-9]{1,2}[-—至到])?[0-9]{1,2}月份?")


@cache
def _words(name: str) -> re.Pattern[str]:
    words = checks()["differences"][name]
    return re.compile(words if isinstance(words, str) else "|".join(words))


@dataclass(frozen=True, slots=True)
class Pair:
    """What there was and what there is; ``saved`` where it is a plan and what it took."""

    then: Figure
    now: Figure
    saved: bool = False


def pair_of(sentence: Sentence, first: Figure, second: Figure) -> Pair | None:
    """How two figures that follow each other are the figures of two times, if words say so."""
    if first.unit != second.unit or first.claim is None or second.claim is None or not may_join(first.claim, second.claim):
        return None
    between = _DATES.sub("", sentence.text[first.end : second.start])
    lead = re.split("[;。]", sentence.text[max(sentence.start, first.start - _REACH) : first.start])[-1]
    own = re.split("[,:]", lead)[-1]
    if re.search("[;。0-9]", between):
        return None
    if _words("moves").search(between) and re.search("由|从|自", lead):
        return Pair(first, second)
    if _words("against").search(between):
        return Pair(second, first)
    if _words("then").search(own) and _words("now").search(between):
        return Pair(first, second)
    if _words("planned").search(own) and _words("took").search(between):
        return Pair(first, second, saved=True)
    return None


def check_differences(sentence: Sentence) -> Iterator[Finding]:
    """A finding for every count or share of change whose two figures stand right before it, and for every doubling."""
    counts = [f for f in sentence.figures if f.claim is not None and f.claim.per is None and f.claim.kind == "reported"]
    for n in range(1, len(counts)):
        pair = pair_of(sentence, counts[n - 1], counts[n])
        if pair is None:
            continue
        yield from _doubled(sentence, pair, counts[n].end)
        if n + 1 < len(counts):
            yield from _judged(sentence, counts[:n], pair, counts[n + 1])


def _judged(sentence: Sentence, earlier: Sequence[Figure], pair: Pair, change: Figure) -> Iterator[Finding]:
    last = max(pair.then, pair.now, key=lambda f: f.start)
    between = sentence.text[last.end : change.start]
    points = change.unit == _POINTS and last.unit == "%"
    if (change.unit != last.unit and not points) or (last.unit == "%" and not points) or len(between) > _REACH:
        return
    said = _words("saves" if pair.saved else "changes").search(between)
    if said is None or re.search("[;。0-9]", between):
        return
    others = [Pair(pair.then, f) for f in earlier[:-1] if f.unit == last.unit] if pair.then is last else []
    for one in (pair, *others):
        if (finding := _finding(one, change, points=points)) and finding.status == "pass":
            yield finding
            return
    finding = _finding(pair, change, points=points)
    if finding and not others:
        yield finding


def _finding(pair: Pair, change: Figure, *, points: bool) -> Finding | None:
    small, large = sorted((pair.then, pair.now), key=lambda f: f.value)
    if small.claim is None or large.claim is None or change.claim is None or any(f.claim and f.claim.bound != "=" for f in (small, large, change)):
        return None
    left, right = [large.claim], [small.claim, change.claim]
    status = compare(left, right).status
    gap = abs(large.value - small.value - change.value)
    if status == "fail" and points and gap <= max(last_place(claim) for claim in (*left, *right)):
        status = "pass"  # each is rounded
    return of_sums(CODE, status, ("数字与增减", "figures and their change"), left, right)


def _doubled(sentence: Sentence, pair: Pair, end: int) -> Iterator[Finding]:
    behind = sentence.text[end : min(sentence.end, end + _REACH)]
    for row in checks()["differences"]["times"]:
        match = re.match(rf"[^,;。0-9]{{0,6}},?[^,;。0-9]{{0,4}}(?:{row['words']})", behind)
        if match is None or pair.then.claim is None or pair.now.claim is None or not pair.then.value:
            continue
        made = pair.then.value * row["by"]
        apart = abs(pair.now.value / made - 1)
        loose = re.search("近|约|超|余|多|以上|几乎|将近", match[0]) or re.match("多|余|以上|有余|左右", behind[match.end() :])
        names = "倍数与数字", "times and counts"
        written = f"{figure(pair.then.claim)} × {number(Decimal(row['by']))}"
        status = "pass" if apart <= _APART else "fail" if apart > _FAR and not loose else ""
        if status and pair.then.claim.bound == pair.now.claim.bound == "=":
            yield of_product(status, names, pair.now.claim, made, factors=[pair.then.claim], written=written, code=CODE)
        return
