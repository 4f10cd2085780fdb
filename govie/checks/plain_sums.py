"""Totals and parts without a word that opens them (来信4276件,初信3128件,重信1148件), over sentences, and totals behind their parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise, takewhile

from govie.checks.breakdowns import is_fresh
from govie.checks.finding import Finding
from govie.checks.intervals import compare, stretch
from govie.checks.lists import Closing, Listing, closings, divides, earlier_totals, heads, lead_of, listings
from govie.checks.rules import checks
from govie.checks.sentences import Figure, Sentence, claims_of
from govie.checks.slips import is_slip
from govie.checks.verdicts import of_sums
from govie.checks.wholes import is_complete, is_counted, is_full, is_kin, may_join, takes_rest
from govie.claims import Claim

__all__ = ["check_plain_sums"]

CODE = "prose.sum"
_LARGE = 100  # of smaller totals nearly every difference is a slip of one digit
_NEAR, _FAR = Decimal("0.15"), Decimal("0.3")
_MOST = 50  # figures of a list: every part of it is tried
_LEAST, _CHANCE = 4, 10  # smaller figures add up by chance
_AFTER = 16
_TIMES = 3  # more than so many times a total is of something else


def check_plain_sums(paragraph: Sentence) -> Iterator[Finding]:
    """A finding for every list of the paragraph that adds up, or that should and does not."""
    for listing in listings(paragraph):
        finding = _judged(paragraph, listing)
        if finding:
            yield finding
    for closing in closings(paragraph):
        finding = _closed(paragraph, closing)
        if finding:
            yield finding


def _judged(paragraph: Sentence, listing: Listing) -> Finding | None:
    if len(listing.figures) > _MOST:
        return None
    first, *rest = listing.figures
    held = next(_holding(paragraph, listing), None)
    if held:
        return held
    more = list(takewhile(lambda later: later.claim is None or later.claim.bound == "=" or not is_fresh(_lead(paragraph, later)), listing.behind))
    for total, parts in ((first, rest), *((total, listing.figures) for total in earlier_totals(listing)[:1])):
        for n in range(1, min(len(more), 3) + 1 if total.claim and total.claim.bound not in (">", ">=") else 1):  # no end, and all would hold
            if len(parts) + n >= 2 and _holds(total, [*parts, *more[:n]]):
                return _finding("pass", total, [*parts, *more[:n]])
    if any(_holds(later, listing.figures) for later in listing.behind):
        return None  # a closing total
    if len(rest) >= 2 and not _is_open(paragraph, first, claims_of(rest)) and _must(paragraph, first, rest, ""):
        return _finding("fail", first, rest)
    head = next(heads(paragraph, listing), None)
    if head and _takes_up(paragraph, head, listing) and _must(paragraph, head, listing.figures, listing.lead):
        return _finding("fail", head, listing.figures)
    return None


def _lead(paragraph: Sentence, figure: Figure) -> str:
    return paragraph.text[max(paragraph.start, figure.start - _AFTER) : figure.start]


def _holding(paragraph: Sentence, listing: Listing) -> Iterator[Finding]:
    """The readings in which a list adds up: to its first figure, to one before it or two, or a part of it to the one before that part."""
    figures = listing.figures
    for parts in _runs(figures[1:]):
        if _holds(figures[0], parts):
            yield _finding("pass", figures[0], parts)
    for total in dict.fromkeys((*earlier_totals(listing), *heads(paragraph, listing))):
        if _holds(total, figures):
            yield _finding("pass", total, figures)
    pairs = [(*listing.before[1::-1],)] + ([(listing.before[0], figures[0])] if listing.before else [])
    for whole, parts in zip(pairs, (figures, figures[1:]), strict=False):
        claims = claims_of(whole)
        kin = len(whole) == 2 and len(parts) > 1 and all(is_kin(claims[0], claim) for claim in claims_of(parts))
        if kin and compare(claims, claims_of(parts)).status == "pass":
            yield _finding("pass", whole, parts)
    for n in range(1, len(figures) - 2):
        for parts in _runs(figures[n + 1 :]):
            if figures[n].value >= _CHANCE and _holds(figures[n], parts):
                yield _finding("pass", figures[n], parts)


def _runs(parts: Sequence[Figure]) -> Iterator[Sequence[Figure]]:
    for length in range(len(parts), 1, -1):
        yield parts[:length]


def _holds(total: Figure, parts: Sequence[Figure]) -> bool:
    claims = claims_of(parts)
    if total.claim is None or total.claim.value < _LEAST or len([claim for claim in claims if claim.value]) < 2:
        return False
    return all(is_kin(total.claim, claim) for claim in claims) and compare([total.claim], claims).status == "pass"


def _takes_up(paragraph: Sentence, total: Figure, listing: Listing) -> bool:
    """Whether a list divides a figure before it, as words before the list say, or as its own words do in the next sentence."""
    between = paragraph.between(total.end, listing.figures[0].start)
    if "\n" in between.strip() or re.search("|".join(checks()["sums"]["cues"][:4]), listing.lead):
        return False
    if re.search("|".join(checks()["lists"]["narrows"]), re.split("[,:]", listing.lead)[0] if re.search("[,:]", listing.lead) else "") or _is_open(
        paragraph, total, listing.claims
    ):
        return False
    if re.search("|".join(checks()["lists"]["sorts"]), listing.lead) or _is_itemised(paragraph, listing.figures):
        return True
    others = any(f.claim is not None and total.end <= f.start and f.end <= listing.figures[0].start for f in paragraph.figures)
    return not others and is_complete(paragraph, listing.figures[0].start - len(listing.lead), listing.figures)


def _is_itemised(paragraph: Sentence, parts: Sequence[Figure]) -> bool:
    """Whether parts are the items 一是, 二是, 三是, one figure each."""
    labels = (re.split("[;。]", lead_of(paragraph, part))[-1] for part in parts)
    return len(parts) > 2 and all(label.strip().startswith((f"{n}是", f"{n}为")) for n, label in zip("一二三四五六七八九", labels, strict=False))


def _is_open(paragraph: Sentence, total: Figure, parts: Sequence[Claim]) -> bool:
    """Whether results may be more or less than what came in: something was carried over, or they are of part of the cases alone."""
    if total.claim is None or total.claim.metric in (parts[0].metric, "application.handled"):
        return False
    if is_fresh(_lead(paragraph, total)) and len(parts) > 1 and all(part.metric.endswith((".other", ".pending")) for part in parts[-1:]):
        return False  # 一共37起,审结28起,未审结7起: what was carried over is in the total
    words = checks()["lists"]["carried" if total.claim.metric.startswith("application.") else "settled"]
    return re.search("|".join(words), paragraph.text[paragraph.start : paragraph.end]) is not None


def _must(paragraph: Sentence, total: Figure, parts: Sequence[Figure], lead: str) -> bool:
    """Whether parts that do not make up the figure should."""
    claims = claims_of(parts)
    if total.claim is None or len(claims) < len(parts) or not all(may_join(total.claim, claim) for claim in claims):
        return False
    sides = compare([total.claim], claims)
    if sides.status != "fail":
        return False
    behind = paragraph.text[parts[-1].end : parts[-1].end + _AFTER]
    if re.match("等|以上|、|,?\\s*\n", behind) or _goes_on_behind(paragraph, parts[-1]):
        return False
    share = abs(sides.difference) / max(total.claim.value, Decimal(1))
    slip = is_slip([total.claim], claims, sides.difference)
    large = total.claim.value >= _LARGE
    if slip and large and len(parts) > 2 and share <= _NEAR:
        return True
    if not (takes_rest(paragraph, total.end, parts) and total.claim.value >= _CHANCE) and not divides(paragraph, total, parts, lead):
        return False
    whole = is_complete(paragraph, total.end, parts) or _says_all(paragraph, total, parts, behind) or is_full(total.claim, claims)
    if max(claim.value for claim in claims) > total.claim.value:
        return whole and slip and large
    if whole:
        return share <= _FAR if slip or len(parts) > 2 else share <= _NEAR
    return slip and share <= _NEAR and (large or (sides.difference < 0 and len(parts) > 2))


def _says_all(paragraph: Sentence, total: Figure, parts: Sequence[Figure], behind: str) -> bool:
    """Whether words before a list count its parts or call it the whole, or words behind it say that there are no others."""
    words = checks()["lists"]
    lead = paragraph.text[total.end : parts[0].start]
    if re.search("|".join(words["no_more"]), behind) or re.search("|".join(words["all"]), lead):
        return True
    return is_counted(lead, len(parts))


def _goes_on_behind(paragraph: Sentence, last: Figure) -> bool:
    """Whether more parts may follow: 另有, 其余, or figures in another unit."""
    rest = re.split("[。\n]", paragraph.text[last.end : min(paragraph.end, last.end + 60)])[0][: _AFTER * 2]
    return bool(re.search("|".join(checks()["lists"]["remains"]), re.sub("|".join(checks()["lists"]["no_more"]), "", rest)))


def _closed(paragraph: Sentence, closing: Closing) -> Finding | None:
    total, before = closing.total, closing.before
    claims = claims_of(before)
    if total.claim is None or len(claims) < len(before):
        return None
    counted = closing.parts is not None and len(before) == closing.parts and total.claim.bound != "="
    for length in [len(before)] if counted else range(len(before), 1, -1):  # a round number is soon near the sum of fewer
        own = claims[-length:]
        kin = all(is_kin(total.claim, claim) for claim in own) or total.claim.value >= _CHANCE
        if kin and sum(bool(claim.value) for claim in own) > 1 and compare([total.claim], own).status == "pass":
            return _finding("pass", total, before[-length:])
    runs = ((n, m) for n in range(len(claims)) for m in range(n + 1, len(claims) + 1))
    if not closing.kin or (not counted and any(compare([total.claim], claims[n:m]).status == "pass" for n, m in runs)):
        return None
    if closing.parts is not None:
        if len(before) < closing.parts:
            return None
        before, claims = before[-closing.parts :], claims[-closing.parts :]
    sides = compare([total.claim], claims)
    if sides.status != "fail":
        return None
    share = abs(sides.difference) / max(total.claim.value, Decimal(1))
    slip = is_slip([total.claim], claims, sides.difference)
    if closing.sure and share <= (_FAR if slip or closing.parts is not None else _NEAR):
        return _finding("fail", total, before)
    opens = max(paragraph.start, before[0].start - _AFTER)
    alike = divides(paragraph, total, before, "") or is_complete(paragraph, opens, before)
    near = slip and share <= _NEAR and total.claim.value >= _LARGE
    rounded = total.claim.bound != "=" and share <= _NEAR and is_complete(paragraph, opens, before)
    listed = share <= _NEAR and _is_listed(paragraph, total, before, alike=alike)
    if not closing.sure and (listed or (alike and (near or rounded or _outgrown(paragraph, total, before)))):
        return _finding("fail", total, before)
    return None


def _is_listed(paragraph: Sentence, total: Figure, parts: Sequence[Figure], *, alike: bool) -> bool:
    """Whether a total stands right behind figures that 分别 lists without names of their own, or behind three or more named ones, with
    合计 or the like before it."""
    tail = paragraph.text[parts[-1].end : total.start]
    gaps = [paragraph.between(one.end, other.start) for one, other in pairwise(parts)]
    if re.fullmatch("[,;、][^,;。0-9]{0,14}", tail) is None:
        return False
    if all(re.fullmatch("、|,|和|及|与|[、,]?以及", gap) for gap in gaps):
        opens = paragraph.text[max(paragraph.start, parts[0].start - _AFTER) : parts[0].start]
        return bool(re.search("分别[^,;。0-9]*$", opens) and re.search("共|总|合计|累计", tail))
    named = all(re.fullmatch("[、,;和及与][^、,;。0-9]{1,12}", gap) for gap in gaps)
    return alike and named and len(parts) > 2 and re.search("合计|共计|总计|总数|总量", tail) is not None


def _outgrown(paragraph: Sentence, total: Figure, parts: Sequence[Figure]) -> bool:
    """Whether a part alone is more than what 共 right behind the list says that there are of the same in all, at any reading of both."""
    said = re.fullmatch("[^,;。0-9]{0,8},?(?:一?共|共有|总共)", paragraph.text[parts[-1].end : total.start])
    claims = claims_of(parts)
    if not said or total.claim is None or total.claim.value < _LARGE or any(claim.metric != total.claim.metric for claim in claims):
        return False
    most = stretch(total.claim)[1]
    return max(stretch(claim)[0] for claim in claims) > most and sum(claim.value for claim in claims) < most * _TIMES


def _finding(status: str, total: Figure | Sequence[Figure], parts: Sequence[Figure]) -> Finding:
    whole = claims_of([total] if isinstance(total, Figure) else total)
    return of_sums(CODE, status, ("总数与分项", "total and parts"), whole, claims_of(parts))
