"""Plain text and Markdown with pipe tables."""

from __future__ import annotations

import re

from govie.readers.builder import GridCell, TextBuilder, heading_level, one_line
from govie.readers.encoding import decode
from govie.readers.limits import Limits
from govie.readers.masthead import Masthead
from govie.readers.source import Input

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_RULE = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
_PIPE = re.compile(r"(?<!\\)\|")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.{1,300}?)(?<=\S)\1")  # what is not closed within some lines is none


def read_text(file: Input, limits: Limits) -> tuple[TextBuilder, Masthead]:
    """A text file, character for character; only line breaks become ``\\n``.

    Raises:
        ReadError: where it is no text, or too much of it.
    """
    text = decode(file)
    built = TextBuilder(file, limits)
    lines = text.split("\n")
    for line in lines[:-1]:
        built.line(line)
    built.line(lines[-1], end="")
    return built, Masthead(name=file.name)


def read_markdown(file: Input, limits: Limits) -> tuple[TextBuilder, Masthead]:
    """A Markdown file: headings without their marks, pipe tables as grids, everything else as it stands.

    Raises:
        ReadError: where it is no text, or too much of it.
    """
    built = TextBuilder(file, limits)
    lines = decode(file).split("\n")
    n, titles, fenced = 0, list[str](), False
    while n < len(lines):
        line = lines[n]
        fenced ^= bool(_FENCE.match(line))
        if not fenced and n + 1 < len(lines) and "|" in line and "|" in lines[n + 1] and _RULE.fullmatch(lines[n + 1].strip()):
            end = next((m for m in range(n + 2, len(lines)) if "|" not in lines[m]), len(lines))
            built.table(_grid([line, *lines[n + 2 : end]]))
            n = end
            continue
        if not fenced and (match := _HEADING.match(line)):
            heading = match[2].rstrip().rstrip("#").rstrip()
            titles += [heading] if len(match[1]) == 1 else []
            built.line(heading, level=heading_level(heading) or len(match[1]))
        else:
            built.line(_EMPHASIS.sub(r"\2", line))
        n += 1
    return built, Masthead(tuple(titles), name=file.name)


def _grid(rows: list[str]) -> list[GridCell]:
    cells = []
    for row, line in enumerate(rows):
        inner = line.strip().removeprefix("|")
        inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
        for column, text in enumerate(_PIPE.split(inner)):
            cells.append(GridCell(row, column, one_line(_EMPHASIS.sub(r"\2", re.sub(r"<br\s*/?>", "\n", text)).replace("\\|", "|"))))
    return cells
