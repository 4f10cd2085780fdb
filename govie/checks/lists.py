"""Lists of figures of one unit that no word like 其中 opens: which stand together, and which figure they may divide.

What says that they divide it: they share a kind of scope that the total lacks, or are its results, or their labels are built alike
(网站征得, 微信征得, 座谈会征得), or words before them say so (按污染要素分, 办结件中).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from govie.checks.breakdowns import is_fresh, states
from govie.checks.rules import checks
from govie.checks.sentences import Figure, Sentence, claims_of
from govie.checks.wholes import are_results, has_results, may_join
from govie.claims import Claim

__all__ = ["Closing", "Listing", "closings", "divides", "earlier_totals", "heads", "lead_of", "listings", "roles"]

_FARTHEST = 30  # figures before one that may sum them up
_END = re.compile("[。!?\n]")
_MARK = re.compile("[,、;:]|和|及|与|、?以及")
_LABEL = 40  # characters between two figures of one list
_TRIM = re.compile('[,;。:、\\s“”"()]+|的$|有$|为$|约$|近$')
_EARLIER = 4


@dataclass(frozen=True, slots=True)
class Listing:
    """Figures of one unit in a row.

    Attributes:
        figures: two or more, in order; figures that an example (如…) or a nested list names are left out.
        lead: what stands before the first of them in its sentence or item.
        before: earlier figures of that unit in the paragraph, the nearest first.
        behind: later ones in the sentence, the nearest first.
    """

    figures: tuple[Figure, ...]
    lead: str
    before: tuple[Figure, ...]
    behind: tuple[Figure, ...]

    @property
    def claims(self) -> list[Claim]:
        """The claims of its figures."""
        return claims_of(self.figures)


@cache
def _words(name: str) -> re.Pattern[str]:
    words = checks()["lists"][name]
    return re.compile(words if isinstance(words, str) else "|".join(words))


def _counts(paragraph: Sentence) -> list[Figure]:
    """Figures that can be added up: no rates, averages or changes, none in brackets."""
    return [
        f
        for f in paragraph.figures
        if f.claim is not None and f.bracket < 0 and f.unit not in ("%", "个百分点") and f.claim.per in (None, f.unit) and states(paragraph, f)
    ]


def listings(paragraph: Sentence) -> Iterator[Listing]:
    """Every list of a paragraph, and for lists with items that have lists of their own that of the items' first figures."""
    counts = _counts(paragraph)
    seen = set()
    for row in (*_rows(paragraph, counts), *_items(paragraph, counts)):
        places = tuple(f.start for f in row)
        if len(row) < 2 or places in seen:
            continue
        seen.add(places)
        n, last = counts.index(row[0]), counts.index(row[-1])
        before = [f for f in reversed(counts[:n]) if f.unit == row[0].unit]
        end = _END.search(paragraph.text, row[-1].end, paragraph.end)
        stop = end.start() if end else paragraph.end
        behind = [f for f in counts[last + 1 :] if f.unit == row[0].unit and f.start < stop]
        yield Listing(tuple(row), lead_of(paragraph, row[0]), tuple(before), tuple(behind))


def lead_of(paragraph: Sentence, figure: Figure) -> str:
    """What stands before a figure in its sentence, back to the figure before it."""
    earlier = max((f.end for f in paragraph.figures if f.end <= figure.start), default=paragraph.start)
    text = paragraph.text[max(earlier, paragraph.start) : figure.start]
    return _END.split(text)[-1]


def _rows(paragraph: Sentence, counts: Sequence[Figure]) -> Iterator[list[Figure]]:
    """Figures side by side; a semicolon, a word like 另 or another unit ends a row."""
    row: list[Figure] = []
    for figure in counts:
        if row:
            between = paragraph.between(row[-1].end, figure.start)
            if _goes_on(row, figure, between) and ";" not in between:
                row.append(figure)
                continue
            yield row
        row = [figure]
    yield row


def _items(paragraph: Sentence, counts: Sequence[Figure]) -> Iterator[list[Figure]]:
    """The first figures of items that semicolons part."""
    row: list[Figure] = []
    last: Figure | None = None
    nested = False
    for figure in counts:
        between = paragraph.between(last.end, figure.start) if last else ""
        whole = paragraph.between(row[-1].end, figure.start) if row else ""
        last = figure
        if row and not _END.search(whole) and ";" not in between:
            nested = nested or bool(_words("nested").search(between))
            if nested:
                continue
            row = []
            continue
        nested = False
        if row and figure.unit == row[-1].unit and not _END.search(whole) and _goes_on(row, figure, between):
            row.append(figure)
            continue
        yield row
        row = [figure]
    yield row


def _goes_on(row: Sequence[Figure], figure: Figure, between: str) -> bool:
    one, other = row[-1], figure
    return bool(
        other.unit == one.unit
        and not _END.search(between)
        and _MARK.search(between)
        and len(between) <= _LABEL
        and one.claim
        and other.claim
        and may_join(one.claim, other.claim)
        and not _words("breaks").search(between)
        and not is_fresh(between)
    )


@dataclass(frozen=True, slots=True)
class Closing:
    """A figure that sums up those before it in its sentence (合计…, 三项共…).

    Attributes:
        total: the figure.
        before: those that it may sum up, in order.
        sure: whether its words say so for certain.
        parts: how many they are, if its words say so; with words like 三项 they may be of several units.
        kin: whether their metrics allow it; if not, only a sum that holds says anything.
    """

    total: Figure
    before: tuple[Figure, ...]
    sure: bool
    parts: int | None
    kin: bool


def closings(paragraph: Sentence) -> Iterator[Closing]:
    """Every figure of a paragraph that may sum up two or more before it."""
    counts = _counts(paragraph)
    for n, figure in enumerate(counts):
        label = re.split("[,;。:\n]", paragraph.text[max(paragraph.start, figure.start - 40) : figure.start])[-1]
        sure, parts = _sums_up(paragraph, figure, label)
        if _words("compares").search(label) or (not sure and not _words("may_close").search(label[-12:])):
            continue
        near = counts[max(0, n - _FARTHEST) : n]
        before: list[Figure] = []
        kin = True
        for one in reversed(near):
            if one.start >= figure.start - len(label):
                continue  # 三个 in 三个查阅点
            if _END.search(paragraph.between(one.end, figure.start)) or one.claim is None or figure.claim is None:
                break
            if parts is not None and len(before) == parts:
                break
            if one.unit == figure.unit:
                kin = kin and (may_join(one.claim, figure.claim) or (sure and not has_results(figure.claim)))
                before.append(one)
            elif sure and parts is None and len(before) < 2:
                sure = False  # something is counted otherwise in between
            elif sure and parts is None:
                break
        if sure and parts is not None and len(before) < parts:
            row = [f for f in near if not _END.search(paragraph.between(f.end, figure.start))][-parts:]
            mixed = len({f.unit for f in row}) > 1 and any(f.unit == figure.unit for f in row)
            before = row[::-1] if len(row) == parts and mixed else before
        if len(before) >= 2:
            yield Closing(figure, tuple(reversed(before)), sure, parts, kin)


def _sums_up(paragraph: Sentence, figure: Figure, label: str) -> tuple[bool, int | None]:
    """Whether the words of a figure's clause say that it is the sum of those before, and of how many: 合计, 三项合计, 予以公开和部分公开合计
    behind both."""
    found = _words("closes").search(label)
    if not found:
        return False, None
    number = "零一二三四五六七八九".find(found[0][0].replace("两", "二"))
    if number > 1:
        return True, number
    names = [name for name in re.split("、|和|与|及", label[: found.start()]) if name]
    said = paragraph.text[max(paragraph.start, figure.start - 120) : figure.start - len(label)]
    if len(names) > 1 and all(name[-4:] in said for name in names):
        return True, len(names)
    return not names or _words("of_all").fullmatch(label[: found.start()]) is not None, None


def heads(paragraph: Sentence, listing: Listing) -> Iterator[Figure]:
    """Earlier figures that open their sentence or say that they are totals, the nearest first."""
    for figure in listing.before:
        lead = lead_of(paragraph, figure)
        first = not any(
            f.claim is not None and f.unit == figure.unit and f.end <= figure.start and not _END.search(paragraph.between(f.end, figure.start))
            for f in paragraph.figures
        )
        if (first or is_fresh(lead[-8:])) and not _words("sorts").search(lead):
            yield figure


def roles(claim: Claim) -> set[str]:
    """The kinds of scope that slice a claim."""
    return {role for role, _ in claim.scope} & {"category", "channel", "applicant", "entity"}


def divides(paragraph: Sentence, total: Figure, parts: Sequence[Figure], lead: str) -> bool:
    """Whether figures are parts of another one by their scopes, metrics, labels or the words before them."""
    claims = claims_of(parts)
    if total.claim is None or len(claims) < len(parts):
        return False
    if _words("sorts").search(lead) or are_results(total.claim, claims):
        return True
    labels = [_label(paragraph, part) for part in parts]
    own = _label(paragraph, total)
    if len(set(labels)) < len(labels):
        return False
    common = set.intersection(*map(roles, claims)) - roles(total.claim)
    tail = _tail(labels)
    return bool(common) or bool(tail and not own.endswith(tail))


def _label(paragraph: Sentence, figure: Figure) -> str:
    text = re.split("[,;。:、\n]", paragraph.text[max(paragraph.start, figure.start - 30) : figure.start])[-1]
    return _TRIM.sub("", text)


def _tail(labels: Sequence[str]) -> str:
    """What all labels end with."""
    n = 0
    while all(len(label) > n for label in labels) and len({label[-1 - n] for label in labels}) == 1:
        n += 1
    return labels[0][len(labels[0]) - n :] if n else ""


def earlier_totals(listing: Listing) -> tuple[Figure, ...]:
    """The figures before a list that it may divide."""
    return listing.before[:_EARLIER]
