"""Readers: files as people have them become documents.

What a file is, its content decides. HTML, PDF and DOCX need the ``readers`` extra; TXT and Markdown do not. Nothing is fetched, nothing is
executed, and every file is bounded by :class:`Limits`.
"""

from __future__ import annotations

import os
from typing import BinaryIO

from govie.document import Document, Source
from govie.readers.limits import Limits

__all__ = ["Limits", "read"]


def read(source: str | os.PathLike[str] | bytes | BinaryIO, *, kind: str | None = None, limits: Limits | None = None) -> Document:
    """Read a report: its text, tables and headings, who published it, and where everything stood in the file.

    Args:
        source: a path (a ``str`` is one, too), bytes, or a file opened in binary mode.
        kind: html, pdf, docx, text or markdown; None to go by the content, then by the name.
        limits: bounds on what the file may cost; None for the defaults.

    Raises:
        ReadError: where the file is missing, damaged, locked, too large, of a kind that govie does not read, or holds no text; the
            message names it and says what to do.
        TypeError: where ``source`` is none of these.
    """
    from govie.readers.kinds import kind_of  # noqa: PLC0415 - so that `import govie` stays light
    from govie.readers.masthead import identify  # noqa: PLC0415
    from govie.readers.source import load  # noqa: PLC0415

    limits = limits or Limits()
    file = load(source, limits=limits)
    found = kind_of(file, kind=kind)
    if found == "html":
        from govie.readers.html import read_html as reader  # noqa: PLC0415
    elif found == "pdf":
        from govie.readers.pdf import read_pdf as reader  # noqa: PLC0415
    elif found == "docx":
        from govie.readers.docx import read_docx as reader  # noqa: PLC0415
    elif found == "markdown":
        from govie.readers.plain import read_markdown as reader  # noqa: PLC0415
    else:
        from govie.readers.plain import read_text as reader  # noqa: PLC0415
    built, masthead = reader(file, limits)
    text = built.text
    if not text.strip():
        raise file.error("no text in it; is it the right file?")
    known = identify(text, masthead)
    return Document(
        text, file.name, tuple(built.tables), tuple(built.headings), Source(file.name, file.sha256, found),
        known.publisher, known.year, known.division, tuple(built.places),
    )  # fmt: skip
