"""The corpus's markup as the training tools import it; the parser is the library's, so that ``govie convert`` can read it."""

from __future__ import annotations

from govie.formats.passages import MarkedClaim, MarkedScope, Passage, parse_text, read_hand

__all__ = ["MarkedClaim", "MarkedScope", "Passage", "parse_text", "read_hand"]
