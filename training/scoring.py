"""Precision, recall and F1 of extracted claims against gold claims, both as dicts in the shape of the gold files.

The measures are those of the contract's scorer: a predicted claim matches a gold claim when their quantity spans overlap,
among several the one of the same metric and value first; then

    span    exact quantity span
    value   value, unit, bound and per right
    typed   value (number alone) and metric right
    family  the same with the metric's first part only
    full    exact span, value, unit, bound, per, metric, kind and every scope role right

A gold claim may hold ``optional`` (neither wanted nor wrong), ``accept`` {role: [span or null, …] or "any"} and
``accept_metric`` [pattern, …]. A scope role is right when both are null or the spans overlap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatch
from typing import Any

from govie.claims import ROLES

MEASURES = ("span", "value", "typed", "family", "full")
Row = Mapping[str, Any]


@dataclass(slots=True)
class Tally:
    """Counts over any number of texts; :meth:`add` each, then read the figures."""

    gold: int = 0
    predicted: int = 0
    matched: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    metrics: dict[str, Counter[str]] = field(default_factory=dict)
    errors: list[tuple[str, Row | None, Row | None, list[str]]] = field(default_factory=list)

    def add(self, name: str, gold: Sequence[Row], predicted: Sequence[Row]) -> None:
        """Compare the claims of one text."""
        pairs, missed, extra = _pair(gold, predicted)
        self.gold += len(pairs) + len(missed)
        self.predicted += len(pairs) + len(extra)
        for g, p in pairs:
            marks = _judge(g, p)
            self.hits.update(mark for mark, right in marks.items() if right)
            self.matched += marks["number"]
            self._count(g["metric"], p["metric"], typed=marks["typed"])
            if not marks["full"]:
                self.errors.append((name, g, p, [mark for mark, right in marks.items() if not right]))
        for g in missed:
            self._count(g["metric"], None, typed=False)
            self.errors.append((name, g, None, ["missed"]))
        for p in extra:
            self._count(None, p["metric"], typed=False)
            self.errors.append((name, None, p, ["extra"]))

    def _count(self, gold: str | None, predicted: str | None, *, typed: bool) -> None:
        if typed:
            predicted = gold
        for metric, key in ((gold, "gold"), (predicted, "predicted")):
            if metric:
                self.metrics.setdefault(metric, Counter())[key] += 1
        if typed and gold:
            self.metrics[gold]["typed"] += 1

    def figures(self) -> dict[str, Any]:
        """``{measure: {"p", "r", "f1"}}``, and the accuracy of each role and of kind among claims whose number is right."""
        figures: dict[str, Any] = {m: prf(self.hits[m], self.predicted, self.gold) for m in MEASURES}
        roles = {r: round(self.hits[r] / self.matched, 4) if self.matched else 0.0 for r in (*ROLES, "kind")}
        return {"gold": self.gold, "predicted": self.predicted, **figures, "roles": roles}


def prf(hits: int, predicted: int, gold: int) -> dict[str, float]:
    """Precision, recall and F1, four digits."""
    p, r = hits / predicted if predicted else 0.0, hits / gold if gold else 0.0
    return {"p": round(p, 4), "r": round(r, 4), "f1": round(2 * p * r / (p + r), 4) if p + r else 0.0}


def _pair(gold: Sequence[Row], predicted: Sequence[Row]) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    ranked = sorted(
        (-(4 * _same_metric(g, p) + 2 * _same_number(g, p) + ((g["start"], g["end"]) == (p["start"], p["end"]))), i, j)
        for i, g in enumerate(gold)
        for j, p in enumerate(predicted)
        if _overlap(g, p)
    )
    by_gold: dict[int, int] = {}
    used: set[int] = set()
    for _, i, j in ranked:
        if i not in by_gold and j not in used:
            by_gold[i] = j
            used.add(j)
    pairs = [(gold[i], predicted[j]) for i, j in by_gold.items() if not gold[i].get("optional")]
    missed = [g for i, g in enumerate(gold) if i not in by_gold and not g.get("optional")]
    return pairs, missed, [p for j, p in enumerate(predicted) if j not in used]


def _judge(g: Row, p: Row) -> dict[str, bool]:
    number = _same_number(g, p)
    marks = {
        "span": (g["start"], g["end"]) == (p["start"], p["end"]), "number": number,
        "value": number and (g["unit"], g["bound"], g.get("per") or None) == (p["unit"], p["bound"], p.get("per") or None),
        "typed": number and _same_metric(g, p), "family": number and _same_family(g, p),
    }  # fmt: skip
    right = {role: _same_role(g, p, role) for role in ROLES} | {"kind": g["kind"] == p["kind"]}
    marks["full"] = marks["span"] and marks["value"] and marks["typed"] and all(right.values())
    return marks | {role: number and ok for role, ok in right.items()}


def _overlap(a: Row, b: Row) -> bool:
    return bool(a["start"] < b["end"] and b["start"] < a["end"])


def _same_number(g: Row, p: Row) -> bool:
    if g.get("value") is None or Decimal(str(g["value"])) != Decimal(str(p["value"])):
        return False
    return g["bound"] != ".." or (p.get("high") is not None and Decimal(str(g["high"])) == Decimal(str(p["high"])))


def _patterns(g: Row) -> Iterable[str]:
    return g.get("accept_metric") or [g["metric"]]


def _same_metric(g: Row, p: Row) -> bool:
    return any(fnmatch(p["metric"], pattern) for pattern in _patterns(g))


def _same_family(g: Row, p: Row) -> bool:
    return any(p["metric"].split(".")[0] == pattern.split(".")[0] for pattern in _patterns(g))


def _same_role(g: Row, p: Row, role: str) -> bool:
    accepted = (g.get("accept") or {}).get(role, [(g.get("scope") or {}).get(role)])
    if accepted == "any":
        return True
    found = (p.get("scope") or {}).get(role)
    return any((a is None and found is None) or (a and found and _overlap(a, found)) for a in accepted)
