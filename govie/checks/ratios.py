"""A rate or share beside the two counts that make it: whether they agree, whether a slip of the pen parts them, and what is said of it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from govie.checks.finding import Finding
from govie.checks.intervals import Stretch, grain, last_place, stretch
from govie.checks.slips import slipped
from govie.checks.wording import because, figure, number
from govie.claims import Claim
from govie.text import fold

__all__ = ["COMPLETION", "HUNDRED", "SHARE", "agree", "is_near_miss", "of_ratio"]

COMPLETION, SHARE = "prose.rate", "prose.share"
HUNDRED = Decimal(100)
_PLACE, _MISS = Decimal("0.01"), Decimal(15)


def agree(rate: Claim, part: Claim, whole: Claim) -> bool:
    """Whether a rate may be that of the counts, as written: rounded or cut off at its last digit, the counts as exact as they are."""
    (least_part, most_part), (least_whole, most_whole) = _rounded(part), _rounded(whole)
    low, high = least_part / max(most_whole, _PLACE), most_part / max(least_whole, _PLACE)
    least, most = stretch(rate)
    step = last_place(rate)
    return least - step <= high * HUNDRED and low * HUNDRED <= most + step


def is_near_miss(rate: Claim, part: Claim, whole: Claim) -> bool:
    """Whether one digit of the rate or of one of its counts, or two swapped, would make them agree."""
    share = part.value / whole.value * HUNDRED
    if rate.value == 0 or abs(share - rate.value) > _MISS:
        return False
    if slipped(rate.value, share.quantize(last_place(rate), rounding=ROUND_HALF_UP)):
        return True
    wanted = (whole.value * rate.value / HUNDRED, part.value * HUNDRED / rate.value)
    room = last_place(rate) / rate.value
    return any(_is_mended(count.value, value, value * room) for count, value in zip((part, whole), wanted, strict=True))


def of_ratio(code: str, status: str, rate: Claim, counts: tuple[Claim, Claim], reason: tuple[str, str] | None = None) -> Finding:
    """What is to be said of a rate or share (by its ``code``) and its counts, the part and the whole."""
    part, whole = counts
    share = part.value / whole.value * HUNDRED if whole.value else Decimal(0)
    shown = number(share.quantize(_PLACE))
    sign = "≈" if status == "pass" else "≠"
    exact = status == "pass" and rate.value == share
    sums = f"{figure(part)} ÷ {figure(whole)} = {shown}%" + ("" if exact else f" {sign} {figure(rate)}")
    zh, en = (f"比率与数字：{sums}", f"rate and counts: {sums}") if code == COMPLETION else (f"占比与数字：{sums}", f"share and counts: {sums}")
    said = because((zh, en), reason) if reason else (zh, en)
    return Finding(code, status, *said, (rate,), (part, whole), rate.value - share.quantize(_PLACE))


def _rounded(claim: Claim) -> Stretch:
    """What a count may stand for, a written 13.8万 being rounded at its last digit."""
    low, high = stretch(claim)
    half = grain(claim.value) / 2 if "." in fold(claim.text).text else Decimal(0)
    return low - half, high + half


def _is_mended(count: Decimal, wanted: Decimal, room: Decimal) -> bool:
    """Whether a number a slip away from a count is within ``room`` of what it should be."""
    digits = str(int(count)) if count == int(count) else ""
    others = {Decimal(digits[:n] + digit + digits[n + 1 :]) for n in range(len(digits)) for digit in "0123456789" if n or digit != "0"} | {
        Decimal(digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :]) for n in range(len(digits) - 1)
    }
    return len(digits) > 2 and any(abs(other - wanted) <= room for other in others)
