"""Small reports for the tests of checks, page and panel: prose with marked claims, and statutory tables that add up."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import replace

import govie
from govie.claims import Claim, Scope, Span
from govie.distributive import find_per
from govie.metrics import metrics
from govie.numbers import find_quantities
from govie.tables import read_tables
from govie.text import fold

_MARK = re.compile(r"\{([^|{}]+)\|([a-z_.]+)((?: [a-z]+=[^ {}]+)*)\}")
COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
ROWS = (
    "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量",
    "（一）予以公开", "（二）部分公开", "1.属于国家秘密", "2.其他法律行政法规禁止公开", "3.危及“三安全一稳定”", "4.保护第三方合法权益",
    "5.属于三类内部事务信息", "6.属于四类过程性信息", "7.属于行政执法案卷", "8.属于行政查询事项", "1.本机关不掌握相关政府信息",
    "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确", "1.信访举报投诉类申请", "2.重复申请", "3.要求提供公开出版物",
    "4.无正当理由大量反复申请", "5.要求行政机关确认或重新出具已获取信息", "（六）其他处理", "（七）总计", "四、结转下年度继续办理",
)  # fmt: skip
RECEIVED, CARRIED_IN, HANDLED, CARRIED_OUT = 0, 1, len(ROWS) - 2, len(ROWS) - 1


def prose(marked: str, *, year: int | None = None, publisher: str | None = None) -> govie.Extraction:
    """An extraction from text with its claims marked: ``受理{5件|application.received channel=网络}``; a scope is the text before."""
    text, marks = "", []
    at = 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        marks.append((len(text), len(text) + len(match[1]), match[2], dict(pair.split("=") for pair in match[3].split())))
        text += match[1]
        at = match.end()
    text += marked[at:]
    folded = fold(text)
    found = {folded.source_span(quantity.start, quantity.end): quantity for quantity in find_quantities(folded.text)}
    claims = []
    for start, end, metric, roles in marks:
        quantity = found[start, end]
        places = {role: text.rindex(words, 0, start) for role, words in roles.items()}
        scope = Scope(**{role: Span(place, place + len(roles[role]), source=text) for role, place in places.items()})
        claim = Claim(start, end, quantity.value, quantity.unit or metrics()[metric].unit, metric, bound=quantity.bound, scope=scope, source=text)
        claims.append(replace(claim, per=find_per(folded.text, folded.folded_offset(start)), source=text))
    return govie.Extraction(govie.Document(text, name="report", year=year, publisher=publisher), tuple(claims))


def applications(seed: int = 0) -> list[list[int]]:
    """The figures of section three, row by row, that agree in every row and column."""
    chance = random.Random(seed)
    rows = [[chance.choice((0, 0, 1, 2, 7, 31)) for _ in range(6)] for _ in ROWS]
    for column in range(6):
        rows[HANDLED][column] = sum(row[column] for row in rows[2:HANDLED])
        whole = rows[HANDLED][column] + rows[CARRIED_OUT][column]
        rows[CARRIED_IN][column] = chance.randint(0, whole)
        rows[RECEIVED][column] = whole - rows[CARRIED_IN][column]
    return [[*row, sum(row)] for row in rows]


def table_text(rows: list[list[int]]) -> str:
    """Section three as a page with pipes has it."""
    lines = ["三、收到和处理政府信息公开申请情况", "| 申请人情况 | " + " | ".join(COLUMNS) + " |"]
    for label, row in zip(ROWS, rows, strict=True):
        lines.append(f"| {label} | " + " | ".join(map(str, row)) + " |")
    return "\n".join(lines) + "\n"


def tables(text: str, **known: str | int) -> govie.Extraction:
    """The claims of a text's statutory tables alone, without a model."""
    document = govie.Document(text, name="report", **known)  # type: ignore[arg-type]
    return govie.Extraction(document, read_tables(document).claims)


def cells(rows: list[list[int]], **known: str | int) -> govie.Extraction:
    """The claims of section three with these figures."""
    return tables(table_text(rows), **known)


def statuses(findings: list[govie.Finding]) -> Mapping[str, list[str]]:
    """Statuses by code."""
    found: dict[str, list[str]] = {}
    for finding in findings:
        found.setdefault(finding.code, []).append(finding.status)
    return found
