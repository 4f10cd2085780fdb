"""What a report's title says: who reports, and on which year. Works on folded text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from govie.divisions import find_division
from govie.readers.years import bracketed_year, split_years, without_years, year_of
from govie.resources import data_toml

_WRAPPED = re.compile(r"^[^《]*《([^《》]*)》(?:的)?(?:通知|公告|公示|函|报告)?$")
_EDGE = re.compile(r"^[\s\"“”()\[\]【】\-·*#>]+|[\s\"“”\[\]【】:,、·*<]+$")
_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]+\)|\d{1,2}[、.]|附[件表]\d*:?、?|标题:?|名称:?)")
_FILLING = re.compile(r"(?:关于|开展|做好|推进|加强|报送|年度|的)+$")


@cache
def knowledge() -> dict[str, tuple[str, ...]]:
    """What heads and titles are made of. Source: ``govie/data/masthead.toml``."""
    return {key: tuple(values) for key, values in data_toml("masthead.toml").items()}


@cache
def alternatives(key: str, *, spaced: bool = False) -> str:
    """A pattern for the words of one key, the longest first; with ``spaced`` blanks may stand inside them."""
    words = sorted(knowledge()[key], key=len, reverse=True)
    return "|".join(r"\s*".join(map(re.escape, word)) if spaced else re.escape(word) for word in words)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    papers, no_body = alternatives("papers"), "(?![局委厅部办院处中队站所科室]|领导小组|工作领导)"
    strong = rf"^(?P<before>[^。;]{{0,45}}?)(?P<subject>{alternatives('subjects')}){no_body}(?P<after>[^。;,]{{0,30}}?)(?:{papers})"
    weak = rf"^(?P<before>[^。;]{{0,45}}?)(?P<subject>{alternatives('other_subjects')}){no_body}(?P<after>[^。;,]{{0,20}}?)(?:{papers})"
    return re.compile(strong), re.compile(weak), re.compile(rf"^(?P<before>[^。;,]{{2,40}}?)(?P<subject>)(?:{papers})\s*$")


@cache
def _ending() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives('bodies')})$")


@cache
def _no_opening() -> re.Pattern[str]:
    return re.compile(rf"^(?:{alternatives('no_opening')})")


def body_name(name: str, *, place: bool = True) -> str | None:
    """``name`` as a body's name, without what titles put around it; None where it is none.

    Args:
        name: folded, without blanks.
        place: whether a mere place (云南省红河州个旧市) counts, whatever it ends in.
    """
    name = _NUMBERING.sub("", _EDGE.sub("", name))
    name = re.sub(r"\([^()]*\)$", "", _FILLING.sub("", name))
    if not 2 <= len(name) <= 40 or name in knowledge()["nobody"] or re.search(r"[。;!?:()《》\d]", name):
        return None
    where = find_division(name)
    if where is None and _no_opening().match(name):  # 本溪市 and 如皋市 begin like 本局 and 如有
        return None
    return name if _ending().search(name) or (place and where is not None) else None


def before_subject(before: str, subject: str) -> str:
    """The body that a title names before its subject: 攸县 in 攸县人民政府信息公开, whose 政府 belongs to the subject."""
    first, *rest = split_years(before)
    if rest and body_name(first):  # 芗城区人民法院2016年…: who comes before the year, what comes behind it
        return first
    name = without_years(before)
    if subject.startswith("政府") and name.endswith("人民"):
        name = name.removesuffix("人民")
    return name


def from_titles(titles: Iterable[str]) -> tuple[str | None, int | None]:
    """Publisher and year of the first titles that name them."""
    publisher: str | None = None
    year: int | None = None
    for each in titles:
        title = re.sub(r"\s+", "", each)
        if wrapped := _WRAPPED.match(title):
            title = wrapped[1]
        match = _match(title)
        if match is None:
            year = year or (bracketed_year(title) if publisher else None)
            continue
        year = year or year_of(title[: match.end()]) or bracketed_year(title[match.end() :])
        publisher = publisher or body_name(before_subject(match["before"], match["subject"]))
        if publisher and year:
            break
    return publisher, year


def _match(title: str) -> re.Match[str] | None:
    for n, pattern in enumerate(_patterns()):
        match = pattern.match(title)
        if match and (n == 0 or year_of(title)) and not re.search(r"[:《》]", match["before"]) and "《" not in match[0]:
            return match
    return None


def title_lines(lines: Sequence[str]) -> Iterator[str]:
    """Each line of a head as a title, then those that a title may be wrapped over together."""
    yield from lines
    for n, line in enumerate(lines[:-1]):
        if len(line) <= 30 and len(lines[n + 1]) <= 40 and not re.search(r"[。;:]", line):
            yield line + lines[n + 1]


def beside_title(lines: Sequence[str]) -> Iterator[str]:
    """Bodies that stand alone on the lines next to a title that names none."""
    for n, line in enumerate(lines):
        if _match(re.sub(r"\s+", "", line)):
            near = (lines[m] for m in (n + 1, n - 1, n + 2) if 0 <= m < len(lines))
            yield from filter(None, (body_name(re.sub(r"[\s()]", "", each), place=False) for each in near if len(each) <= 30 and each[-1] != ":"))


def fuller(publisher: str, others: Iterable[str]) -> str:
    """The first of ``others`` that ends in ``publisher`` and says more (南通市财政局 for 财政局); else ``publisher``."""
    return next((name for name in others if name.endswith(publisher) and len(name) > len(publisher)), publisher)


def wrapped_names(lines: Sequence[str]) -> Iterator[str]:
    """Publishers of titles that are wrapped inside the publisher's name."""
    for n, line in enumerate(lines[:-1]):
        if 2 <= len(line) <= 30 and not re.search(r"[。;:,]", line) and find_division(re.sub(r"\s", "", without_years(line))):
            name: Any = from_titles([line + lines[n + 1]])[0]
            if name:
                yield name
