"""Evaluate a model on annotated data: claim-level figures, and seqeval's strict IOB2 report.

    python -m training.evaluate govie/shipped --data corpora/test
    python -m training.evaluate govie/shipped --data ../shared/eval/dev --predictions runs/predictions

``--data`` is a folder of corpus files, or of reports with gold claims (``NAME.txt`` beside ``NAME.jsonl``).
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

import govie
from govie.claims import ROLES
from govie.extractor import Extractor
from govie.linking.linker import Linker
from govie.model.decode import Reading, decode, role_spans
from govie.model.heads import OUTPUTS
from govie.model.vocabulary import CLS, SEP, Vocabulary
from training.gold import gold_claims
from training.markup import read_hand
from training.network import ClaimTagger
from training.scoring import MEASURES, Tally, prf
from training.tables import in_table

Row = dict[str, Any]


class Extracts(Protocol):
    """Anything that turns text into claims: the library's extractor, or the baseline."""

    def extract(self, text: str) -> Sequence[govie.Claim]: ...


class TorchTagger:
    """The trainable model behind the runtime's interface, to use it without an export."""

    def __init__(self, model: torch.nn.Module, vocabulary: Vocabulary, codes: Sequence[str]) -> None:
        self.model, self.vocabulary, self.codes = model, vocabulary, tuple(codes)

    @classmethod
    def load(cls, folder: Path) -> TorchTagger:
        """The model of a training run."""
        model = ClaimTagger.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
        return cls(model, Vocabulary.load(folder / "vocabulary.txt"), model.config.codes)

    def scores(self, text: str) -> dict[str, NDArray[np.float32]]:
        """The same as the runtime's ``Tagger.scores``."""
        ids = np.concatenate([[CLS], self.vocabulary.encode(text), [SEP]])[None]
        with torch.no_grad():
            outputs = self.model(torch.from_numpy(ids))
        return {name: output[0, 1:-1].float().numpy() for name, output in zip(OUTPUTS, outputs, strict=True)}

    def read(self, text: str, candidates: Sequence[tuple[int, int]]) -> tuple[list[Reading], dict[str, list[tuple[int, int]]]]:
        """The same as the runtime's ``Tagger.read``."""
        scores = self.scores(text)
        return decode(scores, text, candidates, self.codes), role_spans(scores, text)


def sources(folder: Path) -> Iterator[tuple[str, str, list[Row]]]:
    """Name, text and gold claims of everything annotated in ``folder``."""
    for path in sorted(folder.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        yield path.stem, path.with_suffix(".txt").read_text(encoding="utf-8"), rows
    if not any(folder.glob("*.jsonl")):
        for path in sorted(folder.glob("*.txt")):
            for passage in read_hand(path):
                yield passage.id, passage.text, [claim.to_dict() for claim in gold_claims(passage)]


def score_split(tagger: TorchTagger, linker: Linker, folder: Path) -> dict[str, float]:
    """F1 of each measure of a trainable model on the corpus files of ``folder``."""
    extractor, tally = Extractor(tagger, linker), Tally()  # type: ignore[arg-type]
    for name, text, gold in sources(folder):
        tally.add(name, gold, extractor.extract(text).to_dicts())
    figures = tally.figures()
    return {measure: figures[measure]["f1"] for measure in MEASURES} | figures["roles"]


def iob2(text: str, spans: Sequence[tuple[int, int, str]]) -> list[str]:
    """The IOB2 tags of a text's characters for spans that do not overlap; of several on one place the first counts."""
    tags = ["O"] * len(text)
    for start, end, label in spans:
        if all(tag == "O" for tag in tags[start:end]):
            tags[start:end] = [f"B-{label}"] + [f"I-{label}"] * (end - start - 1)
    return tags


def layers(text: str, rows: Sequence[Row]) -> list[list[str]]:
    """One tag sequence for the quantities with their metric, and one for each scope role."""
    wanted = [row for row in rows if not row.get("optional")]
    found = [iob2(text, [(row["start"], row["end"], row["metric"]) for row in wanted])]
    for role in ROLES:
        parts = {(part["start"], part["end"], role) for row in wanted if (part := row["scope"].get(role))}
        found.append(iob2(text, sorted(parts)))
    return found


def evaluate(extractor: Extracts, folder: Path, predictions: Path | None = None) -> dict[str, Any]:
    """Run the extractor over ``folder``.

    Returns:
        ``tallies``: {"all", "prose", "tables", and each report or hand by name: Tally}; ``seqeval``: the strict IOB2 report's text;
        ``zero``: precision, recall and F1 of zero claims without a numeral.
    """
    tallies: dict[str, Tally] = {"all": Tally(), "prose": Tally(), "tables": Tally()}
    reports = any(folder.glob("*.jsonl"))
    truth: list[list[str]] = []
    guess: list[list[str]] = []
    zeros = np.zeros(3, dtype=int)
    for name, text, gold in sources(folder):
        found = [claim.to_dict() for claim in extractor.extract(text)]
        tallies["all"].add(name, gold, found)
        tallies.setdefault(name if reports else name.rpartition("-")[0], Tally()).add(name, gold, found)
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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # seqeval warns of every label without a prediction
        report = classification_report(truth, guess, mode="strict", scheme=IOB2, digits=4, zero_division=0)
    return {"tallies": tallies, "seqeval": report, "zero": prf(*map(int, zeros))}


def _zeros(gold: Sequence[Row], found: Sequence[Row]) -> np.ndarray:
    """Hits, predictions and gold of denied mentions: claims of value 0 without a numeral."""
    wanted, named = (
        [row for row in rows if str(row["value"]) == "0" and not any(c in "0０零〇" for c in row["text"]) and not row.get("optional")]
        for rows in (gold, found)
    )
    hits = sum(any(w["start"] < n["end"] and n["start"] < w["end"] and w["metric"] == n["metric"] for n in named) for w in wanted)
    return np.array([hits, len(named), len(wanted)])


def show(result: dict[str, Any], *, seqeval: bool, errors: int) -> str:
    """The result as text: a line a report, the zero claims, seqeval's report and the worst errors."""
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
    for name, g, p, wrong in result["tallies"]["all"].errors[:errors]:
        lines.append(f"{name}: {' '.join(wrong)} | gold {_brief(g)} | found {_brief(p)}")
    return "\n".join(lines)


def _brief(row: Any) -> str:
    if row is None:
        return "-"
    scope = " ".join(f"{role}={part['text']}" for role, part in row["scope"].items() if part)
    return f"{row['start']} {row['text']!r} {row['value']} {row['unit']} {row['metric']} {scope}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="a model folder, or 'baseline' for the rules alone")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--predictions", type=Path, help="write the claims found here, a .jsonl for each report")
    parser.add_argument("--seqeval", action="store_true", help="print seqeval's report too")
    parser.add_argument("--errors", type=int, default=0, help="print so many errors")
    args = parser.parse_args()
    if args.model == "baseline":
        from training.baseline import Baseline

        extractor: Extracts = Baseline()
    else:
        extractor = govie.load(args.model)
    print(show(evaluate(extractor, args.data, args.predictions), seqeval=args.seqeval, errors=args.errors))


if __name__ == "__main__":
    main()
