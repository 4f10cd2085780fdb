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
from govie.checks.wording import apart, figure, metric_names
from govie.claims import Claim

__all__ = ["check_twice"]

CODE = "prose.repeat"
_REACH, _ALIKE = 40, 3
_LONG, _FEW = 8, 10  # words of a clause that are enough to say the same; smaller figures are seldom a slip


def check_twice(report: Report, parts: frozenset[tuple[int, int]]) -> Iterator[Finding]:
    """A finding for every two figures of the prose that are the year's total of one metric.

    Two that differ by a slip of the pen fail, and two said of the same year in the same words; others may well count different things,
    and make no finding.

    Args:
        parts: spans of claims that are known to be parts of others.
    """
    found: dict[str, list[Claim]] = {}
    for claim in report.prose:
        if _counts(claim) and (claim.start, claim.end) not in parts and states_whole_year(report, claim):
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
            elif _is_slip(one, other) or _is_same(report, one, other):
                gap = one.value - other.value
                sums = f"{figure(one)} ≠ {figure(other)}"
                yield Finding(CODE, "fail", *apart((f"{names[0]}：{sums}", f"{names[1]}: {sums}"), gap), (one,), (other,), gap)


def _is_slip(one: Claim, other: Claim) -> bool:
    return one.bound == other.bound == "=" and slipped(one.value, other.value) and min(one.value, other.value) >= _FEW


def _is_same(report: Report, one: Claim, other: Claim) -> bool:
    """Whether two clauses say the same of the same year in the same words, so that figures far apart are no two counts either."""
    periods = [squeezed(claim.scope.period) for claim in (one, other)]
    if not all(periods) or squeezed(one.scope.entity) != squeezed(other.scope.entity) or report.year is None:
        return False
    least, most = sorted((one.value, other.value))
    if least < _FEW or most > least * 2 or (not one.bound == other.bound == "=" and (most - least) * 10 < most):
        return False
    labels = [_label(report, claim) for claim in (one, other)]
    return labels[0] == labels[1] and len(labels[0]) >= _LONG


def _label(report: Report, claim: Claim) -> str:
    """The words of a figure's clause without its period and what only leads to a number."""
    start = report.folded.folded_offset(claim.start)
    clause = re.split("[;。\n,:]", report.folded.text[max(0, start - _REACH) : start])[-1]
    return re.sub("[共计为达累约了有]+$", "", re.sub("^(?:全年度?|本年度?|今年|年内|20[0-9]{2}年度?)?(?:一?共|累计)?", "", clause))


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
