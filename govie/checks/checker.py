"""Every rule over one report."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from govie.checks.averages import check_averages
from govie.checks.balance import check_balance
from govie.checks.changes import check_changes
from govie.checks.differences import check_differences
from govie.checks.finding import Finding
from govie.checks.flows import check_flows
from govie.checks.lines import check_lines
from govie.checks.paired import check_paired
from govie.checks.periods import check_periods
from govie.checks.plain_sums import check_plain_sums
from govie.checks.plausible import check_plausible
from govie.checks.products import check_products
from govie.checks.rates import check_rates
from govie.checks.repeats import check_repeats
from govie.checks.report import Report
from govie.checks.sentences import Sentence, paragraphs, sentences
from govie.checks.shares import check_shares
from govie.checks.sums import check_sums
from govie.checks.tables import check_tables
from govie.checks.twice import check_twice
from govie.checks.years import check_years
from govie.document import Extraction
from govie.errors import TextError

__all__ = ["run"]


def run(extraction: Extraction, previous: Extraction | None) -> list[Finding]:
    """What :func:`govie.check` does."""
    for given in (extraction, previous):
        if given is not None and not isinstance(given, Extraction):
            raise TextError(f"check takes what govie.extract returns, not {type(given).__name__}; call govie.extract(text) first")
    report = Report.of(extraction)
    findings = list(check_tables(report))
    parts: set[tuple[int, int]] = set()
    whole = list(paragraphs(report))
    for sentence in sentences(report):
        paragraph = _around(whole, sentence)
        sums = list(check_sums(sentence))
        parts |= {(claim.start, claim.end) for finding in sums for claim in finding.right}
        findings += sums
        findings += check_balance(sentence)
        findings += check_rates(sentence, paragraph)
        findings += check_shares(sentence)
        findings += check_paired(sentence)
        findings += check_products(sentence)
        findings += check_periods(sentence)
        findings += check_averages(sentence)
        findings += check_differences(sentence)
    for paragraph in whole:
        findings += check_changes(paragraph)
        findings = _joined(findings, [*check_flows(paragraph), *check_plain_sums(paragraph), *check_lines(paragraph)])
    parts |= {(claim.start, claim.end) for finding in findings if finding.code == "prose.sum" for claim in finding.right}
    findings += check_twice(report, frozenset(parts))
    findings += check_repeats(report, frozenset(parts))
    findings += check_plausible(report)
    if previous is not None:
        findings += check_years(report, Report.of(previous))
    return findings


def _around(paragraphs: Sequence[Sentence], sentence: Sentence) -> Sentence | None:
    """The paragraph that a sentence begins in."""
    n = bisect_right(paragraphs, sentence.start, key=lambda one: one.start) - 1
    return paragraphs[n] if n >= 0 and sentence.start < paragraphs[n].end else None


def _joined(known: list[Finding], more: list[Finding]) -> list[Finding]:
    """Both without those that another answers better: of findings about the same parts one that holds, or else the first."""
    for finding in sorted(more, key=lambda finding: finding.status != "pass"):
        same = [one for one in known if one.code == finding.code and _parts(one) & _parts(finding)]
        if any(one.status == "pass" for one in same):
            continue
        if finding.status == "pass":
            known = [one for one in known if one not in same]
        elif any(one.status == "fail" for one in same):
            continue
        else:
            known = [one for one in known if one not in same]
        known.append(finding)
    return known


def _parts(finding: Finding) -> set[tuple[int, int]]:
    return {(claim.start, claim.end) for claim in finding.right}
