"""The files and folders that a command names, as documents."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import govie
from govie.document import Document
from govie.errors import ReadError
from govie.volume.inputs import entries, read_entry

__all__ = ["FILES", "documents"]

FILES = "an HTML, PDF, DOCX, TXT or Markdown file, a folder, or a .jsonl[.gz|.xz] file with a report a line; - is standard input"


def documents(names: Sequence[str]) -> Iterator[Document | ReadError]:
    """The documents of files and folders in order; where one cannot be read, the error that says so. ``-`` is standard input.

    Of a folder all files are read, those in its folders too, in the order of their names; hidden ones are left out.
    """
    for name in names:
        if name == "-":
            try:
                yield replace(govie.read(sys.stdin.buffer), name="-")
            except ReadError as error:
                yield error
            continue
        for entry in entries([name]):
            try:
                yield read_entry(entry)
            except ReadError as error:
                yield error
