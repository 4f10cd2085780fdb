"""The compiled patterns of the number grammar, made once from the data files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from govie.resources import data_toml

# 1,234 · 1 234 (blanks part thousands only where a word follows) · 1234.5
_ARABIC = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|(?<![0-9 ])[1-9][0-9]{0,2}(?: [0-9]{3})+(?= ?[\u4e00-\u9fff%])|[0-9]+(?:\.[0-9]+)?"
_HAN_DIGITS = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_HAN_NUMERALS = f"{_HAN_DIGITS}十百千万亿拾佰仟几数"
_WORDS_OF_CHENG = "为立功员果绩效长本都交品熟型就份人分了"
_SCALE = r"(?:[十百千](?![分瓦克米])万?亿?|万亿?|亿)"
# 25万6千, 13万2: a tail of lower places behind 万, 亿 or 千.
_TAIL = r"(?:(?<=[万亿千])[0-9]{1,4}[千百]?(?![0-9.,%年月日]))?"
_SHARE = (
    rf"百分之(?:[{_HAN_DIGITS}十百]+(?:点[{_HAN_DIGITS}]+)?|{_ARABIC})"
    rf"|[一二两三四五六七八九]成(?:[一二三四五六七八九半]|(?![{_WORDS_OF_CHENG}]))"
)
_HAN = (
    r"零(?=[。;,、的\n]|$)"  # 保持零的纪录
    rf"|(?:数(?=[十百千万])|几(?=[十百千万]))?[{_HAN_DIGITS}十百千万亿拾佰仟几]+(?:[余多来](?=[万亿千])[万亿千]+)?"
)
_NUMERAL = rf"(?P<arabic>(?:{_ARABIC})(?:[余多几]?{_SCALE})?{_TAIL})|(?P<han>{_SHARE}|{_HAN})"
_SIGN = r"(?P<sign>(?<![0-9A-Za-z.一-龥])[-+](?=[0-9])|(?<=[增减])-(?=[0-9]))?"
_VAGUE = r"(?: ?(?P<vague>余|来(?=[个条件次人家项名份场期篇户天年])|多(?!元化|样|方|种|渠|部门|形|层|措|角|维))(?P<vague_scale>[万亿])?)?"
_INNER = r"(?: ?(?P<inner>个?多)(?=月|小时|学期|年|天|周))?"  # 两个多月
# Where a word of approximators.toml is one only in certain company.
_ONLY = {"约": "约(?=[0-9一二两三四五六七八九十百千万])", "上": "上(?=[百千万])", "内": "(?<=[日天月年时钟周])内", "+": r"\+(?![一-龥])"}
_RANGE = r"(?:[-~—－～]|——| ?[至到] ?)"


@dataclass(frozen=True, slots=True)
class Grammar:
    """What the finder needs: compiled patterns, and the tables of ``units.toml`` and ``approximators.toml``."""

    quantity: re.Pattern[str]
    expression: re.Pattern[str]
    canonical: Mapping[str, str]
    money: frozenset[str]
    before: Mapping[str, str]
    after: Mapping[str, str]


def _unit_pattern(table: Mapping[str, Any], *, chinese: bool) -> str:
    blocked = dict(table["not_before"])
    if chinese:
        for unit, characters in table["not_before_chinese"].items():
            blocked[unit] = blocked.get(unit, "") + characters
    words = sorted(table["units"]["words"], key=len, reverse=True)
    return "|".join(re.escape(word) + (f"(?![{re.escape(blocked[word])}])" if blocked.get(word) else "") for word in words)


def _words(table: Mapping[str, str]) -> str:
    """The words of a table as one alternation, longest first."""
    return "|".join(_ONLY.get(word, re.escape(word)) for word in sorted(table, key=len, reverse=True))


def _quantity(units: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    not_inside = "".join(f"(?<![{characters}](?={word}))" for word, characters in words["not_after"].items())
    arabic, han = (_unit_pattern(units, chinese=chinese) for chinese in (False, True))
    first_unit = "(?:%|[万亿]?元|个|件|条|次|人|家|日|天|月|年)?"
    high = rf"(?P<high>(?:{_ARABIC})(?:[余多几]?{_SCALE})?|[{_HAN_DIGITS}十百千万]+)"
    opening = re.escape("".join(sorted({word[0] for word in words["before"]})))
    quick_look = rf"(?=[0-9{_HAN_NUMERALS}+\-{opening}])"
    return (
        rf"{quick_look}{not_inside}(?:(?P<before>{_words(words['before'])}) ?)?{_SIGN}(?:{_NUMERAL})(?:{first_unit}{_RANGE}{high})?{_VAGUE}{_INNER}"
        rf"(?: ?(?P<unit>(?(arabic)(?:{arabic})|(?:{han}))))?(?: ?(?P<after>{_words(words['after'])}))?"
    )


def _expression(table: Mapping[str, Any]) -> str:
    """Everything that is no quantity; a fixed word is none where it only ends a longer numeral (五万一千 holds no 万一)."""
    patterns = "|".join(f"(?:{pattern})" for section in table.values() for pattern in section["patterns"])
    fixed = "|".join(re.escape(word) for word in sorted(table["fixed"]["words"], key=len, reverse=True))
    return rf"{patterns}|(?<![一二三四五六七八九十百千万零两0-9])(?:{fixed})"


@cache
def grammar() -> Grammar:
    """The grammar, read and compiled at first use."""
    units, words = data_toml("units.toml"), data_toml("approximators.toml")
    return Grammar(
        quantity=re.compile(_quantity(units, words)),
        expression=re.compile(_expression(data_toml("expressions.toml"))),
        canonical=units["canonical"],
        money=frozenset(units["money"]["words"]),
        before=words["before"],
        after=words["after"],
    )
