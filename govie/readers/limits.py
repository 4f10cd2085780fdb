"""How much of a file the readers take on before they refuse it."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on what one file may cost. A file beyond one of them is refused with an error that names it.

    Attributes:
        bytes: of the file itself.
        markup_bytes: of an HTML page, whose tree takes some twenty times its size in memory.
        unpacked_bytes: of everything packed inside a DOCX or PDF together.
        characters: of the text that is read.
        elements: of an HTML page or a DOCX.
        pages: of a PDF.
    """

    bytes: int = 64 * MIB
    markup_bytes: int = 16 * MIB
    unpacked_bytes: int = 256 * MIB
    characters: int = 5_000_000
    elements: int = 1_000_000
    pages: int = 1_000
