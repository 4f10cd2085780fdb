"""From IOB2 shares to spans, more robust than the best tag of each character."""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray

from govie.model.heads import BEGIN, OUTSIDE

JOINTS = frozenset("、,和及与或;。: \n")
_SYMBOLS = frozenset(("So", "Sk", "Mn", "Cf", "Cn", "Cs"))  # pictures, and what modifies and joins them
SEED, GROWN = 0.4, 0.2  # shares of being inside; chosen on the dev split of the corpus


def runs(shares: NDArray[np.float32], text: str) -> list[tuple[int, int]]:
    """The spans of one IOB2 layer, half-open.

    A run has a character that is inside with a share over ``SEED``, and takes what stands beside it with a share over ``GROWN``, up to
    a list's joint: borders are where a model is least sure. A run is parted where a B stands behind a joint, not at any B: an
    uncertain model sets B in the middle of words. A run that begins inside a numeral (12345热线) takes it whole. Symbols at the ends (emojis,
    stars, check marks) belong to no run.

    Args:
        shares: of O, B and I, in this order; shape (length, 3).
        text: the window's folded text, of the same length.
    """
    seeds = shares[:, OUTSIDE] < 1 - SEED
    if not seeds.any():
        return []
    joint = np.array([c in JOINTS for c in text], dtype=bool)
    inside = _grow(seeds, (shares[:, OUTSIDE] < 1 - GROWN) & ~joint)
    inside[1:-1] |= inside[:-2] & inside[2:] & ~joint[1:-1]  # a hole of one character
    before = np.concatenate([[False], inside[:-1]])
    parted = inside & (shares[:, BEGIN] > 0.5) & np.concatenate([[False], joint[:-1]])
    starts = np.flatnonzero(inside & (parted | ~before)).tolist()
    ends = np.flatnonzero(np.append(before & (parted | ~inside), inside[-1:])).tolist()
    spans = (_without_symbols(text, start, end) for start, end in zip(starts, ends, strict=True))
    return [(_numeral_start(text, start), end) for start, end in spans if start < end]


def _without_symbols(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without pictures at its ends; the model knows few of them and draws them to the word beside."""
    while start < end and unicodedata.category(text[end - 1]) in _SYMBOLS:
        end -= 1
    while start < end and unicodedata.category(text[start]) in _SYMBOLS:
        start += 1
    return start, end


def _grow(seeds: NDArray[np.bool_], allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The seeds with the allowed characters that stand in a row with one of them."""
    either = seeds | allowed
    rows = np.cumsum(either & ~np.concatenate([[False], either[:-1]]))
    seeded = np.zeros(len(rows) + 1, dtype=bool)
    seeded[rows[seeds]] = True
    grown: NDArray[np.bool_] = either & seeded[rows]
    return grown


def _numeral_start(text: str, start: int) -> int:
    """Where the numeral begins that ``start`` stands in or, at 年 and the like, right behind."""
    if text[start].isdigit() or text[start] in "年月日":
        while start and text[start - 1].isdigit():
            start -= 1
    return start
