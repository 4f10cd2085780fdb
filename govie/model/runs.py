"""From IOB2 scores to spans, more robust than the best tag of each character."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from govie.model.heads import BEGIN, OUTSIDE

JOINTS = frozenset("、,和及与或;。: \n")


def runs(logits: NDArray[np.float32], text: str) -> list[tuple[int, int]]:
    """The spans of one IOB2 layer, half-open.

    Characters that are rather inside a span than outside make runs. A run is parted where a B stands behind a list's joint,
    not at any B: an uncertain model sets B in the middle of words. A run that begins inside a numeral (12345热线) takes it whole.

    Args:
        logits: shape (length, 3), in the order O, B, I.
        text: the window's folded text, of the same length.
    """
    shares = np.exp(logits - logits.max(-1, keepdims=True))
    shares /= shares.sum(-1, keepdims=True)
    inside = shares[:, OUTSIDE] < 0.5
    inside[1:-1] |= inside[:-2] & inside[2:] & np.array([c not in JOINTS for c in text[1:-1]], dtype=bool)  # a hole of one character
    begins = shares[:, BEGIN] > 0.5
    spans: list[tuple[int, int]] = []
    start = None
    for n in range(len(text) + 1):
        ends = n == len(text) or not inside[n] or (begins[n] and text[n - 1] in JOINTS)
        if start is not None and ends:
            spans.append((start, n))
            start = None
        if n < len(text) and inside[n] and start is None:
            start = n
    return [(_numeral_start(text, start), end) for start, end in spans]


def _numeral_start(text: str, start: int) -> int:
    """Where the numeral begins that ``start`` stands in or, at 年 and the like, right behind."""
    if text[start].isdigit() or text[start] in "年月日":
        while start and text[start - 1].isdigit():
            start -= 1
    return start
