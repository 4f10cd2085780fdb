"""The sentences of the prose, with their figures and brackets: what the checks of the prose walk through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from govie.checks.report import Report
from govie.claims import Claim

__all__ = ["Figure", "Sentence", "claims_of", "paragraphs", "sentences"]

_HEADING = r"\s*(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十0-9]{1,3}\)|第[一二三四五六七八九十]+[章部条]|[0-9]{1,2}[、.])"
_END = re.compile(rf"[。!?！？]+[”’」』)]?|\n\s*\n|\n(?={_HEADING})")
_BREAK = re.compile(rf"(?<=[。!?！？”』」)）])[^\S\n]*\n|\n\s*\n|\n(?={_HEADING})")
_CARRIES_ON = re.compile(r"\s*\(?(?:其中|包括|具体(?:为|如下|是|包括)|分别)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a sentence, by offsets into the folded text.

    Attributes:
        claim: the claim that it makes; None where the report's claims leave it out.
        bracket: where the innermost bracket that it stands in begins; -1 outside.
    """

    start: int
    end: int
    value: Decimal
    unit: str | None
    claim: Claim | None
    bracket: int = -1


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and what carries it on (其中…), as a half-open span of the folded text.

    Attributes:
        figures: its numbers in order, claims or not.
        brackets: the half-open spans of its round brackets, marks included, outer ones first.
    """

    text: str
    start: int
    end: int
    figures: tuple[Figure, ...]
    brackets: tuple[tuple[int, int], ...]

    def bracket_at(self, offset: int) -> int:
        """Where the innermost bracket around ``offset`` begins; -1 outside."""
        return max((start for start, end in self.brackets if start < offset < end), default=-1)

    def between(self, start: int, end: int) -> str:
        """What stands between two offsets, brackets left out."""
        kept, at = [], start
        for left, right in self.brackets:
            if left >= at and right <= end:
                kept.append(self.text[at:left])
                at = right
        return "".join(kept) + self.text[at:end]

    def bracket_end(self, bracket: int) -> int:
        """Where a bracket ends; for -1 the sentence."""
        return next((end for start, end in self.brackets if start == bracket), self.end)


def claims_of(figures: Iterable[Figure]) -> list[Claim]:
    """The claims of those figures that make one."""
    return [figure.claim for figure in figures if figure.claim is not None]


def sentences(report: Report) -> Iterator[Sentence]:
    """The sentences that hold a claim of the prose, in order."""
    yield from _stretches(report, _spans(report.folded.text))


def paragraphs(report: Report) -> Iterator[Sentence]:
    """The paragraphs that hold a claim of the prose, in order, each in the shape of a sentence."""
    text = report.folded.text
    borders = [0, *(match.end() for match in _BREAK.finditer(text)), len(text)]
    yield from _stretches(report, pairwise(borders))


def _stretches(report: Report, spans: Iterable[tuple[int, int]]) -> Iterator[Sentence]:
    folded, text = report.folded, report.folded.text
    claims: dict[tuple[int, int], Claim] = {}
    for claim in report.prose:
        claims.setdefault(folded.folded_span(claim.start, claim.end), claim)
    if not claims:
        return
    figures = [Figure(*span, claim.value, claim.unit, claim) for span, claim in claims.items()]
    figures += [Figure(q.start, q.end, q.value, q.unit, None) for q in report.quantities if (q.start, q.end) not in claims]
    figures.sort(key=lambda figure: (figure.start, figure.end))
    n = 0
    for start, end in spans:
        while n < len(figures) and figures[n].start < start:
            n += 1
        inside = []
        while n < len(figures) and figures[n].start < end:
            inside.append(figures[n])
            n += 1
        if any(figure.claim is not None for figure in inside):
            brackets = tuple(_brackets(text, start, end))
            bare = Sentence(text, start, end, (), brackets)
            yield replace(bare, figures=tuple(replace(figure, bracket=bare.bracket_at(figure.start)) for figure in inside))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        if _CARRIES_ON.match(text, match.end()):
            continue
        yield start, match.end()
        start = match.end()
    yield start, len(text)


def _brackets(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    opened: list[int] = []
    found = []
    for at in range(start, end):
        if text[at] == "(":
            opened.append(at)
        elif text[at] == ")" and opened:
            found.append((opened.pop(), at + 1))
    yield from sorted(found)
