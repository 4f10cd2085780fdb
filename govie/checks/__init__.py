"""Checks: do a report's numbers agree with each other, with the prose, with last year's?

report ──tables──▶ the identities of the statutory tables            tables.py, rules.py, govie/data/checks.toml
       ──sums────▶ totals of the prose and their parts               sums.py, breakdowns.py, wholes.py; plain_sums.py, lists.py without a cue
       ──products▶ figures of each (各, 每) and in all                products.py
       ──rates───▶ rates, shares and changes and the counts behind   rates.py, shares.py, changes.py
       ──balance─▶ received, handled and carried over                balance.py, flows.py
       ──repeats─▶ the same total twice, in prose or in a table      twice.py, repeats.py
       ──plausible, years──▶ what cannot be, and the year before     plausible.py, years.py

A sum that does not hold is called wrong where words or scopes say that its parts are all, or where one digit mistyped would explain the
difference (slips.py). What is said to be part of a total and is no more than that makes no finding that fails.
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
