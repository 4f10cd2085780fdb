"""Where the prose enumerates parts of a total, and how the enumeration may be read.

A sentence does not say where its list of parts ends, which of them divide others, or whether two figures before it are meant together.
So an enumeration has readings; a sum is only called wrong where no reading holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import islice, pairwise

from govie.checks.rules import checks
from govie.checks.sentences import Figure, Sentence, claims_of
from govie.checks.wholes import has_results, is_kin
from govie.claims import Claim

__all__ = ["Breakdown", "Part", "breakdowns", "is_fresh", "states"]

_MOST = 40  # parts of one enumeration
_CUES, _TOTALS = 12, 8  # of one sentence, and before one cue: more of them are no sentence, and every pair would be tried
_SKIPPED = ("%", "个百分点")
_NAMES = re.compile("、|和|与|及|以及")
_STOP = re.compile("[;。]")
_NESTED = re.compile("其中|包括|包含|分别|含")
_COLON_REACH = 14
_SHARE = re.compile("[,、(]?约?占")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a total, and how often it counts (文化、旅游方面各4件: twice)."""

    figure: Figure
    times: Decimal


@dataclass(frozen=True, slots=True)
class Breakdown:
    """An enumeration of the figures of one unit, and the totals that it may divide.

    Attributes:
        cue: the word or mark that opens it.
        opens: the folded offset behind that word.
        totals: figures before it, the nearest first.
        parts: all figures behind it, in order.
        sure: how many of them, from the first, belong together by all signs.
        plain: whether the list is of one storey, with an end that can be seen: only then can its sum be wrong.
        mixed: whether it goes on in another unit, so that there may be more parts.
        later: figures behind the parts that begin a count of their own (合计…), which may be their sum.
    """

    cue: str
    opens: int
    totals: tuple[Claim, ...]
    parts: tuple[Part, ...]
    sure: int
    plain: bool
    mixed: bool
    later: tuple[Claim, ...]

    def readings(self, sentence: Sentence) -> Iterator[tuple[Part, ...]]:
        """The parts that may belong together: by all signs, then every run from the first that ends where a list may end, then the first
        of each item of a list whose items have parts of their own."""
        yield self.parts[: self.sure]
        for length in range(len(self.parts), 1, -1):
            if length >= self.sure or self._may_end(sentence, length):
                yield self.parts[:length]
        for parts in (tuple(self._heads(sentence)), tuple(self._outer(sentence))):
            for length in range(len(parts), 1, -1):
                if parts != self.parts[: len(parts)]:
                    yield parts[:length]

    def _may_end(self, sentence: Sentence, length: int) -> bool:
        """Whether something changes behind so many parts: the mark between them, the metric, or the kind of scope."""
        one, other = self.parts[length - 1].figure, self.parts[length].figure
        marks = [_mark(sentence, self.parts[n - 1].figure, self.parts[n].figure) for n in (length - 1, length)]
        aside = re.search("另|尚|还有", sentence.between(one.end, other.start))
        if aside or marks[0] != marks[1] or one.claim is None or other.claim is None:
            return True
        return _roles(one.claim) != _roles(other.claim) or (one.claim.metric != other.claim.metric and not has_results(one.claim))

    def _heads(self, sentence: Sentence) -> Iterator[Part]:
        for n, part in enumerate(self.parts):
            if n == 0 or _STOP.search(sentence.between(self.parts[n - 1].figure.end, part.figure.start)):
                yield part

    def _outer(self, sentence: Sentence) -> Iterator[Part]:
        nested = False
        for n, part in enumerate(self.parts):
            between = sentence.between(self.parts[n - 1].figure.end, part.figure.start) if n else ""
            nested = bool(_NESTED.search(between)) or (nested and not _STOP.search(between))
            if not nested:
                yield part


def _mark(sentence: Sentence, one: Figure, other: Figure) -> str:
    return sentence.between(one.end, other.start).lstrip()[:1]


def _roles(claim: Claim) -> set[str]:
    return {role for role, _ in claim.scope} & {"category", "channel", "applicant", "entity"}


@cache
def _cue() -> re.Pattern[str]:
    words = sorted(checks()["sums"]["cues"], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


@cache
def _fresh() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(checks()['sums']['fresh'])})[^,;、0-9]{{0,4}}$")


def is_fresh(label: str) -> bool:
    """Whether the words before a figure begin a count of its own (共, 合计)."""
    return _fresh().search(label) is not None


@cache
def _change() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(checks()['sums']['change'])})了?$")


def breakdowns(sentence: Sentence) -> Iterator[Breakdown]:
    """Every enumeration of a sentence, one for each unit in it that a figure before it shares."""
    cues = list(islice(_cue().finditer(sentence.text, sentence.start, sentence.end), _CUES))
    for n, match in enumerate(cues):
        cue, begin, opens = match[0], match.start(), match.end()
        if cue == "(" and n + 1 < len(cues) and cues[n + 1].start() <= opens + 2:
            continue  # the word behind the bracket says more
        bracket = begin if cue == "(" else sentence.bracket_at(begin)
        outer = sentence.bracket_at(bracket) if bracket >= 0 else -1
        end = sentence.bracket_end(bracket)
        before = [f for f in sentence.figures if f.end <= begin and f.claim is not None and f.bracket in (bracket, outer) and states(sentence, f)]
        behind = [f for f in sentence.figures if opens <= f.start and f.end <= end and f.bracket == bracket]
        for unit in dict.fromkeys(f.unit for f in behind if f.claim is not None and f.unit not in _SKIPPED):
            found = _of_unit(sentence, match, unit, before, behind)
            if found:
                yield found


def states(sentence: Sentence, figure: Figure) -> bool:
    """Whether a figure is a count that stands for itself: no rate, no distribution, no change against another year."""
    claim = figure.claim
    before = sentence.text[max(sentence.start, figure.start - 6) : figure.start]
    return claim is None or not (claim.metric.startswith("rate.") or _change().search(before) or not _has_numeral(claim))


def _has_numeral(claim: Claim) -> bool:
    return any(character.isdigit() or character in "一二两三四五六七八九十百千万零〇几數" for character in claim.text)


def _of_unit(sentence: Sentence, match: re.Match[str], unit: str | None, before: Sequence[Figure], behind: Sequence[Figure]) -> Breakdown | None:
    cue, opens = match[0], match.end()
    totals = [f for f in reversed(before) if f.unit == unit and f.claim is not None and f.claim.per is None][:_TOTALS]
    if cue in ":(" and totals:
        apart = sentence.between(totals[0].end, match.start())
        if _STOP.search(apart) or "\n" in apart or len(apart) > _COLON_REACH:
            return None
        if cue == ":" and behind and behind[0].start - opens < 2:
            return None  # a label and its number
        totals = totals[:1]
    if cue.startswith("分别"):  # the names stand before it, and so may a figure that is no total of theirs
        totals = [f for f in totals if _fresh().search(sentence.text[max(sentence.start, f.start - 6) : f.start])]
    parts: list[Part] = []
    later: list[Claim] = []
    previous = opens
    for figure in [f for f in behind if f.unit == unit or (f.claim is None and f.unit is None)][:_MOST]:
        if not states(sentence, figure) or (figure.claim is not None and figure.claim.per not in (None, "各")):
            break
        if figure.claim is not None and parts and _fresh().search(sentence.text[previous : figure.start]):
            later.append(figure.claim)
        parts.append(Part(figure, _times(sentence, figure, previous)))
        previous = figure.end
    if (
        not totals
        or not parts
        or _STOP.search(sentence.between(opens, parts[0].figure.start))
        or "\n" in sentence.text[opens : parts[0].figure.start].strip()
    ):
        return None
    claims = claims_of(totals)
    sure, plain = _sure(sentence, claims[0], parts)
    return Breakdown(cue, opens, tuple(claims), tuple(parts), sure, plain, _is_mixed(sentence, parts[sure - 1].figure, behind), tuple(later))


def _times(sentence: Sentence, figure: Figure, previous: int) -> Decimal:
    """How many things an 各 stands for: those named between the pause before and it."""
    if figure.claim is None or figure.claim.per != "各":
        return Decimal(1)
    names = re.split("[,;。:]", sentence.text[previous : figure.start])[-1].strip("、和与及 ")
    return Decimal(len(_NAMES.split(names))) if names else Decimal(1)


def _sure(sentence: Sentence, total: Claim, parts: Sequence[Part]) -> tuple[int, bool]:
    """How many parts from the first belong together, none beginning a count of its own, another sentence, list, time or matter; and
    whether the end of them can be seen and none divides another."""
    lists = None
    for n, (one, other) in enumerate(pairwise(part.figure for part in parts), start=1):
        between = sentence.between(one.end, other.start)
        if "。" in between or _fresh().search(between):
            return n, True
        if _NESTED.search(between):
            return n, False
        if ";" in between and (lists is False or "另" in between or "去年" in between or "上年" in between):
            return n, True
        if lists and ";" not in between:
            return n, False
        lists = ";" in between if lists is None else lists
        if one.claim is None or other.claim is None:
            continue
        if not is_kin(one.claim, other.claim) or ((one.claim.metric == total.metric) != (other.claim.metric == total.metric) and has_results(total)):
            return n, not between.startswith("、")
        period = other.claim.scope.period
        if period is not None and one.claim.end <= period.start < other.claim.start:
            return n, True
    shares = all(_SHARE.match(sentence.text, part.figure.end) for part in parts)
    return len(parts), shares or not (lists and len(parts) == 2)


def _is_mixed(sentence: Sentence, last: Figure, behind: Sequence[Figure]) -> bool:
    """Whether the list goes on in another unit: 电脑12台、一体机4台以及监控3套."""
    following = next((figure for figure in behind if figure.start >= last.end), None)
    if following is None or following.unit in _SKIPPED:
        return False
    return bool(re.match("[^,;。]{0,3}(?:、|和|以及|及)", sentence.text[last.end : following.start]))
