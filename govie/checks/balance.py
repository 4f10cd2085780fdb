"""The applications' balance in prose: received and carried in, handled and carried out, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator

from govie.checks.finding import Finding
from govie.checks.intervals import compare
from govie.checks.sentences import Sentence
from govie.checks.verdicts import of_sums
from govie.claims import Claim

__all__ = ["CODE", "METRICS", "check_balance"]

CODE = "prose.balance"
_LEFT = ("application.received", "application.carried_in")
_RIGHT = ("application.handled", "application.carried_out")
METRICS = {"application.received": "new", "application.carried_in": "opening", "application.handled": "done", "application.carried_out": "closing"}


def check_balance(sentence: Sentence) -> Iterator[Finding]:
    """新收 + 上年结转 = 办结 + 结转下年, where a sentence states each of the four once, or three of them with one carried over."""
    found: dict[str, list[Claim]] = {}
    for figure in sentence.figures:
        claim = figure.claim
        if claim is not None and claim.metric in (*_LEFT, *_RIGHT):
            found.setdefault(claim.metric, []).append(claim)
    if any(len(claims) > 1 or claims[0].scope.applicant or claims[0].scope.channel for claims in found.values()) or len(found) < 3:
        return
    if _LEFT[0] not in found or _RIGHT[0] not in found:
        return
    left, right = ([found[metric][0] for metric in side if metric in found] for side in (_LEFT, _RIGHT))
    sides = compare(left, right)
    doubtful = len(found) < 4 or compare(left[:1], right).status == "pass"  # 受理 may take in what was carried over
    if sides.status == "pass" or not doubtful:
        yield of_sums(CODE, sides.status, ("新收 + 上年结转 = 办结 + 结转下年", "received + carried in = handled + carried out"), left, right)
