"""Cut folded text into windows that fit the model: whole sentences, with what goes before as context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CORE, CONTEXT = 288, 160
_SENTENCE = re.compile(r"[^。!?;\n]*(?:[。!?;\n]+[”’)」』]?|$)")
_PAUSE = ",、:, )"


@dataclass(frozen=True, slots=True)
class Window:
    """``start:end`` is what the model reads; it decides about what begins in ``core:end``, the rest is context."""

    start: int
    core: int
    end: int


def windows(text: str, points: Sequence[int]) -> Iterator[Window]:
    """The windows of ``text`` that hold at least one of ``points``, in order.

    Args:
        text: folded text, of any length.
        points: ascending offsets that the model is asked about (where candidates and words of denial begin); a window
            without one is passed over, and none is cut in two.
    """
    bounds = _sentence_starts(text, points)
    first = next_point = 0
    while first < len(bounds) - 1:
        core = bounds[first]
        last = first + 1
        while last < len(bounds) - 1 and bounds[last + 1] - core <= CORE:
            last += 1
        end = bounds[last]
        while next_point < len(points) and points[next_point] < core:
            next_point += 1
        if next_point < len(points) and points[next_point] < end:
            before = first
            while before > 0 and core - bounds[before - 1] <= CONTEXT:
                before -= 1
            yield Window(bounds[before], core, end)
        first = last


def _sentence_starts(text: str, points: Sequence[int]) -> list[int]:
    """Where sentences begin, and the text's end. A sentence over ``CORE`` is cut at a pause, or before a point, or at ``CORE``."""
    taken = frozenset(points)
    starts = [0]
    for match in _SENTENCE.finditer(text):
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
