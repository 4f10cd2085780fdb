"""The place that a name names: county-level and higher divisions with their codes (GB/T 2260), year by year."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache

from govie.resources import data_text

__all__ = ["Division", "divisions", "find_division"]

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|"
    "俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
_KIND = re.compile(rf"(?:(?:(?:{_PEOPLES})族?)*自治[区州县旗]|特别行政区|地区|林区|特区|矿区|新区|[省市县区旗盟])$")  # 平潭县 → 平潭
_TAIL = re.compile("综合实验区|(?:高新|经济|技术|产业)[\u4e00-\u9fff]{0,8}区|新区|保税|工业园|管理区|示范区|风景")


@dataclass(frozen=True, slots=True)
class Division:
    """A county or higher division.

    Attributes:
        code: six digits.
        name: in full, such as 南通市.
        since, until: the first and the last year in which code and name held; None where open.
    """

    code: str
    name: str
    since: int | None
    until: int | None

    @property
    def level(self) -> int:
        """1 a province, 2 a prefecture, 3 a county."""
        return 1 if self.code.endswith("0000") else 2 if self.code.endswith("00") else 3

    def held(self, year: int | None) -> bool:
        """Whether it was so in ``year``; always where that is None."""
        return year is None or (self.since or 0) <= year <= (self.until or 9999)

    def inside(self, other: Division) -> bool:
        """Whether it lies in ``other``, or is it."""
        return self.code.startswith(other.code.rstrip("0")[: 2 * other.level].ljust(2 * other.level, "0"))


@cache
def divisions() -> dict[str, tuple[Division, ...]]:
    """All divisions since 2008, by name. Source: ``govie/data/divisions.tsv``."""
    found: dict[str, list[Division]] = {}
    for row in data_text("divisions.tsv").splitlines():
        if not row.startswith("#"):
            code, name, since, until = row.split("\t")
            found.setdefault(name, []).append(Division(code, name, int(since or 0) or None, int(until or 0) or None))
    return {name: tuple(rows) for name, rows in found.items()}


@cache
def _stems() -> dict[str, tuple[Division, ...]]:
    found: dict[str, list[Division]] = {}
    for name, rows in divisions().items():
        stem = _KIND.sub("", name)
        if len(stem) >= 2:
            found.setdefault(stem, []).extend(rows)
            if "自治" in name:  # 红河州 for 红河哈尼族彝族自治州
                found.setdefault(stem + name[-1], []).extend(rows)
    return {stem: tuple(rows) for stem, rows in found.items()}


def names_in(text: str) -> Iterator[tuple[int, str]]:
    """Every full name of a division in ``text`` with its offset, the longest at each place, without overlap."""
    known = divisions()
    at = 0
    while at < len(text):
        name = next((text[at : at + size] for size in range(min(15, len(text) - at), 1, -1) if text[at : at + size] in known), None)
        if name is not None:
            yield at, name
        at += len(name) if name else 1


def find_division(publisher: str, *, year: int | None = None, text: str = "") -> Division | None:
    """The division that a publisher's name begins with: the innermost of 江苏省南通市海门区, that of 平潭县 for 平潭综合实验区.

    Args:
        publisher: a body's or a place's name.
        year: the year in which name and code have to hold, where there is a choice.
        text: the report, which tells namesakes (鼓楼区) apart by the cities and provinces that it mentions.

    Returns:
        None where no place is named, or where namesakes cannot be told apart.
    """
    path: list[tuple[Division, ...]] = []
    rest = publisher
    while match := _prefix(rest, divisions(), 15):
        path.append(divisions()[match])
        rest = rest[len(match) :]
    if not path or len(rest) > 2:
        stem = _prefix(rest, _stems(), 8)
        if stem is not None and (not path or stem[-1] in "州县旗") and not publisher.endswith(("大学", "学院")):  # 北京大学 governs no place
            rows = _stems()[stem]
            if not path and not _TAIL.match(rest, len(stem)):  # 南通财政局: of places with this name the largest is meant
                rows = tuple(row for row in rows if row.level == min(row.level for row in rows))
            path.append(rows)
            rest = rest[len(stem) :]
            while path and (match := _prefix(rest, divisions(), 15)):
                path.append(divisions()[match])
                rest = rest[len(match) :]
    if not path:
        return None
    choice = [row for row in path[-1] if row.held(year)] or list(path[-1])
    for outer in reversed(path[:-1]):
        choice = [row for row in choice if any(row.inside(each) for each in outer)] or choice
    return _told_apart(choice, text)


def _prefix(text: str, names: Container[str], longest: int) -> str | None:
    return next((text[:size] for size in range(min(longest, len(text)), 1, -1) if text[:size] in names), None)


def _told_apart(choice: list[Division], text: str) -> Division | None:
    if len({row.code[:4] for row in choice}) == 1:  # one place, and in a year of change both of its codes: the new one
        return max(choice, key=lambda row: row.since or 0)
    mentioned: dict[str, int] = {}
    for _, name in names_in(text[:100_000]):
        mentioned[name] = mentioned.get(name, 0) + 1
    outer = {
        row: sum(count for name, count in mentioned.items() if any(each != row and row.inside(each) for each in divisions()[name])) for row in choice
    }
    best = max(outer.values())
    winners = [row for row in choice if outer[row] == best]
    return winners[0] if best and len({row.code for row in winners}) == 1 else None
