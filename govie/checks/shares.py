"""Shares of one whole side by side: 线上占45%,线下占55%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from govie.checks.finding import Finding
from govie.checks.intervals import last_place
from govie.checks.sentences import Figure, Sentence, claims_of
from govie.checks.slips import is_slip
from govie.checks.wholes import takes_rest
from govie.checks.wording import figure, number

__all__ = ["check_shares"]

SHARES = "prose.shares"
_HUNDRED = Decimal(100)
_CLOSE = 16
_LEAST, _MOST = 70, Decimal("1.3")


def check_shares(sentence: Sentence) -> Iterator[Finding]:
    """Shares of one whole side by side: 线上占45%,线下占55%. What is near 100 and is not 100 is wrong; shares in several divisions are not
    side by side, and less than 100 is wrong only where the last share takes in what is left and one digit explains the gap."""
    shares: list[Figure] = []
    last: Figure | None = None
    for found in (*(f for f in sentence.figures if f.claim is not None and f.unit == "%"), None):
        if found is not None and (shares or last is None) and _is_share(sentence, found, last):
            shares.append(found)
        else:
            if len(shares) > 1:
                yield from _hundred(sentence, shares)
            shares = [found] if found is not None and _is_share(sentence, found, None) else []
        last = found


def _is_share(sentence: Sentence, found: Figure, last: Figure | None) -> bool:
    start = max(sentence.start, found.start - _CLOSE)
    if last is None:
        return bool(re.search("占[^,;。0-9]{0,8}$", sentence.text[start : found.start]))
    between = sentence.between(last.end, found.start)
    joined = bool(re.fullmatch("、|和|与|,", between)) or bool(re.search("占[^,;。0-9]{0,8}$", between))
    return joined and not re.search("[;。]|其中", between) and len(between) <= 2 * _CLOSE


def _hundred(sentence: Sentence, found: Sequence[Figure]) -> Iterator[Finding]:
    shares = claims_of(found)
    made = sum((share.value for share in shares), Decimal(0))
    room = sum((last_place(share) for share in shares), Decimal(0)) / 2
    terms = " + ".join(map(figure, shares))
    zh, en = f"占比之和：{terms} = {number(made)}%", f"shares together: {terms} = {number(made)}%"
    exact = all(share.bound == "=" for share in shares) and not sentence.text.startswith("等", found[-1].end)
    if abs(made - _HUNDRED) <= room:
        yield Finding(SHARES, "pass", zh, en, tuple(shares), (), Decimal(0))
    elif exact and (_HUNDRED < made <= _HUNDRED * _MOST or (made < _HUNDRED and _is_short(sentence, found, made))):
        yield Finding(SHARES, "fail", f"{zh} ≠ 100%", f"{en} ≠ 100%", tuple(shares), (), made - _HUNDRED)


def _is_short(sentence: Sentence, found: Sequence[Figure], made: Decimal) -> bool:
    """Whether shares should make up the whole and a slip of the pen lacks: the last is of all others, or of those who are not content."""
    label = sentence.text[found[-2].end : found[-1].start]
    content = all("满意" in sentence.text[max(sentence.start, share.start - _CLOSE) : share.start] for share in found)
    whole = takes_rest(sentence, found[0].start, found) or (len(found) > 2 and content and "不满意" in label)
    more = re.match("[,、](?!其中)[^,;。%]{0,8}(?:占|[0-9])", sentence.text[found[-1].end : found[-1].end + _CLOSE])
    return bool(whole and not more and made >= _LEAST and is_slip([], claims_of(found), _HUNDRED - made))
