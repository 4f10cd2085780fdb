"""Rates and shares against the counts that make them: 收件10332件,办结10324件,办结率99.9%; 425条中,县直303条,占71.3%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from govie.checks.finding import Finding
from govie.checks.intervals import Stretch, grain, last_place, stretch
from govie.checks.rules import checks
from govie.checks.sentences import Figure, Sentence
from govie.checks.slips import slipped
from govie.checks.wording import because, figure, number
from govie.claims import Claim
from govie.text import fold

__all__ = ["check_rates"]

COMPLETION, SHARE = "prose.rate", "prose.share"
_HUNDRED = Decimal(100)
_TENTH = Decimal(8)  # points from a share in tenths
_PLACE, _MISS = Decimal("0.01"), Decimal(15)
_SHARE_OF = re.compile(r"(?:占|比重|比例)[^,;。0-9]{0,14}$")
_CLOSE = 16
_OF_IT = re.compile("[,、(]?约?(?:占(?:总数?量?的?|全部的?|总[^,;。]{1,4}的?|比)?|所?占?(?:比重|比例))(?:为|达到?|是)?约?")
_OF_ALL = re.compile("[,、(]?约?占(?:总|全部)")
_OF_SOME = re.compile("[,、(]?约?占(?:全|总|当年|同期|所有|其|申请|收到|受理)[^,;。0-9]{0,10}")
_DIVIDES = re.compile("其中|^[^,;。]{0,12}[中里内][,:]|^[:(]")
_RATE_OF = re.compile("([\u4e00-\u9fff]{2,8})率(?:均?达到?|均?为|是)?约?$")
_LESS = re.compile("减|缩|降|压|简|节|增")  # 压减率 is of what is gone
_NAMED = re.compile("率(?:均?达到?|均?为|是)?$")


@cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile("|".join(checks()["rates"][name]))


def check_rates(sentence: Sentence, paragraph: Sentence | None = None) -> Iterator[Finding]:
    """A finding for every rate of the sentence whose counts stand before it.

    Args:
        paragraph: where the whole of a share may stand, if the sentence does not say it.
    """
    yield from _with_siblings(sentence, list(_rates(sentence, paragraph)))


def _with_siblings(sentence: Sentence, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings, those of shares with the rest of their sentence in mind: where another share beside it is of a whole, so is this."""
    wholes = [finding.right[1] for finding in findings if finding.code == SHARE and finding.status == "pass"]
    for finding in findings:
        if finding.code == SHARE and finding.status == "not_assessable" and len({whole.start for whole in wholes}) == 1:
            (rate,), (part, _) = finding.left, finding.right
            if part.unit == wholes[0].unit and part.value < wholes[0].value and is_near_miss(rate, part, wholes[0]):
                yield _finding(SHARE, "fail", rate, (part, wholes[0]))
                continue
        yield finding


def _rates(sentence: Sentence, paragraph: Sentence | None) -> Iterator[Finding]:
    for n, found in enumerate(sentence.figures):
        claim = found.claim
        if claim is None or claim.unit != "%" or claim.metric == "rate.change":
            continue
        before = sentence.text[max(sentence.start, found.start - _CLOSE) : found.start]
        earlier = [f for f in sentence.figures[:n] if f.claim is not None and f.claim.unit not in ("%", "个百分点") and f.claim.per is None]
        stated = _of_stated(sentence, found, claim, earlier)
        if stated is not None:
            yield stated
        elif _SHARE_OF.search(before):
            own = list(_share_first(sentence, found, claim, n)) or list(_share(sentence, found, claim, earlier))
            yield from own or _share_of_paragraph(paragraph, sentence, found, claim, earlier)
        else:
            named = list(_named(sentence, found, claim, earlier))
            yield from named
            if named:
                continue
        if (
            not _SHARE_OF.search(before)
            and _words("names").search(before.rsplit(",", 1)[-1])
            and not _words("narrower").search(before.rsplit(",", 1)[-1])
        ):
            yield from _completion(sentence, found, claim, earlier)


def _near(rate: Claim, part: Claim, whole: Claim) -> bool:
    """Whether a rate may be that of the counts, as written: rounded or cut off at its last digit, the counts as exact as they are."""
    (least_part, most_part), (least_whole, most_whole) = _rounded(part), _rounded(whole)
    low, high = least_part / max(most_whole, _PLACE), most_part / max(least_whole, _PLACE)
    least, most = stretch(rate)
    step = last_place(rate)
    return least - step <= high * _HUNDRED and low * _HUNDRED <= most + step


def _rounded(claim: Claim) -> Stretch:
    """What a count may stand for, a written 13.8万 being rounded at its last digit."""
    low, high = stretch(claim)
    half = grain(claim.value) / 2 if "." in fold(claim.text).text else Decimal(0)
    return low - half, high + half


def _share(sentence: Sentence, found: Figure, rate: Claim, earlier: Sequence[Figure]) -> Iterator[Finding]:
    """The count right before 占 is the part; its whole is a count of that unit further before."""
    if not earlier:
        return
    part = earlier[-1]
    between = sentence.text[part.end : found.start]
    if part.claim is None or re.search("[;。]", between) or len(between) > _CLOSE or part.bracket not in (found.bracket, -1):
        return
    wholes = [f for f in earlier[:-1] if f.claim is not None and f.unit == part.unit and f.value >= part.value and f.value > 0]
    right = next((f.claim for f in wholes if f.claim is not None and _near(rate, part.claim, f.claim)), None)
    if right is not None:
        yield _finding(SHARE, "pass", rate, (part.claim, right))
        return
    own = [f for f in wholes if not re.match("[^,;。]{0,4}[,、]?占", sentence.text[f.end : f.end + _CLOSE])]  # none that is a share itself
    if not own or ("成" in rate.text and not all(_is_far(rate, part.claim, f.value) for f in own)):
        return
    if not _OF_IT.fullmatch(between):
        only = own[-1].claim
        single = len({f.value for f in own}) == 1 and only is not None and rate.bound == "=" and only.metric == part.claim.metric
        if only is not None and single and _OF_SOME.fullmatch(between) and is_near_miss(rate, part.claim, only):
            yield _finding(SHARE, "fail", rate, (part.claim, only))
        return
    whole = own[-1]
    divides = _DIVIDES.search(sentence.text[whole.end : part.start])
    among = {f.value for f in own}
    said = _OF_ALL.match(between) and whole is earlier[-2] and re.fullmatch("[^,;。]*,[^,;。]*", sentence.text[whole.end : part.start])
    if whole.claim and (divides or said) and len(among) == 1 and whole.claim.metric == part.claim.metric:
        yield _finding(SHARE, "fail", rate, (part.claim, whole.claim))
    elif whole.claim:
        yield _finding(
            SHARE, "not_assessable", rate, (part.claim, whole.claim), ("不清楚占的是哪个总数", "it is not clear of which total it is the share")
        )


def _share_first(sentence: Sentence, found: Figure, rate: Claim, n: int) -> Iterator[Finding]:
    """A share before its count: 5400条信息中,财政类占15%,计810条; one that does not hold has one whole alone, which comes before it."""
    part = next((f for f in sentence.figures[n + 1 : n + 2] if f.claim is not None), None)
    if part is None or part.claim is None or not re.fullmatch("[,(](?:合?计|即|为|有|共|共计)", sentence.text[found.end : part.start]):
        return
    wholes = [f for f in sentence.figures[:n] if f.claim is not None and f.unit == part.unit and f.value >= part.value and f.value]
    right = next((f.claim for f in wholes if f.claim is not None and _near(rate, part.claim, f.claim)), None)
    if right is not None:
        yield _finding(SHARE, "pass", rate, (part.claim, right))
        return
    only = wholes[0].claim if len({f.value for f in wholes}) == 1 else None
    if only is not None and only.metric == part.claim.metric and only.bound == rate.bound == "=" and "成" not in rate.text:
        yield _finding(SHARE, "fail", rate, (part.claim, only))


def _is_far(rate: Claim, part: Claim, whole: Decimal) -> bool:
    """Whether a share in tenths (八成) is not even about that of its count."""
    least, most = stretch(rate)
    return not least - _TENTH <= part.value / whole * _HUNDRED <= most + _TENTH


def _of_stated(sentence: Sentence, found: Figure, rate: Claim, earlier: Sequence[Figure]) -> Finding | None:
    """A share whose whole stands in its own phrase: 开放场地212处,占具备条件学校265处的80%."""
    if len(earlier) < 2 or not re.fullmatch("[^,;。0-9]{0,8}的(?:比例|比重)?(?:为|达)?约?", sentence.text[earlier[-1].end : found.start]):
        return None
    part, whole = earlier[-2], earlier[-1]
    if part.claim is None or whole.claim is None or not whole.value or part.value > whole.value:
        return None
    if not re.fullmatch("[^;。0-9]{0,8}占[^,;。0-9]{0,14}", sentence.text[part.end : whole.start]):
        return None
    if _near(rate, part.claim, whole.claim):
        return _finding(SHARE, "pass", rate, (part.claim, whole.claim))
    exact = part.unit == whole.unit and rate.bound == part.claim.bound == whole.claim.bound == "=" and "成" not in rate.text
    return _finding(SHARE, "fail", rate, (part.claim, whole.claim)) if exact else None


def _share_of_paragraph(paragraph: Sentence | None, sentence: Sentence, found: Figure, rate: Claim, earlier: Sequence[Figure]) -> Iterator[Finding]:
    """A share of what a sentence before counts: 收到申请112件。…涉及立项的77件,占近七成."""
    part = earlier[-1] if earlier else None
    if paragraph is None or part is None or part.claim is None or len(sentence.text[part.end : found.start]) > _CLOSE:
        return
    if not _OF_IT.fullmatch(sentence.text[part.end : found.start]):
        return
    wholes = [f for f in paragraph.figures if f.end <= sentence.start and f.claim is not None and f.unit == part.unit and f.value > part.value]
    right = next((f.claim for f in reversed(wholes) if f.claim is not None and _near(rate, part.claim, f.claim)), None)
    if right is not None:
        yield _finding(SHARE, "pass", rate, (part.claim, right))
        return
    kin = [f.claim for f in wholes if f.claim is not None and f.claim.metric == part.claim.metric]
    inside = any(f.unit == part.unit and f is not part and not _OF_IT.match(sentence.text, f.end) for f in earlier)  # shares themselves
    others = {f.value for f in paragraph.figures if f.end <= sentence.start and f.claim is not None and f.unit == part.unit}
    if len(others) == 1 and len(kin) == 1 and not inside and rate.bound == "=" and "成" not in rate.text:
        yield _finding(SHARE, "fail", rate, (part.claim, kin[0]))


def _completion(sentence: Sentence, found: Figure, rate: Claim, earlier: Sequence[Figure]) -> Iterator[Finding]:
    """收…件, 办结…件 of one unit, the last of each kind before the rate, nothing ending between them."""
    pairs = _said(sentence, earlier)
    received = [f for f, kind in pairs if kind == "received"]
    handled = [f for f, kind in pairs if kind == "handled"]
    for part in reversed(handled):
        for whole in reversed(received):
            if part.claim and whole.claim and part.unit == whole.unit and whole.value and _near(rate, part.claim, whole.claim):
                yield _finding(COMPLETION, "pass", rate, (part.claim, whole.claim))
                return
    if not received or not handled:
        return
    part, whole = handled[-1], received[-1]
    if part.claim is None or whole.claim is None or part.unit != whole.unit or not whole.value:
        return
    stops = re.search("[;。]", sentence.text[min(part.start, whole.start) : found.start])
    others = [f for f in earlier if f.unit == part.unit and whole.start < f.start and f not in (part, whole)]
    named = _NAMED.search(sentence.text[: found.start].rstrip()[-6:])
    if len(received) == 1 and len(handled) == 1 and not stops and not others and named and whole.end <= part.start:
        yield _finding(COMPLETION, "fail", rate, (part.claim, whole.claim))
    else:
        reason = "不清楚是哪些数字的比率", "it is not clear of which counts it is the rate"
        yield _finding(COMPLETION, "not_assessable", rate, (part.claim, whole.claim), reason)


def _named(sentence: Sentence, found: Figure, rate: Claim, earlier: Sequence[Figure]) -> Iterator[Finding]:
    """A rate by the name of what its part is: 接件86420件,提前办结71300件,提前办结率82.5%; 应公开48件,实际公开46件,公开率95.8%."""
    match = _RATE_OF.search(sentence.text[max(sentence.start, found.start - _CLOSE) : found.start])
    same = [f for f in earlier if not re.search("[;。]", sentence.text[f.end : found.start])]
    reach = _CLOSE
    if len(same) > 2 and re.match("[,、]?(?:其余|剩余|尚|还有|仍有|未|正在)[^,;。0-9]{0,8}$", sentence.text[same[-2].end : same[-1].start]):
        same, reach = same[:-1], 2 * _CLOSE  # 已公开469项,尚未公开的7项,公开率98.5%
    if match is None or len(same) < 2:
        return
    stem, part = match[1], same[-1]
    if part.claim is None or len(sentence.between(part.end, found.start)) > reach:
        return
    label = sentence.text[same[-2].end : part.start]
    wholes = [f for f in same[:-1] if f.claim is not None and f.unit == part.unit and f.value >= part.value and f.value]
    if not _is_named(stem, label) and not _LESS.search(stem):
        return
    wholes.reverse()
    if _LESS.search(stem):  # 预算…, 支出…, 节约…, 节约率: both are near
        wholes.sort(key=lambda f: abs(part.value * _HUNDRED / f.value - rate.value))
    for whole in wholes:
        if whole.claim and _near(rate, part.claim, whole.claim):
            yield _finding(COMPLETION, "pass", rate, (part.claim, whole.claim))
            return
    whole = same[-2]
    if (
        not whole.claim
        or part.value > whole.value
        or whole.unit != part.unit
        or not whole.value
        or not part.claim.bound == whole.claim.bound == "="
        or _LESS.search(stem)
    ):
        return
    if _says(stem, label) and not re.search("其中|另|未|不", label) and (len(same) == 2 or is_near_miss(rate, part.claim, whole.claim)):
        yield _finding(COMPLETION, "fail", rate, (part.claim, whole.claim))


def is_near_miss(rate: Claim, part: Claim, whole: Claim) -> bool:
    """Whether one digit of the rate or of one of its counts, or two swapped, would make them agree."""
    share = part.value / whole.value * _HUNDRED
    if rate.value == 0 or abs(share - rate.value) > _MISS:
        return False
    if slipped(rate.value, share.quantize(last_place(rate), rounding=ROUND_HALF_UP)):
        return True
    wanted = (whole.value * rate.value / _HUNDRED, part.value * _HUNDRED / rate.value)
    room = last_place(rate) / rate.value
    return any(_is_mended(count.value, value, value * room) for count, value in zip((part, whole), wanted, strict=True))


def _is_mended(count: Decimal, wanted: Decimal, room: Decimal) -> bool:
    """Whether a number a slip away from a count is within ``room`` of what it should be."""
    digits = str(int(count)) if count == int(count) else ""
    others = {Decimal(digits[:n] + digit + digits[n + 1 :]) for n in range(len(digits)) for digit in "0123456789" if n or digit != "0"} | {
        Decimal(digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :]) for n in range(len(digits) - 1)
    }
    return len(digits) > 2 and any(abs(other - wanted) <= room for other in others)


def _says(stem: str, label: str) -> bool:
    """Whether a count's words name the rate: all words of 提前办结 but none of its own, such as 按时 in 按时办结 beside 办结率."""
    narrow = _words("narrower").search(stem)
    return _is_named(stem, label) and (narrow is None or narrow[0] in label) and (narrow is not None or not _words("narrower").search(label))


def _is_named(stem: str, label: str) -> bool:
    """Whether the word that a rate is named by stands before a count, or that word turned round (收回 of 回收率)."""
    return stem[-2:] in label or stem[:-3:-1] in label


def _said(sentence: Sentence, figures: Sequence[Figure]) -> list[tuple[Figure, str]]:
    """The counts that their own clause calls received or handled, by the word nearest before each."""
    found = []
    for figure_ in figures:
        clause = re.split("[,;。:]", sentence.text[sentence.start : figure_.start])[-1]
        words = [(match.start(), kind) for kind in ("received", "handled") for match in _words(kind).finditer(clause)]
        if words and not re.search("其中|未|超期|满意|率", clause):
            found.append((figure_, max(words)[1]))
    return found


def _finding(code: str, status: str, rate: Claim, counts: tuple[Claim, Claim], reason: tuple[str, str] | None = None) -> Finding:
    part, whole = counts
    share = part.value / whole.value * _HUNDRED if whole.value else Decimal(0)
    shown = number(share.quantize(_PLACE))
    sign = "≈" if status == "pass" else "≠"
    exact = status == "pass" and rate.value == share
    sums = f"{figure(part)} ÷ {figure(whole)} = {shown}%" + ("" if exact else f" {sign} {figure(rate)}")
    zh, en = (f"比率与数字：{sums}", f"rate and counts: {sums}") if code == COMPLETION else (f"占比与数字：{sums}", f"share and counts: {sums}")
    said = because((zh, en), reason) if reason else (zh, en)
    return Finding(code, status, *said, (rate,), (part, whole), rate.value - share.quantize(_PLACE))
