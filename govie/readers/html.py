"""Web pages, as saved from a browser or as a server sent them."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from functools import cache

from govie.document import Place
from govie.readers.builder import GridCell, TextBuilder, one_line
from govie.readers.encoding import decode
from govie.readers.html_main import is_boilerplate, is_index, main_element, surroundings
from govie.readers.html_tables import grid, is_layout
from govie.readers.html_tree import Element, Page, knowledge, parse
from govie.readers.limits import Limits
from govie.readers.masthead import Masthead
from govie.readers.source import Input

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_MHTML = re.compile(rb"(?im)^content-type:\s*multipart/related")
_HEAD_SIZE = 4000
_OPENING = 6
_TITLE_NAMES = re.compile(r"title|tit$|bt$|biaoti|headline", re.IGNORECASE)


def read_html(file: Input, limits: Limits) -> tuple[TextBuilder, Masthead]:
    """The report of a web page: its main text and tables.

    Raises:
        ReadError: where it is too large, no page, or selectolax is missing.
    """
    if _MHTML.search(file.data[:4096]):
        file = _main_part(file)
    if len(file.data) > limits.markup_bytes:
        raise file.error(f"more than {limits.markup_bytes:,} bytes of HTML; save the article alone, or raise Limits.markup_bytes")
    page = parse(decode(file, declared=True), file=file, limits=limits)
    main = main_element(page.body)
    before = list(_before(page.body, main))
    title = _title(page, main, before)
    built = TextBuilder(file, limits)
    writer = _Writer(built, surroundings(main), limits)
    if title is not None:
        built.line([(title.text(), Place(0, 0, path=title.path))], level=1)
    writer.write(main)
    head, size = writer.index, 0
    for line in _lines(before, limits, file):
        head.append(line)
        size += len(line)
        if size > _HEAD_SIZE:
            break
    titles = [page.metas.get(name, "") for name in ("articletitle", "title", "og:title")]
    titles += [title.text() if title else "", page.title, *(node.text() for node in main.walk() if node.tag == "h1"), page.metas.get("sitename", "")]
    if source := page.metas.get("contentsource") or page.metas.get("source"):
        head.append(f"来源:{source}")
    return built, Masthead(tuple(each.strip() for each in titles if each.strip()), tuple(head), file.name)


class _Writer:
    """Writes an element's visible text into a builder, a block a line."""

    def __init__(self, built: TextBuilder, left_out: frozenset[Element], limits: Limits) -> None:
        self._built, self._left_out, self._limits = built, left_out, limits
        self.index: list[str] = []  # lines of an index head inside the main text
        self._opening = _OPENING  # how many lines of an index head may still come
        self._title = ""
        self._pieces: list[tuple[str, Place | None]] = []
        self._blank = False  # the line so far ends in a blank
        self._kept = False  # the block holds a blank that keeps it open, such as &nbsp;
        self._level: int | None = None

    def write(self, top: Element) -> None:
        """Write everything in ``top``."""
        stack: list[tuple[Element | str, Element | None]] = [(top, None)]
        while stack:
            node, owner = stack.pop()
            if isinstance(node, str):
                if owner is not None and owner is not _END:
                    self._text(node, owner)
                else:
                    self._flush()
                    self._level = None
                continue
            if node in self._left_out:
                continue
            if node.tag == "br":
                self._flush(always=True)
                continue
            if node.tag == "table" and not is_layout(node):
                self._flush()
                self._table(node)
                continue
            if node.tag in _blocks():
                self._flush()
                self._level = _HEADINGS.get(node.tag, self._level)
                stack.append(("", _END))
            stack.extend((child, node) for child in reversed(node.children))
        self._flush()

    def _text(self, text: str, owner: Element) -> None:
        if owner.tag == "pre":
            first, *rest = text.split("\n")
            self._put(first, owner)
            for line in rest:
                self._flush(always=True)
                self._put(line, owner)
            return
        self._put(re.sub(r"[ \t\n\r\f]+", " ", text), owner)

    def _put(self, text: str, owner: Element) -> None:
        if not self._pieces or self._blank:
            self._kept = self._kept or "\xa0" in text or "\u3000" in text
            text = text.lstrip() if not self._pieces else text.lstrip(" ")
        if text:
            self._pieces.append((text, Place(0, 0, path=owner.path)))
            self._blank = text.endswith(" ")

    def _flush(self, *, always: bool = False) -> None:
        pieces, self._pieces = self._pieces, []
        kept, self._kept, self._blank = self._kept, False, False
        while pieces and not pieces[-1][0].rstrip():
            pieces.pop()
        if pieces:
            pieces[-1] = (pieces[-1][0].rstrip(), pieces[-1][1])
            line = "".join(text for text, _ in pieces)
            if self._opening and is_index(line):
                self.index.append(line)
            elif not is_boilerplate(line) and line != self._title:
                self._title = line if self._opening == _OPENING else ""  # pages repeat their title above the article
                self._built.line(pieces, level=self._level)
                self._opening = 0 if "。" in line else max(0, self._opening - 1)
        elif kept or always:
            self._built.line("")

    def _table(self, table: Element) -> None:
        cells = [
            GridCell(row, column, _cell_text(cell), rows, columns, Place(0, 0, path=cell.path))
            for row, column, rows, columns, cell in grid(table, most=self._limits.elements)
        ]
        labels = [cell.text for cell in cells if self._opening and is_index(cell.text + ":")]
        if len(labels) > 1 and any(re.search(r"[号號构構关關期体體]\W*$", label) for label in labels):
            self.index += ["\t".join(cell.text for cell in cells)]
            return
        caption = next((node for node in table.walk() if node.tag == "caption"), None)
        if caption is not None and caption.text():
            self._built.line([(caption.text(), Place(0, 0, path=caption.path))])
        self._built.table(cells)


@cache
def _blocks() -> frozenset[str]:
    return frozenset(knowledge()["blocks"])


_END = Element("", {}, None, 0, 0)  # marks on the stack where a block closes


def _cell_text(cell: Element) -> str:
    """A cell's text in one line; its blocks and line breaks part words of Latin script only."""
    parts: list[str] = []
    stack: list[Element | str] = [cell]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            parts.append(re.sub(r"\s+", " ", node))
        else:
            if node.tag == "br" or (node.tag in _blocks() and node is not cell):
                parts.append("\n")
            stack.extend(reversed(node.children))
    return one_line("".join(parts))


def _before(body: Element, main: Element) -> list[Element]:
    """Elements that end before ``main`` begins, the outermost only."""
    above = set()
    node: Element | None = main
    while node is not None:
        above.add(node)
        node = node.parent
    found = []
    node = body
    while node is not main:
        inner = None
        for child in node.children:
            if isinstance(child, Element):
                if child in above:
                    inner = child
                    break
                found.append(child)
        if inner is None:
            break
        node = inner
    return found


def _title(page: Page, main: Element, before: list[Element]) -> Element | None:
    """The element before the main text that holds the report's title, where the main text does not repeat it."""
    known = re.sub(r"\s", "", page.metas.get("articletitle", "") + "\n" + page.title)
    opening = re.sub(r"\s", "", main.text()[:600])
    found = None
    for outer in before:
        for node in outer.walk():
            if node.tag in ("h1", "h2", "h3") or any(_TITLE_NAMES.search(name) for name in node.names()):
                text = re.sub(r"\s", "", node.text())
                if 6 <= len(text) <= 80 and (text in known or node.tag == "h1" or re.search(r"报告|总结|年报|報告|總結|年報", text)):
                    found = node if text not in opening else None
    return found


def _lines(elements: list[Element], limits: Limits, file: Input) -> list[str]:
    built = TextBuilder(file, limits)
    writer = _Writer(built, frozenset(), limits)
    for element in elements:
        writer.write(element)
    return [*writer.index, *(line for line in built.text.split("\n") if line.strip())]


def _main_part(file: Input) -> Input:
    """The page inside a web archive (.mht, .mhtml), as browsers save one."""
    message: Message = message_from_bytes(file.data)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            data = part.get_payload(decode=True)
            if isinstance(data, bytes):
                return replace(file, data=data)
    raise file.error("a web archive without a page in it; save the page as HTML")
