"""The year that a report is about. Works on folded text."""

from __future__ import annotations

import re

_DIGITS = {"〇": "0", "○": "0", "零": "0", "Ο": "0", "O": "0", "o": "0", **{character: str(n) for n, character in enumerate("一二三四五六七八九", 1)}}
_NUMERAL = r"(?:(?:19|20)\s*\d\s*\d|二[〇○零ΟOo][〇○零ΟOo一二][〇○零ΟOo一二三四五六七八九])"
_SPAN = rf"{_NUMERAL}\s*(?:年)?\s*[-–—~至]+\s*(?={_NUMERAL}\s*(?:学年|年))"
_YEAR = re.compile(rf"(?P<year>{_NUMERAL})\s*(?:学)?(?:年度|年|财年|財年)")
_BARE = re.compile(r"(?<!\d)(?P<year>20[0-2]\d)(?!\d)")
_CITED = re.compile(r"[〔\[(（【〈《][^〕\])）】〉》]*[〕\])）】〉》]")
_TITLE_YEARS = re.compile(
    rf"[(（]?(?:{_SPAN})?{_NUMERAL}\s*(?:学)?(?:年度|年)(?:\d{{1,2}}月?[-–—至]\d{{1,2}}月|[上下]半年|第[一二三四]季度|前\w季度)?[)）]?"
    rf"|(?<!\d)20[0-2]\d(?!\d)"
)
_PERIOD = re.compile(
    rf"(?:期限|时限|期间|统计时间|时间段|统计时段)[^。\n]{{0,12}}?(?P<year>{_NUMERAL})\s*年\s*\d{{1,2}}\s*月"
    rf"|[自从(（]\s*(?P<from>{_NUMERAL})\s*年\s*1\s*月\s*1\s*日[^。\n]{{0,6}}?(?:至|到|-|—|起)"
)
_OPENING = re.compile(rf"(?:^|[\n。:、)》\s])(?:在)?(?P<year>{_NUMERAL})\s*(?:年度|年)(?!\s*\d{{1,2}}\s*月)")
_BRACKETED = re.compile(rf"\s*[(（]\s*(?:{_SPAN})?(?P<year>{_NUMERAL})\s*(?:年度|学年|年)?\s*[)）]")
_REPORTED = re.compile(rf"(?P<year>{_NUMERAL})\s*(?:年度|年)(?=本机关|政府信息|信息公开|政务公开|年度报告|报告|工作)")
_DATE = re.compile(rf"(?P<year>{_NUMERAL})\s*[-年/.]\s*(?P<month>\d{{1,2}})\s*[-月/.]\s*\d{{1,2}}")


def _number(numeral: str) -> int:
    return int("".join(_DIGITS.get(character, character) for character in re.sub(r"\s", "", numeral)))


def year_of(title: str) -> int | None:
    """The year that a title names; of a school year (2017-2018学年) the later one."""
    match = _YEAR.search(re.sub(_SPAN, "", title)) or _BARE.search(title)
    return _number(match["year"]) if match else None


def without_years(title: str) -> str:
    """A title without its years: 南通市 of 2012年度南通市."""
    return _TITLE_YEARS.sub("", title)


def bracketed_year(text: str) -> int | None:
    """The year in brackets with which a text begins, or that it is: （2016年度）."""
    match = _BRACKETED.match(text)
    return _number(match["year"]) if match else None


def split_years(title: str) -> list[str]:
    """What stands before, between and behind the years of a title."""
    return _TITLE_YEARS.split(title)


def period_year(text: str) -> int | None:
    """The year of the statistical period that the lead states."""
    match = _PERIOD.search(text, 0, 3000)
    return _number(match["year"] or match["from"]) if match else None


def first_year(text: str) -> int | None:
    """The year of 2013年度报告 in the lead, or that with which a clause first opens; what stands in brackets is left out."""
    lead = _CITED.sub("", text[:4000])
    match = _REPORTED.search(lead, 0, 400) or _OPENING.search(lead)
    return _number(match["year"]) if match else None


def published_year(head: str) -> int | None:
    """The year before the date of publication: reports are due in the first quarter."""
    match = _DATE.search(head)
    return _number(match["year"]) - 1 if match else None
