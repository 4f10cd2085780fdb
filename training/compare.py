"""Two models side by side on the same texts, with an interval of their difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.scoring import MEASURES, Tally

SAMPLES, LEVEL = 2000, 0.95


def compare(first: Sequence[Tally], second: Sequence[Tally], *, seed: int = 1, samples: int = SAMPLES) -> dict[str, dict[str, float]]:
    """The difference of F1 for each measure.

    Texts are drawn with replacement, the same for both models (a paired bootstrap, Efron and Tibshirani 1993): claims of one text are
    alike and do not count as so many separate observations.

    Args:
        first, second: a tally for each text, in the same order.
        seed: of the draws.
        samples: how many draws.

    Returns:
        For each measure ``first``, ``second``, ``difference`` (first less second) and the ends ``low`` and ``high`` of its 95 % interval.
    """
    drawn = np.random.default_rng(seed).integers(0, len(first), (samples, len(first)))
    tail = 100 * (1 - LEVEL) / 2
    found = {}
    for measure in MEASURES:
        counts = [_counts(tallies, measure) for tallies in (first, second)]
        whole = [float(_f1(count.sum(0))) for count in counts]
        low, high = np.percentile(_f1(counts[0][drawn].sum(1)) - _f1(counts[1][drawn].sum(1)), [tail, 100 - tail])
        figures = {"first": whole[0], "second": whole[1], "difference": whole[0] - whole[1], "low": float(low), "high": float(high)}
        found[measure] = {name: round(figure, 4) for name, figure in figures.items()}
    return found


def _counts(tallies: Sequence[Tally], measure: str) -> NDArray[np.float64]:
    return np.array([(tally.hits[measure], tally.predicted, tally.gold) for tally in tallies], dtype=np.float64)


def _f1(counts: NDArray[np.float64]) -> Any:
    """F1 of hits, predictions and gold in the last axis."""
    hits, both = counts[..., 0], counts[..., 1] + counts[..., 2]
    return np.divide(2 * hits, both, out=np.zeros_like(hits), where=both > 0)


def show_comparison(compared: dict[str, dict[str, float]], first: str, second: str) -> str:
    """The comparison as a table."""
    lines = [f"{first} against {second}, difference of F1 with its 95 % interval", ""]
    for measure, row in compared.items():
        sign = "" if row["low"] <= 0 <= row["high"] else "  *"
        lines.append(f"{measure:8}{row['first']:8.4f}{row['second']:8.4f}{row['difference']:+9.4f}  [{row['low']:+.4f}, {row['high']:+.4f}]{sign}")
    return "\n".join(lines)
