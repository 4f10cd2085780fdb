"""An HTML page as a light tree of its visible elements, in the shape in which a browser builds it.

selectolax's lexbor engine follows the HTML standard also where the markup is broken, as half of all government pages are, and does not
recurse, so that 10,000 nested elements neither end the process nor cut the page off (libxml2, behind lxml, stops at a depth of some hundreds).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from govie.readers.limits import Limits
from govie.readers.source import Input, need
from govie.resources import data_toml

_DEPTH = 64  # of a path: an element farther down is told by its ancestor there, or paths would grow with the square of the depth


@cache
def knowledge() -> dict[str, tuple[str, ...]]:
    """What is known about the markup of government pages. Source: ``govie/data/html.toml``."""
    return {key: tuple(values) for key, values in data_toml("html.toml").items()}


@cache
def _hidden() -> re.Pattern[str]:
    return re.compile("|".join(knowledge()["hidden"]))


@dataclass(slots=True, eq=False)
class Element:
    """A visible element.

    Attributes:
        tag: in lower case.
        attributes: as written; an attribute without a value has "".
        parent: None for the root.
        nth: which of its parent's children of this tag it is, from 1.
        depth: how many elements stand above it.
        children: elements and texts in order.
        anchor: the ancestor that stands for it in paths, where it lies too deep itself.
    """

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    nth: int
    depth: int
    children: list[Element | str] = field(default_factory=list)
    anchor: Element | None = None

    @property
    def path(self) -> str:
        """A CSS selector that a browser finds this element by."""
        steps = []
        node: Element | None = self.anchor or self
        while node is not None:
            steps.append(node.tag if node.tag in ("html", "body") else f"{node.tag}:nth-of-type({node.nth})")
            node = node.parent
        return " > ".join(reversed(steps))

    def number(self, name: str) -> int:
        """A whole number in an attribute; 1 where there is none."""
        match = re.match(r"\s*(\d{1,5})", self.attributes.get(name, ""))
        return int(match[1]) if match else 1

    def names(self) -> set[str]:
        """Its id and classes."""
        return {*self.attributes.get("class", "").split(), self.attributes.get("id", "").strip()} - {""}

    def walk(self) -> Iterator[Element]:
        """It and all elements below it, in document order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(child for child in reversed(node.children) if isinstance(child, Element))

    def texts(self) -> Iterator[str]:
        """All texts in it, in document order."""
        stack: list[Element | str] = [self]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                yield node
            else:
                stack.extend(reversed(node.children))

    def text(self) -> str:
        """All its text, blanks run together."""
        return " ".join("".join(self.texts()).split())


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its visible body and what its head says."""

    body: Element
    title: str
    metas: dict[str, str]


def parse(markup: str, *, file: Input, limits: Limits) -> Page:
    """Build the tree, without what is hidden.

    Raises:
        ReadError: where there are more than ``limits.elements`` elements, or selectolax is missing.
    """
    lexbor: Any = need("selectolax.lexbor", file=file)
    tree = lexbor.LexborHTMLParser(markup)
    title = tree.css_first("title")
    metas = {
        (node.attributes.get("name") or node.attributes.get("property") or "").lower(): node.attributes.get("content") or ""
        for node in tree.css("meta[content]")
    }
    root = tree.body
    if root is None:
        raise file.error("no page: it has no body; is it the right file?")
    top = Element("html", {}, None, 1, 0)
    body = Element("body", {}, top, 1, 1)
    count = 0
    skipped = frozenset(knowledge()["skipped_tags"])
    stack: list[tuple[Any, Element, dict[str, int]]] = [(root.child, body, {})]
    while stack:
        node, parent, seen = stack.pop()
        while node is not None:
            tag = node.tag
            if tag == "-text":
                parent.children.append(node.text_content or "")
            elif tag and tag[0] not in "-_!":
                seen[tag] = seen.get(tag, 0) + 1
                count += 1
                if count > limits.elements:
                    raise file.error(f"more than {limits.elements:,} elements; raise Limits.elements, or save the article alone")
                if tag not in skipped:
                    attributes = {name: value or "" for name, value in node.attributes.items()}
                    if not _is_hidden(attributes):
                        element = Element(tag, attributes, parent, seen[tag], parent.depth + 1)
                        element.anchor = parent.anchor or (parent if element.depth >= _DEPTH else None)
                        parent.children.append(element)
                        if node.child is not None:
                            stack.append((node.next, parent, seen))
                            node, parent, seen = node.child, element, {}
                            continue
            node = node.next
    return Page(body, title.text() if title is not None else "", metas)


def _is_hidden(attributes: dict[str, str]) -> bool:
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return bool(style) and _hidden().search(re.sub(r"\s", "", style or "").lower()) is not None
