"""The linker: for every claim and role, the span that governs it, or none.

A claim's candidates are the nearest spans of the role before it and right behind it. A small network (one hidden layer a role)
scores each of them and the choice of none from the features of :mod:`govie.linking.features`; the best is taken, claim by
claim in text order, knowing what governs the claim before. :mod:`training.linker` trains it on the corpus.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from govie.claims import ROLES
from govie.errors import ModelError
from govie.linking.chunks import AHEAD, CHUNK, REACH, Chunks, History
from govie.linking.features import Pairs, claim_columns, pair_columns
from govie.linking.mentions import Mention, Place, Spans
from govie.linking.page import Page

__all__ = ["Linker", "Mention", "Place", "Task", "tasks"]

BEFORE, BEHIND = 6, 2  # candidates at most, nearest first
HISTORY = ("governs the claim before", "another governs the claim before", "governs an earlier claim")
Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Task:
    """One role's choices in one text.

    Attributes:
        rows: for each claim, where its candidates lie in ``spans`` and ``features``.
        spans: the candidates of all claims.
        claims: features of each claim, shape (claims, n).
        features: features of each candidate pair, shape (pairs, m).
    """

    rows: tuple[slice, ...]
    spans: tuple[Place, ...]
    claims: Array
    features: Array


def tasks(text: str, mentions: Sequence[Mention], spans: Spans) -> dict[str, Task]:
    """The choices of every role: candidates with their features, without history."""
    return _tasks(Page(text), mentions, spans, range(len(mentions)))


def _tasks(page: Page, mentions: Sequence[Mention], spans: Spans, own: range) -> dict[str, Task]:
    """The choices for a few of the claims. Of the others only the neighbours are looked at: those within reach, and one more on each side."""
    low, high = mentions[own.start].start - REACH, mentions[own.stop - 1].end + AHEAD
    first = max(0, min(own.start - 1, bisect_left(mentions, low, 0, own.start, key=_start)))
    near = mentions[first : bisect_left(mentions, high, own.stop, key=_start) + 1]
    places = [(mention.start, mention.end) for mention in near]
    wanted = range(own.start - first, own.stop - first)
    claims = np.stack(list(claim_columns(page, places, [mention.denied for mention in near]).values()), axis=1)[wanted.start : wanted.stop]
    return {role: _task(page, places, claims, spans[role], wanted) for role in ROLES}


def _task(page: Page, places: Sequence[Place], claims: Array, shares: Mapping[Place, float], own: range) -> Task:
    spans = sorted(shares)
    starts = [start for start, _ in spans]
    rows: list[slice] = []
    found: list[Place] = []
    owner: list[int] = []
    rank: list[int] = []
    for n in own:
        start, end = places[n]
        near = spans[bisect_left(starts, start - REACH) : bisect_left(starts, end + AHEAD)]
        before = sorted((span for span in near if span[1] <= start), key=lambda span: (-span[1], span[0]))[:BEFORE]
        behind = [span for span in near if span[0] >= end][:BEHIND]
        rows.append(slice(len(found), len(found) + len(before) + len(behind)))
        found += before + behind
        owner += [n] * (len(before) + len(behind))
        rank += [*range(len(before)), *range(len(behind))]
    share = np.array([shares[span] for span in found], dtype=np.float32)
    borders = np.array(found, dtype=np.int64).reshape(-1, 2)
    pairs = Pairs(np.array(owner, dtype=np.int64), borders[:, 0], borders[:, 1], np.array(rank, dtype=np.int64), share)
    features = np.stack(list(pair_columns(page, places, pairs).values()), axis=1)
    return Task(tuple(rows), tuple(found), claims, features)


def _start(mention: Mention) -> int:
    return mention.start


def history(spans: Sequence[Place], last: Place | None, earlier: set[Place]) -> Array:
    """The features that depend on what was chosen before, shape (spans, 3)."""
    flags = [(span == last, last is not None and span != last, span in earlier) for span in spans]
    return np.array(flags, dtype=np.float32).reshape(-1, len(HISTORY))


class Linker:
    """Scores candidates with the weights of a model folder.

    Args:
        weights: for each role ``ROLE.claim``, ``.metric``, ``.pair``, ``.history``, ``.none`` and ``.out``; and ``codes``.
    """

    def __init__(self, weights: Mapping[str, NDArray[np.generic]]) -> None:
        self._codes = {str(code): n for n, code in enumerate(weights["codes"])}
        # in double precision: how the products of a row are summed depends on how many rows there are, and must change no choice
        self._weights = {name: np.asarray(array, dtype=np.float64) for name, array in weights.items() if name != "codes"}

    @classmethod
    def load(cls, path: Path) -> Linker:
        """Read ``linker.npz``.

        Raises:
            ModelError: where it is missing or damaged, or was trained on other features than this version looks at.
        """
        try:
            with np.load(path, allow_pickle=False) as arrays:
                linker = cls(dict(arrays))
            linker.link("年5件", [Mention(1, 3, "")], {role: {(0, 1): 1.0} for role in ROLES})
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(
                f"no linker for this version at {path}: {error}; install govie again, or train one (python -m training.linker)"
            ) from error
        return linker

    def link(self, text: str, mentions: Sequence[Mention], spans: Spans) -> list[dict[str, Place]]:
        """The span of each role that governs each claim.

        Args:
            text: folded text.
            mentions: its claims in text order; one place may stand twice.
            spans: the scope spans of every role, each with how sure the model is of it, 0 to 1.
        """
        chunks = self.begin(text)
        chunks.add(mentions, spans, core=0)
        return chunks.rest()

    def begin(self, text: str, *, size: int = CHUNK) -> Chunks:
        """Link a text's claims as they come, ``size`` of them at once; neither that nor how they come changes the answer."""
        return Chunks(self, text, size=size)

    def choose(
        self, page: Page, mentions: Sequence[Mention], spans: Spans, own: range, histories: Mapping[str, History]
    ) -> list[dict[str, Place]]:  # fmt: skip
        """:meth:`link` for the claims ``own`` of the page's; ``histories`` hold what was chosen for those before, and then for these too."""
        linked: list[dict[str, Place]] = [{} for _ in own]
        metrics = np.array([self._codes.get(mentions[n].metric, -1) for n in own])
        for role, task in _tasks(page, mentions, spans, own).items():
            for scopes, span in zip(linked, self._choose(role, task, metrics, histories[role]), strict=True):
                if span is not None:
                    scopes[role] = span
        return linked

    def _choose(self, role: str, task: Task, metrics: NDArray[np.int64], past: History) -> list[Place | None]:
        claim, metric, pair, told, none, out = (self._weights[f"{role}.{part}"] for part in ("claim", "metric", "pair", "history", "none", "out"))
        own = np.where(metrics[:, None] >= 0, metric[metrics], metric.mean(0))  # a code that the linker never met is taken for an average one
        of_claims, of_pairs = task.claims @ claim + own, task.features @ pair
        chosen: list[Place | None] = []
        for n, row in enumerate(task.rows):
            best = None
            if row.start < row.stop:
                spans = task.spans[row]
                hidden = of_claims[n] + np.concatenate([none, of_pairs[row] + history(spans, past.last, past.earlier) @ told])
                choice = int((np.maximum(hidden, 0) @ out).argmax())
                best = spans[choice - 1] if choice else None
            chosen.append(best)
            past.add(best)
        return chosen
