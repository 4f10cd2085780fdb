"""Tie scope spans to quantities: how far a scope reaches.

The contract's rules in their plain form: an entity, channel, period or applicant named in a sentence governs every later
claim of it until another of its kind is named; a category belongs to the claim that it touches; a sentence that opens with
其中 takes over what governed the claim before it; what is named in a part that 其中 opens inside a sentence ends with that part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["link"]

Place = tuple[int, int]
REACHING = ("entity", "channel", "period", "applicant")
_ENDS = "。\n"
_TOUCHING = 2


def link(text: str, places: Sequence[Place], spans: Mapping[str, Sequence[Place]]) -> list[dict[str, Place]]:
    """The span of each role that governs each quantity.

    Args:
        text: one window of folded text.
        places: the half-open spans of its claims' quantities, in order; one place may stand twice.
        spans: the scope spans of every role, in order.
    """
    linked: list[dict[str, Place]] = []
    taken: set[Place] = set()  # categories behind their number, which are not those of the next
    for start, end in places:
        sentence = max(text.rfind(mark, 0, start) for mark in _ENDS) + 1
        carries_on = text.startswith("其中", sentence) or text.startswith("(其中", sentence)
        scopes: dict[str, Place] = {}
        for role in REACHING:
            before = [span for span in spans[role] if sentence <= span[0] and span[1] <= start and not _is_left(text, sentence, span, start)]
            if before:
                scopes[role] = before[-1]
            elif carries_on and linked and role in linked[-1]:
                scopes[role] = linked[-1][role]
        free = [span for span in spans["category"] if span not in taken]
        category = _category(free, (start, end), places, sentence, len(text))
        if category:
            scopes["category"] = category
            if category[0] >= end:
                taken.add(category)
        linked.append(scopes)
    return linked


def _is_left(text: str, sentence: int, span: Place, start: int) -> bool:
    """Whether a part that 其中 opens, and names the span, has ended with a semicolon before the quantity."""
    opened = text.rfind("其中", sentence, span[0])
    return opened > sentence and ";" not in text[opened : span[0]] and ";" in text[span[1] : start]


def _category(spans: Sequence[Place], place: Place, places: Sequence[Place], sentence: int, length: int) -> Place | None:
    """The last category since the claim before, or else one that follows at once."""
    start, end = place
    clause = max([sentence, *(other[1] for other in places if other[1] <= start)])
    before = [span for span in spans if clause <= span[0] and span[1] <= start]
    if before:
        return before[-1]
    stop = min([length, *(other[0] for other in places if other[0] >= end)])
    return next((span for span in spans if end <= span[0] <= end + _TOUCHING and span[1] <= stop), None)
