"""doccano: the JSONL of its sequence labelling projects with relations, as import takes it and export writes it.

Spans have metric codes and roles as labels; a relation from a quantity to a scope span says that it governs the claim. There is no
place for kind, confidence and what the number grammar does not read by itself. The project must allow overlapping spans and relations:
without the first, doccano drops the second of two spans that touch the same characters and says nothing.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from govie.claims import ROLES, Span
from govie.document import Document, Extraction
from govie.errors import AnnotationError
from govie.formats.files import as_json, misshapen, read_json_lines, write_text
from govie.formats.filling import KNOWN, Filler, context, extraction, known, scopes
from govie.formats.offsets import Utf16
from govie.metrics import Metric

__all__ = ["dump", "load"]


def dump(extractions: Iterable[Extraction], path: Path, *, metrics: Mapping[str, Metric], utf16: bool = False) -> None:
    """Write a document a line; ``utf16`` counts offsets in the units of JavaScript."""
    lines, own = [], 0
    for number, found in enumerate(extractions, 1):
        text = found.document.text
        units = Utf16(text)
        ids: dict[tuple[int, int, str, int], int] = {}
        parts = [(span.start, span.end, role, 0) for claim in found for role, span in claim.scope]
        for key in [(claim.start, claim.end, claim.metric, n) for n, claim in enumerate(found, 1)] + sorted(set(parts)):
            own += 1
            ids[key] = own
        entities = [
            {"id": n, "start_offset": units.from_points(s) if utf16 else s, "end_offset": units.from_points(e) if utf16 else e, "label": label}
            for (s, e, label, _), n in ids.items()
        ]
        ties = [
            (ids[claim.start, claim.end, claim.metric, n], ids[span.start, span.end, role, 0], role)
            for n, claim in enumerate(found, 1)
            for role, span in claim.scope
        ]
        relations = [{"id": n, "from_id": first, "to_id": second, "type": role} for n, (first, second, role) in enumerate(ties, 1)]
        about = {key: value for key in KNOWN if (value := getattr(found.document, key)) is not None}
        row = {"id": number, "text": text, "entities": entities, "relations": relations, **about}  # doccano keeps other columns as meta data
        lines.append(as_json(row) + "\n")
    write_text(path, "".join(lines))


def load(path: Path, *, metrics: Mapping[str, Metric], utf16: bool = False) -> Iterator[Extraction]:
    """The documents of an export; spans without relations (``label``: ``[[start, end, label], …]``) are read too.

    A quantity that the number grammar does not read is left out with a warning, for doccano has no place for its value.

    Raises:
        AnnotationError: with file and line.
    """
    for where, row in read_json_lines(path):
        text = row.get("text", row.get("data"))
        if not isinstance(text, str):
            raise AnnotationError(f"{where}: no text")
        with misshapen(where):
            found = _extraction(row, text, Filler(text, metrics=metrics, where=where), utf16=utf16)
        yield found


def _extraction(row: Mapping[str, Any], text: str, filler: Filler, *, utf16: bool) -> Extraction:
    units, where = Utf16(text), filler.where
    spans: dict[int, tuple[str, Span]] = {}
    for own, start, end, label in _entities(row):
        if own in spans:
            raise AnnotationError(f"{where}: two spans have the id {own}")
        first, last = (units.to_points(start), units.to_points(end)) if utf16 else (start, end)
        spans[own] = (label, filler.span(first, last))
    ties = [(relation["from_id"], relation["to_id"]) for relation in row.get("relations") or []]
    claims, tied = [], set()
    for own, (label, span) in spans.items():
        if label in ROLES:
            continue
        others = [b if a == own else a for a, b in ties if own in (a, b)]
        parts = [spans[other] for other in others if other in spans and spans[other][0] in ROLES]
        tied |= set(others)
        claims.append(filler.told(span.start, span.end, label, scope=scopes(parts, where=where, claim=span.text)))
    for own in sorted(set(spans) - tied):
        label, span = spans[own]
        if label in ROLES:
            warnings.warn(f"{where}: the {label} is tied to no claim and left out: {context(text, span.start, span.end)}", stacklevel=4)
    return extraction(Document(text, **known(row.get("meta") or row, where)), filter(None, claims), where=where)


def _entities(row: Mapping[str, Any]) -> Iterator[tuple[int, int, int, str]]:
    if "entities" in row:
        yield from ((entity["id"], entity["start_offset"], entity["end_offset"], entity["label"]) for entity in row["entities"])
    else:
        yield from ((n, start, end, label) for n, (start, end, label) in enumerate(row.get("label", row.get("labels")) or []))
