"""What no right report states: negative counts, shares over 100 %, figures of another year, and leaps against the year before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govie.checks.finding import Finding
from govie.checks.report import Report, squeezed
from govie.checks.rules import checks
from govie.checks.wording import figure, metric_names
from govie.claims import Claim

__all__ = ["check_plausible"]

NEGATIVE, OVER, YEAR = "plausible.negative", "plausible.share", "plausible.year"
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})\s*年?")
_AROUND = 40


def check_plausible(report: Report) -> Iterator[Finding]:
    """A finding for every claim that cannot be; what is plausible makes none."""
    for claim in report.extraction:
        yield from _negative(claim)
        yield from _over(report, claim)
    for claim in report.prose:
        yield from _year(report, claim)


def _negative(claim: Claim) -> Iterator[Finding]:
    words = checks()["plausible"]["counts_may_be_negative"]
    if claim.value < 0 and not claim.metric.startswith("rate.") and not any(word in squeezed(claim.scope.category) for word in words):
        zh, en = metric_names(claim.metric)
        if claim.metric == "other":
            return
        yield Finding(NEGATIVE, "fail", f"数量为负：{zh} {figure(claim)}", f"a negative count: {en} {figure(claim)}", (claim,), (), claim.value)


def _over(report: Report, claim: Claim) -> Iterator[Finding]:
    """Of 办结率, 满意率 and the like: no part is more than its whole. Other rates may well be over 100 %, such as those of a plan."""
    if claim.unit != "%" or claim.value <= 100 or claim.bound in ("<", "<="):
        return
    text = report.extraction.document.text
    clause = re.split("[,，;；。]", text[max(0, claim.start - 16) : claim.start])[-1]
    if re.search(rf"(?:{'|'.join(checks()['plausible']['bounded'])})(?:均?达到?|均?为|是|高达|均)?约?$", clause.strip()):
        if re.search("|".join(checks()["plausible"]["of_plan"]), clause):
            return
        zh, en = f"比率超过 100%：{figure(claim)}", f"a share of more than 100%: {figure(claim)}"
        yield Finding(OVER, "fail", zh, en, (claim,), (), claim.value - 100)


def _year(report: Report, claim: Claim) -> Iterator[Finding]:
    """A figure reported for a year that was still to come when the report was written."""
    year, period = report.year, squeezed(claim.scope.period)
    years = [int(match[1]) for match in _YEAR.finditer(period)]
    if year is None or not years or claim.kind != "reported":
        return
    least = min(years)
    if least > year + 1:
        zh, en = (
            f"年份不符：{figure(claim)} 属于“{period}”，报告年度是 {year} 年",
            f"another year: {figure(claim)} is of {period}, the report of {year}",
        )
        yield Finding(YEAR, "fail", zh, en, (claim,))
    elif max(years) < year and max(years) >= year - 2 and not _compares(report, claim):
        zh = f"年份可疑：{figure(claim)} 属于“{period}”，报告年度是 {year} 年"
        yield Finding(YEAR, "uncertain", zh, f"doubtful year: {figure(claim)} is of {period}, the report of {year}", (claim,))


def _compares(report: Report, claim: Claim) -> bool:
    """Whether the words around a claim look back, so that another year is in its place."""
    text = report.extraction.document.text
    start = min(claim.start, claim.scope.period.start if claim.scope.period else claim.start)
    around = text[max(0, start - _AROUND) : claim.end + _AROUND]
    return any(word in around for word in checks()["plausible"]["comparing"]) or str(report.year) in around
