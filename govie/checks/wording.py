"""Findings in words: sums and figures as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from govie.claims import Claim
from govie.metrics import metrics

__all__ = ["apart", "because", "equation", "figure", "metric_names", "number", "quote", "undecided"]

_MANY = 6
_CODES = {"application": "applications", "review": "reconsideration", "litigation": "litigation"}


def number(value: Decimal) -> str:
    """A number without an exponent or idle zeros.

    >>> number(Decimal("3.50")), number(Decimal("1E+3"))
    ('3.5', '1000')
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def figure(claim: Claim) -> str:
    """A claim's number as the report has it, approximators included, on one line."""
    text = "".join(claim.text.split())
    return text if any(character.isdigit() for character in text) else number(claim.value)


def quote(text: str, *, most: int = 18) -> str:
    """A stretch of the report on one line, cut where it is long."""
    line = "".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


Said = tuple[str, str]  # the same words in Chinese and in English


def apart(said: Said, gap: Decimal) -> Said:
    """A sentence with how far apart its sides are, the sign left out.

    >>> apart(("总数与分项：9 ≠ 8", "total and parts: 9 ≠ 8"), Decimal(-1))
    ('总数与分项：9 ≠ 8，相差 1', 'total and parts: 9 ≠ 8, a difference of 1')
    """
    return f"{said[0]}，相差 {number(abs(gap))}", f"{said[1]}, a difference of {number(abs(gap))}"


def because(said: Said, reason: Said) -> Said:
    """A sentence with the reason for its verdict."""
    return f"{said[0]}；{reason[0]}", f"{said[1]}; {reason[1]}"


def undecided(reason: Said) -> Said:
    """A reason why something cannot be decided, with that said."""
    return f"{reason[0]}，无法判断", f"{reason[1]}, so it cannot be decided"


def equation(left: Sequence[Claim], right: Sequence[Claim], times: Sequence[Decimal] = (), *, holds: bool) -> str:
    """Both sides written out: ``422 + 127 = 549 ≠ 222 = 221 + 1``; ``≈`` where a figure is approximate and the sides may be equal."""
    factors = list(times) or [Decimal(1)] * len(right)
    terms, others = _terms(left, [Decimal(1)] * len(left)), _terms(right, factors)
    total, other = _total(left, [Decimal(1)] * len(left)), _total(right, factors)
    about = any(claim.bound != "=" for claim in (*left, *right)) or total != other
    sign = ("≈" if about else "=") if holds else "≠"
    several = len(left) > 1, len(right) > 1 or any(factor != 1 for factor in factors)
    if holds and not about:
        return f"{terms}{f' = {number(total)}' if all(several) else ''} = {others}"
    return f"{terms}{f' = {number(total)}' if several[0] else ''} {sign} {f'{number(other)} = ' if several[1] else ''}{others}"


def _terms(claims: Sequence[Claim], factors: Sequence[Decimal]) -> str:
    pairs = list(zip(claims, factors, strict=True))
    if len(pairs) > _MANY:  # a column of a table is mostly zeros
        pairs = [pair for pair in pairs if pair[0].value]
    return " + ".join(figure(claim) + (f" × {number(factor)}" if factor != 1 else "") for claim, factor in pairs) or "0"


def _total(claims: Sequence[Claim], factors: Sequence[Decimal]) -> Decimal:
    return sum((claim.value * factor for claim, factor in zip(claims, factors, strict=True)), Decimal(0))


def metric_names(code: str) -> tuple[str, str]:
    """A metric's name in Chinese and in English (its code in words)."""
    known = metrics()
    family, _, rest = code.partition(".")
    return known[code].name if code in known else code, f"{_CODES.get(family, family)} {rest.replace('_', ' ')}".strip()
