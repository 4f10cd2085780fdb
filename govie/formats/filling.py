"""From a marked span to a claim: what an annotation leaves out, the number grammar reads from the text."""

from __future__ import annotations

import difflib
import itertools
import re
import warnings
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from govie.claims import ROLES, Claim, Scope, Span
from govie.distributive import find_per
from govie.document import Document, Extraction
from govie.errors import AnnotationError, ClaimError
from govie.extractor import unit_near
from govie.metrics import Metric
from govie.numbers import find_quantities
from govie.text import fold

__all__ = ["FIELDS", "KNOWN", "NONE", "Filler", "context", "extraction", "known", "scopes"]

FIELDS = ("value", "high", "unit", "bound", "per")
KNOWN = ("name", "publisher", "year", "division")  # what formats with meta data keep of a document
NONE = "-"  # a field that is empty although the grammar would fill it
_NEAR = 12
_DIGIT = re.compile("[0-9]")


class Filler:
    """Makes the claims of one text.

    Args:
        text: offsets are into it.
        metrics: the codes that a claim may have.
        where: the place of the text, which every error begins with, such as ``my.jsonl:3``.
    """

    def __init__(self, text: str, *, metrics: Mapping[str, Metric], where: str) -> None:
        self.text, self.where = text, where
        self._metrics = metrics
        self._folded = fold(text)
        self._found = {self._folded.source_span(q.start, q.end): q for q in find_quantities(self._folded.text)}

    def span(self, start: Any, end: Any, text: str | None = None) -> Span:
        """A span of the text; ``text`` is what should stand there.

        Raises:
            AnnotationError: where offsets are no span of the text, or something else stands there.
        """
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(self.text)):
            raise AnnotationError(f"{self.where}: {start}:{end} is no span of a text of {len(self.text)} characters")
        if text is not None and self.text[start:end] != text:
            raise AnnotationError(
                f"{self.where}: {start}:{end} is {self.text[start:end]!r} in the text, not {text!r}: {context(self.text, start, end)}"
            )
        return Span(start, end, source=self.text)

    def claim(
        self, start: int, end: int, metric: str, *, scope: Mapping[str, Span] | None = None, kind: str = "reported",
        given: Mapping[str, str] | None = None, confidence: float | None = None, note: str | None = None,
    ) -> Claim:  # fmt: skip
        """The claim at a span.

        Args:
            start, end: the quantity or denied mention.
            metric: its code.
            scope: the spans that govern it, by role.
            kind: ``reported``, ``planned`` or ``required``.
            given: those of ``FIELDS`` that the annotation states, as strings; ``NONE`` for one that is empty.
            confidence: of the metric.
            note: what a reader should know.

        Raises:
            AnnotationError: where the code is unknown, the quantity is none to the grammar and has no value given, or the parts
                contradict each other.
        """
        here = context(self.text, self.span(start, end).start, end)
        if metric not in self._metrics:
            near = difflib.get_close_matches(metric, list(self._metrics), 1)
            hint = f"; {near[0]}?" if near else ""
            raise AnnotationError(f"{self.where}: unknown code {metric!r}{hint} Own codes go into a metrics.tsv: {here}")
        fields = self._read(start, end, metric) | dict(given or {})
        if "value" not in fields:
            raise AnnotationError(f"{self.where}: the number grammar finds no quantity at {start}:{end}; mend its borders or give its value: {here}")
        if confidence is not None and not (isinstance(confidence, (int, float)) and 0 <= confidence <= 1):
            raise AnnotationError(f"{self.where}: confidence {confidence!r} is no share between 0 and 1: {here}")
        if note is not None and not isinstance(note, str):
            raise AnnotationError(f"{self.where}: a note is a string, not {note!r}: {here}")
        try:
            numbers = {name: None if fields.get(name, NONE) == NONE else Decimal(fields[name]) for name in ("value", "high")}
            assert numbers["value"] is not None
            return Claim(
                start, end, numbers["value"], fields["unit"], metric, high=numbers["high"], bound=fields["bound"],
                per=None if fields["per"] == NONE else fields["per"], scope=Scope(**(scope or {})), kind=kind, confidence=confidence,
                note=note, source=self.text,
            )  # fmt: skip
        except (ClaimError, InvalidOperation, AssertionError) as error:
            raise AnnotationError(f"{self.where}: {error or 'no value'}: {here}") from error

    def told(self, start: int, end: int, metric: str, *, scope: Mapping[str, Span] | None = None) -> Claim | None:
        """The claim at a span, from what the text alone tells, for formats without a place for a value.

        Returns:
            None, with a warning that names the place, where the number grammar finds no quantity in these borders: one mark that nobody can
            read is not to keep forty reports from being read.

        Raises:
            AnnotationError: as :meth:`claim`.
        """
        if metric in self._metrics and "value" not in self._read(start, end, metric):
            warnings.warn(
                f"{self.where}: the number grammar finds no quantity at {start}:{end}, and this format has no place for its value; the "
                f"{metric} is left out; mend its borders, or annotate it as label-studio or jsonl: {context(self.text, start, end)}",
                stacklevel=4,
            )
            return None
        return self.claim(start, end, metric, scope=scope)

    def _read(self, start: int, end: int, metric: str) -> dict[str, str]:
        """What the grammar says of the fields; of a denied mention, which holds no numeral, that it is none at all."""
        default = self._metrics[metric].unit
        quantity = self._found.get((start, end))
        at = self._folded.folded_offset(start)
        fields = {"high": NONE, "unit": default, "bound": "=", "per": NONE}
        if quantity is None:
            inside = any(start < stop and begin < end for begin, stop in self._found) or _DIGIT.search(fold(self.text[start:end]).text)
            return fields if inside else fields | {"value": "0"}
        return {
            "value": format(quantity.value, "f"), "high": NONE if quantity.high is None else format(quantity.high, "f"),
            "unit": quantity.unit or unit_near(self._folded.text, at) or default, "bound": quantity.bound,
            "per": find_per(self._folded.text, at) or NONE,
        }  # fmt: skip

    def is_quantity(self, start: int, end: int) -> bool:
        """Whether the number grammar finds a quantity in just these borders."""
        return (start, end) in self._found

    def numbers(self, start: int, end: int) -> dict[str, Decimal]:
        """``value`` and, of a range, ``high`` as the number grammar reads them in just these borders; empty where it finds nothing."""
        quantity = self._found.get((start, end))
        read = {} if quantity is None else {"value": quantity.value, "high": quantity.high}
        return {name: number for name, number in read.items() if number is not None}

    def given(self, claim: Claim) -> dict[str, str]:
        """The fields of a claim that the text alone does not tell: what :meth:`claim` has to be given to make it again."""
        own = claim.to_dict()
        stated = {name: NONE if own[name] is None else str(own[name]) for name in FIELDS}
        if claim.metric not in self._metrics:
            return stated
        read = self._read(claim.start, claim.end, claim.metric)
        return {name: value for name, value in stated.items() if not _same(read.get(name), value)}


def _same(read: str | None, stated: str) -> bool:
    if read is None or read == stated:
        return read == stated
    try:
        return Decimal(read) == Decimal(stated)
    except InvalidOperation:
        return False


def known(row: Mapping[str, Any], where: str) -> dict[str, Any]:
    """What an annotation file says of its document.

    Raises:
        AnnotationError: where one is neither a string nor a whole number, or the year no year.
    """
    found: dict[str, Any] = {key: row.get(key) for key in KNOWN}
    for key, value in found.items():
        if value is not None and (isinstance(value, bool) or not isinstance(value, (str, int))):
            raise AnnotationError(f"{where}: {key} is to be a string, or a whole number, not {value!r}")
        found[key] = str(value) if isinstance(value, int) else value or None
    year = found["year"]  # tools write numbers as strings and back
    if year is not None and not (year.isdecimal() and len(year) == 4):
        raise AnnotationError(f"{where}: the year is to be four digits, not {year!r}")
    return found | {"year": None if year is None else int(year)}


def context(text: str, start: int, end: int) -> str:
    """A span within its surroundings, on one line: ``…公开申请【5件】,其中…``."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return f"…{before}【{text[start:end]}】{after}…".replace("\n", "⏎")


def extraction(document: Document, claims: Iterable[Claim], *, where: str) -> Extraction:
    """The claims as a document's extraction, in text order.

    Raises:
        AnnotationError: where two quantities overlap without being the same, or one has the same metric twice.
    """
    ordered = sorted(claims, key=lambda claim: (claim.start, claim.end))
    for first, second in itertools.pairwise(ordered):
        here = context(document.text, second.start, second.end)
        if (first.start, first.end) == (second.start, second.end):
            if any(first.metric == other.metric for other in ordered if other is not first and (other.start, other.end) == (first.start, first.end)):
                raise AnnotationError(f"{where}: {first.metric} stands twice on one quantity: {here}")
        elif second.start < first.end:
            raise AnnotationError(f"{where}: the quantities {first.text!r} and {second.text!r} overlap: {here}")
    return Extraction(document, tuple(ordered))


def scopes(pairs: Iterable[tuple[str, Span]], *, where: str, claim: str) -> dict[str, Span]:
    """The spans that govern a claim, by role.

    Raises:
        AnnotationError: where a role is unknown or has two spans.
    """
    found: dict[str, Span] = {}
    for role, span in pairs:
        if role not in ROLES:
            raise AnnotationError(f"{where}: {role!r} is no scope; there are {', '.join(ROLES)}")
        if role in found and found[role] != span:
            raise AnnotationError(f"{where}: the claim {claim!r} has two spans of {role}: {found[role].text!r} and {span.text!r}")
        found[role] = span
    return found
