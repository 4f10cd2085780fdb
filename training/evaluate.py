"""Evaluate a model on annotated data: claim-level figures, what it takes for what, its worst errors, and seqeval's strict IOB2 report.

    python -m training.evaluate models/shipped --data corpora/test --errors 20 --confusion 15
    python -m training.evaluate models/mine --against models/shipped --data my-test.jsonl
    python -m training.evaluate models/shipped --data ../shared/eval/dev --predictions runs/predictions --json runs/figures.json

``--data`` is a folder of corpus files, of reports with gold claims (``NAME.txt`` beside ``NAME.jsonl``) or of annotated documents, or one such
file. Two models are compared on the same texts; the interval is a bootstrap over texts, which are what a model meets anew.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

import govie
from govie.claims import ROLES
from govie.errors import AnnotationError, GovieError
from govie.extractor import Extractor
from govie.formats import load
from govie.formats.conll import iob2
from govie.formats.files import read_json_lines, write_text
from govie.formats.passages import Passage, read_hand
from govie.metrics import Metric, metrics
from govie.model.reader import Reader
from govie.model.vocabulary import Vocabulary
from training.compare import compare, show_comparison
from training.console import run
from training.findings import as_json, confusion, worst
from training.gold import gold_claims
from training.network import ClaimTagger
from training.scoring import MEASURES, Tally, prf
from training.sources import FORMATS, known_metrics
from training.tables import in_table

Row = dict[str, Any]


class Extracts(Protocol):
    """Anything that turns text into claims: the library's extractor, or the baseline."""

    def extract(self, text: str) -> Sequence[govie.Claim]: ...


class TorchTagger(Reader):
    """The trainable model behind the runtime's interface, to use it without an export."""

    def __init__(self, model: torch.nn.Module, vocabulary: Vocabulary, codes: Sequence[str]) -> None:
        self.model, self.vocabulary, self.codes = model, vocabulary, tuple(codes)

    @classmethod
    def load(cls, folder: Path) -> TorchTagger:
        """The model of a training run."""
        model = ClaimTagger.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
        return cls(model, Vocabulary.load(folder / "vocabulary.txt"), model.config.codes)

    def run(self, ids: NDArray[np.int64]) -> Sequence[NDArray[np.float32]]:
        """Each output for one row of ids."""
        with torch.no_grad():
            return [output.float().numpy() for output in self.model(torch.from_numpy(ids))]


def sources(path: Path, known: Mapping[str, Metric] | None = None) -> Iterator[tuple[str, str, list[Row]]]:
    """Name, text and gold claims of everything annotated in a file or folder.

    Args:
        path: where a folder holds ``.jsonl`` files, its ``.txt`` files are their texts.
        known: the metric codes; None for the shipped ones.

    Raises:
        GovieError: with the place, where the data is missing or broken.
    """
    for file in [path] if path.is_file() else sorted(path.glob("*.jsonl")) or sorted(path.glob("*.txt")):
        if file.suffix == ".jsonl" and file.with_suffix(".txt").is_file():  # gold files hold keys that claims have not: optional, accept
            yield file.stem, file.with_suffix(".txt").read_text(encoding="utf-8"), [row for _, row in read_json_lines(file)]
        elif file.suffix == ".txt":
            for passage in read_hand(file):
                yield passage.id, passage.text, [claim.to_dict() for claim in gold_claims(passage, known=known)]
        else:
            for number, found in enumerate(load(file, FORMATS.get(file.suffix, "jsonl"), metrics=known), 1):
                yield found.document.name or f"{file.stem}-{number:04}", found.document.text, found.to_dicts()


def score_passages(extractor: Extractor, passages: Iterable[Passage]) -> dict[str, float]:
    """F1 of each measure, and the accuracy of each role, on passages."""
    tally = Tally()
    for passage in passages:
        tally.add(
            passage.id, [claim.to_dict() for claim in gold_claims(passage, known=extractor.metrics)], extractor.extract(passage.text).to_dicts()
        )
    figures = tally.figures()
    return {measure: figures[measure]["f1"] for measure in MEASURES} | figures["roles"]


def layers(text: str, rows: Sequence[Row]) -> list[list[str]]:
    """One tag sequence for the quantities with their metric, and one for each scope role."""
    wanted = [row for row in rows if not row.get("optional")]
    found = [iob2(len(text), [(row["start"], row["end"], row["metric"]) for row in wanted])]
    for role in ROLES:
        parts = {(part["start"], part["end"], role) for row in wanted if (part := row["scope"].get(role))}
        found.append(iob2(len(text), sorted(parts)))
    return found


def evaluate(extractor: Extracts, folder: Path, predictions: Path | None = None, *, known: Mapping[str, Metric] | None = None) -> dict[str, Any]:
    """Run the extractor over what is annotated in a folder or file.

    Args:
        extractor: the library's, or anything like it.
        folder: as :func:`sources` takes it.
        predictions: a folder to write the claims found to, a ``.jsonl`` a text.
        known: the codes that gold claims may have; None for the shipped ones and those of the extractor.

    Returns:
        ``tallies``: {"all", "prose", "tables", and each report or hand by name: Tally}; ``seqeval``: the strict IOB2 report's text;
        ``zero``: precision, recall and F1 of zero claims without a numeral; ``texts``: a Tally a text, by name, with its text.
    """
    tallies: dict[str, Tally] = {"all": Tally(), "prose": Tally(), "tables": Tally()}
    texts: dict[str, tuple[str, Tally]] = {}
    by_hand = folder.is_dir() and not any(folder.glob("*.jsonl"))
    truth: list[list[str]] = []
    guess: list[list[str]] = []
    zeros = np.zeros(3, dtype=int)
    for name, text, gold in sources(folder, {**metrics(), **getattr(extractor, "metrics", {})} if known is None else known):
        found = [claim.to_dict() for claim in extractor.extract(text)]
        texts[name] = (text, Tally())
        for tally in (tallies["all"], tallies.setdefault(name.rpartition("-")[0] if by_hand else name, Tally()), texts[name][1]):
            tally.add(name, gold, found)
        for part, inside in (("prose", False), ("tables", True)):
            chosen = [[row for row in rows if in_table(text, row["start"]) is inside] for rows in (gold, found)]
            tallies[part].add(name, *chosen)
        truth += layers(text, gold)
        guess += layers(text, found)
        zeros += _zeros(gold, found)
        if predictions:
            predictions.mkdir(parents=True, exist_ok=True)
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found)
            (predictions / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    if not texts:
        raise AnnotationError(f"{folder}: no annotated data there; .txt markup, .jsonl or Label Studio's .json is wanted")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # seqeval warns of every label without a prediction
        report = classification_report(truth, guess, mode="strict", scheme=IOB2, digits=4, zero_division=0)
    return {"tallies": tallies, "seqeval": report, "zero": prf(*map(int, zeros)), "texts": texts}


def _zeros(gold: Sequence[Row], found: Sequence[Row]) -> np.ndarray:
    """Hits, predictions and gold of denied mentions: claims of value 0 without a numeral."""
    wanted, named = (
        [row for row in rows if str(row["value"]) == "0" and not any(c in "0０零〇" for c in row["text"]) and not row.get("optional")]
        for rows in (gold, found)
    )
    hits = sum(any(w["start"] < n["end"] and n["start"] < w["end"] and w["metric"] == n["metric"] for n in named) for w in wanted)
    return np.array([hits, len(named), len(wanted)])


def show(result: dict[str, Any], *, seqeval: bool, errors: int, confusions: int = 0) -> str:
    """The result as text: a line a report, the zero claims, seqeval's report, confusions and the worst errors."""
    head = f"{'':26}{'gold':>6}{'pred':>6}" + "".join(f"{m:>8}" for m in MEASURES) + "".join(f"{r[:8]:>10}" for r in (*ROLES, "kind"))
    lines = [head]
    for name, tally in result["tallies"].items():
        if tally.gold + tally.predicted:
            f = tally.figures()
            lines.append(
                f"{name:26}{f['gold']:6}{f['predicted']:6}" + "".join(f"{f[m]['f1']:8.4f}" for m in MEASURES)
                + "".join(f"{f['roles'][r]:10.4f}" for r in (*ROLES, "kind"))
            )  # fmt: skip
    zero = result["zero"]
    lines += ["", f"zero claims  precision {zero['p']:.4f}  recall {zero['r']:.4f}"]
    if seqeval:
        lines += ["", "seqeval, strict IOB2", result["seqeval"]]
    if confusions:
        lines += ["", f"{'wanted':28}{'found':28}{'claims':>6}"]
        lines += [f"{wanted:28}{found:28}{count:6}" for (wanted, found), count in confusion(result["tallies"]["all"]).most_common(confusions)]
    return "\n".join([*lines, *worst(result, errors)])


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="a model folder, or 'baseline' for the rules alone")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--against", help="a second model folder, or 'baseline', to compare with on the same data")
    parser.add_argument("--predictions", type=Path, help="write the claims found here, a .jsonl for each report")
    parser.add_argument("--seqeval", action="store_true", help="print seqeval's report too")
    parser.add_argument("--errors", type=int, default=0, help="print so many errors, the surest ones first")
    parser.add_argument("--confusion", type=int, default=0, help="print so many pairs of metrics that are taken for one another")
    parser.add_argument("--json", type=Path, help="write all figures here")
    parser.add_argument("--seed", type=int, default=1, help="of the bootstrap")
    args = parser.parse_args(argv)
    try:
        models = [_extractor(model) for model in (args.model, args.against) if model]
        known = known_metrics([args.data], None)
        for model in reversed(models):
            known |= getattr(model, "metrics", {})
        result = evaluate(models[0], args.data, args.predictions, known=known)
        print(show(result, seqeval=args.seqeval, errors=args.errors, confusions=args.confusion))
        figures = as_json(result)
        if args.against:
            other = evaluate(models[1], args.data, known=known)
            compared = compare([t for _, t in result["texts"].values()], [t for _, t in other["texts"].values()], seed=args.seed)
            print("\n" + show_comparison(compared, args.model, args.against))
            figures |= {"against": as_json(other), "difference": compared}
        if args.json:
            write_text(args.json, json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
    except GovieError as error:
        print(f"training.evaluate: {error}", file=sys.stderr)
        return 1
    return 0


def _extractor(model: str) -> Extracts:
    if model == "baseline":
        from training.baseline import Baseline

        return Baseline()
    return govie.load(model)


if __name__ == "__main__":
    run(main)
