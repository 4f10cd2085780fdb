"""What reads a window: the runtime's ONNX session and the trainable model differ only in how they run ids through the network."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from govie.linking.mentions import Spans
from govie.model.decode import Reading, decode, role_spans
from govie.model.heads import OUTPUTS
from govie.model.vocabulary import CLS, SEP, Vocabulary
from govie.profiling import OFF, Profile


class Reader(ABC):
    """Reads windows of folded text.

    Attributes:
        vocabulary: characters to ids.
        codes: the metric codes in label order.
        temperature: calibrates the confidence.
        threads: how many windows may be read side by side.
    """

    vocabulary: Vocabulary
    codes: tuple[str, ...]
    temperature: float = 1.0
    threads: int = 1

    @abstractmethod
    def run(self, ids: NDArray[np.int64]) -> Sequence[NDArray[np.float32]]:
        """Each output of ``govie.model.heads`` for ids of shape (1, length), shape (1, length, width)."""

    def scores(self, text: str, *, profile: Profile = OFF) -> dict[str, NDArray[np.float32]]:
        """Each output of ``govie.model.heads`` for the characters of one window, shape (length, width).

        Windows go through one by one: int8 activations are scaled over a whole batch, so that neighbours would change the
        answer, and one window already keeps a processor busy.
        """
        with profile.stage("tokenise"):
            ids = np.concatenate([[CLS], self.vocabulary.encode(text), [SEP]])[None]
        with profile.stage("model"):
            outputs = self.run(ids)
        return {name: output[0, 1:-1] for name, output in zip(OUTPUTS, outputs, strict=True)}

    def read(
        self, text: str, candidates: Sequence[tuple[int, int]], *, profile: Profile = OFF
    ) -> tuple[list[Reading], Spans]:  # fmt: skip
        """What the model says of ``candidates`` and of denied mentions in one window, and the scope spans by role."""
        scores = self.scores(text, profile=profile)
        with profile.stage("decode"):
            return decode(scores, text, candidates, self.codes, temperature=self.temperature), role_spans(scores, text)
