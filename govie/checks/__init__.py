"""Checks: do a report's numbers agree with each other, with the prose, with last year's?

report ──tables──▶ the identities of the statutory tables            tables.py, rules.py, govie/data/checks.toml
       ──sums────▶ totals of the prose and their parts               sentences.py, breakdowns.py, wholes.py, sums.py
       ──rates───▶ rates and shares and the counts behind them       rates.py
       ──balance─▶ applications received, handled and carried over   balance.py
       ──repeats─▶ the same total in the prose and in a table        repeats.py
       ──plausible, years──▶ what cannot be, and the year before     plausible.py, years.py
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govie.checks.finding import STATUSES, Finding

if TYPE_CHECKING:
    from govie.document import Extraction

__all__ = ["STATUSES", "Finding", "check"]


def check(extraction: Extraction, previous: Extraction | None = None) -> list[Finding]:
    """Whether a report's numbers agree with each other, with its tables and with the year before.

    Args:
        extraction: the report's claims.
        previous: those of the same publisher's report of the year before, for what leads from one year to the next.

    Returns:
        Findings in the order of the report, first its tables, then its prose; those that hold are among them. The rules are
        ``govie/data/checks.toml``; the identities come from the notes of the statutory forms (国办公开办函〔2021〕30号 and before).

    Raises:
        TextError: where one of the two is no extraction.
    """
    from govie.checks.checker import run  # noqa: PLC0415 - so that `import govie` stays light

    return run(extraction, previous)
