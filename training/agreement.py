"""Second reading: draw passages as bare text, and compare a second annotation with the first.

    python -m training.agreement draw --count 300 --output runs/bare      # files of bare passages, to be annotated anew
    python -m training.agreement compare corpora/second                   # agreement per field with the corpus as it stands

A second reading is a folder of corpus files whose passages keep the ids of the first. The first annotation counts as gold,
so that precision and recall show who marked more; a scope role agrees when both have none or the spans overlap, and
``same span`` says how often the borders are the same too.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from govie.claims import ROLES
from govie.errors import CorpusError
from govie.formats.passages import Passage, read_hand
from training.console import run
from training.corpus import corpus_files
from training.gold import gold_claims
from training.scoring import MEASURES, Tally

_SPECIAL = re.compile(r"([\[\]{}|\\])")


def corpus_passages() -> dict[str, Passage]:
    """Every passage of the corpus by its id."""
    return {passage.id: passage for path in corpus_files([]) for passage in read_hand(path)}


def draw(passages: Sequence[Passage], count: int, *, seed: int) -> list[Passage]:
    """A random ``count`` of the passages, in random order."""
    chosen = np.random.default_rng(seed).permutation(len(passages))[:count]
    return [passages[n] for n in chosen]


def bare(passages: Sequence[Passage], *, hand: str) -> str:
    """The passages as a corpus file without a mark."""
    escaped = [_SPECIAL.sub(r"\\\1", passage.text) for passage in passages]
    blocks = [f"§ {p.id} | {p.body} | {p.year} | {p.genre}\n{text}\n" for p, text in zip(passages, escaped, strict=True)]
    return f"hand: {hand}\nbrief: second reading\n---\n" + "\n".join(blocks)


def compare(first: Mapping[str, Passage], second: Sequence[Passage]) -> tuple[Tally, Counter[str]]:
    """The second reading scored against the first.

    Returns:
        The tally, and the counts behind ``same span``: for each role, how often both name it, and how often in the same borders.

    Raises:
        CorpusError: where a passage is unknown or its text was changed.
    """
    tally, exact = Tally(), Counter[str]()
    for passage in second:
        own = first.get(passage.id)
        if own is None or own.text != passage.text:
            raise CorpusError(f"{passage.id}: {'no such passage' if own is None else 'its text differs from the first reading'}")
        gold, found = ([claim.to_dict() for claim in gold_claims(p)] for p in (own, passage))
        tally.add(passage.id, gold, found)
        by_place = {(row["start"], row["end"], row["metric"]): row for row in found}
        for row in gold:
            other = by_place.get((row["start"], row["end"], row["metric"]))
            for role in ROLES:
                if other and row["scope"][role] and other["scope"][role]:
                    exact[role] += 1
                    exact[f"{role} same"] += row["scope"][role] == other["scope"][role]
    return tally, exact


def report(tally: Tally, exact: Mapping[str, int]) -> str:
    """The agreement as a printable table."""
    figures = tally.figures()
    lines = [f"claims, first reading {figures['gold']}, second {figures['predicted']}", ""]
    lines += [f"{'':12}{'precision':>10}{'recall':>10}{'F1':>10}"]
    lines += [f"{m:12}{figures[m]['p']:10.3f}{figures[m]['r']:10.3f}{figures[m]['f1']:10.3f}" for m in MEASURES]
    lines += ["", f"{'':12}{'agree':>10}{'same span':>12}"]
    for role in (*ROLES, "kind"):
        same = f"{exact[f'{role} same'] / exact[role]:12.3f}" if exact.get(role) else f"{'':12}"
        lines.append(f"{role:12}{figures['roles'][role]:10.3f}{same}")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.agreement", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw", help="write random passages without their marks")
    drawing.add_argument("--count", type=int, default=300)
    drawing.add_argument("--files", type=int, default=3, help="so many readers share them")
    drawing.add_argument("--seed", type=int, default=1)
    drawing.add_argument("--output", type=Path, required=True)
    comparing = commands.add_parser("compare", help="agreement per field")
    comparing.add_argument("paths", nargs="+", type=Path)
    comparing.add_argument("--differences", action="store_true", help="print every claim on which the readings differ")
    args = parser.parse_args(argv)
    try:
        first = corpus_passages()
        if args.command == "draw":
            chosen = draw(list(first.values()), args.count, seed=args.seed)
            args.output.mkdir(parents=True, exist_ok=True)
            for n in range(args.files):
                (args.output / f"s{n + 1}.txt").write_text(bare(chosen[n :: args.files], hand=f"s{n + 1}"), encoding="utf-8")
            return 0
        tally, exact = compare(first, [passage for path in corpus_files(args.paths) for passage in read_hand(path)])
    except CorpusError as error:
        print(f"training.agreement: {error}", file=sys.stderr)
        return 1
    print(report(tally, exact))
    if args.differences:
        for name, one, two, what in tally.errors:
            print(f"\n{name} {' '.join(what)}")
            for mark, row in (("first ", one), ("second", two)):
                if row:
                    scope = " ".join(f"{role}={part['text']}" for role, part in row["scope"].items() if part)
                    print(f"  {mark} {row['text']!r} {row['metric']} {row['kind']} {row.get('per') or ''} {scope}")
    return 0


if __name__ == "__main__":
    run(main)
