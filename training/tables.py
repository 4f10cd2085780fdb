"""Tell table cells from prose in measurements, so that a report's two halves are not mixed in one figure."""

from __future__ import annotations

import re

_SENTENCE_MARK = re.compile("[,。;:!?，；：！？]")
_PAUSE = re.compile("[,。;，；]")


def in_table(text: str, at: int) -> bool:
    """Whether the number at ``at`` stands in a table: its line is a bare cell or a row of cells, or its run of text has no
    punctuation for 40 characters to both sides, as where a page has run the cells together."""
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    line = text[start : end if end >= 0 else len(text)]
    if "|" in line or "\t" in line.strip():
        return True
    if len(line) <= 40 and not _SENTENCE_MARK.search(line):
        return not re.search(r"[\u4e00-\u9fff]{3}.*[0-9]+ ?[\u4e00-\u9fff]{1,3}$", line)
    before, after = text[max(start, at - 40) : at], text[at : min(at + 40, start + len(line))]
    return not _PAUSE.search(before + after) and len(before) + len(after) > 60
