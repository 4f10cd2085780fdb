"""Who publishes a report and which year it is about: from its title, its index head, its lead and its end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import PurePath

from govie.divisions import divisions, find_division, names_in
from govie.readers.titles import alternatives, before_subject, beside_title, body_name, from_titles, fuller, knowledge, title_lines, wrapped_names
from govie.readers.years import first_year, period_year, published_year
from govie.text import fold, fold_table

_HEAD = 1500  # characters of the text that count as its head
_LEAD = 8000
_TAIL = 800
_LONGEST = 1000  # characters of a title, or of a line of an index head
_TITLE_LINES = 15
_DATED = re.compile(r"\s*(?:19|20)\d\d[-/.年].*$")
_SITE = re.compile(r"\s*[_|]\s*|\s+[-–—]+\s*|\s*[-–—]{2,}\s*|\s*-\s*(?=[^-]*(?:网|政府|门户)[^-]*$)")
_QUOTED = re.compile(r"[《〈<][^》〉>]*[》〉>]")
_CAPTION = re.compile(r"(?:^|[\n\s。:、])(?:附[件表]?\d*[:、])?([^\n\s。:、,;()《》“”]{2,30}?)政府信息公开(?:工作)?情况统计表")
_COMPILED = re.compile(r"(?:编制|公布|发布|形成|撰写|制作)(?:了|如下|的)?([^。,;:《》]{4,60}?(?:报告|年报))")
_CONTACT = re.compile(r"请(?:直接)?(?:与|向|和|同|致电|联系:?)([^\s。,;:()《》“”]{3,30}?)(?=联系|咨询|反映|垂询|[。,;:(])")
_MADE_BY = re.compile(r"由([^\s。,;:()《》“”根依按]{4,30}?)(?:根据|依据|按照|依照|负责|组织|汇总|编制|编写|撰写|制作)")
_NAMED = re.compile(r"(?:^|[\n。,;])([^\s。,;:()《》“”]{4,25})\((?:以下)?简称[^《)]*\)")
_AT_WORK = re.compile(
    r"(?:^|[\n。;])\d{4}年(?:以来|来)?,([^\s。,;:()《》“”]{4,25}?)(?:根据|按照|认真|坚持|以|在|深入|全面|围绕|严格|贯彻|高度|持续|积极|紧)"
)
_SIGNED = re.compile(r"(?:^|\n)([^\s。,;:《》“”]{3,30})\n+\s*(?:19|20|二)[\d〇○零一二三四五六七八九十]{2,3}年[\d一二三四五六七八九十]{1,2}月")
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
def _label() -> re.Pattern[str]:
    ours, others = alternatives("publisher_labels", spaced=True), alternatives("other_labels", spaced=True)
    return re.compile(rf"(?P<label>{ours})\s*\]?】?\s*(?:\(盖章\))?[:|][:|\s]*(?P<value>[^\n|]*?)(?=\s{{2,}}|\s*(?:\||【|\[|{others}|{ours})|\n|$)")


def identify(text: str, masthead: Masthead) -> Identity:
    """Publisher, year and division of a report.

    The title decides. Where it names a body only in part (财政局) the index head completes it. Where it names none, these follow: the
    caption of the statistical table, the index head, who signs, the file's name, whom to contact, and last the place that the text is about.
    """
    body = "\n".join([*_folded(text[:_LEAD]), text[_LEAD:-_TAIL].translate(fold_table()), *_folded(text[max(_LEAD, len(text) - _TAIL) :])])
    lines = [line for line in body[:_HEAD].split("\n") if line][:_TITLE_LINES]
    pieces = [piece for title in masthead.titles for part in _folded(title[:_LONGEST]) for piece in _SITE.split(part) if piece]
    head = "\n".join([*_folded("\n".join(line[:_LONGEST] for line in masthead.head)), *lines])
    indexed = _indexed(head)
    publisher, year = from_titles([*pieces, *title_lines(lines)])
    file_name = fold(PurePath(masthead.name or "").stem).text
    if publisher is None:
        publisher = next(chain(beside_title(lines), _otherwise(body, indexed, pieces, file_name)), None)
    else:
        publisher = fuller(publisher, indexed if find_division(publisher) else [*indexed, *wrapped_names(lines)])
    year = year or period_year(body) or from_titles([file_name])[1] or first_year(body) or published_year(head)
    place = find_division(publisher, year=year, text=body) if publisher else None
    return Identity(publisher, year, place.code if place else None)


def _folded(text: str) -> list[str]:
    """Lines folded one by one, so that none is taken for the rest of a wrapped one; tabs between cells become bars."""
    return [fold(line.replace("\t", "|")).text.strip() for line in text.split("\n")]


def _indexed(head: str) -> list[str]:
    """Publishers that an index head names, those of the strongest labels first."""
    order = {label: n for n, label in enumerate(knowledge()["publisher_labels"])}
    found = []
    for match in _label().finditer(head):
        value = re.sub(r"\s+", "", _DATED.sub("", match["value"]))
        name = body_name(value, place=False) or body_name(value)
        if name:
            found.append((order[re.sub(r"\s+", "", match["label"])], name))
    return [name for _, name in sorted(found, key=lambda pair: pair[0])]


def _otherwise(body: str, indexed: Sequence[str], pieces: Sequence[str], name: str) -> Iterator[str]:
    """Publishers by everything but the title, the surest first."""
    for match in _CAPTION.finditer(body):
        if found := body_name(before_subject(match[1], "政府信息公开")):
            yield found
    for each in indexed:
        if find_division(each) or len(each) > 5:
            yield each
    for match in _SIGNED.finditer(body[:_HEAD] + "\n" + body[-_TAIL:]):
        if found := body_name(match[1], place=False):
            yield found
    if name and (found := from_titles([name])[0]):
        yield found
    lead = _QUOTED.sub("", body[:_HEAD])
    if found := from_titles(match[1] for match in _COMPILED.finditer(lead))[0]:
        yield found
    for pattern in (_NAMED, _CONTACT, _MADE_BY, _AT_WORK):
        for match in pattern.finditer(lead):
            if found := body_name(_without_office(match[1]) if pattern in (_CONTACT, _MADE_BY) else match[1], place=False):
                yield found
    for piece in pieces:
        if found := body_name(re.sub(r"(?:门户)?网站?$", "", piece), place=False):
            yield found
    yield from indexed
    if place := _own_place(body):
        yield place


def _without_office(name: str) -> str:
    """The body whose office is to be contacted."""
    short = re.sub(r"(?:党政)?(?:办公厅|办公室|综合科|综合处|秘书科|秘书处|政务公开(?:科|处|办|办公室)|信息公开(?:科|处|办|办公室))+$", "", name)
    return short if short != name and body_name(short, place=False) else name


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
