"""Show that no sentence of the corpus is copied: from other texts, or from passage to passage.

    python -m training.overlap                       # near duplicates within the corpus
    python -m training.overlap ../shared/eval/dev    # stretches that the corpus shares with the texts of a folder

Texts are folded, and blanks, marks, digits and titles in 《》 dropped, so that neither numbers nor punctuation hide a copy; the
formulas that the statute prescribes for every report (``formulas.txt``: heads and labels of its tables) do not count either.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from govie.formats.passages import Passage, read_hand
from govie.text import fold
from training.console import run
from training.corpus import corpus_files

COPIED = 20  # characters in a row
SHINGLE, ALIKE, OWN_WORDS = 5, 0.6, 30  # a passage with fewer characters of its own is a piece of a statutory table
_NAMES = re.compile("《[^》]*》")


def bare(text: str) -> str:
    """Text without what varies in a copy, and a mark where a formula stood."""
    return _formulas().sub("|", re.sub(r"[^\w]|[0-9]", "", _NAMES.sub("", fold(text).text)))


@cache
def _formulas() -> re.Pattern[str]:
    words = Path(__file__).with_name("formulas.txt").read_text(encoding="utf-8").split()
    return re.compile("|".join(sorted(words, key=len, reverse=True)))


def copied(passages: Iterable[Passage], texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Passages that share a stretch of ``COPIED`` characters with one of ``texts``: id and the stretch."""
    known = {plain[i : i + COPIED] for plain in map(bare, texts) for i in range(len(plain) - COPIED + 1)}
    for passage in passages:
        plain = bare(passage.text)
        stretch = next((plain[i : i + COPIED] for i in range(len(plain) - COPIED + 1) if plain[i : i + COPIED] in known), None)
        if stretch and stretch.count("|") < COPIED // 4:
            yield passage.id, stretch


def _bare_text(passage: Passage) -> str:
    return bare(passage.text)


def near_duplicates(passages: Sequence[Passage]) -> Iterator[tuple[str, str, float]]:
    """Pairs of passages whose sets of ``SHINGLE`` characters overlap by ``ALIKE`` (Jaccard) or more."""
    sets = [
        {plain[i : i + SHINGLE] for i in range(len(plain) - SHINGLE + 1) if "|" not in plain[i : i + SHINGLE]} for plain in map(_bare_text, passages)
    ]
    seen: defaultdict[str, list[int]] = defaultdict(list)
    for n, own in enumerate(sets):
        shared = Counter(m for shingle in own for m in seen[shingle])
        for m, count in shared.items():
            share = count / (len(own) + len(sets[m]) - count)
            if share >= ALIKE and min(len(own), len(sets[m])) >= OWN_WORDS:
                yield passages[m].id, passages[n].id, share
        for shingle in own:
            if len(seen[shingle]) < 50:  # what everybody says finds no pair
                seen[shingle].append(n)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.overlap", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="a folder of .txt files that nothing may be copied from")
    args = parser.parse_args(argv)
    passages = [passage for path in corpus_files([]) for passage in read_hand(path)]
    if args.folder:
        texts = [path.read_text(encoding="utf-8") for path in sorted(args.folder.glob("*.txt"))]
        rows = [f"{name}: {stretch}" for name, stretch in copied(passages, texts)]
    else:
        rows = [f"{a} {b}: {share:.2f}" for a, b, share in near_duplicates(passages)]
    print("\n".join(rows) or f"nothing found in {len(passages)} passages")
    return 1 if rows else 0


if __name__ == "__main__":
    run(main)
