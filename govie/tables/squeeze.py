"""Text without blanks and breaks, with the place of every character: where labels are sought."""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

from govie.text import fold_table

__all__ = ["Squeezed", "label_fold", "squeeze"]

_VISIBLE = re.compile(r"[^\s\u200b-\u200f\u2060\ufeff\u00ad]+")


@dataclass(frozen=True, slots=True)
class Squeezed:
    """``plain`` is the text as given with characters folded one to one, so that offsets hold; ``text`` has no blanks, and its character
    ``n`` stands at ``at[n]``."""

    plain: str
    text: str
    at: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span of the text as given for a non-empty squeezed one."""
        return self.at[start], self.at[end - 1] + 1


@cache
def label_fold() -> Mapping[int, int]:
    """The folding of characters, save of the tabs, which part cells; and 其它 is 其他."""
    return {**{old: new for old, new in fold_table().items() if old != ord("\t")}, ord("它"): ord("他")}


def squeeze(text: str) -> Squeezed:
    """Fold the characters of ``text`` and squeeze it."""
    plain = text.replace("\r\n", " \n").translate(label_fold())
    runs = [match.span() for match in _VISIBLE.finditer(plain)]
    at = array("I", chain.from_iterable(range(a, b) for a, b in runs))  # an eighth of a tuple's room
    return Squeezed(plain, "".join(plain[a:b] for a, b in runs), at)
