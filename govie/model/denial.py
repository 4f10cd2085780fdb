"""Where zero claims stand: the mentions of what a sentence denies."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from govie.model.heads import BEGIN, OUTSIDE

_CUE_BEFORE = re.compile("[未没无不零免否非]")
_CUE_AFTER = re.compile("[^。;\n]{0,8}(?:无|零|没有|未)")
_JOINTS = "、,和及与或;。:\n "
SHORTEST = 2


def denied_spans(logits: NDArray[np.float32], text: str) -> list[tuple[int, int]]:
    """The denied mentions of a window, as half-open spans.

    Characters that are rather inside a mention than outside make runs; a run is parted only where a list's joint stands, and
    counts only in a sentence that denies something: a heading (五、复议、诉讼和申诉情况) names the same things and denies none.

    Args:
        logits: the ``denied`` output, shape (length, 3).
        text: the window's folded text, of the same length.
    """
    shares = np.exp(logits - logits.max(-1, keepdims=True))
    shares /= shares.sum(-1, keepdims=True)
    inside = shares[:, OUTSIDE] < 0.5
    begins = shares[:, BEGIN] > 0.5
    spans: list[tuple[int, int]] = []
    start = None
    for n in range(len(text) + 1):
        ends = n == len(text) or not inside[n] or (begins[n] and text[n - 1] in _JOINTS)
        if start is not None and ends:
            spans.append((start, n))
            start = None
        if n < len(text) and inside[n] and start is None:
            start = n
    return [span for span in spans if span[1] - span[0] >= SHORTEST and _is_denied(text, *span)]


def _is_denied(text: str, start: int, end: int) -> bool:
    sentence = max(text.rfind(mark, 0, start) for mark in "。;\n") + 1
    return bool(_CUE_BEFORE.search(text, sentence, end) or _CUE_AFTER.match(text, end))
