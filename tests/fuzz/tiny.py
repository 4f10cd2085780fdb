"""A stand-in for the model: as quick as a table, and it calls nearly everything a claim, so that what follows it has more to do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import govie
from govie.linking.linker import Linker
from govie.model.heads import OUTPUTS, widths
from govie.model.reader import Reader
from govie.model.vocabulary import Vocabulary

SHIPPED = Path(__file__).resolve().parents[2] / "models" / "shipped"


class TinyReader(Reader):
    """Scores by a fixed table of random numbers over characters, smoothed over neighbours, so that spans arise."""

    def __init__(self, codes: Sequence[str], vocabulary: Vocabulary) -> None:
        self.codes, self.vocabulary = tuple(codes), vocabulary
        random = np.random.default_rng(7)
        self._tables = [random.normal(size=(len(vocabulary), width)).astype(np.float32) * 2 for width in widths(len(codes)).values()]
        self._tables[OUTPUTS.index("metric")][:, 0] -= 4

    def run(self, ids: NDArray[np.int64]) -> Sequence[NDArray[np.float32]]:
        """Each output for ids of shape (rows, length)."""
        outputs = []
        for table in self._tables:
            scores = table[ids]
            scores[:, 1:] = (scores[:, 1:] + scores[:, :-1]) / 2
            outputs.append(scores)
        return outputs


@cache
def tiny() -> govie.Extractor:
    """An extractor with the shipped linker and vocabulary, and this instead of the network."""
    codes = list(govie.metrics())
    return govie.Extractor(TinyReader(codes, Vocabulary.load(SHIPPED / "vocabulary.txt")), Linker.load(SHIPPED / "linker.npz"))


@cache
def real() -> govie.Extractor:
    """The shipped model on one thread."""
    return govie.load(threads=1)
