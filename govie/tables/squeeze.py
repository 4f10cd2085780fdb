"""Text without blanks and breaks, with the place of every character: where labels are sought."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from govie.text import fold_table

__all__ = ["Squeezed", "label_fold", "squeeze"]

_VISIBLE = re.compile(r"[^\s\u200b-\u200f\u2060\ufeff\u00ad]+")


@dataclass(frozen=True, slots=True)
class Squeezed:
    """``plain`` is the text as given with characters folded one to one, so that offsets hold; ``text`` has no blanks, and its character
    ``n`` stands at ``at[n]``."""

    plain: str
    text: str
    at: tuple[int, ...]

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
    return Squeezed(plain, "".join(plain[a:b] for a, b in runs), tuple(n for a, b in runs for n in range(a, b)))
