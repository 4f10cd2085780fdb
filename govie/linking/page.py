"""A text's marks and words as running counts, so that what stands between two places can be read off for many pairs at once."""

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
    """One folded text.

    Attributes:
        text: the text.
        sentence, line: for each offset up to ``len(text)``, where its sentence (after 。!? or a line break) and its line begin.
        line_end: for each offset, where its line ends.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        self._marks = {name: _running(np.isin(codes, [ord(c) for c in marks])) for name, marks in MARKS.items()}
        self._words = {word: _running(_starts(text, word)) for word in WORDS}
        offsets = np.arange(len(text) + 1)
        breaks = np.concatenate([[False], codes == ord("\n")])
        stops = breaks | np.concatenate([[False], np.isin(codes, [ord(c) for c in "。!?"])])
        self.sentence = np.maximum.accumulate(np.where(stops, offsets, 0))
        self.line = np.maximum.accumulate(np.where(breaks, offsets, 0))
        ends = np.append(np.where(codes == ord("\n"), offsets[:-1], len(text)), len(text))
        self.line_end = np.minimum.accumulate(ends[::-1])[::-1]
        leads = np.append(np.where(np.isin(codes, [ord(c) for c in "。!?;\n:"]), offsets[:-1], len(text)), len(text))
        self._next_end = np.minimum.accumulate(leads[::-1])[::-1]

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
        ends = self._next_end[places]
        return np.array([self.text[end : end + 1] == ":" for end in ends.tolist()], dtype=bool)

    def characters(self, places: Ints) -> list[str]:
        """The character at each place; a line break beyond either end of the text."""
        return [self.text[n] if 0 <= n < len(self.text) else "\n" for n in places.tolist()]

    def _opens(self, pattern: re.Pattern[str], places: Ints) -> Flags:
        known = {place: bool(pattern.match(self.text, place)) for place in set(places.tolist())}
        return np.array([known[place] for place in places.tolist()], dtype=bool)


def _starts(text: str, word: str) -> Flags:
    found = np.zeros(len(text), dtype=bool)
    at = text.find(word)
    while at >= 0:
        found[at] = True
        at = text.find(word, at + 1)
    return found


def _running(flags: Flags) -> Ints:
    return np.concatenate([[0], np.cumsum(flags)])


def _between(running: Ints, low: Ints, high: Ints) -> Ints:
    return running[np.maximum(low, high)] - running[low]
