"""Totals of the prose against their parts: 共受理20件,其中网络12件、书面8件."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from govie.checks.breakdowns import Breakdown, Part, breakdowns
from govie.checks.finding import Finding
from govie.checks.intervals import compare
from govie.checks.sentences import Sentence, claims_of
from govie.checks.slips import is_slip
from govie.checks.verdicts import of_sums
from govie.checks.wholes import Shortfall, is_kin, is_whole
from govie.claims import Claim

__all__ = ["check_sums"]

CODE = "prose.sum"
EXCEEDS = "prose.part"
_MARKS = (":", "(", "含")
_LARGE = 100  # of smaller totals nearly every difference is a slip of one digit
_MUCH, _FEW = Decimal("0.3"), Decimal(3)  # parts that overlap exceed their total by more


def check_sums(sentence: Sentence) -> Iterator[Finding]:
    """A finding for every enumeration of the sentence that has something to say; one a part."""
    done: set[tuple[int, int]] = set()
    for breakdown in breakdowns(sentence):
        finding = _judged(sentence, breakdown)
        if finding is None:
            continue
        places = {(claim.start, claim.end) for claim in finding.right}
        if not places <= done:
            yield finding
        done |= places


def _judged(sentence: Sentence, breakdown: Breakdown) -> Finding | None:
    for reading in breakdown.readings(sentence):
        wholes = _wholes(breakdown)
        if len(reading) > 1 and (whole := next((whole for whole in wholes if _holds(whole, reading)), None)):
            return _finding(CODE, "pass", whole, reading) if _claims(reading) else None
    sure = breakdown.parts[: breakdown.sure]
    claims = _claims(sure)
    if claims is None:
        return None
    total = next((total for total in breakdown.totals if is_kin(total, claims[0])), breakdown.totals[0])
    if not is_kin(total, claims[0]):
        return None
    if len(sure) == 1:
        return _single(breakdown, total, sure[0])
    status, reason = _verdict(sentence, breakdown, total, sure, claims)
    return _finding(CODE, status, (total,), sure, reason)


def _verdict(
    sentence: Sentence, breakdown: Breakdown, total: Claim, sure: Sequence[Part], claims: Sequence[Claim]
) -> tuple[str, tuple[str, str] | None]:
    """Of a sum that holds in no reading: whether it must."""
    sides = compare([total], claims, [part.times for part in sure])
    if not any(claim.value for claim in claims):
        return "not_assessable", ("各项均为零", "all parts are zero")
    if sides.status == "uncertain":
        return "uncertain", ("在四舍五入的范围内", "no more than rounding parts them")
    whole = is_whole(sentence, breakdown.cue, breakdown.opens, [part.figure for part in sure], Shortfall(total.value, sides.difference))
    if sides.difference > 0 and not whole:
        return "not_assessable", ("所列可能不全", "they may not be all")
    if not breakdown.plain or (breakdown.mixed and sides.difference > 0):
        return "uncertain" if sides.difference < 0 and whole else "not_assessable", ("各项的起止不明", "where the parts end is not clear")
    if _has_siblings(breakdown, total, claims):
        return "uncertain", ("总数可能是前面几项之和", "the total may be that of several figures before")
    exact = total.bound == "=" or not _is_one_division(claims)  # a round total soon agrees with all but one
    if exact and not whole and any(_holds((total,), [*sure[:n], *sure[n + 1 :]]) for n in range(len(sure)) if len(sure) > 2):
        return "uncertain", ("不计其中一项则相等", "without one of them they would agree")
    far = -sides.difference > max(total.value * _MUCH, _FEW)
    slip = total.value >= _LARGE and is_slip([total], claims, sides.difference) and _is_one_division(claims)
    if sides.difference < 0 and not whole and not slip and (far or breakdown.cue in _MARKS or not _is_one_division(claims)):
        return "uncertain", ("各项可能交叉", "the parts may overlap")
    return "fail", None


def _wholes(breakdown: Breakdown) -> list[tuple[Claim, ...]]:
    """What the parts may divide: one figure, several that stand side by side, or one behind them."""
    totals = breakdown.totals
    return [
        *((total,) for total in totals),
        *(tuple(reversed(totals[:n])) for n in range(2, min(len(totals), 4) + 1)),
        *((claim,) for claim in breakdown.later),
    ]


def _has_siblings(breakdown: Breakdown, total: Claim, parts: Sequence[Claim]) -> bool:
    """Whether other figures before belong to the total: of its kind, if they bring it nearer to the parts; or applications carried over,
    where the parts are results."""
    others = [claim for claim in breakdown.totals if claim is not total]
    made = sum((claim.value for claim in parts), Decimal(0))
    kin = sum((claim.value for claim in others if claim.metric == total.metric), Decimal(0))
    if kin and abs(total.value + kin - made) < abs(total.value - made):
        return True
    if total.metric != "application.received" or parts[0].metric == total.metric:
        return False
    return any(map(_carried, others)) or any(_carried(part.figure.claim) for part in breakdown.parts)


def _carried(claim: Claim | None) -> bool:
    return claim is not None and claim.metric in ("application.carried_in", "application.carried_out")


def _holds(whole: Sequence[Claim], parts: Sequence[Part]) -> bool:
    claims = _claims(parts)
    if claims is not None:
        return compare(whole, claims, [part.times for part in parts]).status == "pass"
    return sum((part.figure.value * part.times for part in parts), Decimal(0)) == sum((claim.value for claim in whole), Decimal(0))


def _claims(parts: Sequence[Part]) -> list[Claim] | None:
    """The claims of parts; None where the report's claims leave one of them out."""
    claims = claims_of(part.figure for part in parts)
    return claims if len(claims) == len(parts) else None


def _is_one_division(claims: Sequence[Claim]) -> bool:
    """Whether parts divide a total one way only: each by the same kind of scope, or each as another result."""
    roles = [{role for role, _ in claim.scope} & {"category", "channel", "applicant", "entity"} for claim in claims]
    return all(one.metric != other.metric for one, other in pairwise(claims)) or bool(set.intersection(*roles)) or not any(roles)


def _single(breakdown: Breakdown, total: Claim, part: Part) -> Finding | None:
    """A part alone can only be too large."""
    claim = part.figure.claim
    if (
        claim is None
        or breakdown.cue != "其中"
        or claim.metric != total.metric
        or part.times != 1
        or total is not breakdown.totals[0]
        or any(other.metric == total.metric for other in breakdown.totals[1:])
    ):
        return None
    sides = compare([total], [claim])
    return _finding(EXCEEDS, "fail", (total,), [part]) if sides.status == "fail" and sides.difference < 0 else None


def _finding(code: str, status: str, whole: Sequence[Claim], parts: Sequence[Part], reason: tuple[str, str] | None = None) -> Finding:
    claims = claims_of(part.figure for part in parts)
    times = [part.times for part in parts if part.figure.claim is not None]
    names = ("部分大于总数", "a part is larger than its whole") if code == EXCEEDS else ("总数与分项", "total and parts")
    return of_sums(code, status, names, whole, claims, times=times, reason=reason)
