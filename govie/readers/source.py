"""The bytes of a path, a file or bytes, within limits."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from govie.errors import ReadError
from govie.readers.limits import Limits


@dataclass(frozen=True, slots=True)
class Input:
    """A file's bytes and what it is called.

    Attributes:
        data: all of its bytes.
        name: its path or another label, or None.
    """

    data: bytes
    name: str | None

    @property
    def sha256(self) -> str:
        """The hexadecimal digest of the bytes."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def suffix(self) -> str:
        """The extension in lower case with its dot; empty where there is none."""
        return Path(self.name).suffix.lower() if self.name else ""

    def error(self, message: str) -> ReadError:
        """An error that names the file."""
        return ReadError(f"{self.name or 'input'}: {message}")


def load(source: str | os.PathLike[str] | bytes | BinaryIO, *, limits: Limits) -> Input:
    """The bytes of ``source``; a ``str`` is a path.

    Raises:
        ReadError: where it is missing, no file, unreadable or larger than ``limits.bytes``.
        TypeError: where it is none of these.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _bounded(Input(bytes(source), None), limits)
    if isinstance(source, (str, os.PathLike)):
        path = Path(source)
        try:
            with path.open("rb") as file:
                return _bounded(Input(_read(file.read, limits), str(path)), limits)
        except IsADirectoryError as error:
            raise ReadError(f"{path}: a folder; name its files, or give the folder to `govie extract`") from error
        except (OSError, ValueError) as error:  # ValueError: a null character in the path
            raise ReadError(f"{path}: {getattr(error, 'strerror', None) or error}; check the path and its permissions") from error
    if not hasattr(source, "read"):
        raise TypeError(f"a path, bytes or a binary file is wanted, not {type(source).__name__}")
    name = getattr(source, "name", None)
    label = name if isinstance(name, str) else None
    try:
        data = _read(source.read, limits)
    except (OSError, ValueError) as error:
        raise ReadError(f"{label or 'input'}: {error}; is the file still open and there?") from error
    if not isinstance(data, bytes):
        raise ReadError(f"{label or 'input'}: opened as text; open it in binary mode: open(path, 'rb')")
    return _bounded(Input(data, label), limits)


def need(module: str, *, file: Input) -> ModuleType:
    """A module of the ``readers`` extra.

    Raises:
        ReadError: where the extra is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise file.error(f"reading it needs {module.partition('.')[0]}; run: pip install 'govie[readers]'") from error


def _read(read: Callable[[int], bytes], limits: Limits) -> bytes:
    return read(limits.bytes + 1)


def _bounded(file: Input, limits: Limits) -> Input:
    if len(file.data) > limits.bytes:
        raise file.error(f"larger than {limits.bytes:,} bytes; split it, or raise Limits.bytes")
    return file
