"""Shares of a count in another: 425条中,县直303条,占71.3%; the whole in the sentence, in the share's own phrase or earlier in the paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from govie.checks.finding import Finding
from govie.checks.intervals import stretch
from govie.checks.ratios import HUNDRED, SHARE, agree, is_near_miss, of_ratio
from govie.checks.sentences import Figure, Sentence
from govie.claims import Claim

__all__ = ["is_share", "of_own_phrase", "shares_of", "with_siblings"]

_TENTH = Decimal(8)  # points from a share in tenths
_SHARE_OF = re.compile(r"(?:占|比重|比例)[^,;。0-9]{0,14}$")
_CLOSE = 16
_OF_IT = re.compile("[,、(]?约?(?:占(?:总数?量?的?|全部的?|总[^,;。]{1,4}的?|比)?|所?占?(?:比重|比例))(?:为|达到?|是)?约?")
_OF_ALL = re.compile("[,、(]?约?占(?:总|全部)")
_OF_SOME = re.compile("[,、(]?约?占(?:全|总|当年|同期|所有|其|申请|收到|受理)[^,;。0-9]{0,10}")
_DIVIDES = re.compile("其中|^[^,;。]{0,12}[中里内][,:]|^[:(]")


def is_share(before: str) -> bool:
    """Whether the words before a percentage call it a share."""
    return _SHARE_OF.search(before) is not None


def shares_of(sentence: Sentence, n: int, rate: Claim, earlier: Sequence[Figure], paragraph: Sentence | None) -> Iterator[Finding]:
    """What is to be said of a share.

    Args:
        n: which of the sentence's figures it is.
        earlier: the counts before it.
        paragraph: where its whole may stand, if the sentence does not say it.
    """
    found = sentence.figures[n]
    own = list(_share_first(sentence, found, rate, n)) or list(_share(sentence, found, rate, earlier))
    yield from own or _share_of_paragraph(paragraph, sentence, found, rate, earlier)


def with_siblings(sentence: Sentence, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings, those of shares with the rest of their sentence in mind: where another share beside it is of a whole, so is this."""
    wholes = [finding.right[1] for finding in findings if finding.code == SHARE and finding.status == "pass"]
    for finding in findings:
        if finding.code == SHARE and finding.status == "not_assessable" and len({whole.start for whole in wholes}) == 1:
            (rate,), (part, _) = finding.left, finding.right
            if part.unit == wholes[0].unit and part.value < wholes[0].value and is_near_miss(rate, part, wholes[0]):
                yield of_ratio(SHARE, "fail", rate, (part, wholes[0]))
                continue
        yield finding


def of_own_phrase(sentence: Sentence, found: Figure, rate: Claim, earlier: Sequence[Figure]) -> Finding | None:
    """A share whose whole stands in its own phrase: 开放场地212处,占具备条件学校265处的80%."""
    if len(earlier) < 2 or not re.fullmatch("[^,;。0-9]{0,8}的(?:比例|比重)?(?:为|达)?约?", sentence.text[earlier[-1].end : found.start]):
        return None
    part, whole = earlier[-2], earlier[-1]
    if part.claim is None or whole.claim is None or not whole.value or part.value > whole.value:
        return None
    if not re.fullmatch("[^;。0-9]{0,8}占[^,;。0-9]{0,14}", sentence.text[part.end : whole.start]):
        return None
    if agree(rate, part.claim, whole.claim):
        return of_ratio(SHARE, "pass", rate, (part.claim, whole.claim))
    exact = part.unit == whole.unit and rate.bound == part.claim.bound == whole.claim.bound == "=" and "成" not in rate.text
    return of_ratio(SHARE, "fail", rate, (part.claim, whole.claim)) if exact else None


def _share(sentence: Sentence, found: Figure, rate: Claim, earlier: Sequence[Figure]) -> Iterator[Finding]:
    """The count right before 占 is the part; its whole is a count of that unit further before."""
    if not earlier:
        return
    part = earlier[-1]
    between = sentence.text[part.end : found.start]
    if part.claim is None or re.search("[;。]", between) or len(between) > _CLOSE or part.bracket not in (found.bracket, -1):
        return
    wholes = [f for f in earlier[:-1] if f.claim is not None and f.unit == part.unit and f.value >= part.value and f.value > 0]
    right = next((f.claim for f in wholes if f.claim is not None and agree(rate, part.claim, f.claim)), None)
    if right is not None:
        yield of_ratio(SHARE, "pass", rate, (part.claim, right))
        return
    own = [f for f in wholes if not re.match("[^,;。]{0,4}[,、]?占", sentence.text[f.end : f.end + _CLOSE])]  # none that is a share itself
    if not own or ("成" in rate.text and not all(_is_far(rate, part.claim, f.value) for f in own)):
        return
    if not _OF_IT.fullmatch(between):
        only = own[-1].claim
        single = len({f.value for f in own}) == 1 and only is not None and rate.bound == "=" and only.metric == part.claim.metric
        if only is not None and single and _OF_SOME.fullmatch(between) and is_near_miss(rate, part.claim, only):
            yield of_ratio(SHARE, "fail", rate, (part.claim, only))
        return
    whole = own[-1]
    divides = _DIVIDES.search(sentence.text[whole.end : part.start])
    among = {f.value for f in own}
    said = _OF_ALL.match(between) and whole is earlier[-2] and re.fullmatch("[^,;。]*,[^,;。]*", sentence.text[whole.end : part.start])
    if whole.claim and (divides or said) and len(among) == 1 and whole.claim.metric == part.claim.metric:
        yield of_ratio(SHARE, "fail", rate, (part.claim, whole.claim))
    elif whole.claim:
        yield of_ratio(
            SHARE, "not_assessable", rate, (part.claim, whole.claim), ("不清楚占的是哪个总数", "it is not clear of which total it is the share")
        )


def _share_first(sentence: Sentence, found: Figure, rate: Claim, n: int) -> Iterator[Finding]:
    """A share before its count: 5400条信息中,财政类占15%,计810条; one that does not hold has one whole alone, which comes before it."""
    part = next((f for f in sentence.figures[n + 1 : n + 2] if f.claim is not None), None)
    if part is None or part.claim is None or not re.fullmatch("[,(](?:合?计|即|为|有|共|共计)", sentence.text[found.end : part.start]):
        return
    wholes = [f for f in sentence.figures[:n] if f.claim is not None and f.unit == part.unit and f.value >= part.value and f.value]
    right = next((f.claim for f in wholes if f.claim is not None and agree(rate, part.claim, f.claim)), None)
    if right is not None:
        yield of_ratio(SHARE, "pass", rate, (part.claim, right))
        return
    only = wholes[0].claim if len({f.value for f in wholes}) == 1 else None
    if only is not None and only.metric == part.claim.metric and only.bound == rate.bound == "=" and "成" not in rate.text:
        yield of_ratio(SHARE, "fail", rate, (part.claim, only))


def _share_of_paragraph(paragraph: Sentence | None, sentence: Sentence, found: Figure, rate: Claim, earlier: Sequence[Figure]) -> Iterator[Finding]:
    """A share of what a sentence before counts: 收到申请112件。…涉及立项的77件,占近七成."""
    part = earlier[-1] if earlier else None
    if paragraph is None or part is None or part.claim is None or len(sentence.text[part.end : found.start]) > _CLOSE:
        return
    if not _OF_IT.fullmatch(sentence.text[part.end : found.start]):
        return
    wholes = [f for f in paragraph.figures if f.end <= sentence.start and f.claim is not None and f.unit == part.unit and f.value > part.value]
    right = next((f.claim for f in reversed(wholes) if f.claim is not None and agree(rate, part.claim, f.claim)), None)
    if right is not None:
        yield of_ratio(SHARE, "pass", rate, (part.claim, right))
        return
    kin = [f.claim for f in wholes if f.claim is not None and f.claim.metric == part.claim.metric]
    inside = any(f.unit == part.unit and f is not part and not _OF_IT.match(sentence.text, f.end) for f in earlier)  # shares themselves
    others = {f.value for f in paragraph.figures if f.end <= sentence.start and f.claim is not None and f.unit == part.unit}
    if len(others) == 1 and len(kin) == 1 and not inside and rate.bound == "=" and "成" not in rate.text:
        yield of_ratio(SHARE, "fail", rate, (part.claim, kin[0]))


def _is_far(rate: Claim, part: Claim, whole: Decimal) -> bool:
    """Whether a share in tenths (八成) is not even about that of its count."""
    least, most = stretch(rate)
    return not least - _TENTH <= part.value / whole * HUNDRED <= most + _TENTH
