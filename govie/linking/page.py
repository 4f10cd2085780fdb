"""The places of a text's marks and words in order, so that what stands between two places can be read off for many pairs at once."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MARKS = {"stop": "。!?", "line": "\n", "semicolon": ";", "comma": ",", "pause": "、", "colon": ":", "opening": "(", "closing": ")"}
WORDS = ("其中", "占", "分别", "均", "各", "包括", "同比", "较", "和", "比", "率", "期间")
LIST_ITEM = re.compile(r"[(]?(?:[一二三四五六七八九十]{1,3}[、)是]|其[一二三四]|[0-9]{1,2}[、.)])")
_SUB_SENTENCE = re.compile("[(]?其中")


class Page:
    """One folded text. Only the places of marks and words are kept, so that a long text costs no more than what stands in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._marks = {name: _places(text, marks) for name, marks in MARKS.items()}
        self._words = {word: _found(word, text) for word in WORDS}
        self._sentences = np.concatenate([[0], _places(text, "。!?\n") + 1])
        self._lines = np.concatenate([[0], self._marks["line"] + 1])
        self._line_ends = np.append(self._marks["line"], len(text))
        self._lead_ends = np.append(_places(text, "。!?;\n:"), len(text))

    def sentence(self, places: Ints) -> Ints:
        """Where the sentence of each place (up to the text's length) begins: after 。!? or a line break."""
        return self._sentences[np.searchsorted(self._sentences, places, side="right") - 1]

    def line(self, places: Ints) -> Ints:
        """Where the line of each place begins."""
        return self._lines[np.searchsorted(self._lines, places, side="right") - 1]

    def line_end(self, places: Ints) -> Ints:
        """Where the line of each place ends."""
        return self._line_ends[np.searchsorted(self._line_ends, places)]

    def marks(self, name: str, low: Ints, high: Ints) -> Ints:
        """How many marks of a kind stand in each ``low:high``; 0 where that is empty."""
        return _between(self._marks[name], low, high)

    def words(self, word: str, low: Ints, high: Ints) -> Ints:
        """How often a word begins in each ``low:high``."""
        return _between(self._words[word], low, high)

    def is_list_item(self, places: Ints) -> Flags:
        """Whether what begins at each place opens with 一是, 1., (二) and the like."""
        return self._opens(LIST_ITEM, places)

    def is_sub_sentence(self, places: Ints) -> Flags:
        """Whether what begins at each place opens with 其中."""
        return self._opens(_SUB_SENTENCE, places)

    def is_lead(self, places: Ints) -> Flags:
        """Whether the clause that each place stands in ends with a colon."""
        ends = self._lead_ends[np.searchsorted(self._lead_ends, places)]
        return np.array([self.text[end : end + 1] == ":" for end in ends.tolist()], dtype=bool)

    def characters(self, places: Ints) -> list[str]:
        """The character at each place; a line break beyond either end of the text."""
        return [self.text[n] if 0 <= n < len(self.text) else "\n" for n in places.tolist()]

    def _opens(self, pattern: re.Pattern[str], places: Ints) -> Flags:
        known = {place: bool(pattern.match(self.text, place)) for place in set(places.tolist())}
        return np.array([known[place] for place in places.tolist()], dtype=bool)


def _places(text: str, marks: str) -> Ints:
    return _found(f"[{marks}]", text)


def _found(pattern: str, text: str) -> Ints:
    return np.fromiter((match.start() for match in re.finditer(pattern, text)), dtype=np.int64)


def _between(places: Ints, low: Ints, high: Ints) -> Ints:
    count: Ints = np.searchsorted(places, np.maximum(low, high)) - np.searchsorted(places, low)
    return count
