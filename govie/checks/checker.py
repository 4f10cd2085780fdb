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

__all__ = ["check"]


def check(extraction: Extraction, previous: Extraction | None = None) -> list[Finding]:
    """Whether a report's numbers agree with each other, with its tables and with the year before.

    Args:
        extraction: the report's claims.
        previous: those of the same publisher's report of the year before, for what leads from one year to the next.

    Returns:
        Findings in the order of the report, first its tables, then its prose; those that hold are among them.

    Raises:
        TextError: where one of the two is no extraction.
    """
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
