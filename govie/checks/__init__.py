"""Checks: do a report's numbers agree with each other, with the prose, with last year's?

report ──tables──▶ the identities of the statutory tables         tables.py, rules.py, govie/data/checks.toml
       ──sums────▶ totals of the prose and their parts            sentences.py, sums.py
       ──rates───▶ rates and shares and the counts behind them    rates.py
       ──repeats─▶ the same thing said twice                      repeats.py
       ──plausible, years──▶ what cannot be, and the year before  plausible.py, years.py
"""

from govie.checks.checker import check
from govie.checks.finding import STATUSES, Finding

__all__ = ["STATUSES", "Finding", "check"]
