"""Check and count the corpus: ``python -m training.corpus check|stats [PATH …]``."""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from govie.errors import CorpusError
from govie.formats.passages import MarkedClaim, Passage, read_hand
from govie.metrics import Metric, metrics, read_metrics
from govie.numbers import find_quantities
from govie.text import fold
from training.console import run

CORPORA = Path(__file__).resolve().parent.parent / "corpora"
SPLITS = ("train", "dev", "test")
_NUMERAL = re.compile(r"[0-9０-９零〇一二两三四五六七八九十百千万亿几半壹贰叁肆伍陆柒捌玖拾萬億兩]")
_OUTSIDE = re.compile(r"^(达|为|共|共计|累计|各|平均|日均|总计|合计)")
_NOUN_TAIL = re.compile(r"(信息|申请|文件|案件|会议|单位|部门|群众)$")


def corpus_files(paths: Sequence[Path]) -> list[Path]:
    """The corpus files named by ``paths`` (files, folders, or folders of splits); all splits when none is given."""
    found: list[Path] = []
    for path in paths or [CORPORA]:
        splits = [path / split for split in SPLITS if (path / split).is_dir()]
        found += [file for folder in splits or [path] for file in folder.glob("*.txt")] if path.is_dir() else [path]
    return sorted(found)


def corpus_codes(paths: Sequence[Path]) -> dict[str, Metric]:
    """The shipped codes with those of a ``metrics.tsv`` in the folder of a file or split, or in the one above.

    Raises:
        DataError: where such a file is broken.
    """
    beside = {folder / "metrics.tsv" for file in corpus_files(paths) for folder in file.parents[:2]}
    return dict(metrics()) | {code: metric for own in sorted(beside) if own.is_file() for code, metric in read_metrics(own).items()}


def _found_by_rules(passage: Passage) -> set[tuple[int, int]]:
    """The candidates of the number grammar, in the passage's offsets."""
    folded = fold(passage.text)
    return {folded.source_span(q.start, q.end) for q in find_quantities(folded.text)}


def _found_in(candidates: set[tuple[int, int]], claim: MarkedClaim) -> bool:
    return any(start < claim.end and claim.start < end for start, end in candidates)


def problems(passage: Passage, codes: frozenset[str]) -> Iterable[str]:
    """What is wrong with one passage, each as a sentence."""
    candidates = _found_by_rules(passage)
    for claim in passage.claims:
        text = passage.text[claim.start : claim.end]
        if claim.metric not in codes:
            yield f"unknown code '{claim.metric}' on '{text}'"
        if bool(_NUMERAL.search(text)) == claim.zero and not (claim.zero and not _found_in(candidates, claim)):
            yield f"'{text}': 'zero' is for denied mentions without a numeral, and all of those"
        if not claim.zero and _OUTSIDE.match(text):
            yield f"'{text}': 达, 为, 共, 累计, 各, 平均, 日均 stay outside the quantity"
        if not claim.zero and _NOUN_TAIL.search(text):
            yield f"'{text}': the noun counted stays outside the quantity"
        if not claim.zero and (claim.start, claim.end) not in candidates:
            near = [passage.text[start:end] for start, end in candidates if start < claim.end and claim.start < end]
            yield f"'{text}': the number grammar finds {near[0]!r} there" if near else f"'{text}' is no quantity to the number grammar"
        if text != text.strip():
            yield f"'{text}': blanks at the border"
        for scope in claim.scopes.values():
            if scope.start < claim.end and claim.start < scope.end:
                yield f"'{text}': its scope '{passage.text[scope.start : scope.end]}' overlaps it"
    used = {(scope.role, scope.start, scope.end) for claim in passage.claims for scope in claim.scopes.values()}
    for scope in passage.scopes:
        if (scope.role, scope.start, scope.end) not in used:
            yield f"scope '{passage.text[scope.start : scope.end]}' is used by no claim"
    if not 12 <= len(passage.text) <= 600:
        yield f"{len(passage.text)} characters; 12 to 600 are wanted"


def check(paths: Sequence[Path]) -> list[str]:
    """Every problem of the given corpus files, with file and passage."""
    codes = frozenset(corpus_codes(paths))
    found: list[str] = []
    seen: dict[str, str] = {}
    for path in corpus_files(paths):
        try:
            for passage in read_hand(path):
                where = f"{path.name}: {passage.id}"
                found += [f"{where}: {problem}" for problem in problems(passage, codes)]
                for key in (passage.id, passage.text):
                    if key in seen:
                        found.append(f"{where}: the same as {seen[key]}")
                    seen[key] = passage.id
        except CorpusError as error:
            found.append(str(error))
    return found


def stats(paths: Sequence[Path]) -> str:
    """Counts of passages, claims, codes, roles and kinds as a printable table."""
    counts: Counter[str] = Counter()
    claims: Counter[str] = Counter()
    wordings: defaultdict[str, set[str]] = defaultdict(set)
    hands = set()
    for path in corpus_files(paths):
        for passage in read_hand(path):
            hands.add(passage.hand)
            counts.update(passages=1, characters=len(passage.text), claims=len(passage.claims))
            counts["passages without a claim"] += not passage.claims
            for claim in passage.claims:
                claims[claim.metric] += 1
                wordings[claim.metric].add(re.sub(r"[0-9.,]", "", passage.text[max(0, claim.start - 8) : claim.start]))
                counts.update(f"with {role}" for role in claim.scopes)
                counts.update([claim.kind] + ["zero"] * claim.zero)
    lines = [f"{'hands':28}{len(hands):8}"] + [f"{key:28}{n:8}" for key, n in counts.items()]
    lines += ["", f"{'metric':28}{'claims':>8}{'wordings':>10}"]
    lines += [f"{code:28}{claims[code]:8}{len(wordings[code]):10}" for code in corpus_codes(paths)]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.corpus", description=__doc__)
    parser.add_argument("command", choices=["check", "stats"])
    parser.add_argument("paths", nargs="*", type=Path, help="corpus files or folders; all splits when left out")
    args = parser.parse_args(argv)
    if args.command == "stats":
        print(stats(args.paths))
        return 0
    found = check(args.paths)
    print("\n".join(found) or "no problem found")
    return 1 if found else 0


if __name__ == "__main__":
    run(main)
