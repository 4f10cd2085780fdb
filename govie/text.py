"""Folding: the text as given becomes plain simplified, half-width text without noise, with a way back for every offset.

Folding changes one character to one (traditional → simplified, full width → half width, radicals → characters) and drops
what a page or a PDF has put *between* characters: blanks beside Chinese, a line break inside a wrapped sentence, pinyin in
brackets. Numbers, the model and the tables work on the folded text; every span is mapped back before anyone sees it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from govie.errors import TextError
from govie.resources import data_text

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff"
_WRAP_WIDTH = 16
_NOISE = re.compile(
    rf"(?P<pinyin>(?<=[{_HAN}])\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹ]{{1,7}}\))"
    rf"|(?P<blank>(?<=[{_HAN}，。、；：“”《》）)(（%％]) +|(?<! ) +(?=[{_HAN}，。、；：“”《》）)(（%％]))"
    rf"|(?P<unit>(?:(?<=[0-9])|(?<=[0-9][万亿千百余多]))\u200b?\n(?=[万亿千百余多]?[条件个份次起场期篇项人元%宗名户家册张批处位部台]))"
    rf"|(?P<wrap>\u200b?\n(?=[{_HAN}0-9《“（(]))"
)
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_CLOSED = "。！？!?；;：:"
_OPENER = re.compile(
    r"[一二三四五六七八九十]{1,3}[、是]|[（(][一二三四五六七八九十0-9]{1,3}[）)]|[0-9]{1,2}[、.．]|第[一二三四五六七八九十0-9]+[条章节部项]|附[件表]|-"
)


@cache
def fold_table() -> Mapping[int, int]:
    """Code points that folding changes, with what they become. Source: ``govie/data/fold.tsv``."""
    rows = data_text("fold.tsv").splitlines()
    pairs = (row.split("\t") for row in rows if not row.startswith("#"))
    return {int(old, 16): int(new, 16) for old, new in pairs}


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text and where each of its characters came from.

    Attributes:
        text: the folded text.
        cuts: ``(place, dropped)`` pairs in order: from folded offset ``place`` on, ``dropped`` characters of the source
            in all are missing before it.
    """

    text: str
    cuts: tuple[tuple[int, int], ...]

    def source_offset(self, offset: int) -> int:
        """Where the folded character at ``offset`` stands in the text as given."""
        n = bisect_left(self.cuts, (offset + 1, 0))
        return offset + (self.cuts[n - 1][1] if n else 0)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span of the text as given for a non-empty folded one."""
        return self.source_offset(start), self.source_offset(end - 1) + 1

    def folded_offset(self, offset: int) -> int:
        """The folded offset of the first kept character at or behind source ``offset``."""
        low, high = 0, len(self.text)
        while low < high:
            middle = (low + high) // 2
            if self.source_offset(middle) < offset:
                low = middle + 1
            else:
                high = middle
        return low

    def folded_span(self, start: int, end: int) -> tuple[int, int]:
        """The folded span of what stands between two source offsets."""
        return self.folded_offset(start), self.folded_offset(end)


def fold(text: str) -> Folded:
    """Fold ``text``.

    Raises:
        TextError: where ``text`` is not a ``str``.
    """
    if not isinstance(text, str):
        raise TextError(f"text must be a str, not {type(text).__name__}; decode bytes first")
    plain = text.replace("\r\n", "\u200b\n").translate(fold_table())  # as long as before
    drops = sorted({*_invisible(plain), *_between(plain)}, key=lambda drop: (drop[0], -drop[1]))
    kept: list[str] = []
    cuts: list[tuple[int, int]] = []
    at = place = dropped = 0
    for start, end in drops:
        if start < at:
            continue
        kept.append(plain[at:start])
        place += start - at
        dropped += end - start
        cuts.append((place, dropped))
        at = end
    kept.append(plain[at:])
    return Folded("".join(kept), tuple(cuts))


def _invisible(plain: str) -> list[tuple[int, int]]:
    return [match.span() for match in _INVISIBLE.finditer(plain)]


def _between(plain: str) -> list[tuple[int, int]]:
    return [match.span() for match in _NOISE.finditer(plain) if match.lastgroup != "wrap" or _is_wrap(plain, *match.span())]


def _is_wrap(plain: str, at: int, end: int) -> bool:
    """Whether the line break at ``at:end`` only wraps a sentence: a long unfinished line before it, and no list or heading after."""
    line = plain[max(plain.rfind("\n", 0, at) + 1, at - 200) : at].strip()
    if len(line) < _WRAP_WIDTH or line[-1] in _CLOSED or not re.search(rf"[{_HAN}，、]", line[-3:]):
        return False
    return not _OPENER.match(plain, end)
