"""Labels of forms, and finding them in text: characters one by one, so that blanks, breaks and punctuation cannot hide them.

A label is written as its statutory words with a few marks: ``[..]`` may be left out, ``{k:..}``, ``{c:..}`` and ``{p:..}`` are the span of
category, channel and period, ``#`` is any digit, and a numbering in front (``一、``, ``(二)``, ``3.``) may be missing or another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from govie.errors import DataError
from govie.tables.squeeze import Squeezed, label_fold

__all__ = ["Finder", "Found", "Label", "parse_label"]

Place = tuple[int, int]
ROLE_OF = {"k": "category", "c": "channel", "p": "period"}
_SOFT = frozenset("“”\"‘’'《》、,·")  # may be missing, or another of them
_NUMBERING = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|([0-9]{1,2})\.)")
_BLOCK = re.compile(r"\[([^\[\]]*)\]")
_DIGIT = re.compile("[0-9]")
_BRACKET = re.compile(r"\((?![一二三四五六七八九十0-9]{1,3}\))[^()]{0,90}\)")
_BEFORE = re.compile(r"(?:其中:?|\(?[一二三四五六七八九十]{1,3}[、.)]+|\(?[0-9]{1,2}[、.)]+)+$")
_MOST_ROWS = 30  # a numbering goes no higher
_LEAD = re.compile(r"(?:其中:?)?\(?\Z")
_DIGITS_BEFORE = re.compile(r"([0-9]+)[、.)]+$")


@dataclass(frozen=True, slots=True)
class Label:
    """One wording of a label: its characters, the role letter of each (a blank for none), and the number that the form gives it."""

    text: str
    roles: str
    number: str

    @property
    def opening(self) -> str:
        """The first characters, up to four, that must stand there as they are: a quick look before :meth:`match`."""
        hard = next((n for n, char in enumerate(self.text) if char in _SOFT or char == "#"), len(self.text))
        return self.text[: min(hard, 4)]

    def match(self, text: str, start: int, cut: int) -> tuple[int, dict[str, Place]] | None:
        """Where the label that begins at ``start`` ends, and its role spans; ``cut`` characters are enough where ``cut`` is not 0."""
        at, spans = start, dict[str, Place]()
        for n, (char, role) in enumerate(zip(self.text, self.roles, strict=True)):
            found = text[at : at + 1]
            if char in _SOFT:
                if not found or found not in _SOFT:
                    continue
            elif found != char and not (char == "#" and "0" <= found <= "9"):
                if not cut or n < cut:
                    return None
                break
            if role != " ":
                spans[ROLE_OF[role]] = (spans.get(ROLE_OF[role], (at, at))[0], at + 1)
            at += 1
        return at, spans

    @property
    def key(self) -> str:
        """The first two characters that cannot be missing."""
        return "".join(char for char in self.text if char not in _SOFT)[:2]


def parse_label(marked: str) -> list[Label]:
    """Every wording of a marked label, with and without its optional parts, the longest first.

    Raises:
        DataError: where the marks are not closed.
    """
    folded = marked.translate(label_fold())
    numbering = _NUMBERING.match(folded)
    number = (numbering[1] or "") if numbering else ""
    wordings = {folded[numbering.end() :] if numbering else folded}
    while any("[" in wording for wording in wordings):
        wordings = {_BLOCK.sub(fill, wording, count=1) for wording in wordings for fill in (r"\1", "")}
    return sorted((_plain(wording, number) for wording in wordings), key=lambda label: -len(label.text))


def _plain(wording: str, number: str) -> Label:
    text, roles, role = "", "", " "
    parts = re.split(r"(\{[kcp]:|\})", wording)
    for part in parts:
        if part.startswith("{"):
            role = part[1]
        elif part == "}":
            role = " "
        else:
            text, roles = text + part, roles + role * len(part)
    if not text or role != " " or set(text) & set("[]{}"):
        raise DataError(f"a label's marks are not closed: {wording!r}")
    return Label(text, roles, number)


@dataclass(frozen=True, slots=True)
class Found:
    """A label found in squeezed text: ``index`` of its row or column, the whole stretch with numbering and bracket, its core, and role spans."""

    index: int
    start: int
    end: int
    core: Place
    spans: dict[str, Place]
    numbered: bool
    bracket: str


class Finder:
    """Finds the labels of a table's rows or columns.

    Args:
        labels: for each row or column its wordings.
        cut: how many characters of a label are enough, 0 for all.
    """

    def __init__(self, labels: Sequence[Sequence[Label]], *, cut: int = 0) -> None:
        self.cut = cut
        self._by_key: dict[str, list[tuple[int, str, Label]]] = {}
        for index, wordings in enumerate(labels):
            for label in wordings:
                self._by_key.setdefault(label.key, []).append((index, label.opening, label))
        first, second = (re.escape("".join({key[n] for key in self._by_key})).replace(r"\#", "0-9") for n in (0, 1))
        self._keys = re.compile(f"[{first}](?=[{second}])" if first else "(?!)")

    def find(self, squeezed: Squeezed, start: int, end: int) -> Iterator[list[Found]]:
        """The labels between two offsets of the squeezed text, in order and without overlap; a wording of several rows gives them all."""
        at, text = start, squeezed.text
        while match := self._keys.search(text, at, end):
            candidates = self._by_key.get(_DIGIT.sub("#", text[match.start() : match.start() + 2]), ())
            found = self._longest(squeezed, match.start(), candidates, start)
            if found:
                yield found
            at = found[0].end if found else match.start() + 1

    def _longest(self, squeezed: Squeezed, at: int, candidates: Sequence[tuple[int, str, Label]], floor: int) -> list[Found]:
        best: list[Found] = []
        length, text = 0, squeezed.text
        for index, opening, label in candidates:
            matched = label.match(text, at, self.cut) if text.startswith(opening, at) else None
            if matched and matched[0] - at >= length:
                if matched[0] - at > length:
                    best, length = [], matched[0] - at
                if all(other.index != index for other in best):
                    bracket = _BRACKET.match(text, matched[0])
                    begin = _numbering_before(squeezed, at, floor, label.number)
                    end = bracket.end() if bracket else matched[0]
                    best.append(Found(index, begin, end, (at, matched[0]), matched[1], begin < at, bracket[0] if bracket else ""))
        return best


def _numbering_before(squeezed: Squeezed, at: int, floor: int, number: str) -> int:
    """Where a numbering in front of ``at`` begins. Digits of a cell that a page has run together with it are not part of it: of many, only
    the form's own number, or the last digit."""
    before = squeezed.text[max(floor, at - 12) : at]
    digits = _DIGITS_BEFORE.search(before)
    if digits:
        end = at - len(before) + digits.end(1)
        start = end - 1
        while start > end - len(digits[1]) and squeezed.at[start] - squeezed.at[start - 1] == 1:
            start -= 1
        found = squeezed.text[start:end]
        if found != number and (len(found) > 2 or found[0] == "0" or int(found) > _MOST_ROWS):
            start = end - (len(number) if number and found.endswith(number) else 1)
        elif number and found != number and found.endswith(number):
            start = end - len(number)
        lead = _LEAD.search(squeezed.text, max(floor, start - 5), start)
        return lead.start() if lead else start
    match = _BEFORE.search(before)
    return at - len(match[0]) if match else at
