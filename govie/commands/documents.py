"""The files and folders that a command names, as documents."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import govie
from govie.document import Document
from govie.errors import ReadError

__all__ = ["FILES", "documents"]

FILES = "an HTML, PDF, DOCX, TXT or Markdown file, or a folder; - is standard input"


def documents(names: Sequence[str]) -> Iterator[Document | ReadError]:
    """The documents of files and folders in order; where one cannot be read, the error that says so. ``-`` is standard input.

    Of a folder all files are read, those in its folders too, in the order of their names; hidden ones are left out.
    """
    for name in names:
        for path in _inside(name):
            try:
                yield replace(govie.read(sys.stdin.buffer), name="-") if path == "-" else govie.read(path)
            except ReadError as error:
                yield error


def _inside(name: str) -> list[str]:
    if name == "-" or not Path(name).is_dir():
        return [name]
    paths = sorted(path for path in Path(name).rglob("*") if path.is_file())
    return [str(path) for path in paths if not any(part.startswith(".") for part in path.relative_to(name).parts)]
