"""Distributive figures multiplied: 七个大队各举办5场,共35场; 5次培训680人次,平均每次136人次; 向20个社区各赠送100本."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from govie.checks.breakdowns import is_fresh
from govie.checks.finding import Finding
from govie.checks.intervals import Stretch, grain, stretch
from govie.checks.rules import checks
from govie.checks.sentences import Figure, Sentence, claims_of
from govie.checks.slips import slipped
from govie.checks.verdicts import of_product
from govie.checks.wording import figure
from govie.claims import Claim

__all__ = ["check_products"]

_SAID = "每个与总数", "each and in all"
_HALF, _UNIT, _HUNDRED = Decimal("0.5"), Decimal(1), Decimal(100)
_REACH = 24  # characters from the number of bodies to what each of them has
_BEHIND = 40
_MOST = 3  # a product further from the total than this many times is of something else
_ALONE = re.compile("各|每|均|分别")
_NAMES = re.compile("([^,;。:(0-9]+?)(?:各|均|分别)[^,;。0-9]{0,8}$")
_COUNTED = re.compile("(?<![、和与及第])([二两三四五六七八九十])(?:个|家|大|类|项|级|所|名|地|县|区|市|镇|处|季)[^,;。、0-9]{0,6}$")
_ANOTHER = "[,;](?!其中)[^,;。:共0-9]{1,20}"
_TERMS = 4
_CLOSES = (
    "[,、;]?(?:全年|年内|[今本]年|[二两三四五六七八九十](?:项|者|个|家|级|类|地)[^,;。0-9]{0,4})?(?:一共|总?共计?|合计|总计|累计|计)[^,;。0-9]{0,6}"
)


def check_products(sentence: Sentence) -> Iterator[Finding]:
    """A finding for every 各 and 每 of the sentence whose number of bodies and whose total it states."""
    counts = [f for f in sentence.figures if f.claim is not None and f.unit not in ("%", "个百分点")]
    for n, each in enumerate(counts):
        claim = each.claim
        before = sentence.text[max(sentence.start, each.start - _REACH) : each.start]
        clause = re.split("[;。]", before)[-1]
        if claim is None or not (claim.per or _ALONE.search(clause)) or re.search("各类|各级|各项|各方面|各种|每日|每天|每月|每年|每季|日均", clause):
            continue
        times = _times(sentence, counts[:n], each, clause) or _times_behind(sentence, counts[n + 1 :], each, clause)
        if times is None:
            yield from _named(sentence, (counts[:n], counts[n + 1 :]), each)
            continue
        yield from _judged(sentence, counts, times, each)


def _times(sentence: Sentence, earlier: Sequence[Figure], each: Figure, clause: str) -> Figure | None:
    """How many there are of what the figure belongs to: 20个社区各…; of 平均每次 the last count of 次."""
    if per := _body(each):
        same = [f for f in earlier if f.unit == per and f.claim and f.claim.per is None]
        return _most(sentence, same) if same and same[0].unit != each.unit else None
    if match := re.search("每([^\\s0-9,;。])[^,;。0-9]{0,6}$", clause):
        units = {match[1]} | ({"次", "场", "场次", "期"} & {match[1]})
        same = [f for f in earlier if f.unit is not None and f.unit[:1] in units and f.unit != each.unit and f.claim and f.claim.per is None]
        return _most(sentence, same) if same else None
    if not re.search("各[^,;。0-9]{0,6}$", clause) or not earlier:
        return None
    last = earlier[-1]
    between = sentence.text[last.end : each.start]
    near = len(between) <= _REACH and not re.search("[,;。][^各]*[,;。]|[;。]", between)
    return last if near and last.unit in checks()["products"]["bodies"] and last.unit != each.unit and last.value == int(last.value) else None


def _times_behind(sentence: Sentence, behind: Sequence[Figure], each: Figure, clause: str) -> Figure | None:
    """How many there are, where that follows with the total: 每个乡镇设公示栏2块,17个乡镇共设34块."""
    match = re.search("每([^\\s0-9,;。])[^,;。0-9]{0,10}$", clause)
    if match is None or len(behind) < 2 or behind[0].unit is None or behind[0].unit[:1] != match[1] or behind[1].unit != each.unit:
        return None
    closes = re.fullmatch("[^,;。0-9]{0,10}(?:共|总计|合计|累计)[^,;。0-9]{0,6}", sentence.text[behind[0].end : behind[1].start])
    return behind[0] if closes and each.unit != behind[0].unit else None


def _most(sentence: Sentence, same: Sequence[Figure]) -> Figure | None:
    """The total among figures of one unit: the first, if none is greater (96场,其中进社区41场…), or a last one that sums them up (累计16期)."""
    most = max(f.value for f in same)
    if same[0].value == most:
        return same[0]
    last = same[-1]
    return last if last.value == most and is_fresh(sentence.text[max(sentence.start, last.start - 8) : last.start]) else None


def _named(sentence: Sentence, others: tuple[Sequence[Figure], Sequence[Figure]], each: Figure) -> Iterator[Finding]:
    """文化、旅游方面各4件,共8件, or 共8件,文化、旅游方面各4件: as often as there are names.

    Args:
        others: the counts before and behind.
    """
    earlier, behind = others
    names = _names(sentence, each)
    if each.claim is None or names < 2:
        return
    run = _run(sentence, each, behind)
    total = run[-1] if run else None
    terms = [(each, names), *((f, _names(sentence, f) or 1) for f in run[:-1])]
    closed = total is not None
    if total is None:  # it goes before, and nothing more of its unit follows
        total = earlier[-1] if earlier and not any(f.unit == each.unit for f in behind) else None
        if total is None or not re.fullmatch("[,:(](?:其中,?)?[^,;。:(0-9]+", sentence.text[total.end : _start(sentence, each)]):
            return
        if any(f.unit == each.unit and f is not total and f.value > total.value for f in earlier):
            return  # 举办10期,其中本级4期,甲、乙、丙各2期: a part itself
    if total.claim is None or total.unit != each.unit or any(claim.bound != "=" for claim in (total.claim, *claims_of(f for f, _ in terms))):
        return
    made = sum((figure.value * times for figure, times in terms), Decimal(0))
    if closed:
        before = [f for f in earlier if f.unit == each.unit and not re.search("[;。]", sentence.text[f.end : each.start])]
        if any(made + f.value * max(1, _names(sentence, f)) == total.value for f in before) or (before and made != total.value):
            return  # one before belongs to it
    if made != total.value and (total.value > made * _MOST or made >= total.value * 2 or (not closed and made < total.value)):
        return  # what is named need not be all
    status = "pass" if made == total.value else "fail"
    written = " + ".join(f"{figure(f.claim)} × {times}" if times > 1 else figure(f.claim) for f, times in terms if f.claim)
    yield of_product(status, _SAID, total.claim, made, factors=claims_of(f for f, _ in terms), written=written)


def _start(sentence: Sentence, each: Figure) -> int:
    """Where the word 各, 均 or 分别 of a figure begins."""
    match = _NAMES.search(sentence.text, max(sentence.start, each.start - _BEHIND), each.start)
    return match.end(1) if match else each.start


def _names(sentence: Sentence, each: Figure) -> int:
    """How many names a figure is of each of: those before its 各, 均 or 分别; 0 where it is of none."""
    match = _NAMES.search(sentence.text, max(sentence.start, each.start - _BEHIND), each.start)
    return _count_of(match[1]) if match and "等" not in match[0] and "平均" not in match[0] else 0


def _run(sentence: Sentence, each: Figure, behind: Sequence[Figure]) -> list[Figure]:
    """The figures of one unit from the one behind ``each`` to the total that closes them; none where there is no such total."""
    run: list[Figure] = []
    last = each
    for found in behind[:_TERMS]:
        between = sentence.text[last.end : found.start]
        if found.unit != each.unit:
            return []
        run.append(found)
        if re.fullmatch(_CLOSES, between):
            return run
        if not re.fullmatch(_ANOTHER, between):
            return []
        last = found
    return []


def _count_of(names: str) -> int:
    """How many names stand in a phrase, by the number behind them (教育、医疗、供水三个领域) or else by their marks."""
    said = _COUNTED.search(names)
    return "零一二三四五六七八九十".find(said[1].replace("两", "二")) if said else len([name for name in re.split("、|和|与|及", names) if name])


def _body(each: Figure) -> str | None:
    """The unit of what a figure is distributed over, if that can be counted: 户 of 户均."""
    per = each.claim.per if each.claim is not None else None
    return per if per in checks()["products"]["bodies"] else None


def _judged(sentence: Sentence, counts: Sequence[Figure], times: Figure, each: Figure) -> Iterator[Finding]:
    if times.claim is None or each.claim is None:
        return
    totals = [
        f for f in counts if f.unit == each.unit and f is not each and f.claim is not None and f.claim.per is None and not _is_aside(sentence, f)
    ]
    more = [f for f in counts if f.unit == each.unit and f.start > each.end and f.claim is not None and _is_aside(sentence, f)]
    average = "平均" in sentence.text[max(sentence.start, each.start - 10) : each.start]
    low, high = _product(times.claim, each.claim, average=average)
    added = more[0].claim if more else None
    for total in totals:
        if total.claim is None:
            continue
        least, most = stretch(total.claim)
        rounded = _HALF * grain(total.value) if re.search("[万亿]", total.claim.text) else Decimal(0)
        for extra in (None, added):
            plus = extra.value if extra else Decimal(0)
            if least - rounded <= high + plus and low + plus <= most + rounded:
                yield _finding("pass", total.claim, times.claim, each.claim, extra)
                return
    due = _total(sentence, totals, times, each)
    if due is None or due.claim is None:
        return
    whole, made = due.value, times.value * each.value + (added.value if added else Decimal(0))
    if not whole or not made or max(whole, made) > min(whole, made) * _MOST:
        return
    text = sentence.text[times.start : min(sentence.end, max(each.end, due.end) + _BEHIND)]
    if any(f.unit == times.unit and f is not times and _is_aside(sentence, f) for f in counts):
        return  # 出刊6期,另出增刊1期
    said = (
        average
        or re.search("(?:共|总|累计|合计)[^,;。0-9]{0,6}$", sentence.text[each.end : max(each.end, due.start)])
        or re.search("|".join(checks()["products"]["all_gone"]), text)
        or made > whole
        or added
        or (whole >= _HUNDRED and slipped(whole, made))
        or (each.value >= _HUNDRED and slipped(each.value, (whole / times.value).quantize(_UNIT)))
    )
    if said and due.claim.bound == "=" and each.claim.bound == "=" and times.claim.bound == "=":
        yield _finding("fail", due.claim, times.claim, each.claim, added)


def _is_aside(sentence: Sentence, found: Figure) -> bool:
    """Whether words before a figure say that it comes on top of the product: 另有1600册留在大厅."""
    return bool(re.search("(?:另|其余|剩余|余下|还)[^,;。0-9]{0,4}$", sentence.text[max(sentence.start, found.start - 8) : found.start]))


def _product(times: Claim, each: Claim, *, average: bool) -> Stretch:
    """What times and each may make; an average is rounded at its last digit."""
    (few, many), (least, most) = stretch(times), stretch(each)
    exponent = each.value.as_tuple().exponent
    half = Decimal(10) ** (int(exponent) if isinstance(exponent, int) and exponent < 0 else 0) if average else Decimal(0)
    return few * (least - half), many * (most + half)


def _total(sentence: Sentence, totals: Sequence[Figure], times: Figure, each: Figure) -> Figure | None:
    """The figure that the product must be: behind it with a word like 共, else the one right before, if it is the only one."""
    behind = [f for f in totals if f.start > each.end]
    if behind and re.search("(?:共|总|累计|合计)[^,;。0-9]{0,6}$", sentence.text[each.end : behind[0].start]):
        return behind[0]
    before = [f for f in totals if f.end < each.start and not re.search("[;。]", sentence.text[f.end : each.start])]
    if behind and not before and behind[0].value >= _HUNDRED and slipped(behind[0].value, times.value * each.value):
        return behind[0]
    return before[-1] if len(before) == 1 and not behind else None


def _finding(status: str, total: Claim, times: Claim, each: Claim, extra: Claim | None) -> Finding:
    made = times.value * each.value + (extra.value if extra else Decimal(0))
    written = f"{figure(times)} × {figure(each)}" + (f" + {figure(extra)}" if extra else "")
    return of_product(status, _SAID, total, made, factors=[times, each, *([extra] if extra else [])], written=written)
