"""From the model's scores over one window to metrics, denied mentions and scope spans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govie.claims import KINDS, ROLES
from govie.linking.mentions import Place, Spans
from govie.model.denial import denied_spans
from govie.model.heads import NO_METRIC, OUTSIDE, softmax
from govie.model.runs import runs

Scores = Mapping[str, NDArray[np.float32]]
SECOND_METRIC = 0.3
# Families of which one number may state two metrics at once (行政复议、诉讼均为2件); elsewhere a strong second guess is a doubt.
TOGETHER = (frozenset({"review", "litigation", "complaint"}), frozenset({"application"}), frozenset({"enforcement"}))
_OF_THE_PEOPLE = re.compile("人民(?:政府|法院|检察院)")
_CLAUSE_ENDS = ",。;\n"
_PREFIXES = frozenset("全我本各该")  # 全市|政府门户网站: split off, and an entity (contract, "How far a scope reaches")
RATES = frozenset({"rate.completion", "rate.satisfaction"})  # 办结率、满意率均达100%


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model says of one quantity or denied mention, in the window's offsets.

    ``metrics`` holds one code with its calibrated probability, two where one number is said of two things.
    """

    start: int
    end: int
    denied: bool
    metrics: tuple[tuple[str, float], ...]
    kind: str


def role_spans(scores: Scores, text: str) -> Spans:
    """The scope spans of every role in a window, with their shares."""
    layers = _role_layers(scores)
    spans = {role: runs(layers[:, n], text) for n, role in enumerate(ROLES)}
    spans["entity"] = [*_whole_bodies(spans["entity"], text)]
    spans["entity"], spans["channel"] = _whole_names(spans["entity"], spans["channel"], text)
    return _with_shares(layers, spans)


def shares(scores: Scores, spans: Mapping[str, Iterable[Place]]) -> Spans:
    """Spans of a window by role, each with the mean share of its characters that the model takes to be inside one."""
    return _with_shares(_role_layers(scores), spans)


def _role_layers(scores: Scores) -> NDArray[np.float32]:
    """The shares of O, B and I for each character and role."""
    return softmax(scores["role"].reshape(-1, len(ROLES), 3))


def _with_shares(layers: NDArray[np.float32], spans: Mapping[str, Iterable[Place]]) -> Spans:
    inside = 1 - layers[:, :, OUTSIDE]
    return {role: {(start, end): float(inside[start:end, n].mean()) for start, end in spans[role]} for n, role in enumerate(ROLES)}


def _whole_bodies(bodies: Iterable[Place], text: str) -> Iterator[Place]:
    """Bodies that do not end within 人民政府 and the like: of 某县人民政府信息公开 the model may take 某县人民."""
    last = 0
    for start, end in bodies:
        if start >= last:
            name = _OF_THE_PEOPLE.search(text, max(start, end - 4), end + 3)
            last = name.end() if name and name.start() + 2 <= end < name.end() else end
            yield start, last


def _whole_names(bodies: list[Place], channels: list[Place], text: str) -> tuple[list[Place], list[Place]]:
    """Entities and channels without those that share characters: 攸县人民政府门户网站 is one name, a channel; 县 in 县档案馆 is none."""
    whole: list[Place] = []
    inside: set[Place] = set()
    for start, end in channels:
        over = [body for body in bodies if body[0] < end and start < body[1]]
        if any(end <= body[1] for body in over):
            continue  # the model doubts within a body's name
        named = [body for body in over if text[body[0]] not in _PREFIXES]
        inside.update(named)
        whole.append((min([start, *(body[0] for body in named)]), end))
    return [body for body in bodies if body not in inside], whole


def decode(scores: Scores, text: str, candidates: Sequence[tuple[int, int]], codes: Sequence[str], *, temperature: float = 1.0) -> list[Reading]:
    """Readings of the candidates that are claims, and of the denied mentions, in text order.

    Args:
        scores: each output of ``govie.model.heads`` without [CLS] and [SEP], shape (length, width).
        text: the window, folded.
        candidates: half-open spans within the window.
        codes: the metric codes in label order.
        temperature: what logits are divided by before they are read as confidence; it changes no decision.
    """
    taken = np.zeros(len(scores["metric"]), dtype=bool)
    for start, end in candidates:
        taken[start:end] = True
    denied = [span for span in denied_spans(scores["denied"], text) if not taken[span[0] : span[1]].any()]
    asked = sorted([(*span, False) for span in candidates] + [(*span, True) for span in denied])
    readings: list[Reading] = []
    for start, end, is_denied in asked:
        metrics = _metrics(scores["metric"][start:end].mean(0), codes, temperature)
        if metrics:
            kind = KINDS[int(scores["kind"][start:end].mean(0).argmax())]
            reading = Reading(start, end, is_denied, metrics, kind)
            if readings and _shares_its_noun(readings[-1], reading, text):
                readings.pop()
            readings.append(reading)
    return readings


def _shares_its_noun(first: Reading, second: Reading, text: str) -> bool:
    """Whether two denied mentions of a clause are one: 未收取检索、复制等费用 has one noun, 检索费、复制费 has two."""
    return (
        first.denied
        and second.denied
        and first.metrics[0][0] == second.metrics[0][0]
        and text[first.end - 1] != text[second.end - 1]
        and not any(mark in text[first.end : second.start] for mark in _CLAUSE_ENDS)
    )


def _metrics(logits: NDArray[np.float32], codes: Sequence[str], temperature: float) -> tuple[tuple[str, float], ...]:
    likely = softmax(logits)
    best = int(likely.argmax())
    if best == NO_METRIC:
        return ()
    confidence = softmax(logits / temperature)
    others = [int(row) for row in np.flatnonzero(likely > SECOND_METRIC) if row not in (best, NO_METRIC)]
    rows = [best, *(row for row in others if _may_share(codes[best - 1], codes[row - 1]))]
    return tuple((codes[row - 1], float(confidence[row])) for row in rows)


def _may_share(first: str, second: str) -> bool:
    families = {first.partition(".")[0], second.partition(".")[0]}
    return {first, second} == RATES or any(families <= group for group in TOGETHER)
