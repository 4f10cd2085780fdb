"""Train the linker, which ties scope spans to claims, on the scopes of the corpus.

    python -m training.linker --tagger runs/half --share 0.5 --output models/shipped

It learns from the spans as annotated and, more to the point, as a tagger finds them: fragments, spans too many, spans that are
missing. ``--tagger`` is a training run that saw only ``--share`` of the passages (the same seed); its spans in the others
are what a reader of new reports will meet. The weights are added to the model folder as ``linker.npz``.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from govie.claims import ROLES
from govie.formats.passages import Passage
from govie.linking.linker import HISTORY, Task, history, tasks
from govie.linking.mentions import Mention, Place, Spans
from govie.metrics import metrics
from govie.model.decode import role_spans, shares
from govie.model.digests import seal
from govie.text import fold
from training.console import run
from training.dataset import read_split, share_of
from training.evaluate import TorchTagger

ROOT = Path(__file__).resolve().parent.parent
HIDDEN, BATCH, RATE = 48, 256, 1e-2
EPOCHS, LEAST_STEPS = 12, 300
JOINED = (2, 3, 4, 5, 6)  # passages to a longer text
MISSED = (-1, -1)  # for a span that the tagger has not found: no choice is right


@dataclass(frozen=True, slots=True)
class Text:
    """A folded text with its claims, the scope spans to choose from, and the right one of each role for each claim."""

    text: str
    mentions: tuple[Mention, ...]
    spans: Spans
    right: dict[str, list[Place | None]]


def annotated(passage: Passage) -> Text:
    """A passage with its own spans."""
    folded = fold(passage.text)
    claims = sorted(passage.claims, key=lambda claim: (claim.start, claim.end))
    mentions = tuple(Mention(*folded.folded_span(c.start, c.end), c.metric, c.zero) for c in claims)
    right: dict[str, list[Place | None]] = {
        role: [folded.folded_span(c.scopes[role].start, c.scopes[role].end) if role in c.scopes else None for c in claims] for role in ROLES
    }
    return Text(folded.text, mentions, {role: {span: 1.0 for span in right[role] if span} for role in ROLES}, right)


def with_spans(text: Text, spans: Spans) -> Text:
    """The same claims with the spans that a tagger found; the right one is that which overlaps the annotated one most."""
    right = {role: [_nearest(span, spans[role]) for span in text.right[role]] for role in ROLES}
    return Text(text.text, text.mentions, spans, right)


def _nearest(span: Place | None, found: Iterable[Place]) -> Place | None:
    if span is None:
        return None
    shared = [(min(span[1], end) - max(span[0], start), (start, end)) for start, end in found]
    most, best = max(shared, default=(0, (0, 0)))
    return best if most > 0 else MISSED


def joined(texts: Sequence[Text], *, seed: int) -> list[Text]:
    """Neighbouring texts as longer ones, for reports are longer than passages: what governed a claim pages ago does so no more."""
    rng = random.Random(seed)
    groups: list[Text] = []
    at = 0
    while at < len(texts):
        size, glue = rng.choice(JOINED), rng.choice("\n。")
        groups.append(_join(texts[at : at + size], glue))
        at += size
    return groups


def _join(texts: Sequence[Text], glue: str) -> Text:
    whole = ""
    mentions: list[Mention] = []
    spans: dict[str, dict[Place, float]] = {role: {} for role in ROLES}
    right: dict[str, list[Place | None]] = {role: [] for role in ROLES}
    for text in texts:
        shift = len(whole) + len(glue) if whole else 0
        whole += (glue if whole else "") + text.text
        mentions += [replace(mention, start=mention.start + shift, end=mention.end + shift) for mention in text.mentions]
        for role in ROLES:
            spans[role] |= {(start + shift, end + shift): share for (start, end), share in text.spans[role].items()}
            right[role] += [place if place in (None, MISSED) else (place[0] + shift, place[1] + shift) for place in text.right[role]]
    return Text(whole, tuple(mentions), spans, right)


class Scorer(torch.nn.Module):
    """The linker's network for one role, in the parts that :class:`govie.linking.Linker` multiplies."""

    def __init__(self, claims: int, codes: int, pairs: int) -> None:
        super().__init__()
        self.claim = torch.nn.Linear(claims, HIDDEN)
        self.metric = torch.nn.Embedding(codes, HIDDEN)
        torch.nn.init.zeros_(self.metric.weight)
        self.pair = torch.nn.Linear(pairs, HIDDEN, bias=False)
        self.none = torch.nn.Parameter(torch.zeros(HIDDEN))
        self.out = torch.nn.Linear(HIDDEN, 1, bias=False)

    def forward(self, claim: torch.Tensor, metric: torch.Tensor, pairs: torch.Tensor) -> torch.Tensor:
        """Scores (batch, 1 + candidates) of none and of each candidate."""
        own = (self.claim(claim) + self.metric(metric))[:, None]
        hidden = torch.cat([own + self.none, own + self.pair(pairs)], dim=1)
        return self.out(torch.relu(hidden)).squeeze(-1)

    def weights(self, role: str) -> dict[str, NDArray[np.float32]]:
        """The parts by the names of the model file; the claims' bias is in the metric's rows."""
        pair = self.pair.weight.T.detach().numpy()
        parts = {
            "claim": self.claim.weight.T.detach().numpy(),
            "metric": (self.metric.weight + self.claim.bias).detach().numpy(),
            "pair": pair[: -len(HISTORY)],
            "history": pair[-len(HISTORY) :],
            "none": self.none.detach().numpy()[None],
            "out": self.out.weight[0].detach().numpy(),
        }
        return {f"{role}.{name}": np.ascontiguousarray(part, dtype=np.float16) for name, part in parts.items()}


def choices(texts: Iterable[Text]) -> dict[str, list[tuple[NDArray[np.float32], str, NDArray[np.float32], int]]]:
    """Every choice of every role: features of the claim, its metric, features of the candidates, and which is right (0 for none)."""
    found: dict[str, list[Any]] = {role: [] for role in ROLES}
    for text in texts:
        if text.mentions:
            for role, task in tasks(text.text, text.mentions, text.spans).items():
                found[role] += _choices(task, text, role)
    return found


def _choices(task: Task, text: Text, role: str) -> Iterable[tuple[NDArray[np.float32], str, NDArray[np.float32], int]]:
    last: Place | None = None
    earlier: set[Place] = set()
    for n, row in enumerate(task.rows):
        spans, right = task.spans[row], text.right[role][n]
        if spans and (right is None or right in spans):
            pairs = np.concatenate([task.features[row], history(spans, last, earlier)], axis=1)
            yield task.claims[n], text.mentions[n].metric, pairs, 0 if right is None else spans.index(right) + 1
        if right != MISSED:
            last = right
            if right:
                earlier.add(right)


def fit(found: Sequence[tuple[NDArray[np.float32], str, NDArray[np.float32], int]], codes: Sequence[str], *, seed: int) -> tuple[Scorer, float]:
    """Train one role; returns the network and its mean loss in the last epoch."""
    torch.manual_seed(seed)
    rows = {code: n for n, code in enumerate(codes)}
    most = max(len(pairs) for *_, pairs, _ in found)
    claim = torch.from_numpy(np.stack([c for c, *_ in found]))
    metric = torch.tensor([rows[code] for _, code, *_ in found])
    pairs = torch.zeros(len(found), most, found[0][2].shape[1], dtype=torch.float16)
    for n, (*_, own, _) in enumerate(found):
        pairs[n, : len(own)] = torch.from_numpy(own)
    sizes, right = torch.tensor([len(own) for *_, own, _ in found]), torch.tensor([right for *_, right in found])
    scorer = Scorer(claim.shape[1], len(codes), pairs.shape[2])
    an_epoch = -(-len(found) // BATCH)
    epochs = max(EPOCHS, -(-LEAST_STEPS // an_epoch))
    optimizer = torch.optim.AdamW(scorer.parameters(), lr=RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=epochs * an_epoch)
    total = 0.0
    for _ in range(epochs):
        total = 0.0
        for batch in torch.randperm(len(found)).split(BATCH):
            scores = scorer(claim[batch], metric[batch], pairs[batch].float())
            absent = torch.arange(most + 1) > sizes[batch, None]
            loss = torch.nn.functional.cross_entropy(scores.masked_fill(absent, -1e4), right[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(batch)
    return scorer, total / len(found)


def train(texts: Sequence[Text], codes: Sequence[str], *, seed: int = 1) -> tuple[dict[str, NDArray[Any]], dict[str, float]]:
    """The linker's weights, ready for ``np.savez``, and each role's loss."""
    weights: dict[str, NDArray[Any]] = {"codes": np.array(codes)}
    losses = {}
    for role, found in choices(texts).items():
        scorer, losses[role] = fit(found, codes, seed=seed)
        weights |= scorer.weights(role)
    return weights, losses


def read_by(tagger: TorchTagger, texts: Iterable[Text]) -> Iterator[Text]:
    """Each text twice: with its own spans, as sure as a tagger is of them, and with those that the tagger finds."""
    for text in texts:
        scores = tagger.scores(text.text)
        yield replace(text, spans=shares(scores, text.spans))
        yield with_spans(text, role_spans(scores, text.text))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT / "corpora")
    parser.add_argument("--tagger", type=Path, required=True, help="a training run that saw a share of the passages")
    parser.add_argument("--share", type=float, required=True, help="that share")
    parser.add_argument("--output", type=Path, required=True, help="a model folder")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    passages = read_split(args.data / "train")
    seen = {passage.id for passage in share_of(passages, args.share, seed=args.seed)}
    texts = [annotated(passage) for passage in passages if passage.id in seen]
    texts += read_by(TorchTagger.load(args.tagger), (annotated(passage) for passage in passages if passage.id not in seen))
    weights, losses = train([*texts, *joined(texts, seed=args.seed)], list(metrics()), seed=args.seed)
    np.savez_compressed(args.output / "linker.npz", allow_pickle=False, **weights)
    seal(args.output)
    print(" ".join(f"{role} {loss:.4f}" for role, loss in losses.items()))


if __name__ == "__main__":
    run(main)
