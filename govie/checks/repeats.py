"""The same figure said twice: in the prose and in a table. Only totals of the whole report are compared; all else may well differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from govie.checks.finding import Finding
from govie.checks.intervals import compare
from govie.checks.report import Report, squeezed
from govie.checks.rules import checks
from govie.checks.verdicts import of_sums
from govie.checks.wording import metric_names, undecided
from govie.claims import Claim

__all__ = ["check_repeats", "states_whole_year", "totals"]

CODE = "prose.table"
_TOTAL = ("总计", "合计")
_WHOLE_YEAR = re.compile(r"全年|本年度?|今年|年内|((?:19|20)[0-9]{2})年?度?")


@cache
def _publisher() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(checks()['repeats']['publisher'])})")


def totals(report: Report) -> Mapping[str, tuple[Claim, ...]]:
    """The cells of the statutory tables whose sum is a metric's total in the year, by metric; metrics with two totals are left out."""
    found: dict[str, tuple[Claim, ...]] = {}
    doubtful: set[str] = set()
    for table in report.tables:
        for metric, cells in _of_table(table).items():
            if metric in found and sum(claim.value for claim in found[metric]) != sum(claim.value for claim in cells):
                doubtful.add(metric)
            found.setdefault(metric, cells)
    return {metric: cells for metric, cells in found.items() if metric not in doubtful and all((claim.confidence or 1) == 1 for claim in cells)}


def _of_table(table: Sequence[Claim]) -> dict[str, tuple[Claim, ...]]:
    by_metric: dict[str, list[Claim]] = {}
    for claim in table:
        scope = claim.scope
        applicant = squeezed(scope.applicant)
        if applicant and not applicant.startswith(_TOTAL):
            continue
        if scope.channel is not None or "历年" in squeezed(scope.period) or claim.bound != "=":
            continue
        by_metric.setdefault(claim.metric, []).append(claim)
    found: dict[str, tuple[Claim, ...]] = {}
    for metric, cells in by_metric.items():
        bare = [claim for claim in cells if claim.scope.category is None]
        if len(bare) == 1:
            found[metric] = (bare[0],)
        elif not bare and (metric.startswith("litigation.") or cells[0].scope.applicant is not None):
            found[metric] = tuple(cells)  # the two ways of litigation; the grounds of a result
    return found


def check_repeats(report: Report, parts: frozenset[tuple[int, int]]) -> Iterator[Finding]:
    """A finding for every total of the prose that a table states, too.

    Args:
        parts: spans of claims that are known to be parts of others.
    """
    known = totals(report)
    for claim in report.prose:
        cells = known.get(claim.metric)
        if (
            cells is None
            or claim.metric not in checks()["repeats"]["metrics"]
            or (claim.start, claim.end) in parts
            or not states_whole_year(report, claim)
        ):
            continue
        zh, en = metric_names(claim.metric)
        names = f"文字与表格（{zh}）", f"prose and table ({en})"
        extra = [cell for metric in _also(claim.metric) for cell in known.get(metric, ())]
        if compare([claim], cells).status == "pass":
            yield _finding("pass", names, claim, cells)
        elif extra and compare([claim], [*cells, *extra]).status == "pass":
            yield _finding("pass", names, claim, (*cells, *extra))
        elif reason := _why_not(report, claim):
            yield _finding("not_assessable", names, claim, cells, reason)
        else:
            yield _finding("fail", names, claim, cells)


def _also(metric: str) -> tuple[str, ...]:
    """What a total of the prose may take in besides: 受理 may count the applications carried in, 答复 those carried out."""
    return {"application.received": ("application.carried_in",), "application.handled": ("application.carried_out",)}.get(metric, ())


def states_whole_year(report: Report, claim: Claim) -> bool:
    """Whether the prose states the figure as one of the whole year, without channel, applicant, category or part."""
    scope = claim.scope
    if claim.kind != "reported" or claim.per or scope.channel or scope.applicant or scope.category or not any(map(str.isdigit, claim.text)):
        return False
    period = _WHOLE_YEAR.fullmatch(squeezed(scope.period)) if scope.period else None
    return scope.period is None or (period is not None and (period[1] is None or report.year in (None, int(period[1]))))


def _why_not(report: Report, claim: Claim) -> tuple[str, str] | None:
    """Why a figure that differs from the table's may be another one: a narrower body, a narrowing word, a model in doubt."""
    entity = squeezed(claim.scope.entity)
    publisher = squeezed(report.extraction.document.publisher)
    if entity and not (_publisher().fullmatch(entity) or (publisher and (entity in publisher or publisher in entity))):
        return f"文字说的是“{entity}”", f"the prose speaks of {entity}"
    start = report.folded.folded_offset(claim.start)
    clause = re.split("[;。\n]", report.folded.text[max(0, start - 60) : start])[-1]
    word = next((word for word in checks()["repeats"]["narrower"] if re.search(word, clause)), None)
    if word:
        return f"文字的口径可能较窄（“{word}”）", f"the prose may count less than all ({word})"
    if claim.confidence is not None and claim.confidence < checks()["repeats"]["sure"]:
        return "指标识别把握不大", "the metric is not certain"
    if not re.search(checks()["repeats"]["about"][claim.metric.split(".")[0]], report.folded.text[max(0, start - 60) : start + 20]):
        return "文字的口径不明", "what the prose counts is not certain"
    return None


def _finding(status: str, names: tuple[str, str], claim: Claim, cells: Sequence[Claim], reason: tuple[str, str] | None = None) -> Finding:
    return of_sums(CODE, status, names, [claim], cells, reason=undecided(reason) if reason else None)
