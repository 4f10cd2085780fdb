"""The project's own JSON lines: a document a line with its claims, or the gold files' claims beside their text.

    {"name": "report.txt", "publisher": "…", "year": 2024, "text": "…", "claims": [{"start": 5, "end": 7, …}]}

A claim has the shape of :meth:`govie.Claim.to_dict`; what is left out of it, the number grammar reads. A ``NAME.jsonl`` whose lines are
claims is a gold file: its text stands in ``NAME.txt`` beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from govie.claims import Claim, Span
from govie.document import Document, Extraction
from govie.errors import AnnotationError
from govie.formats.files import as_json, misshapen, read_json_lines, read_text, write_text
from govie.formats.filling import FIELDS, KNOWN, NONE, Filler, extraction, known, scopes
from govie.metrics import Metric

__all__ = ["dump", "load"]


def dump(extractions: Iterable[Extraction], path: Path, *, metrics: Mapping[str, Metric]) -> None:
    """Write a document a line."""
    lines = []
    for found in extractions:
        document = found.document
        about = {key: value for key in KNOWN if (value := getattr(document, key)) is not None}
        lines.append(as_json({**about, "text": document.text, "claims": found.to_dicts()}) + "\n")
    write_text(path, "".join(lines))


def load(path: Path, *, metrics: Mapping[str, Metric]) -> Iterator[Extraction]:
    """The documents of a file, or of all ``.jsonl`` files of a folder, in order."""
    for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
        rows = list(read_json_lines(file))
        beside = file.with_suffix(".txt")
        if rows and all("text" in row and "claims" in row for _, row in rows):
            for where, row in rows:
                yield _document(row, where, metrics)
        elif beside.is_file():
            yield _gold(rows, beside, metrics)
        else:
            raise AnnotationError(f"{file}:1: a line wants text and claims; for lines of claims alone, their text is to be in {beside}")


def _document(row: Mapping[str, Any], where: str, metrics: Mapping[str, Metric]) -> Extraction:
    text, claims = row["text"], row["claims"]
    if not isinstance(text, str) or not isinstance(claims, list):
        raise AnnotationError(f"{where}: text must be a string and claims a list")
    filler = Filler(text, metrics=metrics, where=where)
    with misshapen(where):
        return extraction(Document(text, **known(row, where)), [_claim(filler, claim) for claim in claims], where=where)


def _gold(rows: list[tuple[str, dict[str, Any]]], beside: Path, metrics: Mapping[str, Metric]) -> Extraction:
    text = read_text(beside)
    filler = Filler(text, metrics=metrics, where=str(beside))
    claims = []
    for where, row in rows:
        filler.where = where
        with misshapen(where):
            claims.append(_claim(filler, row))
    return extraction(Document(text, beside.stem), claims, where=str(beside.with_suffix(".jsonl")))


def _claim(filler: Filler, row: Any) -> Claim:
    if not isinstance(row, dict) or not {"start", "end", "metric"} <= set(row):
        raise AnnotationError(f"{filler.where}: a claim wants start, end and metric, not {row!r}")
    span = filler.span(row["start"], row["end"], row.get("text"))
    try:
        parts = [(role, _span(filler, part)) for role, part in (row.get("scope") or {}).items() if part]
    except (AttributeError, KeyError, TypeError) as error:
        raise AnnotationError(f"{filler.where}: {span.text!r}: a scope is a role with start and end: {row['scope']!r}") from error
    given = {name: NONE if row[name] is None else str(row[name]) for name in FIELDS if name in row}
    claim = filler.claim(
        span.start, span.end, row["metric"], scope=scopes(parts, where=filler.where, claim=span.text), kind=row.get("kind", "reported"),
        given=given, confidence=row.get("confidence"), note=row.get("note"),
    )  # fmt: skip
    return claim if not row.get("is_total") else _total(claim, filler.text)


def _span(filler: Filler, part: Mapping[str, Any]) -> Span:
    return filler.span(part["start"], part["end"], part.get("text"))


def _total(claim: Claim, text: str) -> Claim:
    return Claim.from_dict({**claim.to_dict(), "confidence": claim.confidence, "is_total": True}, source=text)
