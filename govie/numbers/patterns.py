"""The compiled patterns of the number grammar, made once from the data files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from govie.resources import data_toml

# 1,2 34人次, 共1 0 件: blanks that a page has put between the digits, where a unit follows at once.
_UNIT_AHEAD = r"(?= ?[余多]?[万亿]?[条件个次起场期篇份册项家户人元%])"
_BROKEN = (
    rf"(?<![0-9.,])(?<![0-9.,] )[1-9][0-9]{{0,2}}(?: ?, ?[0-9](?: ?[0-9]){{2}})+(?![0-9]){_UNIT_AHEAD}"
    rf"|(?<=[\u4e00-\u9fff])[1-9](?: [0-9]){{1,3}}(?! ?[0-9]){_UNIT_AHEAD}"
)
# 1,234 · 1 234 (blanks part thousands only where a word follows) · 1234.5
_ARABIC = _BROKEN + r"|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|(?<![0-9 ])[1-9][0-9]{0,2}(?: [0-9]{3})+(?= ?[\u4e00-\u9fff%])|[0-9]+(?:\.[0-9]+)?"
_HAN_DIGITS = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_HAN_NUMERALS = f"{_HAN_DIGITS}十百千万亿拾佰仟几数"
_WORDS_OF_CHENG = "为立功员果绩效长本都交品熟型就份人分了"
_SCALE = r"(?:[十百千](?![分瓦克米])万?亿?|万亿?|亿|[Ww](?=\+))"  # 10W+
# 25万6千, 13万2, 1亿2000万: a tail of lower places behind 万, 亿 or 千.
_TAIL = r"(?:(?<=亿)零?[0-9]{1,4}(?:\.[0-9]+)?[千百]?万|(?<=[万亿千])[0-9]{1,4}[千百]?(?![0-9.,%年月日]))?"
_SHARE = (
    rf"百分之(?:[{_HAN_DIGITS}十百]+(?:点[{_HAN_DIGITS}]+)?|{_ARABIC})"
    rf"|[二三四五六七八九十千万]{{1,3}}分之(?:[{_HAN_DIGITS}十百]+(?:点[{_HAN_DIGITS}]+)?|{_ARABIC})"
    r"|(?<![0-9/.])(?:1/(?:[2-9]|10)|2/[3579]|3/[4578]|4/[579]|5/[6-9]|7/[89]|8/9)(?![0-9/年月日])"
    rf"|[一二两三四五六七八九]成(?:[一二三四五六七八九半]|(?![{_WORDS_OF_CHENG}]))"
)
_HAN = (
    r"零(?=[。;,、的\n]|$)"  # 保持零的纪录
    rf"|(?:数(?=[十百千万])|几(?=[十百千万]))?[{_HAN_DIGITS}十百千万亿拾佰仟几]+(?:[余多来](?=[万亿千])[万亿千]+)?"
)
_NUMERAL = rf"(?P<han>{_SHARE}|{_HAN})|(?P<arabic>(?:{_ARABIC})(?:[余多几]?{_SCALE})?{_TAIL})"  # 1/3 before 1
_SIGN = r"(?P<sign>(?<![0-9A-Za-z.一-龥])[-+](?=[0-9])|(?<=[增减长降为是率])-(?=[0-9]))?"
_VAGUE = r"(?: ?(?P<vague>余|来(?=[个条件次人家项名份场期篇户天年])|多(?!元化|样|方|种|渠|部门|形|层|措|角|维))(?P<vague_scale>[万亿])?)?"
_INNER = r"(?: ?(?P<inner>个?多|个半)(?=月|小时|学期|年|天|周|钟头))?"  # 两个多月, 三个半小时
_HALF = r"(?P<half>(?<=[天年月时倍])半(?![年天月日数载价径途]))?"  # 一年半
# Where a word of approximators.toml is one only in certain company.
_ONLY = {
    "约": "约(?=[0-9一二两三四五六七八九十百千万])",
    "上": "上(?=[百千万])",
    "内": "(?<=[日天月年时钟周])内",
    "+": r"\+(?![一-龥])",
    "多": "(?<=[天年月时倍])多(?=[的来时以,。;、]|$)",
}
AT_DIGITS = re.compile(r"(?:\(\?<[!=][^()]*\))*(?:\[[0-9][0-9-]*\]|\(\?:19\|20\)|[0-9])")  # behind looks around, first a digit
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
    # 条约 is a treaty, 300余条约占三成 is none: these characters are measure words behind a numeral.
    not_inside += "".join(
        rf"(?<![^{_HAN_NUMERALS}余多来0-9 ][{characters}](?={word}))(?<!^[{characters}](?={word}))"
        for word, characters in words["not_after_uncounted"].items()
    )
    arabic, han = (_unit_pattern(units, chinese=chinese) for chinese in (False, True))
    first_unit = "(?:%|[万亿]?元|个|件|条|次|人|家|日|天|月|年)?"
    high = rf"(?P<high>(?:{_ARABIC})(?:[余多几]?{_SCALE})?|[{_HAN_DIGITS}十百千万]+)"
    opening = re.escape("".join(sorted({word[0] for word in words["before"]})))
    quick_look = rf"(?=[0-9{_HAN_NUMERALS}+\-{opening}])"
    return (
        rf"{quick_look}{not_inside}(?:(?P<before>{_words(words['before'])}) ?)?{_SIGN}(?:{_NUMERAL})(?:{first_unit}{_RANGE}{high})?{_VAGUE}{_INNER}"
        rf"(?: ?(?P<unit>(?(arabic)(?:{arabic})|(?:{han}))))?{_HALF}(?: ?(?P<after>{_words(words['after'])}))?"
    )


def _expression(table: Mapping[str, Any]) -> str:
    """Everything that is no quantity; a fixed word is none where it only ends a longer numeral (五万一千 holds no 万一)."""
    in_order = (pattern for section in table.values() for pattern in section["patterns"])
    patterns = "|".join(_one_of(own, at_digits=digits) for digits, own in groupby(in_order, key=lambda pattern: bool(AT_DIGITS.match(pattern))))
    fixed = "|".join(re.escape(word) for word in sorted(table["fixed"]["words"], key=len, reverse=True))
    return rf"{patterns}|(?<![一二三四五六七八九十百千万零两0-9])(?:{fixed})"


def _one_of(patterns: Iterable[str], *, at_digits: bool) -> str:
    """The patterns as one; those of a digit stand behind one look at it, so that other characters are passed in one step."""
    either = "|".join(f"(?:{pattern})" for pattern in patterns)
    return f"(?=[0-9])(?:{either})" if at_digits else either


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
