"""Who publishes a report and which year it is about: from its title, its index head, its lead and its end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import Any

from govie.divisions import divisions, find_division, names_in
from govie.readers.data import load_toml
from govie.readers.years import first_year, period_year, published_year, without_years, year_of
from govie.text import fold

_HEAD = 1500  # characters of the text that count as its head
_TITLE_LINES = 15
_SITE = re.compile(r"\s*[_|]\s*|\s+[-–—]+\s*|\s*[-–—]{2,}\s*|\s*-\s*(?=[^-]*(?:网|政府|门户)[^-]*$)")
_QUOTED = re.compile(r"[《〈<][^》〉>]*[》〉>]")
_CAPTION = re.compile(r"(?:^|[\n\s。:、])(?:附[件表]?\d*[:、])?([^\n\s。:、,;()《》“”]{2,30}?)政府信息公开(?:工作)?情况统计表")
_CONTACT = re.compile(r"请(?:直接)?(?:与|向|和|同|致电)([^\s。,;:()《》“”]{3,30}?)(?:联系|咨询|反映|垂询)")
_MADE_BY = re.compile(
    r"(?:本(?:年度)?(?:报告|年报)(?:系|是)?|现)?由([^\s。,;:()《》“”根依按]{4,30}?)(?:根据|依据|按照|依照|负责|组织|汇总|编制|编写|撰写|制作)"
)
_NAMED = re.compile(
    r"(?:^|[\n。,;])([^\s。,;:()《》“”]{4,25})\((?:以下)?简称[:“]*(?:本|我)(?:机关|局|委|厅|部|办|院|校|市|县|区|镇|乡|街道|单位|中心)"
)
_SIGNED = re.compile(r"(?:^|\n)([^\s。,;:《》“”]{3,30})\n+\s*(?:19|20|二)[\d〇○零一二三四五六七八九十]{3}年[\d一二三四五六七八九十]{1,2}月")
_OWN = (("省", 1), ("市", 2), ("县", 3), ("区", 3), ("旗", 3))


@dataclass(frozen=True, slots=True)
class Masthead:
    """What a reader knows beside the text.

    Attributes:
        titles: candidates for the report's title, the best first.
        head: lines beside the text, such as a page's index head.
        name: the file's name.
    """

    titles: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who reports on which year; None for what is not known."""

    publisher: str | None
    year: int | None
    division: str | None


@cache
def _knowledge() -> dict[str, Any]:
    return load_toml("masthead.toml")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    known = {key: "|".join(sorted(map(re.escape, values), key=len, reverse=True)) for key, values in _knowledge().items()}
    spaced = {key: "|".join(r"\s*".join(label) for label in _knowledge()[key]) for key in ("publisher_labels", "other_labels")}
    return {
        "title": re.compile(rf"^(?P<before>[^。;]{{0,45}}?)(?P<subject>{known['subjects']})(?P<after>[^。;,]{{0,30}}?)(?:{known['papers']})"),
        "plain": re.compile(rf"^(?P<before>[^。;,]{{2,40}}?)(?P<subject>)(?:{known['papers']})\s*$"),
        "label": re.compile(
            rf"(?P<label>{spaced['publisher_labels']})\s*\]?】?\s*[::\t]\s*(?P<value>[^\n\t]*?)"
            rf"(?=\s{{2,}}|\s*(?:\||【|\[|{spaced['other_labels']}|{spaced['publisher_labels']})|[\n\t]|$)"
        ),
        "body": re.compile(rf"(?:{known['bodies']})$"),
        "bodies": re.compile(rf"(?:{known['bodies']})"),
        "no_opening": re.compile(rf"^(?:{known['no_opening']})"),
    }  # fmt: skip


def identify(text: str, masthead: Masthead) -> Identity:
    """Publisher, year and division of a report.

    The title decides. Where it names a body only in part (财政局) the index head completes it. Where it names none, these follow: the
    caption of the statistical table, the index head, who signs, the file's name, whom to contact, and last the place that the text is about.
    """
    body = fold(text).text
    lines = [line.strip() for line in body[:_HEAD].split("\n") if line.strip()][:_TITLE_LINES]
    given = [fold(title).text for title in masthead.titles]
    pieces = [piece for title in given for piece in _SITE.split(title) if piece]
    head = "\n".join([*(fold(line).text for line in masthead.head), *lines])
    titles = [*pieces, *_joined(lines)]
    indexed = _indexed(head)
    publisher, year = _from_titles(titles)
    if publisher is None:
        publisher = next(_otherwise(body, indexed, pieces, masthead.name), None)
    else:
        publisher = next((name for name in indexed if name.endswith(publisher) and len(name) > len(publisher)), publisher)
    year = year or period_year(body) or _from_titles([fold(PurePath(masthead.name or "").stem).text])[1] or first_year(body) or published_year(head)
    place = find_division(publisher, year=year, text=body) if publisher else None
    return Identity(publisher, year, place.code if place else None)


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """Each line of the head as a title, with the lines that a title may be wrapped over."""
    for n, line in enumerate(lines):
        if len(line) <= 30 and n + 1 < len(lines) and not _patterns()["title"].match(line):
            if len(lines[n + 1]) <= 30 and n + 2 < len(lines) and len(lines[n + 2]) <= 12:
                yield line + lines[n + 1] + lines[n + 2]
            yield line + lines[n + 1]
        yield line


def _from_titles(titles: Iterable[str]) -> tuple[str | None, int | None]:
    publisher: str | None = None
    year: int | None = None
    for title in titles:
        plain = re.sub(r"\s+", "", title)
        match = _patterns()["title"].match(plain) or (_patterns()["plain"].match(plain) if year_of(plain) else None)
        if match is None or _QUOTED.search(match[0]) or ":" in match["before"]:
            continue
        year = year or year_of(plain[: match.end()])
        publisher = publisher or _body(_before_subject(match["before"], match["subject"]))
        if publisher and year:
            break
    return publisher, year


def _before_subject(before: str, subject: str) -> str:
    """The body that a title names before its subject: 攸县 in 攸县人民政府信息公开, whose 政府 belongs to the subject."""
    name = without_years(before)
    if subject.startswith("政府") and name.endswith("人民"):
        name = name.removesuffix("人民")
    return re.sub(r"(?:关于|开展|做好|推进|加强|报送|年度|的)+$", "", name)


def _body(name: str, *, whole: bool = True) -> str | None:
    """``name`` as a body's name, without what titles put around it; None where it is none."""
    name = re.sub(r"^[\s\"“”()\[\]【】\-·*#]+|[\s\"“”()\[\]【】:,、·*]+$", "", name)
    name = re.sub(
        r"^(?:[一二三四五六七八九十]{1,3}、|[(][一二三四五六七八九十\d]+[)]|\d{1,2}[、.]|附[件表]\d*[::、]?|中华人民共和国(?=.{2,}部$)|标题[::]?|名称[::]?)",
        "",
        name,
    )
    name = re.sub(r"(?:关于|的)$", "", name)
    if not 2 <= len(name) <= 40 or name in _knowledge()["nobody"] or _patterns()["no_opening"].match(name):
        return None
    if re.search(r"[。;!?\d]", name):
        return None
    return name if _patterns()["body"].search(name) or (whole and find_division(name) is not None) else None


def _indexed(head: str) -> list[str]:
    """Publishers that an index head names, those of the strongest labels first."""
    order = {label: n for n, label in enumerate(_knowledge()["publisher_labels"])}
    found = []
    for match in _patterns()["label"].finditer(head):
        name = _body(re.sub(r"\s+", "", match["value"]), whole=False) or _body(re.sub(r"\s+", "", match["value"]))
        if name:
            found.append((order[re.sub(r"\s+", "", match["label"])], name))
    return [name for _, name in sorted(found, key=lambda pair: pair[0])]


def _otherwise(body: str, indexed: Sequence[str], pieces: Sequence[str], name: str | None) -> Iterator[str]:
    """Publishers by everything but the title, the surest first."""
    for match in _CAPTION.finditer(body):
        if found := _body(_before_subject(match[1], "政府信息公开")):
            yield found
    for each in indexed:
        if find_division(each) or len(each) > 5:
            yield each
    for match in _SIGNED.finditer(body[-600:]):
        if found := _body(match[1], whole=False):
            yield found
    if name and (found := _from_titles([fold(PurePath(name).stem).text])[0]):
        yield found
    lead = body[:_HEAD]
    for pattern in (_NAMED, _CONTACT, _MADE_BY):
        for match in pattern.finditer(_QUOTED.sub("", lead)):
            if found := _body(_without_office(match[1]), whole=False):
                yield found
    for piece in pieces:
        if found := _body(re.sub(r"(?:门户)?网站?$", "", piece), whole=False):
            yield found
    yield from indexed
    if place := _own_place(body):
        yield place


def _without_office(name: str) -> str:
    """The body whose office is to be contacted."""
    short = re.sub(r"(?:党政)?(?:办公厅|办公室|综合科|综合处|秘书科|秘书处|政务公开(?:科|处|办|办公室)|信息公开(?:科|处|办|办公室))+$", "", name)
    return short if short != name and _patterns()["body"].search(short) else name


def _own_place(body: str) -> str | None:
    """The place that calls itself 我市: the division of that level that the text mentions most, itself or by its parts."""
    own = Counter(re.findall(r"我([省市县区旗])(?![直属级内])", body))
    if own.total() < 2:
        return None
    kind = own.most_common(1)[0][0]
    level = dict(_OWN)[kind]
    known = divisions()
    votes: Counter[str] = Counter()
    for _, name in names_in(body[:100_000]):
        rows = known[name]
        votes[name] += 2 if name.endswith(kind) and any(row.level >= level for row in rows) else 0
        if len(rows) == 1 and rows[0].level > level:
            votes.update(
                outer for outer, others in known.items() if outer.endswith(kind) for each in others if each.level == level and rows[0].inside(each)
            )
    if not votes:
        return None
    name, count = votes.most_common(1)[0]
    return f"{name}人民政府" if count >= 2 else None
