"""Which part of a page is the report.

Two libraries of the field were tried first, on 33 pages: ten real reports and a short one with a table, each in three layouts
(a known container, layout tables, bare paragraphs; navigation, index head and footer around them). Runs of six characters:

    ==================  ============  ===========  ==================  ===========
    library             kept, lowest  kept, mean   noise a page, mean  time a page
    ==================  ============  ===========  ==================  ===========
    trafilatura 2.3.1   43 %          93.4 %       185                 8 ms
    resiliparse 2.0.1   100 %         100 %        140                 2 ms
    this module         97.9 %        99.6 %       3                   8 ms
    ==================  ============  ===========  ==================  ===========

trafilatura drops most of a short report, and with it figures; resiliparse keeps everything, but also index heads and footers, whose numbers
would become claims. Neither keeps offsets, elements or merged cells, so that its answer would have to be found again in the page.
What this module drops of the reports are lines of the page that their texts still hold (字体, 扫一扫, Produced By). It looks for the innermost
element that leaves nothing of worth outside: sentences, and figures in cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from govie.readers.html_tables import is_layout
from govie.readers.html_tree import Element, knowledge
from govie.text import fold

_SENTENCE = re.compile(r"[，。；！？、]|[\u4e00-\u9fff][,;]")
_FIGURE = re.compile(r"\s*[\d,，.．０-９]+\s*(?:%\s*)?")
_WORD = re.compile(r"\w")
_LISTS = ("ul", "ol", "dl", "div", "table", "tr", "td", "p", "center", "span")
_FIGURE_WORTH = 15
_SLACK = 60  # characters of worth that may stay outside: a footer's address has some
_SHARE = 0.02
_TRUST = 0.8  # the share of a page's worth that the container of a known content system must hold


@dataclass(slots=True)
class _Worth:
    prose: int = 0
    linked: int = 0
    plain: int = 0


def main_element(body: Element) -> Element:
    """The innermost element that holds the whole report."""
    worth = _weigh(body)
    whole = worth[body].prose
    known = frozenset(knowledge()["main"])
    best = max((node for node in worth if node.names() & known), key=lambda node: worth[node].prose, default=None)
    main = best if best is not None and worth[best].prose >= _TRUST * whole > 0 else body
    while True:
        left = max(_SLACK, _SHARE * whole)
        child = next((node for node in main.children if isinstance(node, Element) and worth[main].prose - worth[node].prose <= left), None)
        if child is None or worth[child].prose == 0 or child.tag == "p" or (child.tag == "table" and not is_layout(child)):
            return main
        whole, main = worth[child].prose, child


def surroundings(main: Element) -> frozenset[Element]:
    """Elements inside ``main`` that are none of the report: menus, link lists, footers."""
    worth = _weigh(main)
    around = frozenset(knowledge()["around"])
    found = set()
    for node, own in worth.items():
        if node is main or own.prose > 0.1 * worth[main].prose:
            continue
        parts = {part for name in node.names() for part in re.split(r"[-_\d]+", name.lower())}
        if parts & around or _is_link_list(node, own):
            found.add(node)
    return frozenset(found)


def is_boilerplate(line: str) -> bool:
    """Whether a line belongs to the page and not to the report."""
    return len(line) < 80 and any(phrase in line for phrase in knowledge()["phrases"])


def is_index(line: str) -> bool:
    """Whether a line is one of an index head, such as 索引号 and 发布机构 with what follows them."""
    if len(line) > 200:
        return False
    label, colon, _ = fold(line).text.partition(":")
    return bool(colon) and re.sub(r"[\s\[\]【】]", "", label) in knowledge()["index"]


def _is_link_list(node: Element, own: _Worth) -> bool:
    return node.tag in _LISTS and own.linked > 20 and own.linked > 4 * own.plain and own.prose == 0


def _weigh(top: Element) -> dict[Element, _Worth]:
    """What each element's text is worth, its children's included."""
    worth: dict[Element, _Worth] = {}
    linked: set[Element] = set()
    for node in top.walk():
        own = worth[node] = _Worth()
        if node.tag == "a" or node.parent in linked:
            linked.add(node)
        for text in node.children:
            if isinstance(text, str) and (size := len(text.strip())):
                if node in linked:
                    own.linked += size
                    continue
                own.plain += len(_WORD.findall(text))
                if _SENTENCE.search(text) and size >= 12 and not is_boilerplate(text):
                    own.prose += size
                elif _FIGURE.fullmatch(text):
                    own.prose += _FIGURE_WORTH if _in_cell(node) else 0
    for node in reversed(worth):
        if node is not top and node.parent is not None:
            above, own = worth[node.parent], worth[node]
            above.prose += own.prose
            above.linked += own.linked
            above.plain += own.plain
    return worth


def _in_cell(node: Element | None) -> bool:
    for _ in range(6):
        if node is None:
            return False
        if node.tag in ("td", "th"):
            return True
        node = node.parent
    return False
