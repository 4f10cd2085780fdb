"""What the page's script reads: claims and findings as JSON that no text can break out of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from govie.checks import Finding
from govie.checks.wording import metric_names, number
from govie.claims import Claim
from govie.document import Extraction
from govie.resources import data_text, data_toml

__all__ = ["as_json", "asset", "colour_of", "config", "group_of", "indexes"]


@cache
def asset(name: str) -> str:
    """A file of ``govie/data/page``."""
    return data_text("page", name)


@cache
def config() -> Mapping[str, Any]:
    """Groups of metrics and charts: ``page.toml``."""
    return data_toml("page", "page.toml")


@cache
def group_of(metric: str) -> str:
    """The group whose colour a metric has."""
    family = metric.partition(".")[0]
    return str(next((group["key"] for group in config()["groups"] if family in group["families"]), "other"))


@cache
def colour_of(metric: str) -> str:
    """The light colour of a metric's group, as CSS has it, for pages of other tools."""
    return next(f"hsl({group['hue']}, 70%, 82%)" for group in config()["groups"] if group["key"] == group_of(metric))


def indexes(extraction: Extraction) -> dict[int, int]:
    """The place in the extraction of each of its claims, by identity: two claims may be equal."""
    return {id(claim): n for n, claim in enumerate(extraction)}


def as_json(extraction: Extraction, findings: Sequence[Finding]) -> str:
    """Claims and findings; ``<``, ``>`` and ``&`` are written as escapes, so that the text cannot end its element."""
    known = indexes(extraction)
    data = {
        "claims": [_claim(claim) for claim in extraction],
        "findings": [_finding(finding, known) for finding in findings],
        "groups": [{key: group[key] for key in ("key", "zh", "en")} for group in config()["groups"]],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _claim(claim: Claim) -> dict[str, Any]:
    zh, en = metric_names(claim.metric)
    return {
        "s": claim.start, "e": claim.end, "t": claim.text, "v": number(claim.value), "h": None if claim.high is None else number(claim.high),
        "u": claim.unit, "b": claim.bound, "p": claim.per, "m": claim.metric, "zh": zh, "en": en, "g": group_of(claim.metric), "k": claim.kind,
        "c": None if claim.confidence is None else round(claim.confidence, 3), "n": claim.note, "total": claim.is_total,
        "scope": {role: [part.start, part.end, part.text] for role, part in claim.scope},
    }  # fmt: skip


def _finding(finding: Finding, known: Mapping[int, int]) -> dict[str, Any]:
    return {
        "code": finding.code, "status": finding.status, "zh": finding.message_zh, "en": finding.message_en,
        "claims": [known[id(claim)] for claim in finding.claims if id(claim) in known],
    }  # fmt: skip
