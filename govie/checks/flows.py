"""What comes in and goes out of a desk, by the words of the prose: 上年结转 + 新收 = 办结 + 结转下年, over the sentences of a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache

from govie.checks.balance import CODE, METRICS
from govie.checks.finding import Finding
from govie.checks.intervals import compare
from govie.checks.rules import checks
from govie.checks.sentences import Figure, Sentence, claims_of
from govie.checks.slips import is_slip
from govie.checks.verdicts import of_sums
from govie.claims import Claim

__all__ = ["check_flows"]

_KINDS = ("opening", "closing", "done", "new")  # in this order: 上年未办结 is no closing stock
_DISPUTES = ("review.", "litigation.")  # their results are of cases of other years, too
_LARGE = 100
_NEAR = Decimal("0.3")


@cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile("|".join(checks()["flows"][name]))


def check_flows(paragraph: Sentence) -> Iterator[Finding]:
    """A finding for every unit in which a paragraph states what was carried in, came in, was done and carried out, each once; where nothing
    is said to be carried in, only one for three figures that hold or that a slip of the pen parts."""
    by_unit: dict[str | None, dict[str, list[Figure]]] = {}
    for figure in paragraph.figures:
        kind = _kind(paragraph, figure)
        if kind:
            by_unit.setdefault(figure.unit, {}).setdefault(kind, []).append(figure)
    for found in by_unit.values():
        disputes = any(figure.claim and figure.claim.metric.startswith(_DISPUTES) for figures in found.values() for figure in figures)
        if "opening" in found or not disputes:
            yield from _judged(found)


def _kind(paragraph: Sentence, figure: Figure) -> str | None:
    claim = figure.claim
    if claim is None or claim.per is not None or figure.unit in ("%", "个百分点") or figure.bracket >= 0:
        return None
    if claim.scope.applicant or claim.scope.channel or claim.kind != "reported":
        return None
    label = re.split("[,;。:\\n]", paragraph.text[max(paragraph.start, figure.start - 30) : figure.start])[-1] + ("" if claim.value else claim.text)
    if _words("aside").search(label):
        return None
    if claim.metric in METRICS:
        return METRICS[claim.metric]
    if claim.metric.startswith("application."):
        return None
    return next((kind for kind in _KINDS if _words(kind).search(label)), None)


def _judged(found: dict[str, list[Figure]]) -> Iterator[Finding]:
    if not {"new", "done", "closing"} <= found.keys():
        return
    for new in found["new"]:
        for done in found["done"]:
            for opening in [[], *([one] for one in found.get("opening", []))]:
                left = claims_of([*opening, new])
                right = claims_of([done, found["closing"][-1]])
                if sum(claim.value for claim in left) > 1 and compare(left, right).status == "pass":
                    yield _finding("pass", left, right)
                    return
    if any(len(figures) > 1 for figures in found.values()):
        return
    left, right = claims_of([*found.get("opening", []), *found["new"]]), claims_of([*found["done"], *found["closing"]])
    sides = compare(left, right)
    if sides.status != "fail" or any(claim.bound != "=" for claim in (*left, *right)):
        return
    whole = sum((claim.value for claim in left), Decimal(0))
    slip = is_slip(left, right, sides.difference)
    if abs(sides.difference) <= whole * _NEAR and slip and ("opening" in found or whole >= _LARGE):
        yield _finding("fail", left, right)


def _finding(status: str, left: Sequence[Claim], right: Sequence[Claim]) -> Finding:
    return of_sums(CODE, status, ("上年结转 + 新收 = 办结 + 结转下年", "carried in + received = handled + carried out"), left, right)
