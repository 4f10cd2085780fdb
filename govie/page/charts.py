"""The breakdowns of the applications as bars: inline SVG, each bar tied to its claims."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from govie.checks.report import Report, squeezed
from govie.checks.wording import metric_names, number
from govie.claims import Claim
from govie.page.data import config, group_of, indexes

__all__ = ["charts"]

_TOTAL = ("总计", "合计")
_WIDTH, _LABEL, _LINE = 360, 118, 26

Bar = tuple[str, str, list[Claim]]


def charts(report: Report) -> str:
    """The charts of the first table of applications that has figures; empty where there is none."""
    table = next((table for table in report.tables if any(claim.scope.applicant for claim in table)), ())
    known = indexes(report.extraction)
    drawn = [(config()["results"], _results(table)), (config()["applicants"], _applicants(table))]
    return "".join(_chart(titles["zh"], titles["en"], bars, known) for titles, bars in drawn if any(_sum(bar) for bar in bars))


def _results(table: Sequence[Claim]) -> list[Bar]:
    rows = []
    for metric in config()["results"]["metrics"]:
        claims = [claim for claim in table if claim.metric == metric and squeezed(claim.scope.applicant).startswith(_TOTAL)]
        rows.append((*metric_names(metric), claims))
    return rows


def _applicants(table: Sequence[Claim]) -> list[Bar]:
    rows: dict[str, list[Claim]] = {}
    for claim in table:
        label = squeezed(claim.scope.applicant)
        if claim.metric == config()["applicants"]["metric"] and label and not label.startswith(_TOTAL):
            rows.setdefault(label, []).append(claim)
    return [(label, label, claims) for label, claims in rows.items()]


def _sum(bar: Bar) -> Decimal:
    return sum((claim.value for claim in bar[2]), Decimal(0))


def _chart(zh: str, en: str, bars: Sequence[Bar], known: dict[int, int]) -> str:
    most = max(map(_sum, bars)) or Decimal(1)
    lines = []
    for n, bar in enumerate(bars):
        value, y = _sum(bar), n * _LINE
        width = float(value / most) * (_WIDTH - _LABEL - 56)
        numbers = " ".join(str(known[id(claim)]) for claim in bar[2] if id(claim) in known)
        group = group_of(bar[2][0].metric) if bar[2] else "other"
        lines.append(
            f'<g class="bar" data-c="{numbers}" tabindex="0" role="button" aria-label="{escape(bar[0])} {number(value)}">'
            f'<rect class="hit" x="0" y="{y}" width="{_WIDTH}" height="{_LINE}"/>'
            f'<text x="{_LABEL - 8}" y="{y + 17}" text-anchor="end"><tspan class="zh">{escape(bar[0])}</tspan>'
            f'<tspan class="en">{escape(bar[1].removeprefix("applications "))}</tspan></text>'
            f'<rect class="fill g-{group}" x="{_LABEL}" y="{y + 5}" width="{max(width, 1):.1f}" height="{_LINE - 10}" rx="2"/>'
            f'<text class="value" x="{_LABEL + width + 6:.1f}" y="{y + 17}">{number(value)}</text></g>'
        )
    height = len(bars) * _LINE
    return (
        f'<figure><figcaption><span class="zh">{escape(zh)}</span><span class="en">{escape(en)}</span></figcaption>'
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="group" aria-label="{escape(zh)}">{"".join(lines)}</svg></figure>'
    )
