"""The layouts in which pages write a statutory table, and reports made of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from govie.document import Cell, Document, Table
from tests.statutory import FORMS, Sheet, Wanted, damaged, fill


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
        damaged(sheet, dice, damage, totals={parts[-1] + 1 for parts in FORMS[name].get("sums", ())})
    if layout == "grid":
        written, table = grid(sheet, dice)
        return Document("一、总体情况\n" + written.text + "\n五、存在的问题", tables=(_moved(table, 7),)), {
            at + 7: cell for at, cell in written.cells.items()
        }
    written = {**EXACT, **OPEN}[layout](sheet, dice)
    return Document("一、总体情况\n" + written.text + "五、存在的主要问题\n"), {at + 7: cell for at, cell in written.cells.items()}


def _moved(table: Table, by: int) -> Table:
    return Table(tuple(Cell(c.row, c.column, c.start + by, c.end + by, c.rows, c.columns) for c in table.cells))
