"""Slips of the pen: whether one digit mistyped, or two swapped, would explain that two sums differ."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from govie.claims import Claim

__all__ = ["is_slip", "slipped"]


def slipped(one: Decimal, other: Decimal) -> bool:
    """Whether two numbers differ by one digit, or by two neighbours swapped.

    >>> slipped(Decimal(13406), Decimal(13460)), slipped(Decimal(604), Decimal(594)), slipped(Decimal(604), Decimal(664))
    (True, False, True)
    """
    a, b = _digits(one, other)
    apart = [n for n, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(apart) == 1:
        return True
    return len(apart) == 2 and apart[1] == apart[0] + 1 and a[apart[0]] == b[apart[1]] and a[apart[1]] == b[apart[0]]


def _digits(one: Decimal, other: Decimal) -> tuple[str, str]:
    """Both as digits of one length, with the same number of decimals."""
    places = max(0, *(-int(exponent) for value in (one, other) if isinstance(exponent := value.normalize().as_tuple().exponent, int)))
    a, b = (str(int(value.scaleb(places))) for value in (one, other))
    return (a, b) if len(a) == len(b) else ("", "")


def is_slip(left: Iterable[Claim], right: Iterable[Claim], difference: Decimal) -> bool:
    """Whether the sums would agree if one of the figures had another digit, or two neighbouring ones swapped.

    Args:
        difference: left less right.
    """
    mended = [(claim.value, claim.value - difference) for claim in left] + [(claim.value, claim.value + difference) for claim in right]
    return any(wanted >= 0 and slipped(value, wanted) for value, wanted in mended)
