"""From passages to model inputs: folded text, candidates and labels; with augmentation at training time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset

from govie.claims import KINDS, ROLES
from govie.model.heads import BEGIN, INSIDE, NO_METRIC, OUTSIDE
from govie.model.vocabulary import CLS, PAD, SEP, Vocabulary
from govie.numbers import find_quantities
from govie.text import fold
from training.markup import Passage, read_hand

LONGEST = 500


def examples(passages: Iterable[Passage]) -> list[dict[str, Any]]:
    """One example a passage, in folded offsets.

    ``text``; ``spans`` of every candidate and denied mention, each with ``metrics`` (empty where it is no claim), ``kind``,
    ``denied`` and ``scopes`` ({role: [start, end]}); ``roles``: every scope span as [role, start, end].
    """
    return [_example(passage) for passage in passages]


def _example(passage: Passage) -> dict[str, Any]:
    folded = fold(passage.text)
    spans: dict[tuple[int, int], dict[str, Any]] = {
        (q.start, q.end): {"metrics": [], "kind": KINDS[0], "denied": False, "scopes": {}} for q in find_quantities(folded.text)
    }
    for claim in passage.claims:
        key = folded.folded_span(claim.start, claim.end)
        if not claim.zero and key not in spans:
            continue  # the grammar cannot find it, so the model will never be asked; the validator reports such claims
        span = spans.setdefault(key, {"metrics": [], "kind": claim.kind, "denied": claim.zero, "scopes": {}})
        span["metrics"].append(claim.metric)
        span["kind"] = claim.kind
        span["scopes"] |= {role: list(folded.folded_span(s.start, s.end)) for role, s in claim.scopes.items()}
    roles = sorted({(s.role, *folded.folded_span(s.start, s.end)) for s in passage.scopes})
    return {
        "id": passage.id, "hand": passage.hand, "text": folded.text, "roles": [list(row) for row in roles],
        "spans": [{"start": start, "end": end, **span} for (start, end), span in sorted(spans.items())],
    }  # fmt: skip


def load_split(folder: Path) -> Dataset:
    """The examples of every corpus file in ``folder`` as a data set."""
    passages = [passage for path in sorted(folder.glob("*.txt")) for passage in read_hand(path)]
    # Scopes differ from span to span, which Arrow's fixed structs would fill with nulls: they travel as lists.
    return Dataset.from_list([_flat(example) for example in examples(passages)])


def _flat(example: dict[str, Any]) -> dict[str, Any]:
    spans = [{**span, "scopes": [[ROLES.index(role), *ends] for role, ends in span["scopes"].items()]} for span in example["spans"]]
    roles = [[ROLES.index(role), start, end] for role, start, end in example["roles"]]
    return {**example, "spans": spans, "roles": roles}


def join(rows: Sequence[dict[str, Any]], glue: str) -> dict[str, Any]:
    """Several examples as one, so that the model meets text around a passage that has nothing to do with it."""
    text, spans, roles = "", [], []
    for row in rows:
        shift = len(text) + len(glue) if text else 0
        text = text + glue + row["text"] if text else row["text"]
        roles += [[role, start + shift, end + shift] for role, start, end in row["roles"]]
        for span in row["spans"]:
            scopes = [[role, start + shift, end + shift] for role, start, end in span["scopes"]]
            spans.append({**span, "start": span["start"] + shift, "end": span["end"] + shift, "scopes": scopes})
    return {"text": text, "spans": spans, "roles": roles}


class Collator:
    """Examples to tensors. With ``augment``, passages are now and then joined and their punctuation disturbed."""

    def __init__(self, vocabulary: Vocabulary, codes: Sequence[str], *, augment: bool, seed: int = 0) -> None:
        self.vocabulary = vocabulary
        self.rows = {code: n for n, code in enumerate(codes, NO_METRIC + 1)}
        self.augment = augment
        self.random = np.random.default_rng(seed)

    def __call__(self, examples: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        if self.augment:
            examples = self._join(examples)
        width = min(LONGEST, max(len(e["text"]) for e in examples)) + 2
        count = sum(len(e["spans"]) for e in examples)
        ids = np.full((len(examples), width), PAD, dtype=np.int64)
        denied = np.full((len(examples), width), -100, dtype=np.int64)
        role = np.full((len(examples), width, len(ROLES)), -100, dtype=np.int64)
        spans = np.zeros((count, width), dtype=np.float32)
        metric = np.zeros((count, len(self.rows) + 1), dtype=np.float32)
        kind = np.full(count, -100, dtype=np.int64)
        link = np.full((count, len(ROLES), width), -100, dtype=np.int64)
        span_row = np.zeros(count, dtype=np.int64)
        n = 0
        for b, example in enumerate(examples):
            text = self._disturb(example["text"]) if self.augment else example["text"]
            own = np.concatenate([[CLS], self.vocabulary.encode(text[:LONGEST]), [SEP]])
            ids[b, : len(own)] = own
            denied[b, 1 : len(own) - 1] = OUTSIDE
            role[b, 1 : len(own) - 1] = OUTSIDE
            for r, start, end in example["roles"]:
                role[b, start + 1 : end + 1, r] = INSIDE
                role[b, start + 1, r] = BEGIN
            for span in example["spans"]:
                start, end = span["start"] + 1, span["end"] + 1
                if end >= width:
                    continue
                spans[n, start:end] = 1 / (end - start)
                span_row[n] = b
                for code in span["metrics"] or [None]:
                    metric[n, self.rows[code] if code else NO_METRIC] += 1 / max(1, len(span["metrics"]))
                if span["denied"]:
                    denied[b, start:end] = INSIDE
                    denied[b, start] = BEGIN
                if span["metrics"]:
                    kind[n] = KINDS.index(span["kind"])
                    for r, s, e in example["roles"]:
                        link[n, r, s + 1 : e + 1] = 0
                    for r, s, e in span["scopes"]:
                        link[n, r, s + 1 : e + 1] = 1
                n += 1
        arrays = {
            "input_ids": ids, "attention_mask": (ids != PAD).astype(np.int64), "denied": denied, "role": role,
            "spans": spans[:n], "span_row": span_row[:n], "metric": metric[:n], "kind": kind[:n], "link": link[:n],
        }  # fmt: skip
        return {name: torch.from_numpy(array) for name, array in arrays.items()}

    def _join(self, examples: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Pairs of neighbours become one example in one case of three, where they fit."""
        joined: list[dict[str, Any]] = []
        for example in examples:
            fits = joined and len(joined[-1]["text"]) + len(example["text"]) < LONGEST - 2
            if fits and self.random.random() < 0.33:
                joined[-1] = join([joined[-1], example], str(self.random.choice(["\n", "。", " "])))
            else:
                joined.append(example)
        return joined

    def _disturb(self, text: str) -> str:
        """Now and then a mark is lost or another: pages drop them. Lengths stay, so offsets hold."""
        if self.random.random() > 0.15:
            return text
        marks = {"。": " ", ",": "、", ";": ",", "\n": " ", ":": " "}
        return "".join(marks[c] if c in marks and self.random.random() < 0.3 else c for c in text)
