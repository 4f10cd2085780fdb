"""Statutory tables with random cells, and the claims that they should give; :mod:`tests.layouts` writes them as pages do."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from govie.resources import parse_toml

FORMS: dict[str, dict[str, Any]] = {
    table["name"]: table for table in parse_toml((Path(__file__).parent / "data" / "statutory.toml").read_text(encoding="utf-8"))["tables"]
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


def damaged(sheet: Sheet, dice: random.Random, damage: str, *, totals: set[int]) -> None:
    """Take a cell out of a row (``lost``), or make it unreadable by other characters; its neighbours know. No total is taken, for a part
    may chance to be the sum of the others, and nothing can tell then."""
    row = dice.choice([cells for _, cells in sheet.rows if cells])
    place = dice.choice([n for n in range(len(row)) if n not in totals])
    if damage == "lost":
        del row[place]
    else:
        row[place] = (damage, None)
    row[:] = [(text, wanted and replace(wanted, damaged=True)) for text, wanted in row]
