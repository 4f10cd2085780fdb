"""From one year to the next: what was carried over, what is in force, what there was the year before, and leaps that look like slips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from govie.checks.finding import Finding
from govie.checks.repeats import totals
from govie.checks.report import Report, squeezed
from govie.checks.rules import checks
from govie.checks.wording import apart, figure, metric_names, number
from govie.claims import Claim

__all__ = ["check_years"]

CARRIED, STOCK, ITEMS, LEAP, PAIR = "years.carried", "years.stock", "years.items", "years.leap", "years.pair"


def check_years(report: Report, previous: Report) -> Iterator[Finding]:
    """The report against that of the year before.

    Where the two are not of one publisher in two years that follow one another, the only finding says so.
    """
    reason = _no_pair(report, previous)
    if reason:
        yield Finding(PAIR, "not_assessable", f"与上年比较：{reason[0]}", f"against the year before: {reason[1]}")
        return
    yield from _carried(report, previous)
    yield from _stock(report, previous)
    yield from _items(report, previous)
    yield from _leaps(report, previous)


def _no_pair(report: Report, previous: Report) -> tuple[str, str] | None:
    now, then = report.extraction.document, previous.extraction.document
    if now.year is not None and then.year is not None and now.year != then.year + 1:
        return f"所给的是 {then.year} 年的报告，不是 {now.year - 1} 年的", f"the report given is of {then.year}, not of {now.year - 1}"
    if now.division and then.division and now.division != then.division:
        return f"区划代码不同（{then.division}、{now.division}）", f"the divisions differ ({then.division}, {now.division})"
    names = squeezed(now.publisher), squeezed(then.publisher)
    if all(names) and not now.division and names[0] != names[1] and names[0] not in names[1] and names[1] not in names[0]:
        return f"发布机关不同（{names[1]}、{names[0]}）", f"the publishers differ ({names[1]}, {names[0]})"
    return None


def _finding(
    code: str, names: tuple[str, str], now: Claim, made: tuple[Decimal, str], *, then: Sequence[Claim], own: Sequence[Claim] = ()
) -> Finding:
    """``made``: what the figure must be, and how it comes about."""
    expected, written = made
    difference = now.value - expected
    sums = f"{figure(now)} {'≠' if difference else '='} {f'{number(expected)} = ' if difference and ' ' in written else ''}{written}"
    status = "pass" if not difference else "fail"
    if status == "fail" and any((claim.confidence or 1) < 1 for claim in (now, *then, *own)):
        status = "uncertain"
    said = f"{names[0]}：{sums}", f"{names[1]}: {sums}"
    return Finding(code, status, *(apart(said, difference) if difference else said), (now,), tuple(own), difference, tuple(then))


def _carried(report: Report, previous: Report) -> Iterator[Finding]:
    rule = checks()["years"]["carried"]
    sides = []
    for one, metric in ((report, rule["now"]), (previous, rule["then"])):
        cells = {
            squeezed(claim.scope.applicant): claim for table in one.tables for claim in table if claim.metric == metric and claim.scope.applicant
        }
        sides.append(cells)
    for applicant in sides[0].keys() & sides[1].keys():
        now, then = sides[0][applicant], sides[1][applicant]
        names = f"上年结转 = 上年报告的结转下年度（{applicant}）", f"carried in = carried out of the year before ({applicant})"
        yield _finding(CARRIED, names, now, (then.value, figure(then)), then=[then])


def _cell(report: Report, metric: str, word: str) -> Claim | None:
    cells = [claim for table in report.tables for claim in table if claim.metric == metric and word in squeezed(claim.scope.category)]
    return cells[0] if len(cells) == 1 else None


def _stock(report: Report, previous: Report) -> Iterator[Finding]:
    rule = checks()["years"]["stock"]
    for metric in rule["metrics"]:
        now, issued, repealed = (_cell(report, metric, rule[name]) for name in ("now", "issued", "repealed"))
        then = _cell(previous, metric, rule["now"])
        if now is None or then is None or issued is None or repealed is None:
            continue
        expected = then.value + issued.value - repealed.value
        written = f"{figure(then)} + {figure(issued)} - {figure(repealed)}"
        zh, en = metric_names(metric)
        names = f"现行有效 = 上年现行有效 + 制发 - 废止（{zh}）", f"in force = in force the year before + issued - repealed ({en})"
        yield _finding(STOCK, names, now, (expected, written), then=[then], own=[issued, repealed])


def _items(report: Report, previous: Report) -> Iterator[Finding]:
    rule = checks()["years"]["items"]
    metrics = {claim.metric for table in report.tables for claim in table if rule["now"] in squeezed(claim.scope.category)}
    for metric in sorted(metrics):
        now, then, change = _cell(report, metric, rule["now"]), _cell(previous, metric, rule["now"]), _cell(previous, metric, rule["change"])
        if now is None or then is None or change is None:
            continue
        expected = then.value + change.value
        zh, en = metric_names(metric)
        names = f"上一年项目数量 = 上年报告的上一年项目数量 + 本年增/减（{zh}）", f"items of the year before = those before it + their change ({en})"
        yield _finding(ITEMS, names, now, (expected, f"{figure(then)} + {figure(change)}"), then=[then, change])


def _leaps(report: Report, previous: Report) -> Iterator[Finding]:
    """A total ten times that of the year before, or a tenth: it may be so, and may be a slip of a digit."""
    rule = checks()["plausible"]
    now, then = totals(report), totals(previous)
    for metric in now.keys() & then.keys():
        values = [sum((claim.value for claim in cells), Decimal(0)) for cells in (now[metric], then[metric])]
        if min(values) > 0 and max(values) >= min(values) * rule["tenfold"] and max(values) >= rule["small"]:
            zh, en = metric_names(metric)
            sums = f"{number(values[1])} → {number(values[0])}"
            yield Finding(
                LEAP, "uncertain", f"与上年相差十倍以上（{zh}）：{sums}", f"ten times apart from the year before ({en}): {sums}",
                now[metric], (), values[0] - values[1], then[metric],
            )  # fmt: skip
