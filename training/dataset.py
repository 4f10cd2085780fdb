"""From passages to model inputs: folded text, candidates and labels; with augmentation at training time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from govie.claims import KINDS, ROLES
from govie.formats.passages import Passage, read_hand
from govie.model.heads import BEGIN, INSIDE, NO_METRIC, OUTSIDE
from govie.model.vocabulary import CLS, MASK, PAD, SEP, Vocabulary
from govie.numbers import find_quantities
from govie.text import fold
from training.augment import augment

LONGEST = 500
STEP = 64  # row lengths are multiples: few shapes, which oneDNN compiles once each
MASKED = 0.06  # share of the characters hidden at training time, so that no single word is relied on
PACKED, PACKED_SHARE = 382, 0.2  # a share of the batches is packed to long rows, the others only to the longest passage


def examples(passages: Iterable[Passage]) -> list[dict[str, Any]]:
    """One example a passage, in folded offsets.

    ``text``; ``spans`` of every candidate and denied mention, each with ``metrics`` (empty where it is no claim), ``kind`` and
    ``denied``; ``roles``: every scope span as [row of its role, start, end]; ``length`` of the text.
    """
    return [example(passage) for passage in passages]


def example(passage: Passage) -> dict[str, Any]:
    folded = fold(passage.text)
    spans: dict[tuple[int, int], dict[str, Any]] = {
        (q.start, q.end): {"metrics": [], "kind": KINDS[0], "denied": False} for q in find_quantities(folded.text)
    }
    for claim in passage.claims:
        key = folded.folded_span(claim.start, claim.end)
        if not claim.zero and key not in spans:
            continue  # the grammar cannot find it, so the model will never be asked; the validator reports such claims
        span = spans.setdefault(key, {"metrics": [], "kind": claim.kind, "denied": claim.zero})
        span["metrics"].append(claim.metric)
        span["kind"] = claim.kind
    roles = sorted({(ROLES.index(s.role), *folded.folded_span(s.start, s.end)) for s in passage.scopes})
    return {
        "id": passage.id, "hand": passage.hand, "text": folded.text, "roles": [list(row) for row in roles],
        "spans": [{"start": start, "end": end, **span} for (start, end), span in sorted(spans.items())], "length": len(folded.text),
    }  # fmt: skip


def read_split(folder: Path) -> list[Passage]:
    """The passages of every corpus file in ``folder``."""
    return [passage for path in sorted(folder.glob("*.txt")) for passage in read_hand(path)]


def share_of(passages: Sequence[Passage], share: float, *, seed: int) -> list[Passage]:
    """A random share of the passages, in their order; the same for the same seed."""
    chosen = np.random.default_rng(seed).permutation(len(passages))[: round(share * len(passages))]
    return [passages[n] for n in sorted(chosen.tolist())]


def join(rows: Sequence[dict[str, Any]], glue: str) -> dict[str, Any]:
    """Several examples as one, so that the model meets text around a passage that has nothing to do with it."""
    text, spans, roles = "", [], []
    for row in rows:
        shift = len(text) + len(glue) if text else 0
        text = text + glue + row["text"] if text else row["text"]
        roles += [[role, start + shift, end + shift] for role, start, end in row["roles"]]
        for span in row["spans"]:
            spans.append({**span, "start": span["start"] + shift, "end": span["end"] + shift})
    return {"text": text, "spans": spans, "roles": roles}


class Collator:
    """Examples to tensors.

    Args:
        augment: the passages that examples are of; each is augmented anew whenever it is drawn, and several are packed into
            a row. None for measuring, where every text stays as it is, in a row of its own.
    """

    def __init__(self, vocabulary: Vocabulary, codes: Sequence[str], *, augment: Iterable[Passage] | None = None, seed: int = 0) -> None:
        self.vocabulary = vocabulary
        self.rows = {code: n for n, code in enumerate(codes, NO_METRIC + 1)}
        self.passages = None if augment is None else {passage.id: passage for passage in augment}
        self.random = np.random.default_rng(seed)

    def __call__(self, examples: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        if self.passages is not None:
            examples = [example(augment(self.passages[row["id"]], self.random)) for row in examples]
            longest = max(len(e["text"]) for e in examples)
            examples = self._pack(examples, PACKED if self.random.random() < PACKED_SHARE else _width(longest) - 2)
        width = _width(max(len(e["text"]) for e in examples))
        rows, most = len(examples), max(1, *(len(e["spans"]) for e in examples))
        ids = np.full((rows, width), PAD, dtype=np.int64)
        denied = np.full((rows, width), -100, dtype=np.int64)
        role = np.full((rows, width, len(ROLES)), -100, dtype=np.int64)
        spans = np.zeros((rows, most, width), dtype=np.float32)
        metric = np.zeros((rows, most, len(self.rows) + 1), dtype=np.float32)
        kind = np.full((rows, most), -100, dtype=np.int64)
        for b, row in enumerate(examples):
            own = np.concatenate([[CLS], self.vocabulary.encode(row["text"][:LONGEST]), [SEP]])
            ids[b, : len(own)] = self._masked(own)
            denied[b, 1 : len(own) - 1] = OUTSIDE
            role[b, 1 : len(own) - 1] = OUTSIDE
            for r, start, end in row["roles"]:
                if start >= LONGEST:
                    continue
                role[b, start + 1 : end + 1, r] = INSIDE
                role[b, start + 1, r] = BEGIN
            for n, span in enumerate(row["spans"]):
                start, end = span["start"] + 1, span["end"] + 1
                if end >= width:
                    continue
                spans[b, n, start:end] = 1 / (end - start)
                for code in span["metrics"] or [None]:
                    metric[b, n, self.rows[code] if code else NO_METRIC] += 1 / max(1, len(span["metrics"]))
                if span["denied"]:
                    denied[b, start:end] = INSIDE
                    denied[b, start] = BEGIN
                if span["metrics"]:
                    kind[b, n] = KINDS.index(span["kind"])
        arrays = {
            "input_ids": ids,
            "attention_mask": (ids != PAD).astype(np.int64),
            "denied": denied,
            "role": role,
            "spans": spans,
            "metric": metric,
            "kind": kind,
        }
        return {name: torch.from_numpy(array) for name, array in arrays.items()}

    def _masked(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The ids, some of them hidden at training time; [CLS] and [SEP] never are."""
        if self.passages is None:
            return ids
        hidden = self.random.random(len(ids)) < MASKED
        hidden[[0, -1]] = False
        return np.where(hidden, MASK, ids)

    def _pack(self, examples: list[dict[str, Any]], room: int) -> list[dict[str, Any]]:
        """Unrelated passages share a row where they fit, as sentences share a window; empty rows make the count a multiple of 4."""
        packed: list[dict[str, Any]] = []
        for own in sorted(examples, key=lambda e: -len(e["text"])):
            for n, row in enumerate(packed):
                if len(row["text"]) + len(own["text"]) < room:
                    pair = [row, own] if self.random.random() < 0.5 else [own, row]
                    packed[n] = join(pair, str(self.random.choice(["\n", "。", " "])))
                    break
            else:
                packed.append(own)
        empty = {"text": "", "spans": [], "roles": []}
        return packed + [empty] * (-len(packed) % 4)


def _width(characters: int) -> int:
    """The length of rows that hold so many characters with [CLS] and [SEP]."""
    return STEP * -(-(min(LONGEST, characters) + 2) // STEP)
