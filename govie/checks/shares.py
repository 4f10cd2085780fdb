"""Shares of one whole side by side: 线上占45%,线下占55%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from govie.checks.finding import Finding
from govie.checks.intervals import last_place
from govie.checks.sentences import Figure, Sentence
from govie.checks.wording import figure, number
from govie.claims import Claim

__all__ = ["check_shares"]

SHARES = "prose.shares"
_HUNDRED = Decimal(100)
_CLOSE = 16


def check_shares(sentence: Sentence) -> Iterator[Finding]:
    """Shares of one whole side by side: 线上占45%,线下占55%. What is near 100 and is not 100 is wrong; shares in several divisions are not
    side by side."""
    shares: list[Claim] = []
    last: Figure | None = None
    for found in (*(f for f in sentence.figures if f.claim is not None and f.unit == "%"), None):
        if found is not None and (shares or last is None) and _is_share(sentence, found, last):
            shares.append(found.claim)  # type: ignore[arg-type]
        else:
            if len(shares) > 1 and last is not None:
                yield from _hundred(sentence, shares, last)
            shares = [found.claim] if found is not None and found.claim and _is_share(sentence, found, None) else []
        last = found


def _is_share(sentence: Sentence, found: Figure, last: Figure | None) -> bool:
    start = max(sentence.start, found.start - _CLOSE)
    if last is None:
        return bool(re.search("占[^,;。0-9]{0,8}$", sentence.text[start : found.start]))
    between = sentence.between(last.end, found.start)
    joined = bool(re.fullmatch("、|和|与|,", between)) or bool(re.search("占[^,;。0-9]{0,8}$", between))
    return joined and not re.search("[;。]|其中", between) and len(between) <= 2 * _CLOSE


def _hundred(sentence: Sentence, shares: Sequence[Claim], last: Figure) -> Iterator[Finding]:
    made = sum((share.value for share in shares), Decimal(0))
    room = sum((last_place(share) for share in shares), Decimal(0)) / 2
    terms = " + ".join(map(figure, shares))
    zh, en = f"占比之和：{terms} = {number(made)}%", f"shares together: {terms} = {number(made)}%"
    if abs(made - _HUNDRED) <= room:
        yield Finding(SHARES, "pass", zh, en, tuple(shares), (), Decimal(0))
    elif (
        _HUNDRED < made <= _HUNDRED * Decimal("1.3") and all(share.bound == "=" for share in shares) and not sentence.text.startswith("等", last.end)
    ):
        yield Finding(SHARES, "fail", f"{zh} ≠ 100%", f"{en} ≠ 100%", tuple(shares), (), made - _HUNDRED)
