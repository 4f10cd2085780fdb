"""Find every candidate quantity of a folded text and read its value, unit and bound. Rules only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from govie.numbers.numerals import DIGITS, LARGE_SCALES, parse_numeral, tidy
from govie.numbers.patterns import Grammar, grammar

__all__ = ["Quantity", "find_quantities"]

_FRACTION = 8  # digits behind 点
_OPEN = re.compile("[余多几数来]")
_PAIR = re.compile(  # 两三百, 十五六, 三万五六千
    r"(?P<head>[一二两三四五六七八九十百千万零]*[十百千万]零?)?(?P<low>[一二两三四五六七八])(?P<high>[两二三四五六七八九])(?P<scale>[十百千万亿]*)"
)
_FRACTION_OF = {"百": "%", "千": "‰"}  # 千分之三 is read as 3 ‰; shares of any other whole are read in %


@dataclass(frozen=True, slots=True)
class Quantity:
    """A candidate quantity, by folded half-open offsets.

    ``value`` is in the base unit (万 folded in, money in 元, percent as written); ``high`` only in a range (``bound ..``);
    ``unit`` is canonical, or None for a number without a unit word.
    """

    start: int
    end: int
    value: Decimal
    high: Decimal | None
    unit: str | None
    bound: str


def find_quantities(text: str) -> list[Quantity]:
    """Every candidate of folded ``text`` in order, without dates, ordinals, citations, codes and fixed words."""
    rules = grammar()
    masks = _masks(rules, text)
    mask = next(masks, None)
    found: list[Quantity] = []
    for match in rules.quantity.finditer(text):
        start, end = match.span()
        while mask and mask[1] <= start:
            mask = next(masks, None)
        if mask and mask[0] < end:
            continue
        quantity = _read(match, rules)
        if quantity:
            found.append(quantity)
    return found


def _masks(rules: Grammar, text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in rules.expression.finditer(text))


def _read(match: re.Match[str], rules: Grammar) -> Quantity | None:
    numeral, unit = match["arabic"] or match["han"], match["unit"]
    scale_word = match["vague_scale"] or ""
    high: Decimal | None = None
    rounded = False
    if "分之" in numeral or "/" in numeral:
        value, unit, rounded = _share(numeral)
    elif "成" in numeral:
        tens, _, ones = numeral.partition("成")
        value, unit = Decimal(10 * DIGITS[tens] + (5 if ones == "半" else DIGITS.get(ones, 0))), "%"
    elif (pair := _PAIR.fullmatch(numeral)) and _follow(pair):
        head = pair["head"] or ""
        value, high = (parse_numeral(head + pair[name] + pair["scale"]) for name in ("low", "high"))
    else:
        value = _plain(numeral + scale_word, has_unit=bool(unit), is_vague=bool(match["vague"] or match["before"]))
    if value is None:
        return None
    if match["high"]:
        high = parse_numeral(match["high"])
        if high is None:
            return None
        if numeral[-1] not in LARGE_SCALES and match["high"][-1] in LARGE_SCALES:
            value *= LARGE_SCALES[match["high"][-1]]
        if high <= value:
            return None
    if high is None and (match["half"] or match["inner"] == "个半"):
        value += Decimal("0.5")
    if match["sign"] == "-":
        value = -value
    if unit == "成":
        value, high, unit = value * 10, high and high * 10, "%"
    bound = _bound(match, high, rules)
    return Quantity(match.start(), match.end(), value, high, _canonical(unit, rules), "~" if rounded and bound == "=" else bound)


def _plain(numeral: str, *, has_unit: bool, is_vague: bool) -> Decimal | None:
    """The value of a numeral that may stand alone; Chinese words that only look like one give None."""
    if numeral[0].isascii():
        return parse_numeral(numeral)
    scaled = any(c in "十百千万亿拾佰仟" for c in numeral)
    if numeral == "零":
        return Decimal(0)
    if (not scaled and len(numeral) > 1) or numeral in ("几", "数") or ("数" in numeral and not numeral.startswith("数")):
        return None
    if not has_unit and (not is_vague or not scaled) and len(numeral) < 2:
        return None
    if numeral in ("万", "亿", "千", "千万") and not is_vague:
        return None
    if not has_unit and not is_vague and numeral in ("百万", "千万", "亿万", "百千", "百十"):
        return None
    return parse_numeral(numeral)


def _follow(pair: re.Match[str]) -> bool:
    """Whether two digits side by side mean from one to the other: 三五, 十五六, but no 十三五."""
    return 1 <= DIGITS[pair["high"]] - DIGITS[pair["low"]] <= (1 if pair["head"] else 2)


def _share(numeral: str) -> tuple[Decimal | None, str, bool]:
    """Value and unit of 百分之九十五点三, 千分之三, 三分之二 or 2/3, and whether the value is rounded, for a third has no exact decimal."""
    if "/" in numeral:
        part, _, whole = numeral.partition("/")
    else:
        whole, _, part = numeral.partition("分之")
    digits, _, fraction = part.partition("点")
    value, among = parse_numeral(digits), parse_numeral(whole)
    if value is None or not among or len(fraction) > _FRACTION:
        return None, "%", False
    if fraction:
        value += Decimal("0." + "".join(str(DIGITS[c]) for c in fraction))
    if whole in _FRACTION_OF:
        return value, _FRACTION_OF[whole], False
    exact = 100 * value / among
    ends = exact == round(exact, _FRACTION)
    return tidy(exact if ends else round(exact, 2)), "%", not ends


def _canonical(unit: str | None, rules: Grammar) -> str | None:
    if unit is None:
        return None
    return "元" if unit in rules.money else rules.canonical.get(unit, unit)


def _bound(match: re.Match[str], high: Decimal | None, rules: Grammar) -> str:
    if high is not None:
        return ".."
    if match["before"]:
        return rules.before[match["before"]]
    if match["after"]:
        return rules.after[match["after"]]
    vague = (match["arabic"] or match["han"]) + (match["vague"] or "") + (match["inner"] or "")
    if "来" in vague:
        return "~"
    return ">" if _OPEN.search(vague) else "="
