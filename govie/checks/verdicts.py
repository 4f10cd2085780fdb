"""Findings in the shapes that several checks share: two sums that must be equal, and a product and its total."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from govie.checks.finding import Finding
from govie.checks.intervals import compare
from govie.checks.wording import apart, because, equation, figure, number
from govie.claims import Claim

__all__ = ["PRODUCT", "of_product", "of_sums"]

PRODUCT = "prose.product"


def of_sums(
    code: str,
    status: str,
    names: tuple[str, str],
    left: Sequence[Claim],
    right: Sequence[Claim],
    *,
    times: Sequence[Decimal] = (),
    reason: tuple[str, str] | None = None,
) -> Finding:
    """What is to be said of two sums.

    Args:
        names: what is compared, in Chinese and in English.
        times: for each claim on the right what it is multiplied by; empty for once each.
        reason: why it is so, in both languages.
    """
    difference = compare(left, right, times).difference
    sums = equation(left, right, times, holds=status == "pass")
    said = f"{names[0]}：{sums}", f"{names[1]}: {sums}"
    if status in ("fail", "uncertain"):
        said = apart(said, difference)
    if reason:
        said = because(said, reason)
    return Finding(code, status, *said, tuple(left), tuple(right), difference)


def of_product(
    status: str, names: tuple[str, str], total: Claim, made: Decimal, *, factors: Sequence[Claim], written: str, code: str = PRODUCT
) -> Finding:
    """What is to be said of a total and the product that it must be.

    Args:
        made: the product.
        factors: its claims.
        written: the factors as people write them (12家 × 5场).
    """
    difference = total.value - made
    sign = "≠" if status == "fail" else "=" if not difference else "≈"
    sums = f"{figure(total)} {sign} {f'{number(made)} = ' if difference else ''}{written}"
    said = f"{names[0]}：{sums}", f"{names[1]}: {sums}"
    if status == "fail":
        said = apart(said, difference)
    return Finding(code, status, *said, (total,), tuple(factors), difference if status == "fail" else Decimal(0))
