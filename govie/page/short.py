"""The short form for notebooks: a table of the first claims, and what does not add up. No script, no style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from govie.checks import Finding
from govie.checks.wording import figure, metric_names, number, quote
from govie.document import Extraction

__all__ = ["to_short_html"]

_ROWS = 20


def to_short_html(extraction: Extraction, findings: Sequence[Finding]) -> str:
    """The first claims as a plain table, with the failed findings above."""
    document = extraction.document
    name = " ".join(str(part) for part in (document.publisher, document.year) if part) or document.name or ""
    rows = []
    for claim in extraction.claims[:_ROWS]:
        value = f"{'' if claim.bound in ('=', '..') else claim.bound}{number(claim.value)}" + ("" if claim.high is None else f"–{number(claim.high)}")
        unit = claim.unit + (f" / {claim.per}" if claim.per else "")
        scope = " · ".join(quote(str(part)) for _, part in claim.scope)
        cells = (figure(claim), value, unit, metric_names(claim.metric)[0], scope)
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    head = "".join(f"<th>{label}</th>" for label in ("原文", "数值", "单位", "指标", "范围"))
    failed = "".join(f"<li>✗ {escape(finding.message_zh)}</li>" for finding in findings if finding.status == "fail")
    rest = f"<p>… {len(extraction)} claims in all; <code>to_html()</code> gives the page.</p>" if len(extraction) > _ROWS else ""
    title = f"<p><b>{escape(name)}</b> {len(extraction)} claims</p>"
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return f"<div>{title}{f'<ul>{failed}</ul>' if failed else ''}{table}{rest}</div>".encode("utf-8", "replace").decode()
