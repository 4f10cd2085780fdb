"""Label Studio: tasks with annotations or predictions, in its JSON of import and export.

A quantity is a region of the control ``label`` with its metric as label; a scope span is a region with its role. A relation from the quantity
to the span says that it governs the claim. ``kind``, and those of ``value``, ``high``, ``unit``, ``bound`` and ``per`` that the number
grammar does not read by itself, are per-region fields; a note is the region's meta text, a prediction's confidence its score.

Label Studio has stored offsets in code points since 1.4; older ones counted UTF-16 units. On reading, each region's text decides which it was.
"""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from govie.claims import KINDS, ROLES, Claim, Span
from govie.document import Document, Extraction
from govie.errors import AnnotationError
from govie.formats.files import as_json, misshapen, read_json_list, write_text
from govie.formats.filling import FIELDS, KNOWN, Filler, context, extraction, known, scopes
from govie.formats.label_config import configuration
from govie.formats.offsets import Utf16
from govie.metrics import Metric

__all__ = ["dump", "load", "tasks"]

_CHOICES = ("kind", "bound")
_BLANK = re.compile(r"\\n|\s")  # Label Studio writes a region's line breaks as two characters
Row = dict[str, Any]


def dump(
    extractions: Iterable[Extraction], path: Path, *, metrics: Mapping[str, Metric], utf16: bool = False, predictions: str | None = None
) -> None:
    """Write tasks to import, and the labelling configuration beside them as ``NAME.config.xml``.

    Args:
        extractions: a task each.
        path: the JSON file.
        metrics: the codes that annotators may choose.
        utf16: count offsets in UTF-16 units, as Label Studio before 1.4 did.
        predictions: the model's name, to write claims as its predictions; None to write them as annotations.
    """
    rows = tasks(extractions, metrics=metrics, utf16=utf16, predictions=predictions)
    write_text(path, as_json(rows, indent=1) + "\n")
    write_text(path.with_suffix(".config.xml"), configuration(metrics))


def tasks(extractions: Iterable[Extraction], *, metrics: Mapping[str, Metric], utf16: bool = False, predictions: str | None = None) -> list[Row]:
    """The tasks as Label Studio's import takes them; the arguments are those of :func:`dump`."""
    rows = []
    for number, found in enumerate(extractions, 1):
        document = found.document
        data = {key: value for key in KNOWN if (value := getattr(document, key)) is not None}
        result = list(_result(found, Filler(document.text, metrics=metrics, where=""), utf16=utf16, scored=predictions is not None))
        task: Row = {"id": number, "data": {"text": document.text, **data}}
        if predictions is None:
            task["annotations"] = [{"id": number, "result": result, "ground_truth": True}]
        else:
            task["predictions"] = [{"model_version": predictions, "score": round(mean_confidence(found), 4), "result": result}]
        rows.append(task)
    return rows


def mean_confidence(found: Extraction) -> float:
    """The mean confidence of a report's claims, 0 where it has none: a report in which nothing was found deserves a look first."""
    shares = [1.0 if claim.confidence is None else claim.confidence for claim in found]
    return sum(shares) / len(shares) if shares else 0.0


def _result(found: Extraction, filler: Filler, *, utf16: bool, scored: bool) -> Iterator[Row]:
    text = found.document.text
    units = Utf16(text) if utf16 else None

    def region(name: str, kind: str, own: str, place: tuple[int, int], value: Row) -> Row:
        start, end = place
        first, last = (units.from_points(start), units.from_points(end)) if units else (start, end)
        return {
            "id": own,
            "from_name": name,
            "to_name": "text",
            "type": kind,
            "value": {"start": first, "end": last, "text": text[start:end]} | value,
        }

    parts = sorted({(role, span.start, span.end) for claim in found for role, span in claim.scope}, key=lambda part: (part[1:], part[0]))
    ids = {part: f"s{number}" for number, part in enumerate(parts)}
    for (role, start, end), own in ids.items():
        yield region("label", "labels", own, (start, end), {"labels": [role]})
    for number, claim in enumerate(found):
        own = f"c{number}"
        row = region("label", "labels", own, (claim.start, claim.end), {"labels": [claim.metric]})
        if claim.note:
            row["meta"] = {"text": [claim.note]}
        if scored and claim.confidence is not None:
            row["score"] = round(claim.confidence, 4)
        yield row
        for field, value in {"kind": claim.kind, **filler.given(claim)}.items():
            kind, key = ("choices", "choices") if field in _CHOICES else ("textarea", "text")
            yield region(field, kind, own, (claim.start, claim.end), {key: [value]})
        for role, span in claim.scope:
            yield {"type": "relation", "from_id": own, "to_id": ids[role, span.start, span.end], "direction": "right", "labels": [role]}


def load(path: Path, *, metrics: Mapping[str, Metric], utf16: bool | None = None, predictions: bool = False) -> Iterator[Extraction]:
    """The annotated tasks of an export (``JSON``, not ``JSON-MIN``), in order.

    Args:
        path: the JSON file.
        metrics: the codes that labels may be.
        utf16: how offsets count; None to go by the regions' own texts.
        predictions: take a task's predictions where it has no annotation; without it such a task is passed over with a warning.

    Raises:
        AnnotationError: with the line where the task begins and its id, where something contradicts the text or the contract.
    """
    for number, (line, task) in enumerate(read_json_list(path), 1):
        if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
            raise AnnotationError(f"{line}: a list of tasks with data is wanted; export as JSON, not as JSON-MIN or CSV")
        where = f"{line}: task {task.get('id', number)}"
        text = task["data"].get("text")
        if not isinstance(text, str):
            raise AnnotationError(f"{where}: its data has no text")
        with misshapen(where):
            result = _chosen(task, where, predictions=predictions)
            claims = None if result is None else _claims(result, Filler(text, metrics=metrics, where=where), utf16)
        if claims is None:
            warnings.warn(f"{where}: not annotated; passed over", stacklevel=2)
            continue
        yield extraction(Document(text, **known(task["data"], where)), claims, where=where)


def _chosen(task: Mapping[str, Any], where: str, *, predictions: bool) -> list[Row] | None:
    """The result to read of a task: its only annotation, or the one that is marked as ground truth."""
    done = [row for row in task.get("annotations") or [] if not row.get("was_cancelled")]
    if len(done) > 1:
        done = [row for row in done if row.get("ground_truth")]
        if len(done) != 1:
            raise AnnotationError(f"{where}: several annotations; mark just one as ground truth")
    if not done and predictions:
        done = list(task.get("predictions") or [])[-1:]
    return done[0].get("result", []) if done else None


def _claims(result: Sequence[Row], filler: Filler, utf16: bool | None) -> list[Claim]:
    regions: dict[str, Row] = {}
    fields: defaultdict[str, dict[str, str]] = defaultdict(dict)
    tied: defaultdict[str, list[str]] = defaultdict(list)
    for row in result:
        if row.get("type") == "relation":
            tied[row["from_id"]].append(row["to_id"])
            tied[row["to_id"]].append(row["from_id"])  # people draw it either way; roles tell which end is the claim
        elif row.get("type") == "labels":
            if row["id"] in regions:
                raise AnnotationError(f"{filler.where}: two regions have the id {row['id']!r}")
            regions[row["id"]] = row
        elif row.get("type") in ("choices", "textarea"):
            given = row["value"].get("choices") or row["value"].get("text") or []
            if stated := "".join([given] if isinstance(given, str) else given[:1]).strip():
                fields[row["id"]][row["from_name"]] = stated
    spans = {own: _span(row, filler, utf16) for own, row in regions.items()}
    labels = {own: _label(row, filler) for own, row in regions.items()}
    claims = []
    for own, label in labels.items():
        if label in ROLES:
            if not any(labels.get(other, label) not in ROLES for other in tied[own]):
                here = context(filler.text, spans[own].start, spans[own].end)
                warnings.warn(f"{filler.where}: the {label} is tied to no claim and left out: {here}", stacklevel=3)
            continue
        span, row = spans[own], fields[own]
        parts = [(labels[other], spans[other]) for other in tied[own] if labels.get(other) in ROLES]
        kind = row.get("kind", KINDS[0])
        note = "\n".join((regions[own].get("meta") or {}).get("text") or []) or None
        given = {name: row[name] for name in FIELDS if name in row}
        parts_of = scopes(parts, where=filler.where, claim=span.text)
        score = regions[own].get("score")
        claims.append(filler.claim(span.start, span.end, label, scope=parts_of, kind=kind, given=given, confidence=score, note=note))
    return claims


def _label(row: Row, filler: Filler) -> str:
    labels = row["value"].get("labels") or []
    if len(labels) != 1:
        raise AnnotationError(f"{filler.where}: the region {row['id']!r} ({row['value'].get('text')!r}) wants one label, not {labels}")
    return str(labels[0])


def _span(row: Row, filler: Filler, utf16: bool | None) -> Span:
    start, end, stated = row["value"].get("start"), row["value"].get("end"), row["value"].get("text")
    if not isinstance(start, int) or not isinstance(end, int):
        raise AnnotationError(f"{filler.where}: the region {row['id']!r} has no whole offsets: {start!r}, {end!r}")
    units = Utf16(filler.text)
    wide = (units.to_points(start), units.to_points(end))
    for first, last in {None: [(start, end), wide], True: [wide], False: [(start, end)]}[utf16]:
        if 0 <= first < last <= len(filler.text) and (stated is None or _BLANK.sub("", filler.text[first:last]) == _BLANK.sub("", stated)):
            return Span(first, last, source=filler.text)
    return filler.span(start, end, stated)
