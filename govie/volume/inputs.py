"""The reports that a run is to read, in an order that is always the same, and cut into chunks that can be done again alone."""

from __future__ import annotations

import gzip
import json
import lzma
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO
from zlib import crc32
from zlib import error as zlib_error

import govie
from govie.document import Document
from govie.errors import ReadError
from govie.readers.limits import Limits

__all__ = ["BULK", "Chunk", "Entry", "chunks", "entries", "outermost", "read_entry"]

BULK = (".jsonl", ".jsonl.gz", ".jsonl.xz")
_USUAL, _MOST, _BYTES = 16, 64, 1 << 20  # reports of a chunk: on average, at most; and bytes of its files, where they are large
_KNOWN = {"name": str, "publisher": str, "division": str, "year": int}


@dataclass(frozen=True, slots=True)
class Entry:
    """One report to be read.

    Attributes:
        name: its path; of a line of a bulk file the path, a colon and the line's number.
        size: its bytes.
        stamp: changes when the content does: the time of the last change, or a sum of the line.
        line: of a bulk file, the line itself, else None.
        error: why it cannot be read, where that is known before, else None.
    """

    name: str
    size: int = 0
    stamp: int = 0
    line: bytes | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Reports that are done and written together.

    Attributes:
        key: a digest of their names, sizes and stamps.
        entries: in order.
    """

    key: str
    entries: tuple[Entry, ...]


def outermost(names: Iterable[str]) -> list[str]:
    """The names without those that are named before or stand in a folder that is named too, so that no report is read twice."""
    wanted: dict[str, str] = {}
    for name in names:
        wanted.setdefault(os.path.realpath(name), name)
    return [name for path, name in wanted.items() if not any(str(parent) in wanted for parent in Path(path).parents)]


def entries(names: Iterable[str], *, leave_out: Sequence[Path] = ()) -> Iterator[Entry]:
    """The files named, and of folders all files in the order of their names, those in their folders too.

    Hidden files and folders are left out, links to folders are not followed, and what is no file (a pipe, a device) is passed over.
    What cannot be looked into is an entry with an error. A file named whose name ends as :data:`BULK` holds a report a line; one found
    in a folder is read like any other file.

    Args:
        names: of files and folders.
        leave_out: files and folders that are not read though they stand in a folder named, such as the output.
    """
    not_these = frozenset(os.path.abspath(path) for path in leave_out)
    for name in names:
        if os.path.isdir(name):
            yield from _walk(str(Path(name)), not_these)
        elif name.endswith(BULK):
            yield from _lines(name)
        else:
            yield _entry(name)


def chunks(reports: Iterable[Entry]) -> Iterator[Chunk]:
    """Cut into chunks. A chunk ends behind certain names and not at certain numbers, so that a file more or less changes one chunk only."""
    held: list[Entry] = []
    size = 0
    for entry in reports:
        held.append(entry)
        size += entry.size
        if len(held) >= _MOST or size >= _BYTES or crc32(_bytes(entry.name)) % _USUAL == 0:
            yield _chunk(held)
            held, size = [], 0
    if held:
        yield _chunk(held)


def read_entry(entry: Entry) -> Document:
    """The report.

    Raises:
        ReadError: where it cannot be read.
    """
    if entry.error is not None:
        raise ReadError(entry.error)
    return govie.read(entry.name) if entry.line is None else _of_line(entry.name, entry.line)


def _chunk(held: Sequence[Entry]) -> Chunk:
    digest = blake2b(digest_size=12)
    for entry in held:
        digest.update(b"%b\0%d\0%d\0" % (_bytes(entry.name), entry.size, entry.stamp))
    return Chunk(digest.hexdigest(), tuple(held))


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")


def _walk(folder: str, leave_out: frozenset[str]) -> Iterator[Entry]:
    open_folders = [_inside(folder)]
    while open_folders:
        item = next(open_folders[-1], None)
        if item is None:
            open_folders.pop()
        elif isinstance(item, Entry):
            yield item
        elif os.path.abspath(item.path) in leave_out:
            continue
        elif item.is_dir(follow_symlinks=False):
            open_folders.append(_inside(item.path))
        elif item.is_file() or (item.is_symlink() and not os.path.exists(item.path)):
            yield _entry(item.path)


def _inside(folder: str) -> Iterator[os.DirEntry[str] | Entry]:
    try:
        with os.scandir(folder) as found:
            items = sorted((item for item in found if not item.name.startswith(".")), key=lambda item: item.name)
    except OSError as error:
        return iter([Entry(folder, error=f"{folder}: {error.strerror or error}; the reports in it were not read")])
    return iter(items)


def _entry(path: str) -> Entry:
    try:
        known = os.stat(path)
    except (OSError, ValueError):  # ValueError: a null character in the path
        return Entry(path)  # reading it says what is wrong
    return Entry(path, known.st_size, known.st_mtime_ns)


def _lines(path: str) -> Iterator[Entry]:
    most = Limits().bytes
    number = 0
    try:
        with closing(_open(path)) as file:
            while line := file.readline(most + 1):
                number += 1
                name = f"{path}:{number}"
                if len(line) > most:
                    yield Entry(name, error=f"{name}: a line of more than {most:,} bytes; the rest of the file was not read")
                    return
                if line.strip():
                    yield Entry(name, len(line), crc32(line), line)
    except (OSError, EOFError, lzma.LZMAError, zlib_error) as error:
        yield Entry(path, number, error=f"{path}: {getattr(error, 'strerror', None) or error}; what follows line {number} was not read")


def _open(path: str) -> BinaryIO:
    if path.endswith(".gz"):
        return gzip.open(path)  # type: ignore[return-value]  # reads like one
    return lzma.open(path) if path.endswith(".xz") else open(path, "rb")  # type: ignore[return-value]


def _of_line(name: str, line: bytes) -> Document:
    try:
        data = json.loads(line)
    except ValueError as error:
        raise ReadError(f"{name}: no JSON: {error}") from None
    text = data.get("text") if isinstance(data, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise ReadError(f"{name}: no text in it; a line is a JSON object with a text, and if known name, publisher, division and year")
    known = {key: data[key] for key in _KNOWN if data.get(key) is not None}
    for key, value in known.items():
        if not isinstance(value, _KNOWN[key]) or isinstance(value, bool):
            raise ReadError(f"{name}: {key} must be {'text' if _KNOWN[key] is str else 'a whole number'}, not {value!r}")
    return Document(text, **{"name": name, **known})
