"""The same total said twice in the prose: 一、概况。2021年主动公开信息13,406条… 二、主动公开。全年主动公开信息13,460条."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from govie.checks.finding import Finding
from govie.checks.intervals import compare
from govie.checks.repeats import states_whole_year
from govie.checks.report import Report, squeezed
from govie.checks.rules import checks
from govie.checks.slips import slipped
from govie.checks.wording import figure, metric_names, number
from govie.claims import Claim

__all__ = ["check_twice"]

CODE = "prose.repeat"
_REACH, _ALIKE = 40, 3


def check_twice(report: Report, parts: frozenset[tuple[int, int]]) -> Iterator[Finding]:
    """A finding for every two figures of the prose that are the year's total of one metric.

    Two that differ by a slip of the pen fail; others may well count different things, and make no finding.

    Args:
        parts: spans of claims that are known to be parts of others.
    """
    found: dict[str, list[Claim]] = {}
    for claim in report.prose:
        if _counts(claim) and (claim.start, claim.end) not in parts and claim.bound == "=" and states_whole_year(report, claim):
            found.setdefault(claim.metric, []).append(claim)
    for metric, claims in found.items():
        for one, other in combinations(claims, 2):
            if one.unit != other.unit or not _same_body(one, other) or not _same_words(report, one, other):
                continue
            zh, en = metric_names(metric)
            names = f"前后两处（{zh}）", f"said twice ({en})"
            if compare([one], [other]).status == "pass":
                sums = f"{figure(one)} = {figure(other)}"
                yield Finding(CODE, "pass", f"{names[0]}：{sums}", f"{names[1]}: {sums}", (one,), (other,), one.value - other.value)
            elif slipped(one.value, other.value) and min(one.value, other.value) >= 10:
                gap = one.value - other.value
                sums = f"{figure(one)} ≠ {figure(other)}"
                zh, en = f"{names[0]}：{sums}，相差 {number(abs(gap))}", f"{names[1]}: {sums}, a difference of {number(abs(gap))}"
                yield Finding(CODE, "fail", zh, en, (one,), (other,), gap)


def _counts(claim: Claim) -> bool:
    return claim.metric != "other" and not claim.metric.startswith("rate.")


def _same_body(one: Claim, other: Claim) -> bool:
    names = [squeezed(claim.scope.entity) for claim in (one, other)]
    return not all(names) or names[0] in names[1] or names[1] in names[0] or all(re.match("[我本全]", name) for name in names)


def _same_words(report: Report, one: Claim, other: Claim) -> bool:
    """Whether both stand in clauses of their own about the same, in different sentences, and neither is narrowed."""
    folded = report.folded
    starts = [folded.folded_offset(claim.start) for claim in (one, other)]
    if not re.search("[。\n]", folded.text[starts[0] : starts[1]]):
        return False
    words = checks()["twice"]
    said = []
    for start in starts:
        clause = re.split("[;。\n]", folded.text[max(0, start - _REACH) : start])[-1]
        said.append(re.split("[,:]", clause)[-1])
        if "其中" in clause or re.search("|".join(words["narrower"]), said[-1]):
            return False
    verbs = [{word for word in words["verbs"] if word in text} for text in said]
    ends = [re.sub("[共计为达累约了有]+$", "", text)[-_ALIKE:] for text in said]
    return bool(verbs[0] & verbs[1]) or (len(ends[0]) == _ALIKE and ends[0] == ends[1])
