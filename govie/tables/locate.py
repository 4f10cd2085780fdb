"""Where the statutory tables stand in a text: their heads, the labels of their rows, and the cells behind each.

Nothing is counted off: a row is found by its own label, so that what is missing or damaged in one cannot move another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from govie.tables.forms import Form, Line, forms
from govie.tables.labels import Found
from govie.tables.squeeze import Squeezed
from govie.tables.zones import Zone, read_zone

__all__ = ["Column", "Located", "Row", "locate"]

REACH = 250  # characters without blanks from one row's label to the next: a row's cells, and a page's foot and head
HEADS_REACH = 400
ZONE = 1200
_CLOSING = re.compile(r"[\s|]*\n")
_LIST_HEAD = re.compile(r"指标|计量单位|统计数")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the form, and its label in this text, if the page has kept it."""

    line: Line
    found: Found | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the form (None where it has no label), its label in this text, and what stands behind it."""

    index: int | None
    found: Found | None
    zone: Zone


@dataclass(frozen=True, slots=True)
class Located:
    """A table of a text.

    Attributes:
        heads: the half-open squeezed span of its heads, empty where there are none.
        closing: how many rules stand behind the last head to the end of its row; as many stand behind the last cell.
    """

    form: Form
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    heads: tuple[int, int]
    closing: int = 0


@dataclass(frozen=True, slots=True)
class _Heads:
    start: int
    end: int
    form: Form
    columns: tuple[Column, ...] = field(compare=False)


def locate(text: Squeezed) -> list[Located]:
    """Every statutory table of a text, form by form."""
    return [replace(table, closing=_closing(text, table)) for table in _locate(text)]


def _closing(text: Squeezed, table: Located) -> int:
    ends = [column.found.end for column in table.columns if column.found]
    match = _CLOSING.match(text.plain, text.at[max(ends) - 1] + 1) if ends else None
    return match[0].count("|") if match else 0


def _locate(text: Squeezed) -> list[Located]:
    present = [form for form in forms() if form.is_present(text.text)]
    small = [form for form in present if not form.is_list and form.rows and not form.row_finder.cut]
    found = list(_small_tables(text, small))
    for form in present:
        if form.is_list:
            found += _lists(text, form)
        elif not form.rows:
            found += _single_rows(text, form)
        elif form.row_finder.cut:
            found += _large_tables(text, form)
    return found


def _labels(text: Squeezed, form: Form, start: int, end: int) -> list[list[Found]]:
    """The row labels between two offsets; common words only where they can be nothing else."""
    found = form.row_finder.find(text, start, end)
    kept = ([one for one in options if not form.rows[one.index].alone or one.numbered or _is_alone(text, one)] for options in found)
    return [options for options in kept if options]


def _is_alone(text: Squeezed, found: Found) -> bool:
    """Whether nothing but the label stands in its cell or on its line, save the cells behind it."""
    start, end = text.span(found.start, found.end)
    before, behind = text.plain[:start].rstrip(" "), text.plain[end : end + 1]
    return before[-1:] in ("", "\n", "|", "\t") and (not behind or behind in "\n|\t 0123456789")


def _rows(text: Squeezed, form: Form, labels: Sequence[Sequence[Found]], end: int, *, first: int = 0) -> tuple[list[Row], int]:
    """The rows from the ``first`` of ``labels`` on, and how many labels they take. A label too far behind the one before ends them, and, in a
    form's own order, where each row comes once, one that goes back. A wording that several rows share is the next of them."""
    rows: list[Row] = []
    last, taken = -1, 0
    for n in range(first, len(labels)):
        options = labels[n]
        if n > first and options[0].start - labels[n - 1][0].end > REACH:
            break
        found = next((option for option in options if option.index > last), options[0])
        begin = text.at[found.end - 1] + 1
        following = labels[n + 1][0].start if n + 1 < len(labels) else end
        stop = text.at[following] if following < len(text.at) else len(text.plain)
        zone = read_zone(text.plain, begin, min(stop, begin + ZONE), closed=n + 1 < len(labels) and stop <= begin + ZONE)
        if any(zone.cells):
            if found.index <= last and not form.is_list:
                break
            last = found.index
        if rows or any(zone.cells):
            rows.append(Row(found.index, found, zone))
        taken = n + 1 - first
    while rows and not any(rows[-1].zone.cells):
        rows.pop()
    return rows, taken


def _small_tables(text: Squeezed, present: Sequence[Form]) -> Iterator[Located]:
    """Tables whose rows have common words for labels: only directly below their heads, and not beyond the next heads."""
    heads = sorted((head for form in present for head in _heads(text, form)), key=lambda head: head.start)
    for n, head in enumerate(heads):
        end = heads[n + 1].start if n + 1 < len(heads) else len(text.text)
        labels = _labels(text, head.form, head.end, min(end, head.end + REACH * len(head.form.rows)))
        rows, _ = _rows(text, head.form, labels, end)
        if rows and labels[0][0].start - head.end <= REACH // 2:
            yield Located(head.form, head.columns, tuple(rows), (head.start, head.end))


def _heads(text: Squeezed, form: Form) -> Iterator[_Heads]:
    """The heads of a form: its columns one behind the other with nothing but rules and brackets among them."""
    run: list[Found] = []
    for options in [*form.column_finder.find(text, 0, len(text.text)), None]:
        if options and run:
            between = text.text[run[-1].end : options[0].start].strip("|")
            following = next((found for found in options if found.index > run[-1].index), None)
            if following and not between:
                run.append(following)
                continue
        columns = {found.index: found for found in run}
        if run and all(n in columns or line.optional for n, line in enumerate(form.columns)):
            yield _Heads(run[0].start, run[-1].end, form, tuple(Column(form.columns[n], found) for n, found in columns.items()))
        run = [found for found in (options or []) if found.index == 0][:1]


def _large_tables(text: Squeezed, form: Form) -> Iterator[Located]:
    """Tables of many rows with labels of their own. The heads may be in any order and have anything among them; each is taken where it
    stands last before the rows."""
    labels = _labels(text, form, 0, len(text.text))
    first = 0
    while first < len(labels):
        rows, taken = _rows(text, form, labels, len(text.text), first=first)
        first += max(1, taken)
        if not rows or not rows[0].found:
            continue
        begin = rows[0].found.start
        found = {option.index: option for options in form.column_finder.find(text, max(0, begin - HEADS_REACH), begin) for option in options}
        columns = _columns(form, found, [len(row.zone.cells) for row in rows if row.zone.cells])
        headed = sum(bool(column.found) for column in columns) * 2 > len(columns)
        wide = sum(len(row.zone.cells) >= len(columns) // 2 or row.zone.run_together for row in rows)
        if (headed and len(rows) > 1) or wide > 2:
            heads = (min(f.start for f in found.values()), begin) if found else (begin, begin)
            yield Located(form, columns, tuple(rows), heads)


def _columns(form: Form, found: Mapping[int, Found], widths: Sequence[int]) -> tuple[Column, ...]:
    """The form's columns, or, where most rows have just as many cells as there are heads, the heads that the page has. The parts of a
    total go in the order of their heads; the total itself, whose merged head may stand before theirs, comes last."""
    lines = dict(enumerate((*form.columns, *form.spanning)))
    heads = [n for n in found if n < len(form.columns)]
    if not any(0 < n < len(form.columns) - 1 for n in heads):
        heads = list(found)
    width = Counter(widths).most_common(1)[0][0]
    chosen = heads if 1 < len(heads) == width < len(form.columns) else range(len(form.columns))
    columns = [Column(lines[n], found.get(n)) for n in chosen]
    if all(column.found or column.line.total for column in columns):
        columns.sort(key=lambda column: (column.line.total, column.found.start if column.found else 0))
    return tuple(columns)


@cache
def _run_of(words: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(f"(?:{either})(?:{either}|[|、/()])*")


def _single_rows(text: Squeezed, form: Form) -> Iterator[Located]:
    """Tables of one row without a label: behind an unbroken run of the heads' own words, or, where a page has lost those, behind the title
    where just the form's number of figures follows."""
    end, last = 0, -REACH
    for match in _run_of(form.words).finditer(text.text):
        part = _part(form, match[0], following=match.start() - last < REACH // 5)
        if not part:
            continue
        end = match.start() + len(match[0].rstrip("|、/()"))
        begin = text.at[end - 1] + 1
        zone = read_zone(text.plain, begin, begin + ZONE, headed=True)
        if len(zone.cells) >= 5 or zone.run_together:
            found = {option.index: option for options in form.column_finder.find(text, match.start(), end) for option in options}
            columns = tuple(Column(form.columns[n], found.get(n)) for n in part)
            yield Located(form, columns, (Row(None, None, zone),), (match.start(), end))
            last = end
    at = text.text.find(form.title, end)
    while at >= 0:
        begin = text.at[at + len(form.title) - 1] + 1
        zone = read_zone(text.plain, begin, begin + ZONE)
        if sum(len(cell.number) for cell in zone.cells if cell) >= len(form.columns):
            yield Located(form, tuple(Column(line, None) for line in form.columns), (Row(None, None, zone),), (at, at + len(form.title)))
        at = text.text.find(form.title, at + 1)


def _part(form: Form, run: str, *, following: bool) -> list[int]:
    """The columns that a run of head words stands over: those of as many blocks as it has sets of heads, and of those that it names last;
    none where it is no head. Behind another block a name alone is enough."""
    sets = min(run.count(word) for word in form.needs) or int(following and any(name in run for name in form.blocks[1:]))
    last_named = sorted(range(len(form.blocks)), key=lambda n: (run.rfind(form.blocks[n]), -n))
    width = len(form.columns) // len(form.blocks)
    return [block * width + n for block in sorted(last_named[len(form.blocks) - min(sets, len(form.blocks)) :]) for n in range(width)]


def _lists(text: Squeezed, form: Form) -> Iterator[Located]:
    """Lists of label, unit and number: below a head that names indicator and unit, or without one where the unit stands before the number."""
    run: list[list[Found]] = []
    for options in [*_labels(text, form, 0, len(text.text)), None]:
        if run and (options is None or options[0].start - run[-1][0].end > REACH or _LIST_HEAD.search(text.text, run[-1][0].end, options[0].start)):
            yield from _list(text, form, run, options[0].start if options else len(text.text))
            run = []
        if options:
            run.append(options)


def _list(text: Squeezed, form: Form, labels: Sequence[Sequence[Found]], end: int) -> Iterator[Located]:
    begin = labels[0][0].start
    floor = max(0, begin - HEADS_REACH // 4)
    heads = max((match.start() for match in _LIST_HEAD.finditer(text.text, floor, begin)), default=None)
    heads = None if heads is None else max(floor, text.text.rfind("指", floor, heads + 1))
    rows = [row for row in _rows(text, form, labels, end)[0] if any(row.zone.cells)]
    measured = [row for row in rows if row.zone.measure or (row.found and row.found.bracket)]
    if len(measured) * 2 >= len(rows):
        rows = measured
    if len(rows) < (5 if heads is None else 3) or (heads is None and len(measured) < len(rows)):
        return
    found = [] if heads is None else [options[0] for options in form.column_finder.find(text, heads, begin)]
    columns = tuple(Column(form.columns[option.index], option) for option in found) or (Column(Line(()), None),)
    if sum(any(row.zone.cells[len(columns) :]) for row in rows) * 2 > len(rows):
        return  # the heads are not those of a form
    yield Located(form, columns, tuple(rows), (begin if heads is None else heads, begin))
