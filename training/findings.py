"""What an evaluation says beyond its figures: which metric is taken for which, and the worst errors in their surroundings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from govie.claims import ROLES
from govie.formats.filling import context
from training.scoring import Tally

_WEIGHT = {"missed": 3, "extra": 3, "number": 2, "typed": 2}  # a scope or a border that is wrong weighs 1


def confusion(tally: Tally) -> Counter[tuple[str, str]]:
    """How often a claim of one metric was found as another, its number being right."""
    return Counter(
        (gold["metric"], found["metric"]) for _, gold, found, wrong in tally.errors if gold and found and "typed" in wrong and "number" not in wrong
    )


def worst(result: Mapping[str, Any], most: int) -> list[str]:
    """The errors as lines: missed, invented and wrongly typed claims before wrong scopes, and those first that the model was surest of."""
    errors = sorted(result["tallies"]["all"].errors, key=lambda error: _badness(error[2], error[3]), reverse=True)[:most]
    texts = {name: text for name, (text, _) in result["texts"].items()}
    lines = []
    for name, gold, found, wrong in errors:
        row = gold or found
        lines.append(f"{name}: {' '.join(wrong)} | gold {_brief(gold)} | found {_brief(found)} | {context(texts[name], row['start'], row['end'])}")
    return lines


def _badness(found: Mapping[str, Any] | None, wrong: list[str]) -> tuple[int, float]:
    confidence = (found or {}).get("confidence")
    return max(_WEIGHT.get(mark, 1) for mark in wrong), confidence if confidence is not None else 0.5


def _brief(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "-"
    scope = " ".join(f"{role}={part['text']}" for role in ROLES if (part := row["scope"].get(role)))
    sure = f" {row['confidence']:.2f}" if row.get("confidence") is not None else ""
    return f"{row['start']} {row['text']!r} {row['value']} {row['unit']} {row['metric']}{sure} {scope}".rstrip()


def as_json(result: Mapping[str, Any]) -> dict[str, Any]:
    """All figures for machines: ``sources`` with each tally's figures, ``metrics`` with counts by code, ``confusion`` and ``zero``."""
    tally = result["tallies"]["all"]
    return {
        "sources": {name: own.figures() for name, own in result["tallies"].items() if own.gold + own.predicted},
        "metrics": {code: dict(counts) for code, counts in sorted(tally.metrics.items())},
        "confusion": [{"gold": gold, "found": found, "claims": n} for (gold, found), n in confusion(tally).most_common()],
        "zero": result["zero"],
    }
