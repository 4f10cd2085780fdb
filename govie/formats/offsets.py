"""Offsets of JavaScript tools, which count UTF-16 units, to those of Python, which count code points, and back."""

from __future__ import annotations

from bisect import bisect_left

__all__ = ["Utf16"]


class Utf16:
    """Converts offsets of one text.

    >>> units = Utf16("𠮷林5件")
    >>> units.from_points(2), units.to_points(3)
    (3, 2)
    """

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._wide = [n for n, character in enumerate(text) if character > "\uffff"]
        self._wide_units = [point + n for n, point in enumerate(self._wide)]

    def from_points(self, offset: int) -> int:
        """UTF-16 units before the code point ``offset``."""
        return offset + bisect_left(self._wide, offset)

    def to_points(self, offset: int) -> int:
        """Code points before the UTF-16 unit ``offset``; the middle of a surrogate pair counts as its end."""
        return offset - bisect_left(self._wide_units, offset)
