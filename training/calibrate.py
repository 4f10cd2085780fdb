"""Calibrate a model's confidence: find the temperature on the dev split, and show how confidence and accuracy agree.

    python -m training.calibrate models/shipped

One number divides the metric's logits (temperature scaling, Guo et al. 2017); it is kept in the model's ``config.json`` and
changes no decision. The reliability table is measured on the test split: of the claims with a confidence from .8 to .9, how many have
the right metric? The expected calibration error is the mean gap, weighed by the number of claims.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import govie
from govie.model.digests import seal
from govie.model.heads import NO_METRIC, softmax
from govie.model.tagger import Tagger
from training.console import run
from training.dataset import examples, read_split
from training.evaluate import sources

ROOT = Path(__file__).resolve().parent.parent
BINS = np.linspace(0, 1, 11)
TEMPERATURES = np.exp(np.linspace(np.log(0.3), np.log(3), 93))


def candidate_logits(tagger: Tagger, rows: Sequence[Mapping[str, Any]]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The metric logits of every candidate with one metric or none in the examples of passages, and their right rows."""
    logits, right = [], []
    for row in rows:
        scores = tagger.scores(row["text"])["metric"]
        for span in row["spans"]:
            if len(span["metrics"]) <= 1 and not span["denied"]:
                logits.append(scores[span["start"] : span["end"]].mean(0))
                right.append(tagger.codes.index(span["metrics"][0]) + 1 if span["metrics"] else NO_METRIC)
    return np.stack(logits), np.array(right)


def best_temperature(logits: NDArray[np.float32], right: NDArray[np.int64]) -> float:
    """The temperature with the least negative log likelihood."""
    rows = np.arange(len(right))
    losses = [-np.log(softmax(logits / t)[rows, right] + 1e-12).mean() for t in TEMPERATURES]
    return round(float(TEMPERATURES[int(np.argmin(losses))]), 3)


def reliability(extractor: govie.Extractor, folder: Path) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The confidence of every claim found at a gold claim's place, and whether its metric is right."""
    confidence, right = [], []
    for _, text, gold in sources(folder):
        wanted: dict[tuple[int, int], set[str]] = {}
        for row in gold:
            wanted.setdefault((row["start"], row["end"]), set()).add(row["metric"])
        for claim in extractor.extract(text):
            if claim.confidence is not None and claim.confidence < 1 and (claim.start, claim.end) in wanted:
                confidence.append(claim.confidence)
                right.append(claim.metric in wanted[claim.start, claim.end])
    return np.array(confidence), np.array(right)


def table(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> str:
    """The reliability table and the expected calibration error."""
    lines, error = [f"{'confidence':>12}{'claims':>8}{'mean':>8}{'right':>8}"], 0.0
    for low, high in itertools.pairwise(BINS):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            mean, share = confidence[inside].mean(), right[inside].mean()
            lines.append(f"{low:8.1f}-{high:.1f}{inside.sum():8}{mean:8.3f}{share:8.3f}  {'#' * round(40 * share)}")
            error += abs(mean - share) * inside.mean()
    return "\n".join([*lines, f"expected calibration error {error:.3f}"])


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="a model folder; its config.json is rewritten")
    parser.add_argument("--data", type=Path, default=ROOT / "corpora", help="folder with dev/ and test/")
    args = parser.parse_args(argv)
    path = args.model / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["temperature"] = best_temperature(*candidate_logits(Tagger(args.model), examples(read_split(args.data / "dev"))))
    path.write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    seal(args.model)
    print(f"temperature {config['temperature']}")
    print(table(*reliability(govie.load(args.model), args.data / "test")))


if __name__ == "__main__":
    run(main)
