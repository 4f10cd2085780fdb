"""What a figure may stand for: an exact number, or a stretch where it says 余, 约 or 近, or where it is rounded to 万."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from govie.claims import Claim

__all__ = ["Sides", "compare", "grain", "last_place", "stretch"]

_REST = re.compile("[余餘多几幾]")  # 22000余: up to the next 1000; 超过 says no end
_SCALED = re.compile(r"[0-9０-９]+(?:[.．]([0-9０-９]+))?\s*(?:[多余几]\s*)?([万萬亿億])")
_SCALE = {"万": Decimal(10) ** 4, "萬": Decimal(10) ** 4, "亿": Decimal(10) ** 8, "億": Decimal(10) ** 8}
_FAR = Decimal("1.5")
_NEARLY = Decimal("0.75")  # 近2万 is more than 15000
_ABOUT = (Decimal("0.05"), Decimal("0.1"))

Stretch = tuple[Decimal, Decimal]


def grain(value: Decimal) -> Decimal:
    """The place of the last digit that is not zero: 22000 → 1000, 17380 → 10, 0.5 → 0.1; 1 for zero."""
    if not value:
        return Decimal(1)
    exponent = value.normalize().as_tuple().exponent
    return Decimal(10) ** int(exponent)


def last_place(rate: Claim) -> Decimal:
    """The place of the last digit that a rate is written with: 0.1 of 99.9%, 1 of 90%."""
    exponent = rate.value.as_tuple().exponent
    return Decimal(10) ** int(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(1)


def stretch(claim: Claim) -> Stretch:
    """The least and the greatest number that the claim may stand for, rounding apart. What has no end is given a wide one.

    >>> from govie import Claim
    >>> stretch(Claim(0, 7, Decimal(22000), "条", "disclosure.items", bound=">", source="22000余条"))
    (Decimal('22000'), Decimal('23000'))
    """
    value, step = claim.value, grain(claim.value)
    match claim.bound:
        case "..":
            return value, claim.high if claim.high is not None else value
        case ">" if _REST.search(claim.text):
            return value, value + step
        case ">" | ">=":
            return value, value * _FAR + step
        case "<" if "近" in claim.text:
            return max(min(value - step, value * (1 - _ABOUT[1])), value * _NEARLY), value
        case "<" | "<=":
            return value / 2, value
        case "~":
            width = max(value * _ABOUT[0], min(step / 2, value * _ABOUT[1]))
            return value - width, value + width
    return value, value


def _rounding(claims: Sequence[Claim]) -> list[tuple[Decimal, bool]]:
    """For each figure half of what its last written digit stands for, and whether it has decimals; 0 for one in full, and for 近 and 余,
    which say on which side of it the number lies. 14万 is rounded beside 123,456 and exact beside 7.7万."""
    scaled = [_SCALED.search(claim.text) if claim.bound in ("=", "~") else None for claim in claims]
    all_scaled = all(scaled)
    return [
        (_SCALE[match[2]] / Decimal(10) ** len(match[1] or "") / 2, bool(match[1])) if match and (match[1] or not all_scaled) else (Decimal(0), False)
        for match in scaled
    ]


@dataclass(frozen=True, slots=True)
class Sides:
    """How two sums compare: ``pass``, ``fail`` or ``uncertain`` (apart by no more than rounding), and left less right: 0 where they may
    be equal, else the least that parts them."""

    status: str
    difference: Decimal


def compare(left: Sequence[Claim], right: Sequence[Claim], times: Sequence[Decimal] = ()) -> Sides:
    """Whether the sums of both sides may be equal.

    Args:
        times: for each claim on the right what it is multiplied by (文化、旅游方面各4件); empty for once each.
    """
    factors = list(times) or [Decimal(1)] * len(right)
    low = sum((stretch(claim)[0] for claim in left), Decimal(0)) - sum(
        (stretch(claim)[1] * factor for claim, factor in zip(right, factors, strict=True)), Decimal(0)
    )
    high = sum((stretch(claim)[1] for claim in left), Decimal(0)) - sum(
        (stretch(claim)[0] * factor for claim, factor in zip(right, factors, strict=True)), Decimal(0)
    )
    if low <= 0 <= high:
        return Sides("pass", Decimal(0))
    gap = low if low > 0 else high
    halves = _rounding([*left, *right])
    whole = halves[: len(left)]
    parts = [(half * factor, decimals) for (half, decimals), factor in zip(halves[len(left) :], factors, strict=True)]
    room = sum((half for half, _ in (*whole, *parts)), Decimal(0))
    if abs(gap) > room:
        return Sides("fail", gap)
    coarse, fine = (max((half for half, _ in side), default=Decimal(0)) for side in (whole, parts))
    if abs(gap) <= coarse and (coarse > fine or any(not half for half, _ in parts)):  # 3万件, of which 12345 and 17654: a rounded sum
        return Sides("pass", Decimal(0))
    if any(decimals for _, decimals in (*whole, *parts)) or coarse != fine:
        return Sides("uncertain", gap)
    return Sides("fail", gap)
