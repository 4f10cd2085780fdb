"""Where zero claims stand: the mentions of what a sentence denies."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from govie.model.heads import softmax
from govie.model.runs import runs

_SHORTEST = 2  # characters; no noun that a report counts is shorter
_CUE_BEFORE = re.compile("[未没无不零免否非]")
_CUE_AFTER = re.compile("[^。;\n]{0,8}(?:无|零|没有|未)")


def denied_spans(logits: NDArray[np.float32], text: str) -> list[tuple[int, int]]:
    """The denied mentions of a window, as half-open spans.

    A run of the ``denied`` layer counts only in a sentence that denies something: a heading (五、复议、诉讼和申诉情况) names the
    same things and denies none.

    Args:
        logits: the ``denied`` output, shape (length, 3).
        text: the window's folded text, of the same length.
    """
    trimmed = ((start + (text[start] == "的"), end) for start, end in runs(softmax(logits), text))
    return [(start, end) for start, end in trimmed if end - start >= _SHORTEST and _is_denied(text, start, end)]


def _is_denied(text: str, start: int, end: int) -> bool:
    sentence = max(text.rfind(mark, 0, start) for mark in "。;\n") + 1
    return bool(_CUE_BEFORE.search(text, sentence, end) or _CUE_AFTER.match(text, end))
