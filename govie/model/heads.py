"""The layout of the model's outputs, shared by training and runtime.

One pass over the characters gives, for each of them:

``metric``  (codes + 1)   pooled over a candidate's or a denied mention's characters: its metric, or none (row 0)
``denied``  (3)           IOB2 of denied mentions, the quantities of zero claims
``kind``    (3)           pooled over a quantity: reported, planned, required
``role``    (5 × 3)       IOB2 of the scope spans, one layer a role, so that a period may stand inside a category
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from govie.claims import KINDS, ROLES

OUTPUTS = ("metric", "denied", "kind", "role")
OUTSIDE, BEGIN, INSIDE = range(3)
NO_METRIC = 0


def widths(codes: int) -> dict[str, int]:
    """The width of each output for a model of so many metric codes."""
    return {"metric": codes + 1, "denied": 3, "kind": len(KINDS), "role": 3 * len(ROLES)}


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Shares of the last axis."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    shares: NDArray[np.float32] = powers / powers.sum(-1, keepdims=True)
    return shares
