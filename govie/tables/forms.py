"""The forms as data: what ``govie/data/forms/*.toml`` says of rows, columns, metrics, units and identities. Adding a form is adding a file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from govie.errors import DataError
from govie.resources import data_names, data_toml
from govie.tables.labels import Finder, Label, parse_label
from govie.tables.zones import MEASURES

_MEASURED = re.compile(rf"[数量用费](?:\([^()]{{0,60}}\))*[|]*\(?(?:{'|'.join(MEASURES)})\)?[|]*[-/0-9]")

__all__ = ["Form", "Identity", "Line", "forms"]


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column: its wordings, what its cells count, and what its label says of them.

    Attributes:
        metrics: codes of ``metrics.tsv``; empty where the other side of the table says it, or where the row only heads others.
        unit: the unit of a cell without one, where it is not the metric's own; 万元 scales.
        role: the scope that the whole label of a column is, or ``code`` for a column that only numbers the rows.
        alone: the label is a common word and counts only with its numbering, or alone in its cell.
        optional: a column that some of the form's tables do not have.
        total: whether an identity makes its cells the sum of others.
    """

    labels: tuple[Label, ...]
    metrics: tuple[str, ...] = ()
    unit: str | None = None
    role: str | None = None
    alone: bool = False
    optional: bool = False
    total: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """A sum, or an order (``at_least``), that holds in a right report (勾稽关系): the lines of both sides by index."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    at_least: bool = False


@dataclass(frozen=True)
class Form:
    """One statutory table.

    Attributes:
        columns, rows: in the form's order; ``rows`` is empty where the table is a single row without a label.
        across, down: identities over the columns of a row, and over the rows of a column.
        row_finder, column_finder: find their labels.
        spanning: heads over several columns; a column of their own where a page leaves those out.
        anchors: words without one of which the table is not there; of a list there are none, but rows with a unit.
        is_list: each row names its own unit, and pages vary in rows and columns.
        words, needs, title: of a table without row labels: the words of its heads, those that must be among them, and its title.
        blocks: the names of its parts, each of as many columns.
    """

    columns: tuple[Line, ...]
    rows: tuple[Line, ...]
    across: tuple[Identity, ...]
    down: tuple[Identity, ...]
    row_finder: Finder
    column_finder: Finder
    spanning: tuple[Line, ...]
    anchors: tuple[str, ...]
    is_list: bool
    words: tuple[str, ...]
    needs: tuple[str, ...]
    title: str
    blocks: tuple[str, ...]

    def is_present(self, text: str) -> bool:
        """Whether squeezed ``text`` may hold the table at all: a quick look before its labels are sought."""
        if self.is_list:
            return sum(1 for _ in islice(_MEASURED.finditer(text), 3)) == 3
        return any(anchor in text for anchor in self.anchors)


@cache
def forms() -> tuple[Form, ...]:
    """Every form, read at first use. The lists are one form, because places mixed them.

    Raises:
        DataError: where a file of the package is wrong.
    """
    tables: list[dict[str, Any]] = []
    merged: dict[str, Any] = {"list": True, "columns": [], "rows": [], "across": [], "down": [], "at_least": []}
    for name in data_names("forms"):
        if not name.endswith(".toml"):
            continue
        for number, table in enumerate(data_toml("forms", name)["tables"]):
            if not table.get("list"):
                tables.append(table)
                continue
            prefix = f"{name}/{number}/"
            for part in ("columns", "rows"):
                merged[part] += [{**line, "id": prefix + line["id"]} if "id" in line else line for line in table[part]]
            for part in ("across", "down", "at_least"):
                merged[part] += [_prefixed(identity, prefix) for identity in table.get(part, ())]
            merged["cut"] = table.get("cut", 0)
    return tuple(_form(table) for table in [*tables, merged] if table["columns"])


def _prefixed(identity: str, prefix: str) -> str:
    return " ".join(word if word in ("+", "=", ">=") else prefix + word for word in identity.split())


def _form(table: Mapping[str, Any]) -> Form:
    rows, columns = table.get("rows", []), table["columns"]
    across = tuple(_identity(text, columns) for part in ("across", "at_least") for text in table.get(part, ()))
    down = tuple(_identity(text, rows) for text in table.get("down", ()))
    column_lines, row_lines = _lines(columns, across), _lines(rows, down)
    spanning = _lines(table.get("spanning", ()), ())
    anchors = tuple(table.get("anchors", ())) or tuple(label.text for label in column_lines[0].labels)
    return Form(
        column_lines, row_lines, across, down, Finder([line.labels for line in row_lines], cut=table.get("cut", 0)),
        Finder([line.labels for line in (*column_lines, *spanning)]), spanning, anchors, bool(table.get("list")),
        tuple(table.get("words", ())), tuple(table.get("needs", ())), table.get("title", ""), tuple(table.get("blocks", ())),
    )  # fmt: skip


def _lines(entries: Sequence[Mapping[str, Any]], identities: Sequence[Identity]) -> tuple[Line, ...]:
    totals = {identity.left[0] for identity in identities if len(identity.left) == 1 and not identity.at_least}
    return tuple(
        Line(
            tuple(label for marked in entry.get("labels", ()) for label in parse_label(marked)),
            tuple(entry.get("metrics", ())) or ((entry["metric"],) if "metric" in entry else ()),
            entry.get("unit"), entry.get("role"), entry.get("alone", False), entry.get("optional", False), n in totals,
        )
        for n, entry in enumerate(entries)
    )  # fmt: skip


def _identity(text: str, entries: Sequence[Mapping[str, Any]]) -> Identity:
    index = {entry["id"]: n for n, entry in enumerate(entries) if "id" in entry}
    sides = [[part.strip() for part in side.split("+")] for side in text.replace(">=", "=").split("=")]
    if len(sides) != 2 or any(part not in index for side in sides for part in side):
        raise DataError(f"an identity names unknown lines: {text!r}")
    left, right = (tuple(index[part] for part in side) for side in sides)
    return Identity(left, right, ">=" in text)
