"""The page from its parts."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from html import escape

from govie.checks import Finding
from govie.checks.report import Report
from govie.document import Extraction
from govie.page.charts import charts
from govie.page.data import as_json, asset, config
from govie.page.segments import body

__all__ = ["to_html"]


def to_html(extraction: Extraction, findings: Sequence[Finding]) -> str:
    """One self-contained page in UTF-8: it asks for nothing, and its policy lets no script run but its own.

    Args:
        findings: what :func:`govie.check` returned for the extraction.
    """
    report = Report.of(extraction)
    script = asset("page.js")
    document = extraction.document
    title = " ".join(str(part) for part in (document.publisher, document.year) if part) or document.name or "govie"
    status = Counter(finding.status for finding in findings)
    parts = {
        "policy": f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'",
        "title": escape(title),
        "style": asset("page.css") + _colours(),
        "legend": "".join(
            f'<span class="key g-{group["key"]}"><span class="zh">{escape(group["zh"])}</span><span class="en">{escape(group["en"])}</span></span>'
            for group in config()["groups"]
            if any(claim.metric.partition(".")[0] in group["families"] for claim in extraction)
        ),
        "count": str(len(extraction)),
        "fails": str(status["fail"]),
        "charts": charts(report)
        or '<p class="none"><span class="zh">没有可画的申请情况表</span><span class="en">No table of applications to draw</span></p>',
        "body": body(extraction),
        "data": as_json(extraction, findings),
        "script": script,
    }
    # One pass over the template, so that nothing in a report is taken for one of its marks.
    pieces = asset("page.html").split("{{")
    page = pieces[0] + "".join(parts[name] + rest for name, _, rest in (piece.partition("}}") for piece in pieces[1:]))
    return page.encode("utf-8", "replace").decode()  # half of a surrogate pair, which no page can hold, is a question mark


def _colours() -> str:
    return "".join(f".g-{group['key']}{{--hue:{group['hue']}}}" for group in config()["groups"])
