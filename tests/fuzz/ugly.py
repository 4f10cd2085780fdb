"""The ugly inputs of ``tests/data/ugly.jsonl``, made when they are asked for.

A line is ``[name, parts, how]``. Parts are a string, or strings, ``[string, times]`` and ``{"hex": bytes}`` in a row. ``how`` says what they
make: ``as`` text (a str, where it is left out), ``bytes`` in an ``encoding``, ``page`` (HTML), ``word`` (a Word document's body), ``pdf`` (a
page's content) or ``markdown``; then what is done to the file: ``parts`` put others into its package, ``change`` replaces one string, ``cut``
keeps a share of it.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from fuzz.files import docx_of, pdf_of

DATA = Path(__file__).resolve().parents[1] / "data" / "ugly.jsonl"


@dataclass(frozen=True)
class Ugly:
    """One input: its name, what it is made of, and how."""

    name: str
    parts: Any
    how: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """``text``, ``bytes``, ``page``, ``word``, ``pdf`` or ``markdown``."""
        return str(self.how.get("as", "text"))

    def text(self) -> str:
        """The parts as a string."""
        return _text(self.parts)

    def data(self) -> bytes:
        """The file."""
        if self.kind == "word":
            extra = {name: _text(parts).encode() for name, parts in self.how.get("parts", {}).items()}
            whole = docx_of(self.text(), extra=extra, packed=zipfile.ZIP_DEFLATED if self.how.get("packed") else zipfile.ZIP_STORED)
        elif self.kind == "pdf":
            whole = pdf_of(self.text().encode("latin-1"), pages=self.how.get("pages", 1))
        else:
            whole = _bytes(self.parts, self.how.get("encoding", "utf-8"))
        if "change" in self.how:
            before, after = (text.encode() for text in self.how["change"])
            assert before in whole, f"{self.name}: nothing to change"
            whole = whole.replace(before, after)
        return whole[: int(len(whole) * self.how.get("cut", 1))]


def _pieces(parts: Any) -> Sequence[Any]:
    return [parts] if isinstance(parts, str) else parts


def _text(parts: Any) -> str:
    return "".join(part if isinstance(part, str) else part[0] * part[1] for part in _pieces(parts))


def _bytes(parts: Any, encoding: str) -> bytes:
    return b"".join(bytes.fromhex(part["hex"]) if isinstance(part, dict) else _text([part]).encode(encoding) for part in _pieces(parts))


@cache
def ugly() -> Mapping[str, Ugly]:
    """All of them by name."""
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    return {row[0]: Ugly(*row) for row in rows}
