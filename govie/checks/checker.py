"""Every rule over one report."""

from __future__ import annotations

from govie.checks.balance import check_balance
from govie.checks.finding import Finding
from govie.checks.plausible import check_plausible
from govie.checks.rates import check_rates
from govie.checks.repeats import check_repeats
from govie.checks.report import Report
from govie.checks.sentences import sentences
from govie.checks.sums import check_sums
from govie.checks.tables import check_tables
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
    for sentence in sentences(report):
        sums = list(check_sums(sentence))
        parts |= {(claim.start, claim.end) for finding in sums for claim in finding.right}
        findings += sums
        findings += check_balance(sentence)
        findings += check_rates(sentence)
    findings += check_repeats(report, frozenset(parts))
    findings += check_plausible(report)
    if previous is not None:
        findings += check_years(report, Report.of(previous))
    return findings
