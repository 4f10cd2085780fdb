"""What stands behind a row's label: its cells, in whatever way the page parts them.

A zone is the text from a label's end to the next label. It is read up to the first thing that is no cell. Then

- with pipes, or with tabs on the label's own line, each piece between two of them is a cell, filled or empty;
- else every number or mark is a cell, and the line breaks around them are kept: a page that writes an empty cell as an empty line has
  more of them there (see :mod:`govie.tables.gaps`);
- digits that touch the label, or begin with a 0 that counts nothing, have been run together and are to be parted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["MEASURES", "Value", "Zone", "read_zone"]

MEASURES = (*("人次", "万元", "亿元", "元", "条", "件", "次", "篇", "期", "场", "份", "个", "项"), *"起宗家人名位例张部批万")
_UNITS = "|".join(MEASURES)
_PAGE = (
    r"(?<=\n)[^\S\n]*[-–—·]+[^\S\n]*[0-9]{1,3}[^\S\n]*[-–—·]+[^\S\n]*(?:\n|\Z)|\f"
    r"|第?[^\S\n]*[0-9]{1,3}[^\S\n]*页(?:[^\S\n]*(?:[,/][^\S\n]*)?共[^\S\n]*[0-9]{1,3}[^\S\n]*页)?"
)
LONGEST_LABEL = 200
_VOID = r"[/\\-]+|[–—]+|N/A|[暂均]?无|不适用|未统计|空白?|[*#?■□▲△…]+"
_TOKEN = re.compile(
    rf"(?P<page>{_PAGE})"
    rf"|(?P<number>[-+]?(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?)(?:[^\S\n]?(?P<unit>{_UNITS}))?"
    rf"|(?P<void>{_VOID})"
    r"|(?P<bar>\|)|(?P<tab>\t)|(?P<line>\n)|(?P<blank>[^\S\n\t]+|[\u200b-\u200f\u2060\ufeff\u00ad])"
    rf"|(?P<measure>{_UNITS})"
)
_SENTENCE = re.compile(r"[^\S\n\t]*(?:[.、,;:。!?)%]|[\u4e00-\u9fff])")
_TABBED = re.compile(r"[^\s][^\S\n]*\t")
_HEADING = re.compile(rf"[^\S\n]*(?:[一二三四五六七八九十]{{1,3}}、|第二十条|\([一二三四五六七八九十]{{1,3}}\)|附[件表:])|[^\S\n]+(?:{_VOID})")


@dataclass(frozen=True, slots=True)
class Value:
    """A filled cell: its half-open span with the unit, its numeral and the unit word, if it has one."""

    start: int
    end: int
    number: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """The cells behind a label.

    Attributes:
        cells: in order; None is an empty cell, or one with a mark such as ``/``.
        gaps: line breaks before each cell, and behind the last; empty where the page parts cells itself.
        ruled: whether the page shows where each cell is (pipes, tabs, a grid).
        run_together: whether digits may hold several cells.
        measure: the unit that stands before the cells, in a list.
        end: where the last cell ends.
        closed: whether the next label follows the cells, and nothing else.
    """

    cells: tuple[Value | None, ...]
    gaps: tuple[int, ...]
    ruled: bool
    run_together: bool
    measure: str | None
    end: int
    closed: bool = False


@dataclass(slots=True)
class _Token:
    kind: str
    start: int
    end: int
    value: Value | None = None


def read_zone(plain: str, start: int, end: int, *, headed: bool = False, closed: bool = False) -> Zone:
    """The cells between ``start`` and ``end`` of ``plain``.

    Args:
        closed: the next label begins at ``end``.
        headed: what stands before ``start`` is the heads, not a row's label, so that the rest of its line is no row.
    """
    tokens = _tokens(plain, start, end)
    closed = closed and (tokens[-1].end if tokens else start) == end
    if closed:
        # Rules on the next label's own line, before it, are not of this row.
        cut = max((n for n, token in enumerate(tokens) if token.kind == "line" or token.value), default=0)
        tokens = tokens[: cut + 1]
    measure = next((plain[token.start : token.end] for token in tokens if token.kind == "measure"), None)
    if measure:
        tokens = tokens[next(n for n, token in enumerate(tokens) if token.kind == "measure") + 1 :]
    last = max((token.end for token in tokens if token.value), default=start)
    kinds = {token.kind for token in tokens}
    rule = "bar" if "bar" in kinds else "tab"
    line = max(plain.rfind("\n", 0, start) + 1, start - LONGEST_LABEL)
    if rule in kinds and (rule == "bar" or _TABBED.search(plain, line, max(last, start))):
        bordered = headed and plain[line:start].lstrip()[:1] == "|"
        return Zone(tuple(_ruled(tokens, rule, headed=headed, bordered=bordered)), (), True, False, measure, last, closed)
    cells, gaps = _unruled(tokens)
    numbers = [cell for cell in cells if cell]
    touching = bool(numbers) and numbers[0].start > 0 and not plain[numbers[0].start - 1].isspace()
    zeros = any(len(cell.number) > 1 and cell.number[0] == "0" and cell.number[1] != "." for cell in numbers)
    return Zone(tuple(cells), tuple(gaps), False, touching or zeros, measure, last, closed)


def _tokens(plain: str, start: int, end: int) -> list[_Token]:
    """The zone's tokens up to the first thing that is no cell: other words, a number that counts in a sentence, a numbering."""
    tokens: list[_Token] = []
    at, filled = start, False
    while at < end and (match := _TOKEN.match(plain, at, end)):
        kind, stop = match.lastgroup or "", match.end()
        if kind in ("number", "unit"):
            if stop < end and _SENTENCE.match(plain, stop) and not _HEADING.match(plain, stop):
                break
            tokens.append(_Token("value", at, stop, Value(at, stop, match["number"], match["unit"])))
        elif kind == "measure" and filled:
            break
        elif kind != "page":
            tokens.append(_Token(kind, at, stop))
        filled = filled or kind in ("number", "unit", "measure")
        at = stop
    return tokens


def _ruled(tokens: list[_Token], rule: str, *, headed: bool, bordered: bool) -> list[Value | None]:
    """The pieces between rules. The rule that closes the label's own cell parts nothing, nor do those that pad the last line of the heads
    or, where all lines are ``bordered``, open a line."""
    kinds = [token.kind for token in tokens]
    begin = _skip(kinds, 0, ("line", "blank"))
    if kinds[begin : begin + 1] == [rule]:
        begin += 1
    if headed:
        padding = _skip(kinds, begin, (rule, "blank"))
        if kinds[padding : padding + 1] == ["line"]:
            begin = _skip(kinds, padding, ("line", "blank")) if bordered else padding + 1
            begin += bordered and kinds[begin : begin + 1] == [rule]
        padding = _skip(kinds, begin, (rule, "blank"))  # a line of nothing but rules; a lone one is an empty cell
        if kinds[padding : padding + 1] == ["line"] and kinds[begin:padding].count(rule) > 1:
            begin = padding + 1
    cells: list[Value | None] = []
    current: Value | None = None
    for token in tokens[begin:]:
        if token.kind == rule or (current and token.value):
            cells.append(current)
            current = token.value
        elif token.value:
            current = token.value
        elif token.kind == "line" and rule == "tab" and (current or cells):
            break
    return [*cells, current]


def _skip(kinds: list[str], at: int, passed: tuple[str, ...]) -> int:
    while at < len(kinds) and kinds[at] in passed:
        at += 1
    return at


def _unruled(tokens: list[_Token]) -> tuple[list[Value | None], list[int]]:
    """Each number or mark, and the line breaks before each and behind the last."""
    cells: list[Value | None] = []
    gaps = [0]
    for token in tokens:
        if token.kind == "line":
            gaps[-1] += 1
        elif token.kind in ("value", "void"):
            cells.append(token.value)
            gaps.append(0)
    return cells, gaps
