"""Statutory tables with random cells, written in every layout that pages have, with the claims that they should give."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from govie.document import Cell, Document, Table

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FORMS: dict[str, dict[str, Any]] = {
    table["name"]: table for table in tomllib.loads((Path(__file__).parent / "data" / "statutory.toml").read_text(encoding="utf-8"))["tables"]
}
VOIDS = ("", "", "", "/", "-", "—")
TRADITIONAL = str.maketrans("总计业机关构处罚费收请数维项许", "總計業機關構處罰費收請數維項許")


@dataclass(frozen=True)
class Wanted:
    """What the claim of a cell must say; ``damaged`` where another cell of its row is."""

    value: Decimal
    metric: str
    category: str = ""
    channel: str = ""
    applicant: str = ""
    period: str = ""
    damaged: bool = field(default=False, compare=False)


@dataclass
class Written:
    """Text as it grows, and where each wanted cell stands in it."""

    text: str = ""
    cells: dict[int, tuple[str, Wanted]] = field(default_factory=dict)

    def add(self, text: str, wanted: Wanted | None = None) -> tuple[int, int]:
        start = len(self.text) + len(text) - len(text.lstrip())
        self.text += text
        if wanted:
            self.cells[start] = (text.strip(), wanted)
        return start, start + len(text.strip())


@dataclass(frozen=True)
class Sheet:
    """A filled form: the head lines, and rows of ``(label cells, value cells)``; a value cell is its text and what it should give."""

    title: str
    heads: list[list[str]]
    rows: list[tuple[list[str], list[tuple[str, Wanted | None]]]]


def fill(name: str, dice: random.Random, *, empties: float = 0.3, sums: bool = True, fancy: bool = True) -> Sheet:
    """The form ``name`` with random figures; ``empties`` is the share of rows with empty cells, ``fancy`` writes some with commas and the like."""
    form = FORMS[name]
    columns, metrics, scales = form["columns"], form.get("metrics"), form.get("scale", [1] * len(form["columns"]))
    vary = _label_variant(dice)
    rows = []
    for row in form["rows"]:
        label, metric, category, channel, unit = [*row, "", "", "", ""][:5]
        labels = [vary(label)] + ([unit] if "units" in form else [])
        cells: list[tuple[str, Wanted | None]] = []
        if metric or metrics:
            figures = _figures(form, dice, empties, sums=sums)
            for n, figure in enumerate(figures):
                scopes = {"category": category, "channel": channel}
                if form.get("role") and columns[n]:
                    scopes[form["role"]] = columns[n].partition("（")[0]
                scale = 10_000 if unit == "万元" else scales[n]
                text, value = _written(figure, dice, fancy=fancy)
                cells.append((text, None if value is None else Wanted(value * scale, metric or metrics[n], **scopes)))
        rows.append((labels, cells))
    heads = form.get("heads") or [[form["corner"], *([form["units"]] if "units" in form else []), *columns]]
    if form.get("heads") and form["corner"]:
        heads = [[form["corner"], *heads[0]], *heads[1:]]
    return Sheet(form["title"], [[vary(head) for head in line] for line in heads], rows)


def _figures(form: dict[str, Any], dice: random.Random, empties: float, *, sums: bool) -> list[int | None]:
    big = dice.choice((3, 30, 900, 50_000))
    figures: list[int | None] = [0 if dice.random() < 0.5 else dice.randint(1, big) for _ in form["columns"]]
    if "signed" in form:
        figures[form["signed"]] = (figures[form["signed"]] or 0) * dice.choice((1, -1))
    if sums:
        for parts in form.get("sums", ()):
            figures[parts[-1] + 1] = sum(figures[n] or 0 for n in parts)
        for large, small in form.get("least", ()):
            figures[large], figures[small] = max(figures[large] or 0, figures[small] or 0), min(figures[large] or 0, figures[small] or 0)
    if dice.random() < empties:
        return [None if not figure and dice.random() < 0.7 else figure for figure in figures]
    return figures


def _written(figure: int | None, dice: random.Random, *, fancy: bool) -> tuple[str, Decimal | None]:
    if figure is None:
        return (dice.choice(VOIDS) if fancy else ""), None
    text, value = str(figure), Decimal(figure)
    if fancy and dice.random() < 0.1:
        style = dice.randrange(4)
        if style == 0:
            text = f"{figure:,}"
        elif style == 1:
            text = text.translate(str.maketrans("0123456789", "0123456789"))
        elif style == 2:
            text, value = f"{figure}.50", value + (Decimal("0.5") if figure >= 0 else -Decimal("0.5"))
        else:
            text = f" {text} "
    return text, value


def _label_variant(dice: random.Random) -> Callable[[str], str]:
    """One way of writing labels, the same for a whole table."""
    half, numbered, blank, broken, traditional = (dice.random() < share for share in (0.3, 0.85, 0.2, 0.15, 0.2))
    total, other = dice.choice(("总计", "总计", "合计")), dice.choice(("其他", "其他", "其它"))

    def vary(label: str) -> str:
        label = label.replace("总计", total).replace("其他", other)
        if not numbered and not label.startswith(("3.其", "（七）")) and "数据" not in label:
            label = label.rpartition("、")[2] if label[1:2] == "、" else label
            label = label[3:] if label[:1] == "（" and label[2:3] == "）" else label
            label = label[2:] if label[:1].isdigit() and label[1:2] == "." else label
        if half:
            label = label.translate(str.maketrans("（），：“”", '(),:""'))
        if traditional:
            label = label.translate(TRADITIONAL)
        if blank and len(label) > 2:
            place = dice.randrange(2, len(label))
            label = f"{label[:place]} {label[place:]}" if not label[place].isdigit() else label
        if broken and len(label) > 12:
            place = dice.randrange(6, len(label) - 4)
            label = f"{label[:place]}\n{label[place:]}" if "（" not in label[place:] and "(" not in label[place:] else label
        return label

    return vary


def _noise(dice: random.Random) -> str:
    return dice.choice(("- 3 -\n", "第 4 页 共 9 页\n", "某某市2023年政府信息公开工作年度报告\n", "- 5 -\n\n")) if dice.random() < 0.04 else ""


def lines(sheet: Sheet, dice: random.Random, *, between: str = "\n", empty: str = "\n", trace: bool = True) -> Written:
    """One cell a line; an empty one adds ``empty``, or nothing without a ``trace``."""
    out = Written()
    out.add(sheet.title + between)
    for line in sheet.heads:
        for head in filter(None, line):
            out.add(head.replace("\n", "") + between)
    for labels, cells in sheet.rows:
        for label in filter(None, labels):
            out.add(label.replace("\n", "") + between)
        for text, wanted in cells:
            if text.strip():
                out.add(text, wanted)
                out.add(between)
            elif trace:
                out.add(empty)
        out.add(_noise(dice) if between == "\n" and all(text.strip() for text, _ in cells) else "")
    return out


def ruled(sheet: Sheet, dice: random.Random, *, rule: str = " | ", border: str = "", close: str = "", pad: int = 0, lead: int = 0) -> Written:
    """A row a line; ``border`` and ``close`` begin and end it, ``pad`` empty cells follow, ``lead`` ones stand between label and cells."""
    out = Written()
    out.add(sheet.title + "\n")
    for line in sheet.heads:
        out.add(border + rule.join(head if "|" not in rule else head.replace("\n", "") for head in line) + rule * pad + close + "\n")
    for labels, cells in sheet.rows:
        out.add(border + rule.join(filter(None, labels)) if any(labels) else border)
        if any(labels) and cells:
            out.add(rule * lead)
        for n, (text, wanted) in enumerate(cells):
            out.add(rule if n or any(labels) else "")
            out.add(text, wanted)
        out.add(rule * pad + close + "\n" + _noise(dice))
    return out


def ends(sheet: Sheet, dice: random.Random) -> Written:
    """Rules at the line's end, a cell a line, an empty cell as a lone rule."""
    out = Written()
    out.add(sheet.title + " |\n|||\n")
    pad = "||\n" if dice.random() < 0.3 else ""
    for line in sheet.heads:
        for head in filter(None, line):
            out.add(head.replace("\n", " ") + " |\n")
        out.add(pad)
    for labels, cells in sheet.rows:
        for label in filter(None, labels):
            out.add(label.replace("\n", " ") + " |\n")
        for text, wanted in cells:
            if text.strip():
                out.add(text, wanted)
                out.add(" |\n")
            else:
                out.add("|\n")
        out.add(pad if cells else "")
    return out


def mixed(sheet: Sheet, dice: random.Random) -> Written:
    """A row on a line, save that an empty cell breaks it: a lone rule on the next."""
    out = Written()
    out.add(sheet.title + " |\n")
    for line in sheet.heads:
        out.add(" | ".join(head.replace("\n", "") for head in filter(None, line)) + " |\n")
    for labels, cells in sheet.rows:
        out.add("".join(label.replace("\n", "") + " |" for label in filter(None, labels)))
        for text, wanted in cells:
            out.add(" " if text.strip() else "\n")
            out.add(text if text.strip() else "", wanted)
            out.add(" |" if text.strip() else "|")
        out.add("\n")
    return out


def blanks(sheet: Sheet, dice: random.Random, *, split: bool = False) -> Written:
    """A row a line with blanks between, as text of a PDF, no trace of empty cells; with ``split`` the cells stand in the middle of long labels."""
    out = Written()
    out.add(sheet.title + "\n")
    for line in sheet.heads:
        out.add(" ".join(head.replace("\n", "") for head in line) + "\n")
    for labels, cells in sheet.rows:
        label, rest = " ".join(labels).replace("\n", ""), ""
        if split and cells and len(labels) == 1 and len(labels[0]) > 12 and "(" not in label and "（" not in label[2:]:
            label, rest = label[:9], label[9:]
        out.add(label)
        for text, wanted in cells:
            if text.strip():
                out.add(" ")
                out.add(text.strip(), wanted)
        out.add("\n" + (rest + "\n" if rest else "") + _noise(dice))
    return out


def together(sheet: Sheet, dice: random.Random) -> Written:
    """Everything run together without a blank."""
    out = Written()
    for text in (sheet.title, *(head.replace("\n", "") for line in sheet.heads for head in line)):
        out.add(text)
    for labels, cells in sheet.rows:
        out.add("".join(labels).replace("\n", ""))
        for text, wanted in cells:
            out.add(text.strip(), wanted)
    return out


def grid(sheet: Sheet, dice: random.Random) -> tuple[Written, Table]:
    """A reader's grid: the text anyhow, the cells with their places."""
    out = Written()
    out.add(sheet.title + "\n")
    cells: list[Cell] = []
    for row, line in enumerate([*sheet.heads, *([*labels, *values] for labels, values in sheet.rows)]):
        for column, cell in enumerate(line):
            text, wanted = (cell, None) if isinstance(cell, str) else cell
            start, end = out.add(text, wanted)
            cells.append(Cell(row, column + 3 * (column > 0), start, end, columns=1 + 3 * (column == 0)))
            out.add("\n" if text else "")
    return out, Table(tuple(cells))


EXACT: dict[str, Callable[[Sheet, random.Random], Written]] = {
    "lines": lines,
    "paragraphs": lambda sheet, dice: lines(sheet, dice, between="\n\n"),
    "wide paragraphs": lambda sheet, dice: lines(sheet, dice, between="\n\n", empty="\n\n"),
    "pipes": ruled,
    "bordered pipes": lambda sheet, dice: ruled(sheet, dice, border="| ", close=" |"),
    "padded pipes": lambda sheet, dice: ruled(sheet, dice, close=" |", pad=2),
    "pipes at the end": ends,
    "mixed pipes": mixed,
    "tabs": lambda sheet, dice: ruled(sheet, dice, rule="\t"),
    "tabs with merged labels": lambda sheet, dice: ruled(sheet, dice, rule="\t", lead=2 * (len(sheet.rows[0][0]) == 1 and sheet.rows[0][0] != [""])),
}
OPEN: dict[str, Callable[[Sheet, random.Random], Written]] = {
    "lines without a trace": lambda sheet, dice: lines(sheet, dice, trace=False),
    "blanks": blanks,
    "split labels": lambda sheet, dice: blanks(sheet, dice, split=True),
    "run together": together,
}


def document(name: str, layout: str, dice: random.Random, **settings: Any) -> tuple[Document, dict[int, tuple[str, Wanted]]]:
    """A report with one table, and the cells that should be read, by where each begins."""
    if layout == "run together":
        settings = {"fancy": False, "empties": 0, **settings}
    damage = settings.pop("damage", None)
    sheet = fill(name, dice, **settings)
    if damage is not None:
        _damage(sheet, dice, damage, totals={parts[-1] + 1 for parts in FORMS[name].get("sums", ())})
    if layout == "grid":
        written, table = grid(sheet, dice)
        return Document("一、总体情况\n" + written.text + "\n五、存在的问题", tables=(_moved(table, 7),)), {
            at + 7: cell for at, cell in written.cells.items()
        }
    written = {**EXACT, **OPEN}[layout](sheet, dice)
    return Document("一、总体情况\n" + written.text + "五、存在的主要问题\n"), {at + 7: cell for at, cell in written.cells.items()}


def _damage(sheet: Sheet, dice: random.Random, damage: str, *, totals: set[int]) -> None:
    """Take a cell out of a row (``lost``), or make it unreadable by other characters; its neighbours know. No total is taken, for a part
    may chance to be the sum of the others, and nothing can tell then."""
    row = dice.choice([cells for _, cells in sheet.rows if cells])
    place = dice.choice([n for n in range(len(row)) if n not in totals])
    if damage == "lost":
        del row[place]
    else:
        row[place] = (damage, None)
    row[:] = [(text, wanted and replace(wanted, damaged=True)) for text, wanted in row]


def _moved(table: Table, by: int) -> Table:
    return Table(tuple(Cell(c.row, c.column, c.start + by, c.end + by, c.rows, c.columns) for c in table.cells))
