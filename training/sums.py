"""Score the checks on passages that add up and passages in which one number is wrong: ``python -m training.sums [--claims gold|extracted]``.

The passages stand in ``tests/data/sums``: ``right.txt`` and ``broken.txt`` in the corpus's markup; ``right.tsv`` names the identities that hold
(passage, kind, the arithmetic), ``broken.tsv`` the one that does not (passage, kind, its figures parted by ``|``, the arithmetic).
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import govie
from govie.claims import Claim
from govie.document import Document, Extraction
from govie.errors import CorpusError
from govie.formats.passages import Passage, read_hand
from training.console import run
from training.gold import gold_claims

__all__ = ["FOLDER", "Case", "Score", "read_cases", "score"]

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "data" / "sums"
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_SCALES = (Decimal(1), Decimal(10) ** 4, Decimal(10) ** 8)  # the arithmetic may be written in 万 or 亿
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Case:
    """A passage and what is known of it.

    Attributes:
        holds: kind and arithmetic of each identity that holds.
        broken: the kind of the one that does not; None where all hold.
        places: the spans of the broken identity's figures.
    """

    passage: Passage
    holds: tuple[tuple[str, str], ...] = ()
    broken: str | None = None
    places: frozenset[tuple[int, int]] = frozenset()


@dataclass(slots=True)
class Score:
    """Counts by kind of identity; ``all`` is the sum.

    Attributes:
        broken, found: broken passages, and those of them whose broken identity a failing finding touches.
        holding, passed: identities that hold, and those of them that a passing finding states.
        failing, rightly: passages with a finding that fails, and those of them where every such finding touches what is broken; by the codes
            of the findings.
        right, alarmed: passages in which all holds, and those of them in which a finding fails.
        errors: a line for each false alarm, miss and identity that was not seen, with its sort first.
    """

    broken: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    holding: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    failing: Counter[str] = field(default_factory=Counter)
    rightly: Counter[str] = field(default_factory=Counter)
    right: int = 0
    alarmed: int = 0
    errors: list[tuple[str, str]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of the passages where a finding fails, the share where what fails is what is broken."""
        return _share(self.rightly[_ALL], self.failing[_ALL])

    @property
    def recall(self) -> float:
        """Of the broken passages, the share whose broken identity fails."""
        return _share(self.found[_ALL], self.broken[_ALL])

    @property
    def seen(self) -> float:
        """Of the identities that hold, the share that a finding passes."""
        return _share(self.passed[_ALL], self.holding[_ALL])

    def __str__(self) -> str:
        lines = [
            f"precision {self.precision:.3f}  recall {self.recall:.3f}  right identities passed {self.seen:.3f}  "
            f"right passages with a false alarm {self.alarmed} of {self.right}"
        ]
        lines.append(f"{'kind':16}{'broken':>8}{'found':>8}{'recall':>8}{'hold':>8}{'passed':>8}{'share':>8}")
        for kind in [*sorted({*self.broken, *self.holding} - {_ALL}), _ALL]:
            broken, holding = self.broken[kind], self.holding[kind]
            lines.append(
                f"{kind:16}{broken:8}{self.found[kind]:8}{_shown(self.found[kind], broken):>8}"
                f"{holding:8}{self.passed[kind]:8}{_shown(self.passed[kind], holding):>8}"
            )
        lines.append(f"{'code':16}{'fails':>8}{'rightly':>8}{'precision':>10}")
        for code in [*sorted(set(self.failing) - {_ALL}), _ALL]:
            lines.append(f"{code:16}{self.failing[code]:8}{self.rightly[code]:8}{_shown(self.rightly[code], self.failing[code]):>10}")
        return "\n".join(lines)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _shown(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def read_cases(folder: Path = FOLDER) -> list[Case]:
    """The passages of a folder with what its tables say of them.

    Raises:
        CorpusError: where a table names a passage that is not there, or a figure that is no claim of its passage.
    """
    holds: dict[str, list[tuple[str, str]]] = {}
    for identifier, kind, arithmetic in _rows(folder / "right.tsv", 3):
        holds.setdefault(identifier, []).extend([(kind, arithmetic)] if kind else [])
    broken = {identifier: (kind, figures) for identifier, kind, figures, _ in _rows(folder / "broken.tsv", 4)}
    passages = {name: {passage.id: passage for passage in read_hand(folder / f"{name}.txt")} for name in ("right", "broken")}
    for name, known in (("right", holds.keys()), ("broken", broken.keys())):
        if odd := passages[name].keys() ^ known:
            raise CorpusError(f"{folder / name}.tsv: passages of only one of the two files: {', '.join(sorted(odd))}")
    cases = [Case(passage, tuple(holds[passage.id])) for passage in passages["right"].values()]
    for passage in passages["broken"].values():
        kind, figures = broken[passage.id]
        wanted = {figure.strip() for figure in figures.split("|")}
        places = frozenset((c.start, c.end) for c in passage.claims if passage.text[c.start : c.end] in wanted)
        if missing := wanted - {passage.text[start:end] for start, end in places}:
            raise CorpusError(f"{folder / 'broken.tsv'}: {passage.id}: no claim reads {', '.join(sorted(missing))}")
        cases.append(Case(passage, broken=kind, places=places))
    return cases


def _rows(path: Path, columns: int) -> Iterable[list[str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        cells = line.split("\t")
        if line and len(cells) != columns:
            raise CorpusError(f"{path}:{number}: {columns} columns parted by tabs are wanted")
        if line:
            yield cells


def score(cases: Iterable[Case], claims_of: Callable[[Passage], Iterable[Claim]] = gold_claims) -> Score:
    """Check every passage, with the claims that ``claims_of`` gives it."""
    made = Score()
    for case in cases:
        passage = case.passage
        year = int(passage.year) if passage.year.isdigit() else None
        findings = govie.check(Extraction(Document(passage.text, name=passage.id, year=year), tuple(claims_of(passage))))
        failing = [finding for finding in findings if finding.status == "fail"]
        touching = [finding for finding in failing if _touches(finding, case.places)]
        _count_failing(made, case, failing, touching)
        if case.broken:
            _add(made.broken, made.found, case.broken, bool(touching))
            if not touching:
                made.errors.append(
                    ("missed", f"{passage.id} {case.broken}: {[f.status + ' ' + f.message_zh for f in findings if f.status != 'pass']}")
                )
        else:
            made.right += 1
            made.alarmed += bool(failing)
        for kind, arithmetic in case.holds:
            stated = any(finding.status == "pass" and _states(finding, arithmetic) for finding in findings)
            _add(made.holding, made.passed, kind, stated)
            if not stated:
                made.errors.append(("not seen", f"{passage.id} {kind}: {arithmetic}"))
    return made


def _count_failing(made: Score, case: Case, failing: Sequence[govie.Finding], touching: Sequence[govie.Finding]) -> None:
    if not failing:
        return
    _add(made.failing, made.rightly, None, len(touching) == len(failing))
    for finding in failing:
        made.failing[finding.code] += 1
        made.rightly[finding.code] += finding in touching
        if finding not in touching:
            made.errors.append(("false alarm", f"{case.passage.id}: {finding.message_zh}"))


def _add(whole: Counter[str], part: Counter[str], kind: str | None, counts: bool) -> None:
    for name in (_ALL, kind) if kind else (_ALL,):
        whole[name] += 1
        part[name] += counts


def _touches(finding: govie.Finding, places: frozenset[tuple[int, int]]) -> bool:
    """Whether a finding is about the figures in these places: two of them at least, or the one that there is."""
    touched = {place for place in places for claim in finding.claims if claim.start < place[1] and place[0] < claim.end}
    return len(touched) >= min(2, len(places)) > 0


def _states(finding: govie.Finding, arithmetic: str) -> bool:
    """Whether a finding's figures are those of the arithmetic; of products and quotients two are enough, since factors may be no figures
    (三个科室各4件)."""
    values = Counter(claim.value for claim in finding.claims if claim.value)
    numbers = [Decimal(number) for number in _NUMBER.findall(arithmetic)]
    loose = any(sign in arithmetic for sign in "*/")
    for scale in _SCALES:
        wanted = Counter(number * scale for number in numbers if number)
        if values == wanted or (loose and values <= wanted and values.total() >= 2):
            return True
    return False


def half(cases: Iterable[Case], name: str) -> list[Case]:
    """Those with an ``odd`` or an ``even`` number; ``all`` takes every one."""
    wanted: Mapping[str, tuple[int, ...]] = {"odd": (1,), "even": (0,), _ALL: (0, 1)}
    return [case for case in cases if int(case.passage.id.rpartition("-")[2]) % 2 in wanted[name]]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.sums", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--claims", choices=["gold", "extracted"], help="whose claims are checked; both when left out")
    parser.add_argument("--half", choices=["odd", "even", _ALL], default=_ALL, help="the passages with odd or even numbers alone")
    parser.add_argument("--errors", action="store_true", help="list false alarms, misses and what was not seen")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    args = parser.parse_args(argv)
    cases = half(read_cases(args.folder), args.half)
    makers: dict[str, Callable[[Passage], Iterable[Claim]]] = {"gold": gold_claims, "extracted": lambda passage: govie.extract(passage.text)}
    for name, claims_of in makers.items():
        if args.claims in (None, name):
            made = score(cases, claims_of)
            print(f"{name} claims, {args.half} passages\n{made}\n")
            if args.errors:
                print("\n".join(f"{sort}: {line}" for sort, line in sorted(made.errors)) + "\n")
    return 0


if __name__ == "__main__":
    run(main)
