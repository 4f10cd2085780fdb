"""The compiled patterns of the number grammar, made once from the data files."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# 1,234 · 1 234 (blanks part thousands only where a unit follows) · 1234.5
_ARABIC = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|(?<![0-9 ])[0-9]{1,3}(?: [0-9]{3})+(?= ?[万余多个件条次人份封项家户批册元])|[0-9]+(?:\.[0-9]+)?"
_HAN_DIGITS = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_WORDS_OF_CHENG = "为立功员果绩效长本都交品熟型就份人分了"
_SCALE = r"(?:[十百千](?![分瓦克米])万?亿?|万亿?|亿)"
# 25万6千, 13万2: a tail of lower places behind 万, 亿 or 千.
_TAIL = r"(?:(?<=[万亿千])[0-9]{1,4}[千百]?(?![0-9.,%年月日]))?"
_NUMERAL = (
    rf"(?P<arabic>(?:{_ARABIC})(?:[余多几]?{_SCALE})?{_TAIL})"
    rf"|(?P<han>百分之(?:[{_HAN_DIGITS}十百]+(?:点[{_HAN_DIGITS}]+)?|{_ARABIC})|[一二两三四五六七八九]成(?:[一二三四五六七八九半]|(?![{_WORDS_OF_CHENG}]))"
    rf"|零(?=[。;,、的\n]|$)|(?:数(?=[十百千万])|几(?=[十百千万]))?[{_HAN_DIGITS}十百千万亿拾佰仟几]+(?:[余多来](?=[万亿千])[万亿千]+)?)"
)
_BEFORE = (
    r"(?:(?P<before>大约|约莫|约(?:为)?(?=[0-9一二两三四五六七八九十百千万])|接近|将近|近|不得超过|不得少于|不得低于|不得高于|不超过|超过|超出|超|逾|突破|不足|不到|不少于|不低于|不高于|不多于|至少|最多|最少|低于|高于|少于|多于|大于|小于|上(?=[百千万])) ?)?"
)
_NOT_INSIDE = {"约": "预节制契条合公签履违邀相盟誓特", "近": "最附靠邻亲贴临接将", "超": "高赶反", "上": "网线以同向于", "数": "总人件次项个条率额例户指位名家种期印"}
_RANGE = r"(?:[-~—－～]|——| ?[至到] ?)"


@dataclass(frozen=True, slots=True)
class Grammar:
    """What the finder needs: compiled patterns and the unit tables of ``units.toml``."""

    quantity: re.Pattern[str]
    expression: re.Pattern[str]
    canonical: Mapping[str, str]
    money: frozenset[str]


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(files("govie").joinpath("data", name).read_text(encoding="utf-8"))


def _unit_pattern(table: Mapping[str, Any], *, chinese: bool) -> str:
    blocked = dict(table["not_before"])
    if chinese:
        for unit, characters in table["not_before_chinese"].items():
            blocked[unit] = blocked.get(unit, "") + characters
    words = sorted(table["units"]["words"], key=len, reverse=True)
    return "|".join(re.escape(word) + (f"(?![{re.escape(blocked[word])}])" if blocked.get(word) else "") for word in words)


def _quantity(table: Mapping[str, Any]) -> str:
    def units(name: str) -> str:
        arabic, han = (_unit_pattern(table, chinese=chinese) for chinese in (False, True))
        return rf"(?P<{name}>(?(arabic)(?:{arabic})|(?:{han})))"

    after = r"(?P<after>以上|以下|以内|之内|\+(?![一-龥])|(?<=[日天月年时钟周])内|左右|上下|有余)"
    inner = r"(?: ?(?P<inner>个?多)(?=月|小时|学期|年|天|周))"
    second = rf"(?:(?P<first_unit>%|％|[万亿]?元|个|件|条|次|人|家|日|天|月|年)?{_RANGE}(?P<high>(?:{_ARABIC})(?:[余多几]?{_SCALE})?|[{_HAN_DIGITS}十百千万]+))"
    not_inside = "".join(f"(?<![{before}](?={word}))" for word, before in _NOT_INSIDE.items())
    return (
        rf"{not_inside}{_BEFORE}(?P<low>(?<![0-9A-Za-z.一-龥])[-+](?=[0-9])|(?<=[增减])-(?=[0-9]))?(?:{_NUMERAL}){second}?"
        rf"(?: ?(?P<vague>余|来(?=[个条件次人家项名份])|多(?!元化|样|方|种|渠|部门|形|层|措|角|维))(?P<vague_scale>[万亿])?)?{inner}?(?: ?{units('unit')})?(?: ?{after})?"
    )


@cache
def grammar() -> Grammar:
    """The grammar, read and compiled at first use."""
    table, expressions = _load("units.toml"), _load("expressions.toml")
    words = sorted(expressions["fixed"]["words"], key=len, reverse=True)
    patterns = [pattern for section in expressions.values() for pattern in section["patterns"]]
    return Grammar(
        quantity=re.compile(_quantity(table)),
        expression=re.compile("|".join([*(f"(?:{pattern})" for pattern in patterns), rf"(?<![一二三四五六七八九十百千万零两0-9])(?:{'|'.join(map(re.escape, words))})"])),
        canonical=table["canonical"],
        money=frozenset(table["money"]["words"]),
    )
