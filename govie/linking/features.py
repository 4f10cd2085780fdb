"""What the linker looks at: features of a claim, and of a claim together with a span that may govern it.

They say in numbers what the contract says in words: how far apart the two are, what marks and words stand between them, whether
another span of the role or another claim stands between, and what opens the sentences and lines of both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govie.linking.mentions import Place
from govie.linking.page import Ints, Page

Columns = dict[str, NDArray[np.float32]]

BEFORE, AFTER, BEHIND_SPAN = "达为共计占了是到有各、,:(数", ",。;、)的\n", ",的:共为达;、("
WORDS_BETWEEN = ("其中", "占", "分别", "均", "各", "包括", "同比", "较", "和", "比")
NEAR_WORDS = ("占", "率", "同比", "比", "各", "均", "分别", "期间", "其中")
DIRECTION = re.compile("增长|下降|减少|增加|提高|上升|降低|增|减|压缩|缩短|提升")
SHARES = (0.5, 0.7, 0.85, 0.95)
_HEADING = 24
_NEAR = 12


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidate pairs as parallel arrays: the row of the claim, the span, how many of its role stand between, how sure the model is of it."""

    claim: Ints
    start: Ints
    end: Ints
    rank: Ints
    share: NDArray[np.float32]


def claim_columns(page: Page, places: Sequence[Place], denied: Sequence[bool]) -> Columns:
    """Features of each claim by itself, each of shape (claims,)."""
    start, end = (np.array([place[n] for place in places], dtype=np.int64) for n in (0, 1))
    sentence = page.sentence(start)
    before, after = page.characters(start - 1), page.characters(end)
    last = np.concatenate([[-1], end[:-1]])  # where the claim before ends
    is_first = last < 0
    low = np.where(is_first, start, np.minimum(np.maximum(last, 0), start))
    following = np.concatenate([start[1:], [len(page.text) + 99]])
    gap = start - low
    columns = {f"before {c}": np.array([b == c for b in before]) for c in BEFORE}
    columns |= {f"after {c}": np.array([a == c for a in after]) for c in AFTER}
    columns |= {f"near {word}": page.words(word, np.maximum(sentence, start - _NEAR), start) > 0 for word in NEAR_WORDS}
    columns |= {
        "denied": np.array(denied, dtype=bool),
        "sentence is 其中": page.is_sub_sentence(sentence),
        "sentence is item": page.is_list_item(sentence),
        "line is item": page.is_list_item(page.line(start)),
        "first of sentence": is_first | (last <= sentence),
        "其中 before": page.words("其中", sentence, start) > 0,
        "first sentence": sentence == 0,
        "first": is_first,
        "gap 1": gap <= 1,
        "gap 3": gap <= 3,
        "gap 占": (page.words("占", low, np.minimum(low + 3, start)) > 0) & (gap <= 8),
        "gap其中": page.words("其中", low, start) > 0,
        "next": following - end <= 3,
        "is last": following > len(page.text),
    }
    columns |= {f"gap {mark}": page.marks(mark, low, start) > 0 for mark in ("comma", "semicolon", "stop", "line", "pause", "opening")}
    return {name: column.astype(np.float32) for name, column in columns.items()}


def pair_columns(page: Page, places: Sequence[Place], pairs: Pairs) -> Columns:
    """Features of each pair, each of shape (pairs,)."""
    starts, ends = (np.array([place[n] for place in places], dtype=np.int64) for n in (0, 1))
    start, end = starts[pairs.claim], ends[pairs.claim]
    is_before, is_after = pairs.end <= start, pairs.start >= end
    low = np.where(is_before, pairs.end, end)
    high = np.maximum(low, np.where(is_before, start, pairs.start))
    gap = high - low
    between = np.searchsorted(starts, high) - np.searchsorted(starts, low)
    last = np.where(pairs.claim > 0, ends[pairs.claim - 1], 0)
    following = np.append(starts, len(page.text))[pairs.claim + 1]
    line, line_end, own_line = page.line(pairs.start), page.line_end(pairs.start), page.line(start)
    sentence = page.sentence(pairs.start)
    other_line = line != own_line
    next_claim = np.append(starts, len(page.text) + 99)[np.searchsorted(starts, pairs.end)]
    columns = {
        "before": is_before,
        "behind": is_after,
        "within": ~(is_before | is_after),
        **{f"distance {n}": gap <= n for n in (0, 2, 6, 12)},
        **_ramp("claims", between),
        **_ramp("rank", pairs.rank),
        **{f"has {word}": page.words(word, low, high) > 0 for word in WORDS_BETWEEN},
        "opened since": is_before & (page.marks("opening", pairs.start, start) > page.marks("closing", pairs.start, start)),
        "closed since": is_before & (page.marks("closing", pairs.end, start) > page.marks("opening", pairs.end, start)),
        "has opening": page.marks("opening", low, high) > 0,
        "lead line": other_line & np.array([c == ":" for c in page.characters(line_end - 1)], dtype=bool),
        "heading": other_line & (line_end - line <= _HEADING) & (page.marks("stop", line, line_end) == 0),
        "span's line is item": page.is_list_item(line),
        "claim's line is item": other_line & page.is_list_item(own_line),
        "opens sentence": pairs.start - sentence <= 1,
        "span's sentence is item": page.is_list_item(sentence),
        "lead clause": page.is_lead(pairs.end),
        "touches another": is_before & (next_claim - pairs.end <= 1) & (next_claim < start),
        "since the last claim": is_before & (pairs.start >= last),
        "till the next claim": is_after & (pairs.end <= following),
    }
    for mark in ("stop", "line", "semicolon", "comma", "pause", "colon"):
        columns |= _ramp(mark, page.marks(mark, low, high))
    columns |= _span_columns(page, pairs)
    columns |= {f"share over {n}": pairs.share > n for n in SHARES}
    shares = {"distance": np.log1p(gap) / 6, "share": pairs.share}
    return {name: column.astype(np.float32) for name, column in (columns | shares).items()}


def _span_columns(page: Page, pairs: Pairs) -> Mapping[str, NDArray[np.bool_]]:
    behind = page.characters(pairs.end)
    texts = [page.text[start:end] for start, end in zip(pairs.start.tolist(), pairs.end.tolist(), strict=True)]
    length = pairs.end - pairs.start
    return {
        **{f"behind it {c}": np.array([b == c for b in behind], dtype=bool) for c in BEHIND_SPAN},
        **{f"length {n}": length <= n for n in (1, 2, 4, 10)},
        "is direction": np.array([bool(DIRECTION.fullmatch(text)) for text in texts], dtype=bool),
        "is day": np.array(["日" in text for text in texts], dtype=bool),
        "is whole": np.array([text.startswith(("全", "截至", "年")) for text in texts], dtype=bool),
    }


def _ramp(name: str, counts: Ints) -> dict[str, NDArray[np.bool_]]:
    """0, 1, 2, more."""
    return {f"{name} 0": counts == 0, f"{name} 1": counts == 1, f"{name} 2": counts == 2, f"{name} more": counts > 2}
