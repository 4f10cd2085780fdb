"""Files of annotations: read with the place of every fault, written whole or not at all."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from govie.errors import AnnotationError, GovieError, SaveError

__all__ = ["as_json", "misshapen", "read_bytes", "read_json_lines", "read_json_list", "read_text", "write_bytes", "write_text"]

_BEFORE_ITEM = re.compile(r"[ \t\r\n]*[\[,][ \t\r\n]*")


def read_bytes(path: Path) -> bytes:
    """A file's bytes.

    Raises:
        AnnotationError: where it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise AnnotationError(f"{path}: cannot be read: {error.strerror or error}") from error


def read_text(path: Path, *, mark: bool = False) -> str:
    """A UTF-8 file's text with its line breaks as they are; a byte order mark is dropped unless ``mark`` says that it counts.

    Raises:
        AnnotationError: where it cannot be read, or with the line that is in another encoding.
    """
    data = read_bytes(path)
    try:
        return data.decode("utf-8" if mark else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AnnotationError(f"{path}:{line}: byte 0x{data[error.start]:02x} is not UTF-8; save the whole file as UTF-8") from None


def read_json_list(path: Path) -> Iterator[tuple[str, Any]]:
    """The items of the list that a JSON file holds, each with the place where it begins, ``FILE:LINE``.

    Raises:
        AnnotationError: where it cannot be read, is no JSON, or holds something else.
    """
    text = read_text(path)
    try:
        items = json.loads(text)
    except json.JSONDecodeError as error:
        raise AnnotationError(f"{path}:{error.lineno}: no JSON: {error.msg}") from None
    except (RecursionError, ValueError) as error:  # nested too deep, a number of thousands of digits
        raise AnnotationError(f"{path}: no JSON of annotations: {error}") from None
    if not isinstance(items, list):
        raise AnnotationError(f"{path}:1: a JSON list is wanted, not {type(items).__name__}")
    decoder, line, at = json.JSONDecoder(), 1, 0
    for item in items:
        between = _BEFORE_ITEM.match(text, at)
        start = between.end() if between else at
        line += text.count("\n", at, start)
        yield f"{path}:{line}", item
        at = decoder.raw_decode(text, start)[1]
        line += text.count("\n", start, at)


def read_json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a JSONL file, each with its place ``FILE:LINE``; empty lines are passed over.

    Raises:
        AnnotationError: at the first line that is no JSON object.
    """
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line.strip():
            where = f"{path}:{number}"
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise AnnotationError(f"{where}: no JSON: {error.msg} at column {error.colno}") from None
            except (RecursionError, ValueError) as error:  # nested too deep, a number of thousands of digits
                raise AnnotationError(f"{where}: no JSON of annotations: {error}") from None
            if not isinstance(row, dict):
                raise AnnotationError(f"{where}: a JSON object a line is wanted, not {type(row).__name__}")
            yield where, row


@contextmanager
def misshapen(where: str) -> Iterator[None]:
    """Parts of an annotation that are missing or of another type than the format's are an :class:`AnnotationError` at ``where``."""
    try:
        yield
    except GovieError:
        raise
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise AnnotationError(f"{where}: not in the shape of this format: {error!r}") from error


def as_json(value: Any, *, indent: int | None = None) -> str:
    """JSON with Chinese as it is; a text with half of a surrogate pair, which UTF-8 cannot hold, in escapes."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent)
    return text


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text; what was there stays until all is written.

    Raises:
        SaveError: where it cannot be written, as on a full disk, or holds half of a surrogate pair.
    """
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        half = text[error.start]
        raise SaveError(f"{path}: the text holds {half!a}, half of a surrogate pair, which UTF-8 cannot hold; replace it, or write jsonl") from None
    write_bytes(path, data)


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes; what was there stays until all is written.

    Raises:
        SaveError: where it cannot be written, as on a full disk.
    """
    beside: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(beside, 0o666 & ~_umask())
        os.replace(beside, path)
    except BaseException as error:
        if beside is not None:
            Path(beside).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise SaveError(f"{path}: cannot be written: {error.strerror or error}; what stood there before is kept") from error
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
