"""The identities (勾稽关系) of the statutory tables, for every row and column. Source: the notes of the forms themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from govie.checks.finding import Finding
from govie.checks.intervals import compare
from govie.checks.report import Report, squeezed
from govie.checks.rules import TableRule, table_rules
from govie.checks.wording import apart, because, equation, figure, metric_names, undecided
from govie.claims import Claim

__all__ = ["check_tables"]

_TOTAL = ("总计", "合计")
_APPLICANTS = "table.applications.applicants"
_CUMULATIVE = "table.list.cumulative"


def check_tables(report: Report) -> Iterator[Finding]:
    """Every identity of every table, once for each column or row that has figures for it."""
    for table in report.tables:
        for rule in table_rules():
            yield from _identity(rule, table)
        yield from _applicants(table)
        yield from _cumulative(table)


def _key(rule: TableRule, claim: Claim) -> str:
    return claim.metric if rule.by == "metric" else squeezed(getattr(claim.scope, rule.by))


def _identity(rule: TableRule, table: Sequence[Claim]) -> Iterator[Finding]:
    sides = [[claim for claim in table if any(claim in cells for cells in side)] for side in (rule.left, rule.right)]
    if not all(sides):
        return
    rows = len({(claim.metric, squeezed(claim.scope.category), squeezed(claim.scope.channel)) for side in sides for claim in side})
    for key in dict.fromkeys(_key(rule, claim) for claim in table):
        left, right = ([claim for claim in side if _key(rule, claim) == key] for side in sides)
        if rule.after and right:
            left = [claim for claim in left if claim.start < right[0].start][-1:]
        if not left and not right:
            continue
        if rule.by == "applicant" and not key:
            continue  # cells whose column the page does not name
        where = _where(rule, key)
        if rows < rule.rows:
            yield _open(rule, where, ("表中缺少所需的行", "the table lacks rows that it needs"), (left, right))
        elif len(left) < (1 if len(rule.left) == 1 or rule.by == "metric" else 2) and not any(claim.value for claim in (*left, *right)):
            continue  # an empty column with stray zeros
        elif not left or not right:
            if rule.by in ("applicant", "metric"):
                yield _open(rule, where, ("一边没有数字", "one side has no figure"), (left, right))
        else:
            yield _finding(rule.code, (rule.zh, rule.en), where, left, right, least=rule.least)


def _where(rule: TableRule, key: str) -> tuple[str, str]:
    if rule.by == "metric":
        zh, en = metric_names(key)
        return f"（{zh}）", f" ({en})"
    return (f"（{key}）", f" ({key})") if key else ("", "")


def _open(rule: TableRule, where: tuple[str, str], reason: tuple[str, str], sides: Sequence[Sequence[Claim]]) -> Finding:
    return _undecided(rule.code, (rule.zh, rule.en), where, reason, sides)


def _undecided(code: str, names: tuple[str, str], where: tuple[str, str], reason: tuple[str, str], sides: Sequence[Sequence[Claim]]) -> Finding:
    zh, en = undecided(reason)
    return Finding(code, "not_assessable", f"{names[0]}{where[0]}：{zh}", f"{names[1]}{where[1]}: {en}", tuple(sides[0]), tuple(sides[1]))


def _finding(
    code: str, names: tuple[str, str], where: tuple[str, str], left: Sequence[Claim], right: Sequence[Claim], *, least: bool = False
) -> Finding:
    """Cells of a table are exact; those that the reader could not place for certain decide nothing."""
    sides = compare(left, right)
    status, difference = sides.status, sides.difference
    if least:
        difference = sum((claim.value for claim in left), Decimal(0)) - sum((claim.value for claim in right), Decimal(0))
        status = "pass" if difference >= 0 else "fail"
        sign = "≥" if status == "pass" else "<"
        sums = f"{' + '.join(map(figure, left))} {sign} {' + '.join(map(figure, right))}"
    else:
        sums = equation(left, right, holds=status == "pass")
    said = f"{names[0]}{where[0]}：{sums}", f"{names[1]}{where[1]}: {sums}"
    if status == "fail":
        said = apart(said, difference)
        if any((claim.confidence or 1) < 1 for claim in (*left, *right)):
            status = "uncertain"
            said = because(said, ("页面没有写明这些数字属于哪一格", "the page does not show which cells these figures belong to"))
    return Finding(code, status, *said, tuple(left), tuple(right), difference if status != "pass" else Decimal(0))


def _applicants(table: Sequence[Claim]) -> Iterator[Finding]:
    """Every row of the applications: the six applicants = 总计."""
    rows: dict[tuple[str, str], list[Claim]] = {}
    for claim in table:
        if claim.scope.applicant is not None and claim.metric.startswith("application."):
            rows.setdefault((claim.metric, squeezed(claim.scope.category)), []).append(claim)
    names = "总计 = 各类申请人之和", "total = sum of the applicants"
    for (metric, category), row in rows.items():
        totals = [claim for claim in row if squeezed(claim.scope.applicant).startswith(_TOTAL)]
        parts = [claim for claim in row if claim not in totals]
        zh, en = metric_names(metric)
        where = f"（{zh}{'·' + category if category else ''}）", f" ({en}{', ' + category if category else ''})"
        if len(totals) == 1 and (parts or not totals[0].value):
            yield _finding(_APPLICANTS, names, where, totals, parts)
        elif totals or parts:
            reason = ("没有总计", "there is no total") if not totals else ("没有各类申请人的数字", "there is no figure by applicant")
            yield _undecided(_APPLICANTS, names, where, reason, (totals, parts))


def _cumulative(table: Sequence[Claim]) -> Iterator[Finding]:
    """Lists before 2014: what was counted over all years is no less than what was in this one."""
    rows: dict[tuple[str, ...], list[Claim]] = {}
    for claim in table:
        if claim.scope.period is not None and claim.scope.applicant is None:
            rows.setdefault((claim.metric, squeezed(claim.scope.category), squeezed(claim.scope.channel)), []).append(claim)
    for (metric, *_), row in rows.items():
        ever = [claim for claim in row if "历年累计" in squeezed(claim.scope.period)]
        year = [claim for claim in row if claim not in ever]
        if len(ever) == len(year) == 1:
            zh, en = metric_names(metric)
            names = "历年累计不少于本年", "all years together are no less than this one"
            yield _finding(_CUMULATIVE, names, (f"（{zh}）", f" ({en})"), ever, year, least=True)
