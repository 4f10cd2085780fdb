"""Lines of a PDF rejoined to the paragraphs that the layout has wrapped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from govie.document import Place
from govie.readers.pdf_layout import Line
from govie.readers.pdf_tables import PdfTable

_OPENER = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、．]|附[件表]\d*[:：]?|第[一二三四五六七八九十\d]+[章节部]"
)
_ENDED = "。！？!?；;"
_CLOSED = "。！？!?；;：:"
_WORD = re.compile(r"[A-Za-z\d.,:/@_%+\-]+")
_LATIN = re.compile(r"[A-Za-z]$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together."""

    lines: tuple[Line, ...]
    centred: bool

    @property
    def text(self) -> str:
        """The text of all its lines."""
        return "".join(text for text, _ in self.pieces())

    def pieces(self) -> list[tuple[str, Place | None]]:
        """Each line's text with its place; between words of Latin script a blank."""
        pieces: list[tuple[str, Place | None]] = []
        for line in self.lines:
            if pieces and _LATIN.search(pieces[-1][0]) and re.match("[A-Za-z]", line.text):
                pieces.append((" ", None))
            pieces.append((line.text, line.place))
        return pieces


def paragraphs(pieces: Iterable[Line | PdfTable]) -> Iterator[Paragraph | PdfTable]:
    """Join every line that reaches the right margin with the next one, unless that is indented or opens a list.

    Args:
        pieces: lines and tables of the whole file in reading order. A table ends a paragraph, a page does not.
    """
    pieces = list(pieces)
    left, right = _margins([piece for piece in pieces if isinstance(piece, Line)])
    open_lines: list[Line] = []
    for piece in pieces:
        if isinstance(piece, PdfTable):
            if open_lines:
                yield _paragraph(open_lines, left, right)
                open_lines = []
            yield piece
            continue
        if open_lines and not _goes_on(open_lines[-1], piece, left, right):
            yield _paragraph(open_lines, left, right)
            open_lines = []
        open_lines.append(piece)
    if open_lines:
        yield _paragraph(open_lines, left, right)


def _margins(lines: Sequence[Line]) -> tuple[float, float]:
    """The left and right edge of running text: the most frequent edges of long lines."""
    if not lines:
        return 0, 0
    widest = max(line.x1 - line.x0 for line in lines)
    long = [line for line in lines if line.x1 - line.x0 >= 0.8 * widest]
    right = Counter(round(line.x1 / 4) for line in long).most_common(1)[0][0] * 4
    left = Counter(round(line.x0 / 4) for line in long).most_common(1)[0][0] * 4
    return left, right


def _goes_on(line: Line, following: Line, left: float, right: float) -> bool:
    if following.x0 > left + 1.2 * following.size or abs(following.size - line.size) > 0.2 * line.size:
        return False
    gap = 1.7  # characters; brackets and points that may not open a line take the character before them along
    if line.text[-1] not in _ENDED:
        word = _WORD.match(following.text)  # a word or number that did not fit leaves a gap of its own width
        gap = 2.6 if word is None else 2.6 + 0.6 * len(word[0])
    if line.x1 < right - gap * line.size:
        return False
    if following.page == line.page and following.top - line.bottom > 2 * line.size:
        return False
    return not (_OPENER.match(following.text) and line.text[-1] in _CLOSED)


def _paragraph(lines: list[Line], left: float, right: float) -> Paragraph:
    first = lines[0]
    before, behind = first.x0 - left, right - first.x1
    return Paragraph(tuple(lines), len(lines) == 1 and before > first.size and abs(before - behind) < 1.5 * first.size)
