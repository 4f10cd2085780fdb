"""What one such quantity belongs to, where a number is distributive: 日均300次, 每月2期, 各4件, 平均每个单位1人."""

from __future__ import annotations

import re

__all__ = ["find_per"]

_REACH = 48
# 日均300次, but not 32件均已办毕, 申请人均获答复 or 全年均无: there 均 is "all".
_NUMERALS = "0-9零〇一二两三四五六七八九十百千万亿余多几数"
_AVERAGE = re.compile(
    rf"(?<![{_NUMERALS}])(?<![{_NUMERALS}] )(?:(?<![全去上今历])(?P<time>日|月|周|年|季|季度)|(?<![请事负责工的关])(?P<unit>人|户|件|篇|场|期|条))"
    r"均(?![已未无按予给没系])[^,。;:、0-9]{0,8}$"
)
_EACH = re.compile(
    r"每(?:(?P<half>半)?(?:一|1)?(?:个)?(?P<time>日|天|月|周|年|季度|季|小时|学期|学年)|(?:[^每,。;0-9]{0,4}?一)?(?P<unit>[个例件条次期家户人名份篇场起项]))[^每,。;:]{0,10}$"
)
_AVERAGE_EACH = re.compile(r"平均(?:到)?每(?:一)?(?P<unit>[个件家户人名村年月天日周][^,。;:0-9]{0,40})$")
_VARIOUS = re.compile(r"各(?:有|为|设|配备|举办|开展|发布)?$")
_SAME = {"天": "日", "季": "季度"}


def find_per(text: str, start: int) -> str | None:
    """The word for what the quantity that begins at ``start`` of folded ``text`` is counted by, or None.

    >>> find_per("日均访问300次", 4), find_per("政府网站全年访问300次", 8)
    ('日', None)
    """
    before = text[max(0, start - _REACH) : start]
    if _VARIOUS.search(before):
        return "各"
    match = _EACH.search(before)
    if match:
        word = match["time"] or match["unit"]
        return ("半" if match["half"] else "") + _SAME.get(word, word)
    match = _AVERAGE_EACH.search(before)
    if match:
        return _SAME.get(match["unit"][0], match["unit"][0])
    match = _AVERAGE.search(before)
    word = (match["time"] or match["unit"]) if match else None
    return _SAME.get(word, word) if word else None
