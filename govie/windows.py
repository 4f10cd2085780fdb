"""Cut folded text into windows that fit the model: whole sentences that there is something to ask of, with what goes before as context."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CORE, CONTEXT = 256, 96  # short windows are read better, and attention costs by the square of their length
_SENTENCE = re.compile(r"[^。!?;\n]*(?:[。!?;\n]+[”’)」』]?|$)")
_PAUSE = ",、:, )"


@dataclass(frozen=True, slots=True)
class Window:
    """``start:end`` is what the model reads; it decides about what begins in ``core:end``, the rest is context."""

    start: int
    core: int
    end: int


def windows(text: str, points: Sequence[int]) -> Iterator[Window]:
    """The windows of ``text``, in order, that together hold every sentence with one of ``points``.

    Args:
        text: folded text, of any length.
        points: ascending offsets that the model is asked about (where candidates and words of denial begin), not of blanks. A core
            begins and ends with a sentence that has one, and none is cut in two; what stands between two windows is passed over.
    """
    bounds = _sentence_starts(text, points)
    points = points[: bisect_left(points, bounds[-1])]
    at = bisect_left(points, bounds[0])
    while at < len(points):
        first = bisect_right(bounds, points[at]) - 1
        core, end = bounds[first], bounds[first + 1]
        at = bisect_left(points, end, at)
        while at < len(points):
            following = bounds[bisect_right(bounds, points[at])]
            if following - core > CORE:
                break
            end = following
            at = bisect_left(points, end, at)
        yield Window(bounds[bisect_left(bounds, core - CONTEXT, 0, first + 1)], core, end)


def _sentence_starts(text: str, points: Sequence[int]) -> list[int]:
    """Where sentences begin, and where the last ends. A sentence over ``CORE`` is cut at a pause, or before a point, or at ``CORE``."""
    taken = frozenset(points)
    starts = [len(text) - len(text.lstrip())]  # blanks at the ends are shown to nobody
    for match in _SENTENCE.finditer(text, starts[0], max(starts[0], len(text.rstrip()))):
        end = match.end()
        while end - starts[-1] > CORE:
            low, high = starts[-1] + CORE // 2, starts[-1] + CORE
            cut = max(text.rfind(mark, low, high) + 1 for mark in _PAUSE)
            if cut <= low:
                cut = next((place for place in range(high, low, -1) if place in taken), high)
            starts.append(cut)
        if end > starts[-1]:
            starts.append(end)
    return starts
